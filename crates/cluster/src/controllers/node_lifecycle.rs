//! The node lifecycle controller: nodes whose kubelet falls silent become NotReady and tainted, and their pods with them.
//! Models `pkg/controller/nodelifecycle/node_lifecycle_controller.go`.

use std::sync::Arc;

use api::{Object, ObjectKey, Value, json};

use super::{Controller, availability, write};
use crate::Cluster;
use crate::events::Note;
use crate::store::{Change, Store, WatchEvent};

/// See the module.
pub(super) struct NodeLifecycleController;

const NAME: &str = "node-controller";

/// Microseconds of silence after which a node counts as lost (`--node-monitor-grace-period`).
const GRACE: u64 = 50_000_000;

/// The taints that this controller sets and takes away.
const NOT_READY: &str = "node.kubernetes.io/not-ready";
const UNREACHABLE: &str = "node.kubernetes.io/unreachable";
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

impl Controller for NodeLifecycleController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, _store: &Store) -> Vec<ObjectKey> {
        let node = *event.key.kind == api::node::KIND && event.change != Change::Deleted;
        if node { vec![event.key.clone()] } else { Vec::new() }
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let silent = cluster.kubelet.down_since(&key.name);
        if let Some(since) = silent {
            let lost = since + GRACE;
            if cluster.now() < lost {
                availability::again(cluster, &Self, key, lost - cluster.now());
            } else {
                lose(cluster, key);
            }
        }
        taint(cluster, key);
    }
}

/// The node's `Ready` condition: `True`, `False` or `Unknown`.
fn ready(node: &Object) -> &str {
    let conditions = node.list(&["status", "conditions"]);
    let ready = conditions.iter().find(|c| c.get("type").is_some_and(|kind| kind == "Ready"));
    ready.and_then(|c| c.get("status")?.as_str()).unwrap_or("Unknown")
}

/// Nothing was heard of a node for too long. Models `tryUpdateNodeHealth`.
fn lose(cluster: &mut Cluster, key: &ObjectKey) {
    let Some(node) = cluster.store().get(key).cloned().filter(|node| ready(node) != "Unknown") else { return };
    set_conditions(cluster, key, &node, NAME, |_| {
        ("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.")
    });
    let message = format!("Node {} status is now: NodeNotReady", key.name);
    cluster.record(&node, &Note::normal(NAME, "NodeNotReady", message));
    let pods: Vec<Arc<Object>> =
        cluster.store().on_node(&key.name).filter(|pod| api::pod::is_ready(pod)).cloned().collect();
    for pod in pods {
        unready(cluster, &pod);
    }
}

/// Writes the node's conditions; each gets a status, a reason and a message.
fn set_conditions(
    cluster: &mut Cluster,
    key: &ObjectKey,
    node: &Object,
    actor: &str,
    of: impl Fn(&str) -> (&'static str, &'static str, &'static str),
) {
    let now = api::time::format_rfc3339(cluster.now().unix_seconds());
    let mut status = node.at(&["status"]).cloned().unwrap_or_else(|| json!({}));
    for condition in status.get_mut("conditions").and_then(Value::as_array_mut).into_iter().flatten() {
        let (word, reason, message) = of(condition["type"].as_str().unwrap_or_default());
        if condition["status"] != word {
            condition["lastTransitionTime"] = now.as_str().into();
        }
        condition["status"] = word.into();
        condition["reason"] = reason.into();
        condition["message"] = message.into();
    }
    cluster.update_status(key, status, &actor.into());
}

/// A pod of a lost node is not ready, so it leaves the endpoints. Models `nodeutil.MarkPodsNotReady`.
fn unready(cluster: &mut Cluster, pod: &Object) {
    let now = api::time::format_rfc3339(cluster.now().unix_seconds());
    let mut status = pod.at(&["status"]).cloned().unwrap_or_default();
    for condition in status.get_mut("conditions").and_then(Value::as_array_mut).into_iter().flatten() {
        if condition["type"] == "Ready" {
            condition["status"] = "False".into();
            condition["lastTransitionTime"] = now.as_str().into();
        }
    }
    let key = ObjectKey::new(&api::pod::KIND, pod.namespace(), pod.name());
    cluster.update_status(&key, status, &NAME.into());
    cluster.record(pod, &Note::warning(NAME, "NodeNotReady", "Node is not ready"));
}

/// Sees to it that a node has the taints of its state and no others of them.
/// Models `doNoScheduleTaintingPass` and `doNoExecuteTaintingPass`.
fn taint(cluster: &mut Cluster, key: &ObjectKey) {
    let Some(node) = cluster.store().get(key).cloned() else { return };
    let state = match ready(&node) {
        "True" => None,
        "Unknown" => Some(UNREACHABLE),
        _ => Some(NOT_READY),
    };
    let mut wanted: Vec<(&str, &str)> = Vec::new();
    if node.bool(&["spec", "unschedulable"]) {
        wanted.push((UNSCHEDULABLE, "NoSchedule"));
    }
    if let Some(name) = state {
        wanted.extend([(name, "NoSchedule"), (name, "NoExecute")]);
    }
    let own = |taint: &Value| {
        let name = taint["key"].as_str().unwrap_or_default();
        [NOT_READY, UNREACHABLE, UNSCHEDULABLE].contains(&name)
    };
    let before = node.list(&["spec", "taints"]);
    let is = |taint: &Value, (name, effect): (&str, &str)| taint["key"] == name && taint["effect"] == effect;
    let now = api::time::format_rfc3339(cluster.now().unix_seconds());
    let mut taints: Vec<Value> =
        before.iter().filter(|taint| !own(taint) || wanted.iter().any(|w| is(taint, *w))).cloned().collect();
    for (name, effect) in wanted {
        if !taints.iter().any(|taint| is(taint, (name, effect))) {
            taints.push(json!({"effect": effect, "key": name, "timeAdded": now}));
        }
    }
    if taints != before {
        let taints = if taints.is_empty() { Value::Null } else { taints.into() };
        write::merge(cluster, NAME, key, json!({"spec": {"taints": taints}}));
    }
}

/// A kubelet is heard of again. Models `pkg/kubelet/nodestatus` `ReadyCondition`.
pub(crate) fn back(cluster: &mut Cluster, name: &str) {
    let key = ObjectKey::new(&api::node::KIND, "", name);
    let Some(node) = cluster.store().get(&key).cloned().filter(|node| ready(node) != "True") else { return };
    set_conditions(cluster, &key, &node, "kubelet", |condition| match condition {
        "Ready" => ("True", "KubeletReady", "kubelet is posting ready status"),
        "MemoryPressure" => ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        "DiskPressure" => ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        _ => ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    });
    let message = format!("Node {name} status is now: NodeReady");
    cluster.record(&node, &Note::normal("kubelet", "NodeReady", message).on(name, String::new()));
}

/// Looks at a node whose kubelet fell silent or speaks again.
pub(crate) fn watch(cluster: &mut Cluster, name: &str) {
    availability::again(cluster, &NodeLifecycleController, &ObjectKey::new(&api::node::KIND, "", name), 0);
}
