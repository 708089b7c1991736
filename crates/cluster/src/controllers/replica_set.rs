//! The replica set controller: so many pods, no more, no fewer. Models `pkg/controller/replicaset`.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use api::arrange::Arrange;
use api::{Object, ObjectKey, Value, json};

use super::{Controller, availability, owned, write};
use crate::Cluster;
use crate::events::Note;
use crate::store::{Store, WatchEvent};

/// See the module.
pub(super) struct ReplicaSetController;

const NAME: &str = "replicaset-controller";

/// The annotation that says which pods to delete first: those with the lowest number.
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";

impl Controller for ReplicaSetController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        owned::concerns(event, store, &api::replica_set::KIND, &api::pod::KIND)
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(set) = cluster.store().get(key).cloned() else { return };
        let pods = owned::claim(cluster, NAME, &api::replica_set::KIND, &set, &api::pod::KIND);
        let active: Vec<Arc<Object>> = pods.iter().filter(|pod| owned::is_active(pod)).cloned().collect();
        let failure = if set.is_terminating() { None } else { manage(cluster, &set, &active) };
        let after = update_status(cluster, key, &set, failure);
        if let Some(after) = after {
            availability::again(cluster, &Self, key, after);
        }
    }
}

/// Creates what is missing and deletes what is too many. Returns why a pod could not be made.
fn manage(cluster: &mut Cluster, set: &Object, active: &[Arc<Object>]) -> Option<String> {
    let wanted = usize::try_from(set.int(&["spec", "replicas"]).unwrap_or(1)).unwrap_or(0);
    if active.len() < wanted {
        let pod = owned::pod_of_template(&api::replica_set::KIND, set);
        for _ in active.len()..wanted {
            match write::create(cluster, NAME, &api::pod::KIND, set.namespace(), pod.clone()) {
                Ok(made) => {
                    let message = format!("Created pod: {}", made.name());
                    cluster.record(set, &Note::normal(NAME, "SuccessfulCreate", message));
                }
                Err(status) => {
                    let message = format!("Error creating: {status}");
                    cluster.record(set, &Note::warning(NAME, "FailedCreate", message));
                    return Some(status.to_string());
                }
            }
        }
    }
    let excess = active.len().saturating_sub(wanted);
    if excess == 0 {
        return None;
    }
    // They are deleted side by side, but others hear of the first before the rest.
    let going = cluster.store().owned_by(set.uid()).any(|pod| pod.is_terminating());
    let batch = if going { excess } else { 1 };
    for pod in to_delete(cluster, set, active).iter().take(batch) {
        write::delete(cluster, NAME, pod, &api::pod::KIND);
        let message = format!("Deleted pod: {}", pod.name());
        cluster.record(set, &Note::normal(NAME, "SuccessfulDelete", message));
    }
    None
}

/// The pods in the order in which they would be deleted. Models `ActivePodsWithRanks`: those that are least missed
/// first: without a node, pending, not ready, cheap, on a crowded node, ready for a short time, often restarted, young.
fn to_delete(cluster: &Cluster, set: &Object, active: &[Arc<Object>]) -> Vec<Arc<Object>> {
    let mut on_node: BTreeMap<String, usize> = BTreeMap::new();
    for pod in active {
        *on_node.entry(pod.str(&["spec", "nodeName"]).to_owned()).or_default() += 1;
    }
    let now = cluster.now().unix_seconds();
    let cost = |pod: &Object| pod.str(&["metadata", "annotations", DELETION_COST]).parse::<i64>().unwrap_or(0);
    let restarts = |pod: &Object| -> i64 {
        let statuses = pod.list(&["status", "containerStatuses"]).iter();
        statuses.filter_map(|status| status.get("restartCount")?.as_i64()).max().unwrap_or(0)
    };
    let phase = |pod: &Object| match pod.str(&["status", "phase"]) {
        "Pending" => 0,
        "Unknown" => 1,
        _ => 2,
    };
    let mut order = active.to_vec();
    order.arrange_by_cached_key(|pod| {
        let node = pod.str(&["spec", "nodeName"]);
        let ready_for = availability::ready_since(pod).filter(|_| api::pod::is_ready(pod)).map_or(0, |s| now - s);
        (
            (!node.is_empty(), phase(pod), api::pod::is_ready(pod), cost(pod)),
            Reverse(on_node.get(node).copied().unwrap_or(0)),
            64 - u64::try_from(ready_for).unwrap_or(0).leading_zeros(),
            Reverse(restarts(pod)),
            Reverse(pod.creation_timestamp().to_owned()),
            pod.uid().to_owned(),
        )
    });
    debug_assert!(order.iter().all(|pod| pod.namespace() == set.namespace()));
    order
}

/// Models `calculateStatus`. Returns when to look again because a pod will be available then.
fn update_status(cluster: &mut Cluster, key: &ObjectKey, set: &Object, failure: Option<String>) -> Option<u64> {
    let pods: Vec<Arc<Object>> =
        cluster.store().owned_by(set.uid()).filter(|pod| pod.kind() == "Pod").cloned().collect();
    let active: Vec<&Object> = pods.iter().map(|pod| &**pod).filter(|pod| owned::is_active(pod)).collect();
    let (available, after) = availability::available(cluster, set, &active);
    let template = set.map(&["spec", "template", "metadata", "labels"]);
    let labelled = |pod: &Object| template.is_none_or(|template| api::labels::matches_equality(template, pod.labels()));
    let going = pods.iter().filter(|pod| pod.is_terminating() && !ended(pod)).count();
    let mut status = json!({
        "replicas": active.len(), "observedGeneration": set.generation(), "terminatingReplicas": going,
    });
    for (field, count) in [
        ("fullyLabeledReplicas", active.iter().filter(|pod| labelled(pod)).count()),
        ("readyReplicas", active.iter().filter(|pod| api::pod::is_ready(pod)).count()),
        ("availableReplicas", available),
    ] {
        if count > 0 {
            status[field] = count.into();
        }
    }
    if let Some(message) = failure {
        let old = set.list(&["status", "conditions"]).first().and_then(|c| c.get("lastTransitionTime")).cloned();
        let now = Value::from(api::time::format_rfc3339(cluster.now().unix_seconds()));
        status["conditions"] = json!([{
            "lastTransitionTime": old.unwrap_or(now), "message": message, "reason": "FailedCreate",
            "status": "True", "type": "ReplicaFailure",
        }]);
    }
    cluster.update_status(key, status, &NAME.into());
    after
}

fn ended(pod: &Object) -> bool {
    matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed")
}
