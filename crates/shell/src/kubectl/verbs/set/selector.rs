//! `kubectl set selector`. Models `pkg/cmd/set/set_selector.go`.

use api::labels::{Operator, Selector};
use api::{Map, Value, json};
use cluster::{Patch, apiserver::Subresource};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::objects::{self, Info, Write};
use super::super::super::resolve::{self, Query};
use super::super::common::{self, DryRun, Report};
use super::update::typed;

static FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "Select all resources in the namespace of the specified resource types"),
    Flag::text("field-manager", "kubectl-set", "Name of the manager used to track field ownership."),
    Flag::list("filename", "identifying the resource.").short('f'),
    Flag::bool("local", "false", "If true, annotation will NOT contact api-server but run locally."),
    common::RECURSIVE_ON,
    Flag::text(
        "resource-version",
        "",
        "If non-empty, the selectors update will only succeed if this is the current resource-version for the object. Only valid when specifying a single resource.",
    ),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "selector",
    usage: "selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
    short: "Set the selector on a resource",
    long: "Set the selector on a resource. Note that the new selector will overwrite the old selector if the resource had one prior to the invocation of 'set selector'.\n\n A selector must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 63 characters. If --resource-version is specified, then updates will use this resource version, otherwise the existing resource-version will be used. Note: currently selectors can only be set on Service objects.",
    examples: "# Set the labels and selector before creating a deployment/service pair\nkubectl create service clusterip my-svc --clusterip=\"None\" -o yaml --dry-run=client | kubectl set selector --local -f - 'environment=qa' -o yaml | kubectl create -f -\nkubectl create deployment my-dep --image=nginx -o yaml --dry-run=client | kubectl label --local -f - environment=qa -o yaml | kubectl create -f -",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let dry_run = DryRun::of(call)?;
    let report = Report::of(call, dry_run)?.typed();
    // The last word is the selector, unless it names a resource. Models `getResourcesAndSelector`.
    let (resources, expression) = match call.args.split_last() {
        Some((last, rest)) if call.args.len() > 1 || !call.flags.all("filename").is_empty() => (rest, last.as_str()),
        _ => (&call.args[..], ""),
    };
    let selector = parse(expression)?;
    let local = call.flags.bool("local");
    let query = Query { args: resources.to_vec(), latest: !local, ..Query::of(call) };
    let (infos, mut failures) = resolve::resolve(call, &query).await?.split();
    for info in infos {
        failures.extend(one(call, info, &selector, dry_run, &report).err());
    }
    resolve::all_or(failures)
}

/// Models `metav1.ParseToLabelSelector`.
///
/// # Errors
/// For what is no selector, and for operators that a `LabelSelector` does not have.
pub(in super::super) fn parse(text: &str) -> Outcome<Selector> {
    let selector = api::labels::parse::parse(text)
        .map_err(|why| Failure::Text(format!("couldn't parse the selector string \"{text}\": {why}")))?;
    for requirement in &selector.requirements {
        let wrong = match requirement.operator {
            Operator::NotEquals => "\"!=\" is not a valid label selector operator",
            Operator::GreaterThan => "\"gt\" isn't supported in label selectors",
            Operator::LessThan => "\"lt\" isn't supported in label selectors",
            _ => continue,
        };
        return Err(Failure::text(wrong));
    }
    Ok(selector)
}

fn one(call: &Call, mut info: Info, selector: &Selector, dry_run: DryRun, report: &Report) -> Outcome {
    if info.kind.kind != "Service" {
        return Err(Failure::text("setting a selector is only supported for Services"));
    }
    let mut pairs = Map::new();
    let mut expressions = Vec::new();
    for requirement in &selector.requirements {
        match (requirement.operator, requirement.values.as_slice()) {
            (Operator::Equals | Operator::DoubleEquals, [value]) => {
                drop(pairs.insert(requirement.key.clone(), value.as_str().into()));
            }
            (operator, values) => {
                expressions.push(format!("{{{} {operator:?} [{}]}}", requirement.key, values.join(" ")));
            }
        }
    }
    if !expressions.is_empty() {
        let all = expressions.join(" ");
        return Err(Failure::Text(format!("match expression [{all}] not supported on this object")));
    }
    if dry_run == DryRun::Client || call.flags.bool("local") {
        info.object["spec"]["selector"] = pairs.into();
        return report.print(call, &typed(info.kind, &info.object), "selector updated");
    }
    let old = info.object.pointer("/spec/selector").and_then(Value::as_object).cloned().unwrap_or_default();
    for key in old.keys() {
        pairs.entry(key.clone()).or_insert(Value::Null);
    }
    let mut patch = json!({"spec": {"selector": pairs}});
    if !call.flags.text("resource-version").is_empty() {
        patch["metadata"] = json!({"resourceVersion": call.flags.text("resource-version")});
    }
    let write = Write { manager: call.flags.text("field-manager"), dry_run: dry_run == DryRun::Server };
    let (object, _) = objects::patch(call, &info, Patch::Merge(patch), Subresource::Main, &write)?;
    info.refresh(&object);
    report.print(call, &info.object, "selector updated")
}
