//! Counts and conditions. Models `pkg/controller/deployment/progress.go` and `sync.go` `calculateStatus`.

use api::{Object, ObjectKey, Value, json};

use super::{NAME, Sets, available, replicas, rollout};
use crate::Cluster;

/// What a reconciliation did towards the new set.
pub(super) enum Progress {
    /// It made the set of this name.
    Created(String),
    /// It found the set of this name.
    Found(String),
}

/// Writes the status; returns after how many microseconds the deadline for progress passes.
pub(super) fn update(
    cluster: &mut Cluster,
    key: &ObjectKey,
    deployment: &Object,
    sets: &Sets,
    progress: Option<&Progress>,
) -> Option<u64> {
    let count = |object: &Object, field: &str| object.int(&["status", field]).unwrap_or(0);
    let sum = |field: &str| sets.all().map(|set| count(set, field)).sum::<i64>();
    let total = sum("replicas");
    let serving = sum("availableReplicas");
    let updated = sets.new.as_ref().map_or(0, |new| count(new, "replicas"));
    let desired: i64 = sets.all().map(|set| replicas(set)).sum();
    let mut status = json!({
        "observedGeneration": deployment.generation(), "terminatingReplicas": sum("terminatingReplicas"),
    });
    for (field, number) in [
        ("replicas", total),
        ("updatedReplicas", updated),
        ("readyReplicas", sum("readyReplicas")),
        ("availableReplicas", serving),
        ("unavailableReplicas", (desired - serving).max(0)),
    ] {
        if number > 0 {
            status[field] = number.into();
        }
    }
    if let Some(collisions) = deployment.at(&["status", "collisionCount"]) {
        status["collisionCount"] = collisions.clone();
    }
    let time = api::time::format_rfc3339(cluster.now().unix_seconds());
    let mut conditions = deployment.list(&["status", "conditions"]).to_vec();
    let least = replicas(deployment) - rollout::bounds(deployment).1;
    let (word, reason, message) = if serving >= least {
        ("True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    } else {
        ("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    };
    set(&mut conditions, &time, "Available", word, reason, message);
    let after = progressing(cluster, deployment, sets, &status, progress, &mut conditions);
    status["conditions"] = conditions.into();
    cluster.update_status(key, status, &NAME.into());
    after
}

/// Models `syncRolloutStatus`.
fn progressing(
    cluster: &Cluster,
    deployment: &Object,
    sets: &Sets,
    status: &Value,
    progress: Option<&Progress>,
    conditions: &mut Vec<Value>,
) -> Option<u64> {
    let time = api::time::format_rfc3339(cluster.now().unix_seconds());
    let deadline = deployment.int(&["spec", "progressDeadlineSeconds"])?;
    let find = |conditions: &[Value]| conditions.iter().find(|c| c["type"] == "Progressing").cloned();
    let before = find(conditions);
    let reason_before = before.as_ref().and_then(|c| c["reason"].as_str()).unwrap_or_default().to_owned();
    if deployment.bool(&["spec", "paused"]) {
        if reason_before != "DeploymentPaused" {
            set(conditions, &time, "Progressing", "Unknown", "DeploymentPaused", "Deployment is paused");
        }
        return None;
    }
    if reason_before == "DeploymentPaused" {
        set(conditions, &time, "Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed");
    }
    let name = match (progress, &sets.new) {
        (Some(Progress::Created(name) | Progress::Found(name)), _) => name.clone(),
        (None, Some(new)) => new.name().to_owned(),
        (None, None) => return None,
    };
    let number = |value: &Value, field: &str| value.get(field).and_then(Value::as_i64).unwrap_or(0);
    let old = deployment.at(&["status"]).cloned().unwrap_or_default();
    let wanted = replicas(deployment);
    let complete = number(status, "updatedReplicas") == wanted
        && number(status, "replicas") == wanted
        && number(status, "availableReplicas") == wanted
        && sets.new.as_ref().is_none_or(|new| available(new) == wanted);
    let old_pods = |s: &Value| number(s, "replicas") - number(s, "updatedReplicas");
    let moved = number(status, "updatedReplicas") > number(&old, "updatedReplicas")
        || old_pods(status) < old_pods(&old)
        || number(status, "readyReplicas") > number(&old, "readyReplicas")
        || number(status, "availableReplicas") > number(&old, "availableReplicas");
    if complete {
        let message = format!("ReplicaSet \"{name}\" has successfully progressed.");
        set(conditions, &time, "Progressing", "True", "NewReplicaSetAvailable", &message);
        return None;
    }
    if matches!(progress, Some(Progress::Created(_))) {
        let message = format!("Created new replica set \"{name}\"");
        set(conditions, &time, "Progressing", "True", "NewReplicaSetCreated", &message);
    } else if before.is_none() {
        let message = format!("Found new replica set \"{name}\"");
        set(conditions, &time, "Progressing", "True", "FoundNewReplicaSet", &message);
    }
    if moved {
        let message = format!("ReplicaSet \"{name}\" is progressing.");
        // Progress is news even where the words are the same.
        renew(conditions, &time, "Progressing", "True", "ReplicaSetUpdated", &message);
    }
    let current = find(conditions)?;
    let reason = current["reason"].as_str().unwrap_or_default();
    if reason == "ProgressDeadlineExceeded" || (reason == "NewReplicaSetAvailable" && !moved) {
        return None;
    }
    let since = api::time::parse_rfc3339(current["lastUpdateTime"].as_str().unwrap_or_default())?;
    let left = since + deadline - cluster.now().unix_seconds();
    if left <= 0 {
        let message = format!("ReplicaSet \"{name}\" has timed out progressing.");
        set(conditions, &time, "Progressing", "False", "ProgressDeadlineExceeded", &message);
        return None;
    }
    u64::try_from(left).ok().map(|seconds| seconds * 1_000_000)
}

/// Sets a condition. One with the same status and reason stays as and where it is; another one goes to the end.
/// Models `SetDeploymentCondition`.
fn set(conditions: &mut Vec<Value>, time: &str, kind: &str, word: &str, reason: &str, message: &str) {
    let at = conditions.iter().position(|c| c["type"] == kind);
    if at.is_some_and(|at| conditions[at]["status"] == word && conditions[at]["reason"] == reason) {
        return;
    }
    renew(conditions, time, kind, word, reason, message);
}

/// Sets a condition even where nothing but the time is new; while its status stays, so does its last transition.
fn renew(conditions: &mut Vec<Value>, time: &str, kind: &str, word: &str, reason: &str, message: &str) {
    let old = conditions.iter().position(|c| c["type"] == kind).map(|at| conditions.remove(at));
    let since =
        old.filter(|old| old["status"] == word).map_or_else(|| json!(time), |old| old["lastTransitionTime"].clone());
    conditions.push(json!({
        "lastTransitionTime": since, "lastUpdateTime": time,
        "message": message, "reason": reason, "status": word, "type": kind,
    }));
}
