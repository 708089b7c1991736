//! `kubectl rollout pause`, `resume` and `restart`: one program with three changes.
//!
//! Models `rollout_pause.go`, `rollout_resume.go`, `rollout_restart.go`, and the `Object…erFn` of polymorphichelpers.

use api::{Value, json};
use cluster::{Patch, apiserver::Subresource};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::objects::{self, Info, Write};
use super::super::super::resolve;
use super::super::common::{self, DryRun, Report};
use super::{NAMED, none_found, query};

static MANAGER: &[Flag] =
    &[Flag::text("field-manager", "kubectl-rollout", "Name of the manager used to track field ownership.")];

/// `rollout pause`
pub(super) static PAUSE: Verb = Verb {
    name: "pause",
    usage: "pause RESOURCE",
    short: "Mark the provided resource as paused",
    long: "Mark the provided resource as paused.\n\n Paused resources will not be reconciled by a controller. Use \"kubectl rollout resume\" to resume a paused resource. Currently only deployments support being paused.",
    examples: "# Mark the nginx deployment as paused\n# Any current state of the deployment will continue its function; new updates\n# to the deployment will not have an effect as long as the deployment is paused\nkubectl rollout pause deployment/nginx",
    flags: &[NAMED, MANAGER, common::PRINT],
    run: Some(|call| -> Running<'_> { Box::pin(run(call, "paused", |_, object| pause(object, true))) }),
    ..Verb::EMPTY
};

/// `rollout resume`
pub(super) static RESUME: Verb = Verb {
    name: "resume",
    usage: "resume RESOURCE",
    short: "Resume a paused resource",
    long: "Resume a paused resource.\n\n Paused resources will not be reconciled by a controller. By resuming a resource, we allow it to be reconciled again. Currently only deployments support being resumed.",
    examples: "# Resume an already paused deployment\nkubectl rollout resume deployment/nginx",
    flags: &[NAMED, MANAGER, common::PRINT],
    run: Some(|call| -> Running<'_> { Box::pin(run(call, "resumed", |_, object| pause(object, false))) }),
    ..Verb::EMPTY
};

/// `rollout restart`
pub(super) static RESTART: Verb = Verb {
    name: "restart",
    usage: "restart RESOURCE",
    short: "Restart a resource",
    long: "Restart a resource.\n\n        Resource rollout will be restarted.",
    examples: "# Restart all deployments in the test-namespace namespace\nkubectl rollout restart deployment -n test-namespace\n\n# Restart a deployment\nkubectl rollout restart deployment/nginx\n\n# Restart a daemon set\nkubectl rollout restart daemonset/abc\n\n# Restart deployments with the app=nginx label\nkubectl rollout restart deployment --selector=app=nginx",
    flags: &[NAMED, MANAGER, common::PRINT],
    run: Some(|call| -> Running<'_> { Box::pin(run(call, "restarted", restart)) }),
    ..Verb::EMPTY
};

/// The patch that makes the change, or why there is none.
type Change = fn(&Call, &Value) -> Result<Value, &'static str>;

async fn run(call: &Call, done: &'static str, change: Change) -> Outcome {
    let query = query(call)?;
    let (infos, mut failures) = resolve::resolve(call, &query).await?.split();
    if infos.is_empty() && failures.is_empty() {
        none_found(call);
        return Ok(());
    }
    let report = Report::of(call, DryRun::No)?.typed();
    for info in infos {
        failures.extend(one(call, info, done, change, &report).err());
    }
    resolve::all_or(failures)
}

fn one(call: &Call, mut info: Info, done: &'static str, change: Change, report: &Report) -> Outcome {
    let patch = change(call, &info.object).map_err(|why| {
        let name = api::field::go_quote(&info.name);
        Failure::Text(format!("error: {} {name} {why}", info.kind.group_resource()))
    })?;
    let write = Write::by(call.flags.text("field-manager"));
    let (object, changed) = objects::patch(call, &info, Patch::Strategic(patch), Subresource::Main, &write)
        .map_err(|failure| Failure::Text(format!("failed to patch: {}", failure.message())))?;
    if !changed {
        return Err(Failure::Text(format!(
            "failed to create patch for {}: if restart has already been triggered within the past second, please wait before attempting to trigger another",
            info.name
        )));
    }
    info.refresh(&object);
    report.print(call, &info.object, done)
}

fn is_paused(object: &Value) -> bool {
    object.pointer("/spec/paused") == Some(&Value::Bool(true))
}

/// Models `defaultObjectPauser` and `defaultObjectResumer`.
fn pause(object: &Value, paused: bool) -> Result<Value, &'static str> {
    let is_deployment = object.get("kind").is_some_and(|kind| kind == "Deployment");
    match (is_deployment, paused) {
        (false, true) => Err("pausing is not supported"),
        (false, false) => Err("resuming is not supported"),
        (true, true) if is_paused(object) => Err("is already paused"),
        (true, false) if !is_paused(object) => Err("is not paused"),
        // Absent means false, and an encoded deployment has no false in this place.
        (true, _) => Ok(json!({"spec": {"paused": if paused { Value::Bool(true) } else { Value::Null }}})),
    }
}

/// Models `defaultObjectRestarter`.
fn restart(call: &Call, object: &Value) -> Result<Value, &'static str> {
    match object.get("kind").and_then(Value::as_str) {
        Some("Deployment") if is_paused(object) => {
            return Err("can't restart paused deployment (run rollout resume first)");
        }
        Some("Deployment" | "DaemonSet" | "StatefulSet") => {}
        _ => return Err("restarting is not supported"),
    }
    let time = api::time::format_rfc3339(call.sys.now().unix_seconds());
    let annotations = json!({"kubectl.kubernetes.io/restartedAt": time});
    Ok(json!({"spec": {"template": {"metadata": {"annotations": annotations}}}}))
}
