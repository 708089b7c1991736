//! `kubectl rollout`. Models `pkg/cmd/rollout`.

mod change;
mod history;
mod revisions;
mod status;
mod undo;

use super::super::command::{self, Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::resolve::Query;
use super::common;

/// Flags that name workloads.
static NAMED: &[Flag] = &[
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to get from a server.")
        .short('f'),
    common::KUSTOMIZE,
    common::RECURSIVE,
    common::SELECTOR,
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "rollout",
    usage: "rollout SUBCOMMAND",
    short: "Manage the rollout of a resource",
    long: "Manage the rollout of one or many resources.\n        \n Valid resource types include:\n\n  *  deployments\n  *  daemonsets\n  *  statefulsets",
    examples: "# Rollback to the previous deployment\nkubectl rollout undo deployment/abc\n\n# Check the rollout status of a daemonset\nkubectl rollout status daemonset/foo\n\n# Restart a deployment\nkubectl rollout restart deployment/abc\n\n# Restart deployments with the 'app=nginx' label\nkubectl rollout restart deployment --selector=app=nginx",
    verbs: &[&history::VERB, &change::PAUSE, &change::RESTART, &change::RESUME, &status::VERB, &undo::VERB],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run_on(call, &call.sys.out) }) }),
    ..Verb::EMPTY
};

/// The workloads that a command line names.
///
/// # Errors
/// When it names none.
fn query(call: &Call) -> Outcome<Query> {
    let files = !call.flags.all("filename").is_empty() || !call.flags.text("kustomize").is_empty();
    if call.args.is_empty() && !files {
        return Err(Failure::text("required resource not specified"));
    }
    Ok(Query { type_means_all: true, latest: true, ..Query::of(call) })
}

/// Says that a type has no objects.
fn none_found(call: &Call) {
    call.sys.err.line(format!("No resources found in {} namespace.", call.namespace()));
}
