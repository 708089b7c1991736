//! `kubectl diff`. Models `pkg/cmd/diff`.

use api::Value;
use api::arrange::Arrange;
use cluster::{Patch, apiserver::Subresource};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::resolve::{self, Query};
use super::common::{self, LAST_APPLIED};
use super::prune::{self, Visited};
use crate::unified;

static FLAGS: &[Flag] = &[
    Flag::int(
        "concurrency",
        "1",
        "Number of objects to process in parallel when diffing against the live version. Larger number = faster, but more memory, I/O and CPU over that shorter period of time.",
    ),
    Flag::text("field-manager", "kubectl-client-side-apply", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files contains the configuration to diff").short('f'),
    Flag::bool("force-conflicts", "false", "If true, server-side apply will force the changes against conflicts."),
    common::KUSTOMIZE,
    Flag::bool(
        "prune",
        "false",
        "Include resources that would be deleted by pruning. Can be used with -l and default shows all resources would be pruned",
    ),
    Flag::array("prune-allowlist", "Overwrite the default allowlist with <group/version/kind> for --prune"),
    common::RECURSIVE,
    common::SELECTOR,
    Flag::bool("server-side", "false", "If true, apply runs in the server instead of the client."),
    Flag::bool("show-managed-fields", "false", "If true, include managed fields in the diff."),
    Flag::bool("show-secrets", "false", "If true, do not mask secret values in the diff."),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "diff",
    usage: "diff -f FILENAME",
    short: "Diff the live version against a would-be applied version",
    long: "Diff configurations specified by file name or stdin between the current online configuration, and the configuration as it would be if applied.\n\n The output is always YAML.\n\n KUBECTL_EXTERNAL_DIFF environment variable can be used to select your own diff command. Users can use external commands with params too, example: KUBECTL_EXTERNAL_DIFF=\"colordiff -N -u\"\n\n By default, the \"diff\" command available in your path will be run with the \"-u\" (unified diff) and \"-N\" (treat absent files as empty) options.\n\n Exit status: 0 No differences were found. 1 Differences were found. >1 Kubectl or diff failed with an error.\n\n Note: KUBECTL_EXTERNAL_DIFF, if used, is expected to follow that convention.",
    examples: "# Diff resources included in pod.json\nkubectl diff -f pod.json\n\n# Diff file read from stdin\ncat service.yaml | kubectl diff -f -",
    flags: &[FLAGS],
    error_code: 2,
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    match differences(call).await {
        Ok(files) if files.is_empty() => Ok(()),
        Ok(files) => {
            print(call, &files);
            Err(Failure::Exit(1))
        }
        // Code 1 means that there are differences. Models `CheckDiffErr`.
        Err(failure) => {
            let (text, code) = failure.report();
            Err(Failure::Raw(text, code + 1))
        }
    }
}

/// One object that would change: the name of its file, and its text now and then; there is no file of what goes.
struct File {
    name: String,
    live: String,
    merged: Option<String>,
}

async fn differences(call: &Call) -> Outcome<Vec<File>> {
    let flags = &call.flags;
    if !call.args.is_empty() {
        return Err(call.usage_error(format!("Unexpected args: [{}]", call.args.join(" "))));
    }
    if flags.all("filename").is_empty() && flags.text("kustomize").is_empty() {
        return Err(Failure::text("must specify one of -f and -k"));
    }
    if flags.bool("force-conflicts") && !flags.bool("server-side") {
        return Err(Failure::text("--force-conflicts only works with --server-side"));
    }
    let allowed = prune::kinds(call)?;
    let found = resolve::resolve(call, &Query::of(call)).await?;
    let (mut files, mut visited) = (Vec::new(), Visited::default());
    for item in found.items {
        files.extend(file(call, &item?, &mut visited)?);
    }
    if flags.bool("prune") {
        for info in prune::candidates(call, &allowed, &visited)? {
            let live = yaml(&info.object, flags.bool("show-managed-fields"));
            files.push(File { name: file_name(&info), live, merged: None });
        }
    }
    files.arrange_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// Models `Differ.Diff`; `None` when nothing would change.
fn file(call: &Call, local: &Info, visited: &mut Visited) -> Outcome<Option<File>> {
    let mut live = Info { object: Value::Null.into(), ..local.clone() };
    let found = match live.get(call) {
        Ok(()) => true,
        Err(failure) if failure.is_not_found() => false,
        Err(failure) => return Err(failure),
    };
    visited.mark(&live);
    let live = Some(live).filter(|_| found);
    let mut new = merged(call, local, live.as_ref())?;
    let mut old = live.map_or(Value::Null, |live| live.object.into_value());
    if local.kind.kind == "Secret" && !call.flags.bool("show-secrets") {
        mask(&mut old, &mut new);
    }
    if old.pointer("/metadata/deletionTimestamp").is_some() {
        call.warn(&format!("Detected changes to resource {} which is currently being deleted.", local.name));
    }
    let all = call.flags.bool("show-managed-fields");
    let (live, merged) = (yaml(&old, all), yaml(&new, all));
    Ok((live != merged).then(|| File { name: file_name(local), live, merged: Some(merged) }))
}

/// What the server would store. Models `InfoObject.Merged`.
fn merged(call: &Call, local: &Info, live: Option<&Info>) -> Outcome<Value> {
    let server_side = call.flags.bool("server-side");
    let manager = match call.flags.text("field-manager") {
        _ if server_side && !call.flags.changed("field-manager") => "kubectl",
        manager => manager,
    };
    let write = Write { manager, dry_run: true };
    if server_side {
        let patch = Patch::Apply { object: local.object.to_value(), force: call.flags.bool("force-conflicts") };
        return Ok(objects::patch(call, local, patch, Subresource::Main, &write)?.0.to_value());
    }
    let Some(live) = live else {
        return Ok(objects::create(call, local, &write)?.to_value());
    };
    let mut modified = local.object.to_value();
    let empty = modified.pointer("/metadata/annotations").is_none();
    if empty && live.object.pointer("/metadata/annotations").is_some() {
        api::object::set(&mut modified, &["metadata", "annotations"], api::json!({}));
    }
    if let Some(annotations) = modified.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
        annotations.remove(LAST_APPLIED);
    }
    let patch = api::patch::three_way(live.kind, &common::originally_applied(&live.object), &modified, &live.object);
    if patch == api::json!({}) {
        return Ok(live.object.to_value());
    }
    Ok(objects::patch(call, live, Patch::Strategic(patch), Subresource::Main, &write)?.0.to_value())
}

/// Secret values as stars; those that differ are told apart. Models `Masker.run`.
fn mask(old: &mut Value, new: &mut Value) {
    let before = old.get("data").and_then(Value::as_object).cloned().unwrap_or_default();
    let after = new.get("data").and_then(Value::as_object).cloned().unwrap_or_default();
    let stars = |mine: &Value, other: Option<&Value>, word: &str| match other {
        Some(other) if other != mine => format!("*** ({word})"),
        _ => "***".to_owned(),
    };
    for (key, value) in &before {
        old["data"][key] = stars(value, after.get(key), "before").into();
    }
    for (key, value) in &after {
        new["data"][key] = stars(value, before.get(key), "after").into();
    }
}

fn yaml(object: &Value, managed_fields: bool) -> String {
    let mut object = object.clone();
    if object.is_null() {
        return String::new();
    }
    if !managed_fields && let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
    manifest::to_yaml(&object)
}

/// Models `InfoObject.Name`.
fn file_name(info: &Info) -> String {
    let group = if info.kind.group.is_empty() { String::new() } else { format!("{}.", info.kind.group) };
    format!("{group}{}.{}.{}.{}", info.kind.version, info.kind.kind, info.namespace, info.name)
}

/// What `diff -u -N` prints about two folders.
fn print(call: &Call, files: &[File]) {
    let now = call.sys.now();
    // The names of temporary folders end with a number nobody knows before.
    let folder =
        |name: &str, salt: u64| format!("/tmp/{name}-{}", (now.0.wrapping_mul(2_654_435_761) ^ salt) % (1 << 32));
    let (from, to) = (folder("LIVE", 0), folder("MERGED", 0x5bd1_e995));
    let time = api::time::format_rfc3339(now.unix_seconds()).replace('T', " ").replace('Z', "");
    let time = format!("{time}.{:06}000 +0000", now.0 % 1_000_000);
    for File { name, live, merged } in files {
        let after = if merged.is_some() { time.as_str() } else { "1970-01-01 00:00:00.000000000 +0000" };
        let hunks = unified::hunks(live, merged.as_deref().unwrap_or_default());
        let (old, new) = (format!("{from}/{name}"), format!("{to}/{name}"));
        call.sys.out.write(format!("diff -u -N {old} {new}\n--- {old}\t{time}\n+++ {new}\t{after}\n{hunks}"));
    }
}
