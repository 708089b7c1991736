//! Which nodes take a daemon's pod. Models `pkg/controller/daemon` `NodeShouldRunDaemonPod` and `util/daemonset_util.go`.

use api::{Object, Value, json};

use crate::controllers::{node_affinity, taints};

/// What daemon pods tolerate beside what their template says. Models `AddOrUpdateDaemonPodTolerations`.
const TOLERATED: [(&str, &str); 6] = [
    ("node.kubernetes.io/not-ready", "NoExecute"),
    ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"),
    ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"),
    ("node.kubernetes.io/unschedulable", "NoSchedule"),
];

fn tolerations(pod: &Object) -> Vec<Value> {
    let mut all = pod.list(&["spec", "tolerations"]).to_vec();
    let network = ("node.kubernetes.io/network-unavailable", "NoSchedule");
    let host = pod.bool(&["spec", "hostNetwork"]);
    for (key, effect) in TOLERATED.into_iter().chain(host.then_some(network)) {
        all.retain(|known| known["key"] != key || known["effect"] != effect);
        all.push(json!({"effect": effect, "key": key, "operator": "Exists"}));
    }
    all
}

/// Whether a node should run a pod of the set, and whether one that is there may stay.
pub(super) fn fits(node: &Object, set: &Object) -> (bool, bool) {
    let pod = Object::new(set.at(&["spec", "template"]).cloned().unwrap_or_default());
    if !node_affinity::matches(node, &pod) {
        return (false, false);
    }
    let tolerations = tolerations(&pod);
    if taints::untolerated(node, &tolerations, &taints::KEEPS_AWAY).is_none() {
        return (true, true);
    }
    (false, taints::untolerated(node, &tolerations, &["NoExecute"]).is_none())
}

/// Makes a pod one for this node only. Models `ReplaceDaemonSetPodNodeNameNodeAffinity`.
pub(super) fn aim(pod: &mut Object, node: &str) {
    let tolerations = tolerations(pod);
    pod.set(&["spec", "tolerations"], tolerations);
    let only = json!([{"key": "metadata.name", "operator": "In", "values": [node]}]);
    let path = ["spec", "affinity", "nodeAffinity", node_affinity::REQUIRED, "nodeSelectorTerms"];
    let mut terms = pod.list(&path).to_vec();
    if terms.is_empty() {
        terms.push(json!({}));
    }
    for term in &mut terms {
        term["matchFields"] = only.clone();
    }
    pod.set(&path, terms);
}

/// The node that a pod is for. Models `GetTargetNodeName`.
pub(super) fn target(pod: &Object) -> Option<&str> {
    let terms = pod.list(&["spec", "affinity", "nodeAffinity", node_affinity::REQUIRED, "nodeSelectorTerms"]);
    terms.iter().find_map(|term| {
        let fields = term.get("matchFields")?.as_array()?;
        let field = fields.iter().find(|field| field["key"] == "metadata.name")?;
        field["values"].as_array()?.first()?.as_str()
    })
}
