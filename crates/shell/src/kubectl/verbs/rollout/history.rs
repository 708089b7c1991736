//! `kubectl rollout history`. Models `rollout_history.go` and polymorphichelpers' `history.go`.

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::objects::Info;
use super::super::super::printers::{self, Printer};
use super::super::super::{describe, resolve, tabwriter};
use super::super::common;
use super::revisions::{self, Revision};
use super::{NAMED, query};

static FLAGS: &[Flag] =
    &[Flag::int("revision", "0", "See the details, including podTemplate of the revision specified")];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "history",
    usage: "history (TYPE NAME | TYPE/NAME) [flags]",
    short: "View rollout history",
    long: "View previous rollout revisions and configurations.",
    examples: "# View the rollout history of a deployment\nkubectl rollout history deployment/abc\n\n# View the details of daemonset revision 3\nkubectl rollout history daemonset/abc --revision=3",
    flags: &[NAMED, FLAGS, common::PRINT],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let query = query(call)?;
    if call.flags.int("revision") < 0 {
        let given = call.flags.int("revision");
        return Err(Failure::Text(format!("revision must be a positive integer: {given}")));
    }
    let (infos, mut failures) = resolve::resolve(call, &query).await?.split();
    let printer = Printer::of(call, false)?.map(Printer::typed);
    for info in infos {
        failures.extend(one(call, &info, printer.as_ref()).err());
    }
    resolve::all_or(failures)
}

fn one(call: &Call, info: &Info, printer: Option<&Printer>) -> Outcome {
    has_history(info, "history viewer", "history")?;
    let all = revisions::of(call, info);
    let wanted = call.flags.int("revision");
    let chosen = all.iter().find(|revision| revision.number == wanted);
    let missing = || Failure::text("unable to find the specified revision");
    if let Some(printer) = printer {
        let shown = if wanted > 0 { vec![chosen.ok_or_else(missing)?] } else { all.iter().collect() };
        return shown.into_iter().try_for_each(|revision| printer.print(call, &revision.object));
    }
    let (title, text) = match chosen {
        _ if all.is_empty() => (String::new(), "No rollout history found.".to_owned()),
        Some(revision) => (format!("with revision #{wanted}"), describe::pod_template(&revision.described())),
        None if wanted > 0 => return Err(missing()),
        None => (String::new(), table(&all)),
    };
    call.sys.out.line(format!("{} {title}\n{text}", printers::label(&info.object)));
    Ok(())
}

fn table(all: &[Revision]) -> String {
    let rows = all.iter().map(|revision| format!("{}\t{}\n", revision.number, revision.cause().unwrap_or("<none>")));
    tabwriter::align(&format!("REVISION\tCHANGE-CAUSE\n{}", rows.collect::<String>()), 0, 2)
}

/// Whether a kind keeps revisions. Models `HistoryViewerFor` and `RollbackerFor`.
///
/// # Errors
/// For kinds that keep none: `what` is missing, and `error` cannot be retrieved.
pub(super) fn has_history(info: &Info, what: &str, error: &str) -> Outcome {
    let kind = info.kind;
    let quoted = api::field::go_quote(&kind.qualified_kind());
    Err(Failure::Text(match kind.kind {
        "Deployment" | "DaemonSet" | "StatefulSet" => return Ok(()),
        "Job" | "Pod" | "ReplicaSet" | "ReplicationController" | "CronJob" => {
            format!("no {what} has been implemented for {quoted}")
        }
        _ => format!(
            "error retrieving {error} for {quoted}, no visitor method exists for {{{} {}}}",
            kind.group, kind.kind
        ),
    }))
}
