//! `kubectl rollout undo`. Models `rollout_undo.go` and polymorphichelpers' `rollback.go`.

use api::{Map, Value, json};
use cluster::{Patch, apiserver::Subresource};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::objects::{self, Info, Write};
use super::super::super::{describe, resolve};
use super::super::common::{self, DryRun, LAST_APPLIED, Report};
use super::revisions::{self, Revision};
use super::{NAMED, history, query};

static FLAGS: &[Flag] = &[Flag::int("to-revision", "0", "The revision to rollback to. Default to 0 (last revision).")];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "undo",
    usage: "undo (TYPE NAME | TYPE/NAME) [flags]",
    short: "Undo a previous rollout",
    long: "Roll back to a previous rollout.",
    examples: "# Roll back to the previous deployment\nkubectl rollout undo deployment/abc\n\n# Roll back to daemonset revision 3\nkubectl rollout undo daemonset/abc --to-revision=3\n\n# Roll back to the previous deployment with dry-run\nkubectl rollout undo --dry-run=server deployment/abc",
    flags: &[NAMED, FLAGS, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// Annotations that stay those of the deployment. Models `annotationsToSkip`.
const KEPT: &[&str] = &[
    LAST_APPLIED,
    "deployment.kubernetes.io/revision",
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
];

async fn run(call: &Call) -> Outcome {
    let dry_run = DryRun::of(call)?;
    let query = query(call)?;
    let (infos, mut failures) = resolve::resolve(call, &query).await?.split();
    for info in infos {
        let done = roll_back(call, &info, dry_run)
            .and_then(|done| Report::of(call, dry_run)?.typed().print(call, &info.object, &done));
        failures.extend(done.err());
    }
    resolve::all_or(failures)
}

/// Models `DeploymentRollbacker.Rollback` and its siblings.
fn roll_back(call: &Call, info: &Info, dry_run: DryRun) -> Outcome<String> {
    let annotations = info.object.pointer("/metadata/annotations").and_then(Value::as_object);
    if annotations.is_some_and(|all| all.contains_key(LAST_APPLIED)) {
        call.warn(&format!(
            "resource {}/{} was previously managed with 'kubectl apply'. Rolling back will not update the {LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.",
            info.kind.plural, info.name
        ));
    }
    history::has_history(info, "rollbacker", "rollbacker")?;
    let to = call.flags.int("to-revision");
    let revision = choose(info, revisions::of(call, info), to)?;
    if dry_run == DryRun::Client {
        let text = describe::pod_template(&revision.template);
        return Ok(if info.kind.kind == "Deployment" { text } else { format!("will roll back to {text}") });
    }
    if info.object.pointer("/spec/paused") == Some(&Value::Bool(true)) {
        return Err(Failure::text(
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
        ));
    }
    let template = revisions::without_hash(&revision.template);
    if info.object.pointer("/spec/template") == Some(&template) {
        return Ok(format!("skipped rollback (current template already matches revision {to})"));
    }
    let patch = if info.kind.kind == "Deployment" {
        let mut all: Map<String, Value> = revision.annotations;
        all.retain(|key, _| !KEPT.contains(&key.as_str()));
        let kept = annotations.into_iter().flatten().filter(|(key, _)| KEPT.contains(&key.as_str()));
        all.extend(kept.map(|(key, value)| (key.clone(), value.clone())));
        Patch::Json(json!([
            {"op": "replace", "path": "/spec/template", "value": template},
            {"op": "replace", "path": "/metadata/annotations", "value": all},
        ]))
    } else {
        let mut template = template;
        template["$patch"] = "replace".into();
        Patch::Strategic(json!({"spec": {"template": template}}))
    };
    let write = Write { manager: "kubectl", dry_run: dry_run == DryRun::Server };
    objects::patch(call, info, patch, Subresource::Main, &write)
        .map_err(|failure| Failure::Text(format!("failed restoring revision {to}: {}", failure.message())))?;
    Ok("rolled back".to_owned())
}

/// The revision of that number, or the one before the newest. Models `deploymentRevision` and `findHistory`.
fn choose(info: &Info, mut all: Vec<Revision>, to: i64) -> Outcome<Revision> {
    let place = match to {
        0 => all.len().checked_sub(2),
        number => all.iter().position(|revision| revision.number == number),
    };
    match place {
        Some(place) => Ok(all.swap_remove(place)),
        None if to != 0 => Err(Failure::Text(format!("unable to find specified revision {to} in history"))),
        None if info.kind.kind == "Deployment" => {
            let name = api::field::go_quote(&info.name);
            Err(Failure::Text(format!("no rollout history found for deployment {name}")))
        }
        None => Err(Failure::text("no last revision to roll back to")),
    }
}
