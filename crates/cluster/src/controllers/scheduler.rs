//! The scheduler: gives each pod without a node one. Models `pkg/scheduler` with its default spreading.

use std::collections::BTreeMap;

use api::labels::LabelSelector;
use api::{Object, ObjectKey, Value, json};

use super::Controller;
use crate::events::Note;
use crate::store::{Change, Store, WatchEvent};
use crate::{Cluster, Patch, Request, WriteOptions, apiserver::Subresource};

/// See the module.
pub(super) struct Scheduler;

const NAME: &str = "default-scheduler";

impl Controller for Scheduler {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind == api::node::KIND {
            // A node that came or changed may take pods that found none.
            let waiting = store.on_node("").filter(|pod| !pod.is_terminating());
            return waiting.map(|pod| ObjectKey::new(&api::pod::KIND, pod.namespace(), pod.name())).collect();
        }
        let new_pod = *event.key.kind == api::pod::KIND && event.change != Change::Deleted;
        let waits = event.object.str(&["spec", "nodeName"]).is_empty() && !event.object.is_terminating();
        if new_pod && waits { vec![event.key.clone()] } else { Vec::new() }
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(pod) = cluster.store().get(key).cloned() else { return };
        if !pod.str(&["spec", "nodeName"]).is_empty() {
            return;
        }
        let time = api::time::format_rfc3339(cluster.now().unix_seconds());
        let node = match choose(cluster, &pod) {
            Ok(node) => node,
            Err(message) => {
                unschedulable(cluster, key, &pod, message, &time);
                return;
            }
        };
        let options = WriteOptions::typed(self.name());
        let write = |patch: Value, subresource: Subresource| Request::Patch {
            kind: &api::pod::KIND,
            namespace: key.namespace.clone(),
            name: key.name.clone(),
            patch: Patch::Merge(patch),
            subresource,
            options: options.clone(),
        };
        let scheduled = json!({
            "lastProbeTime": null, "lastTransitionTime": time, "status": "True", "type": "PodScheduled",
        });
        let bound = cluster.submit(write(json!({"spec": {"nodeName": node}}), Subresource::Main)).is_ok();
        if bound {
            let status = json!({"status": {"conditions": [scheduled]}});
            // The pod is there: it was bound a line ago, and nothing runs in between.
            drop(cluster.submit(write(status, Subresource::Status)));
            let message = format!("Successfully assigned {}/{} to {node}", key.namespace, key.name);
            cluster.record(&pod, &Note::normal(NAME, "Scheduled", message));
        }
    }
}

/// Says that no node takes the pod. Models `handleSchedulingFailure`.
fn unschedulable(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, message: String, time: &str) {
    let before = pod.list(&["status", "conditions"]).iter().find(|c| c["type"] == "PodScheduled");
    if before.is_some_and(|c| c["message"] == message) {
        return;
    }
    let mut status = pod.at(&["status"]).cloned().unwrap_or_default();
    let mut conditions: Vec<Value> =
        pod.list(&["status", "conditions"]).iter().filter(|c| c["type"] != "PodScheduled").cloned().collect();
    conditions.push(json!({
        "lastProbeTime": null, "lastTransitionTime": time, "message": message, "reason": "Unschedulable",
        "status": "False", "type": "PodScheduled",
    }));
    status["conditions"] = conditions.into();
    cluster.update_status(key, status, &NAME.into());
    cluster.record(pod, &Note::warning(NAME, "FailedScheduling", message));
}

/// Why a node does not take a pod, in the words of the scheduler's plugins; `None` when it does.
fn obstacle(node: &Object, pod: &Object) -> Option<String> {
    let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    if node.bool(&["spec", "unschedulable"]) {
        return Some("node(s) were unschedulable".to_owned());
    }
    let tolerated = |taint: &Value| {
        pod.list(&["spec", "tolerations"]).iter().any(|toleration| {
            let (key, effect) = (text(toleration, "key"), text(toleration, "effect"));
            (effect.is_empty() || effect == text(taint, "effect"))
                && (key.is_empty() || key == text(taint, "key"))
                && (text(toleration, "operator") == "Exists" || text(toleration, "value") == text(taint, "value"))
        })
    };
    let mut taints = node.list(&["spec", "taints"]).iter().filter(|taint| text(taint, "effect") != "PreferNoSchedule");
    if let Some(taint) = taints.find(|taint| !tolerated(taint)) {
        let (key, value) = (text(taint, "key"), text(taint, "value"));
        return Some(format!("node(s) had untolerated taint {{{key}: {value}}}"));
    }
    let labels = node.string_map(&["metadata", "labels"]);
    let wanted = pod.string_map(&["spec", "nodeSelector"]);
    let selected = wanted.iter().all(|(key, value)| labels.get(key) == Some(value)) && affinity(node, pod);
    (!selected).then(|| "node(s) didn't match Pod's node affinity/selector".to_owned())
}

/// The required node affinity: one of its terms must be met.
fn affinity(node: &Object, pod: &Object) -> bool {
    let path = ["spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
    let Some(required) = pod.at(&path) else { return true };
    let terms = required.get("nodeSelectorTerms").and_then(Value::as_array);
    terms.into_iter().flatten().any(|term| {
        LabelSelector::read(term).is_ok_and(|selector| !selector.is_empty() && selector.matches(node.labels()))
    })
}

/// The node with the fewest pods among those the pod may run on; chance decides between equals.
///
/// # Errors
/// Why no node takes it, as the scheduler words it.
fn choose(cluster: &mut Cluster, pod: &Object) -> Result<String, String> {
    let nodes: Vec<_> = cluster.list(&api::node::KIND, None).cloned().collect();
    let mut obstacles: BTreeMap<String, usize> = BTreeMap::new();
    let mut load: Vec<(usize, String)> = Vec::new();
    for node in &nodes {
        match obstacle(node, pod) {
            Some(obstacle) => *obstacles.entry(obstacle).or_default() += 1,
            None => load.push((cluster.store().count_on_node(node.name()), node.name().to_owned())),
        }
    }
    let Some(least) = load.iter().map(|(count, _)| *count).min() else {
        let mut reasons: Vec<String> =
            obstacles.into_iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        reasons.sort();
        let total = nodes.len();
        return Err(format!(
            "0/{total} nodes are available: {}. no new claims to deallocate, preemption: 0/{total} nodes are available: \
             {total} Preemption is not helpful for scheduling.",
            reasons.join(", ")
        ));
    };
    let best: Vec<String> = load.into_iter().filter(|(count, _)| *count == least).map(|(_, name)| name).collect();
    cluster.rng.pick(&best).cloned().ok_or_else(String::new)
}
