//! What the verbs below `kubectl set` that change pods and pod templates have in common.

use api::arrange::Arrange;
use api::{Kind, Value};
use cluster::{Patch, apiserver::Subresource};

use super::super::super::command::Call;
use super::super::super::errors::{Failure, Outcome};
use super::super::super::objects::{self, Info, Write};
use super::super::super::resolve::{self, Query};
use super::super::common::{DryRun, Report};
use super::super::pairs;

/// How a change of pod specs is sent and told.
pub(super) struct Update<'a> {
    call: &'a Call,
    dry_run: DryRun,
    report: Report,
    /// What is said before the server's words when it refuses.
    failed: &'static str,
    /// What is said when it is done.
    done: &'static str,
}

const LOCAL: &str = "error: you must specify resources by --filename when --local is set.\nExample resource specifications \
                     include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'";

impl<'a> Update<'a> {
    /// Reads the flags.
    ///
    /// # Errors
    /// For bad ones.
    pub(super) fn of(call: &'a Call, failed: &'static str, done: &'static str) -> Outcome<Self> {
        let dry_run = DryRun::of(call)?;
        Ok(Self { call, dry_run, report: Report::of(call, dry_run)?.typed(), failed, done })
    }

    fn is_local(&self) -> bool {
        self.call.flags.bool("local")
    }

    /// Whether only one of `--local` and `--dry-run=server` was given.
    ///
    /// # Errors
    /// When both were.
    pub(super) fn check_local(&self) -> Outcome {
        if self.is_local() && self.dry_run == DryRun::Server {
            let text = "cannot specify --local and --dry-run=server - did you mean --dry-run=client?";
            return Err(Failure::text(text));
        }
        Ok(())
    }

    /// The objects that words and flags name.
    ///
    /// # Errors
    /// When there are none, or not all.
    pub(super) async fn objects(&self, words: &[String]) -> Outcome<Vec<Info>> {
        if self.is_local() && !words.is_empty() {
            return Err(Failure::text(LOCAL));
        }
        let query = Query { args: words.to_vec(), latest: !self.is_local(), ..Query::of(self.call) };
        let (infos, failures) = resolve::resolve(self.call, &query).await?.split();
        resolve::all_or(failures)?;
        Ok(infos)
    }

    /// Changes the pod specs of objects and sends what is another now. Models `CalculatePatches` and what follows it.
    ///
    /// # Errors
    /// All that went wrong.
    pub(super) fn run(&self, infos: Vec<Info>, mut change: impl FnMut(&mut Value, &Info) -> Outcome) -> Outcome {
        let mut failures = Vec::new();
        for info in infos {
            let mut changed = info.object.clone();
            let Some(spec) = pod_spec(&mut changed, info.kind.kind) else {
                let package = info.kind.group.split('.').next().unwrap_or_default();
                failures.push(Failure::Text(format!(
                    "error: {}/{} the object is not a pod or does not have a pod template: *{package}{}.{}",
                    info.kind.plural, info.name, info.kind.version, info.kind.kind
                )));
                continue;
            };
            // What could not be changed does not keep the rest from being sent.
            failures.extend(change(spec, &info).err());
            if changed != info.object {
                failures.extend(self.send(&info, &changed).err());
            }
        }
        resolve::all_or(failures)
    }

    /// Sends or prints what an object is to be.
    ///
    /// # Errors
    /// When the server refuses.
    pub(super) fn send(&self, info: &Info, changed: &Value) -> Outcome {
        if self.dry_run == DryRun::Client || self.is_local() {
            return self.report.print(self.call, &typed(info.kind, changed), self.done);
        }
        let patch = api::patch::three_way(info.kind, &info.object, changed, &info.object);
        let manager = self.call.flags.text("field-manager");
        let write = Write { manager, dry_run: self.dry_run == DryRun::Server };
        let (object, _) = objects::patch(self.call, info, Patch::Strategic(patch), Subresource::Main, &write)
            .map_err(|failure| Failure::Text(format!("{} {}", self.failed, failure.message())))?;
        self.report.print(self.call, &object.to_value(), self.done)
    }
}

/// An object as Go's types print it: with what they never leave out.
pub(super) fn typed(kind: &Kind, object: &Value) -> Value {
    api::decode::decode(kind, object.clone()).map_or_else(|_| object.clone(), |decoded| decoded.value)
}

/// Models `updatePodSpecForObject`.
fn pod_spec<'a>(object: &'a mut Value, kind: &str) -> Option<&'a mut Value> {
    let path = match kind {
        "Pod" => "/spec",
        "CronJob" => "/spec/jobTemplate/spec/template/spec",
        _ => "/spec/template/spec",
    };
    object.pointer_mut(path).filter(|spec| spec.is_object())
}

/// The lists of containers that these verbs change, in the order in which they look at them.
pub(super) const LISTS: [&str; 2] = ["containers", "initContainers"];

/// The containers whose names match a pattern of `*` and text. Models `selectContainers`.
pub(super) fn containers<'a>(spec: &'a mut Value, pattern: &str) -> Vec<&'a mut Value> {
    let Some(spec) = spec.as_object_mut() else { return Vec::new() };
    let mut found: Vec<(usize, &'a mut Value)> = Vec::new();
    for (field, list) in spec.iter_mut() {
        let Some(rank) = LISTS.iter().position(|known| known == field) else { continue };
        found.extend(list.as_array_mut().into_iter().flatten().map(|container| (rank, container)));
    }
    found.arrange_by_key(|(rank, _)| *rank);
    found.retain(|(_, container)| matches(container.get("name").and_then(Value::as_str).unwrap_or_default(), pattern));
    found.into_iter().map(|(_, container)| container).collect()
}

/// Whether a text matches a pattern in which `*` stands for anything.
fn matches(text: &str, pattern: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(text) = text.strip_prefix(head) else { return false };
    rest.is_empty() || (0..=text.len()).any(|at| text.get(at..).is_some_and(|text| matches(text, rest)))
}

/// Whether a text can name a variable.
///
/// # Errors
/// When it cannot.
pub(super) fn variable_name(name: &str) -> Outcome<&str> {
    let wrong = pairs::env_name_errors(name);
    if wrong.is_empty() {
        return Ok(name);
    }
    let quoted = api::field::go_quote(name);
    Err(Failure::Text(format!("{quoted} is not a valid key name: {}", wrong.join(";"))))
}
