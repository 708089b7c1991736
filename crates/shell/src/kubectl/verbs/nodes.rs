//! `kubectl cordon`, `uncordon` and `drain`. Models `pkg/cmd/drain`.

mod drain;

use api::json;
use cluster::{Patch, apiserver::Subresource};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::printers;
use super::super::resolve::{self, Query};
use super::common::{self, DryRun};

pub(super) use drain::VERB as DRAIN;

static SELECTOR: &[Flag] = &[common::SELECTOR];

/// `cordon`
pub(super) static CORDON: Verb = Verb {
    name: "cordon",
    usage: "cordon NODE",
    short: "Mark node as unschedulable",
    long: "Mark node as unschedulable.",
    examples: "# Mark node \"foo\" as unschedulable\nkubectl cordon foo",
    flags: &[SELECTOR, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call, true)) }),
    ..Verb::EMPTY
};

/// `uncordon`
pub(super) static UNCORDON: Verb = Verb {
    name: "uncordon",
    usage: "uncordon NODE",
    short: "Mark node as schedulable",
    long: "Mark node as schedulable.",
    examples: "# Mark node \"foo\" as schedulable\nkubectl uncordon foo",
    flags: &[SELECTOR, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call, false)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call, cordoned: bool) -> Outcome {
    let (nodes, dry_run) = nodes(call).await?;
    nodes.iter().try_for_each(|node| cordon(call, node, cordoned, dry_run))
}

/// The nodes that a command line names. Models `DrainCmdOptions.Complete`.
async fn nodes(call: &Call) -> Outcome<(Vec<Info>, DryRun)> {
    if call.args.is_empty() && !call.flags.changed("selector") {
        return Err(call.usage_error(format!("USAGE: {} [flags]", call.verb.usage)));
    }
    if !call.args.is_empty() && !call.flags.text("selector").is_empty() {
        return Err(call.usage_error("error: cannot specify both a node name and a --selector option"));
    }
    let dry_run = DryRun::of(call)?;
    let pods = call.flags.text("pod-selector");
    if !pods.is_empty() && super::super::selectors::labels(pods).is_err() {
        return Err(Failure::text("--pod-selector=<pod_selector> must be a valid label selector"));
    }
    let args = if call.args.is_empty() {
        vec!["nodes".to_owned()]
    } else {
        let with_kind = |name: &String| if name.contains('/') { name.clone() } else { format!("nodes/{name}") };
        call.args.iter().map(with_kind).collect()
    };
    let query = Query { args, type_means_all: true, ..Query::of(call) };
    let infos = resolve::resolve(call, &query).await?.items.into_iter().collect::<Outcome<Vec<Info>>>()?;
    match infos.iter().find(|info| info.kind.kind != "Node") {
        Some(other) => Err(Failure::Text(format!(
            "error: expected resource of type node, got {}",
            api::field::go_quote(&format!(
                "{}/{}, Resource={}",
                other.kind.group, other.kind.version, other.kind.plural
            ))
        ))),
        None => Ok((infos, dry_run)),
    }
}

/// Models `RunCordonOrUncordon`.
fn cordon(call: &Call, node: &Info, cordoned: bool, dry_run: DryRun) -> Outcome {
    let (label, suffix) = (printers::label(&node.object), dry_run.suffix());
    let done = if cordoned { "cordoned" } else { "uncordoned" };
    let now = node.object.pointer("/spec/unschedulable").is_some_and(|on| on == true);
    if now == cordoned {
        call.sys.out.line(format!("{label} already {done}{suffix}"));
        return Ok(());
    }
    if dry_run != DryRun::Client {
        let wanted = if cordoned { json!(true) } else { json!(null) };
        let write = Write { manager: "kubectl", dry_run: dry_run == DryRun::Server };
        let patch = Patch::Strategic(json!({"spec": {"unschedulable": wanted}}));
        if let Err(failure) = objects::patch(call, node, patch, Subresource::Main, &write) {
            let (verb, name) = (done.trim_end_matches("ed"), api::field::go_quote(&node.name));
            call.sys.err.line(format!("error: unable to {verb} node {name}: {}", failure.message()));
            return Ok(());
        }
    }
    call.sys.out.line(format!("{label} {done}{suffix}"));
    Ok(())
}
