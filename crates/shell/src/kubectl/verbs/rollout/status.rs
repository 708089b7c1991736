//! `kubectl rollout status`. Models `rollout_status.go` and polymorphichelpers' status viewers.

use std::sync::Arc;

use api::{Object, ObjectKey, Value};
use cluster::Instant;
use cluster::store::Change;

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::objects::Info;
use super::super::super::resolve;
use super::{NAMED, none_found, query};

static FLAGS: &[Flag] = &[
    Flag::int("revision", "0", "Pin to a specific revision for showing its status. Defaults to 0 (last revision)."),
    Flag::duration(
        "timeout",
        "0s",
        "The length of time to wait before ending watch, zero means never. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).",
    ),
    Flag::bool("watch", "true", "Watch the status of the rollout until it's done.").short('w'),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "status",
    usage: "status (TYPE NAME | TYPE/NAME) [flags]",
    short: "Show the status of the rollout",
    long: "Show the status of the rollout.\n\n By default 'rollout status' will watch the status of the latest rollout until it's done. If you don't want to wait for the rollout to finish then you can use --watch=false. Note that if a new rollout starts in-between, then 'rollout status' will continue watching the latest revision. If you want to pin to a specific revision and abort if it is rolled over by another revision, use --revision=N where N is the revision you need to watch for.",
    examples: "# Watch the rollout status of a deployment\nkubectl rollout status deployment/nginx",
    flags: &[NAMED, FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// What is said of a rollout, and whether it is done.
type Progress = Result<(String, bool), String>;

async fn run(call: &Call) -> Outcome {
    let query = query(call)?;
    let revision = call.flags.int("revision");
    if revision < 0 {
        return Err(Failure::Text(format!("revision must be a positive integer: {revision}")));
    }
    let (infos, mut failures) = resolve::resolve(call, &query).await?.split();
    if infos.is_empty() && failures.is_empty() {
        none_found(call);
        return Ok(());
    }
    let timeout = u64::try_from(call.flags.micros("timeout")).ok().filter(|timeout| *timeout > 0);
    for info in infos {
        let until = timeout.map(|micros| call.sys.now() + micros);
        failures.extend(follow(call, &info, revision, until).await.err());
    }
    resolve::all_or(failures)
}

/// Says how it stands now, and at each change, until it is done.
async fn follow(call: &Call, info: &Info, revision: i64, until: Option<Instant>) -> Outcome {
    let viewer: fn(&Object, i64) -> Progress = match info.kind.kind {
        "Deployment" => deployment,
        "DaemonSet" => |set, _| daemon_set(set),
        "StatefulSet" => |set, _| stateful_set(set),
        _ => {
            let kind = info.kind.qualified_kind();
            return Err(Failure::Text(format!("no status viewer has been implemented for {kind}")));
        }
    };
    let done = |object: &Object| -> Outcome<bool> {
        let (text, done) = viewer(object, revision).map_err(Failure::Text)?;
        call.sys.out.write(text);
        Ok(done || !call.flags.bool("watch"))
    };
    let key = ObjectKey::new(info.kind, &info.namespace, &info.name);
    let mut seen = call.sys.cluster(|cluster| cluster.store().log().len());
    if done(&info.object.to_object())? {
        return Ok(());
    }
    loop {
        let news = call.sys.wait(until, |cluster| {
            let log = cluster.store().log();
            let new = log[seen..].iter().filter(|event| event.key == key);
            let new: Vec<(Change, Arc<Object>)> = new.map(|event| (event.change, event.object.clone())).collect();
            seen = log.len();
            (!new.is_empty()).then_some(new)
        });
        let Some(news) = news.await else { return Err(Failure::text("timed out waiting for the condition")) };
        for (change, object) in news {
            if change == Change::Deleted {
                return Err(Failure::text("object has been deleted"));
            }
            if done(&object)? {
                return Ok(());
            }
        }
    }
}

fn counts(object: &Object) -> impl Fn(&str) -> i64 + '_ {
    |field| object.int(&["status", field]).unwrap_or(0)
}

fn is_observed(object: &Object) -> bool {
    object.generation() <= object.int(&["status", "observedGeneration"]).unwrap_or(0)
}

/// Models `DeploymentStatusViewer.Status`.
fn deployment(object: &Object, revision: i64) -> Progress {
    let name = api::field::go_quote(object.name());
    if revision > 0 {
        let running = super::revisions::number(&object.to_value());
        if running != revision {
            return Err(format!("desired revision ({revision}) is different from the running revision ({running})"));
        }
    }
    if !is_observed(object) {
        return Ok(("Waiting for deployment spec update to be observed...\n".to_owned(), false));
    }
    let timed_out = |condition: &Value| {
        condition.get("type").is_some_and(|kind| kind == "Progressing")
            && condition.get("reason").is_some_and(|reason| reason == "ProgressDeadlineExceeded")
    };
    if object.list(&["status", "conditions"]).iter().any(timed_out) {
        return Err(format!("deployment {name} exceeded its progress deadline"));
    }
    let count = counts(object);
    let (wanted, all, updated, available) = (
        object.int(&["spec", "replicas"]).unwrap_or(1),
        count("replicas"),
        count("updatedReplicas"),
        count("availableReplicas"),
    );
    let waiting = |what: String| Ok((format!("Waiting for deployment {name} rollout to finish: {what}...\n"), false));
    if updated < wanted {
        return waiting(format!("{updated} out of {wanted} new replicas have been updated"));
    }
    if all > updated {
        return waiting(format!("{} old replicas are pending termination", all - updated));
    }
    if available < updated {
        return waiting(format!("{available} of {updated} updated replicas are available"));
    }
    Ok((format!("deployment {name} successfully rolled out\n"), true))
}

const OTHER_STRATEGY: &str = "rollout status is only available for RollingUpdate strategy type";

/// Models `DaemonSetStatusViewer.Status`.
fn daemon_set(object: &Object) -> Progress {
    if object.str(&["spec", "updateStrategy", "type"]) != "RollingUpdate" {
        return Err(OTHER_STRATEGY.to_owned());
    }
    if !is_observed(object) {
        return Ok(("Waiting for daemon set spec update to be observed...\n".to_owned(), false));
    }
    let (count, name) = (counts(object), api::field::go_quote(object.name()));
    let (wanted, updated) = (count("desiredNumberScheduled"), count("updatedNumberScheduled"));
    let waiting = |what: String| Ok((format!("Waiting for daemon set {name} rollout to finish: {what}...\n"), false));
    if updated < wanted {
        return waiting(format!("{updated} out of {wanted} new pods have been updated"));
    }
    if count("numberAvailable") < wanted {
        return waiting(format!("{} of {wanted} updated pods are available", count("numberAvailable")));
    }
    Ok((format!("daemon set {name} successfully rolled out\n"), true))
}

/// Models `StatefulSetStatusViewer.Status`.
fn stateful_set(object: &Object) -> Progress {
    if object.str(&["spec", "updateStrategy", "type"]) != "RollingUpdate" {
        return Err(OTHER_STRATEGY.to_owned());
    }
    let count = counts(object);
    if count("observedGeneration") == 0 || !is_observed(object) {
        return Ok(("Waiting for statefulset spec update to be observed...\n".to_owned(), false));
    }
    let wanted = object.int(&["spec", "replicas"]).unwrap_or(1);
    if count("readyReplicas") < wanted {
        return Ok((format!("Waiting for {} pods to be ready...\n", wanted - count("readyReplicas")), false));
    }
    let updated = count("updatedReplicas");
    if let Some(partition) = object.int(&["spec", "updateStrategy", "rollingUpdate", "partition"]) {
        if updated < wanted - partition {
            let of = wanted - partition;
            let text = format!(
                "Waiting for partitioned roll out to finish: {updated} out of {of} new pods have been updated...\n"
            );
            return Ok((text, false));
        }
        return Ok((format!("partitioned roll out complete: {updated} new pods have been updated...\n"), true));
    }
    let revision = |field: &str| object.str(&["status", field]);
    if revision("updateRevision") != revision("currentRevision") {
        let to = revision("updateRevision");
        let text = format!("waiting for statefulset rolling update to complete {updated} pods at revision {to}...\n");
        return Ok((text, false));
    }
    let text = format!(
        "statefulset rolling update complete {} pods at revision {}...\n",
        count("currentReplicas"),
        revision("currentRevision")
    );
    Ok((text, true))
}
