//! Which node is best of those that take a pod. Models the `Score` of the default plugins in their order of weight, in
//! whole numbers instead of per cent.

use api::{Object, Value};

use super::{pod_affinity, spread};
use crate::Cluster;
use crate::controllers::{node_affinity, owned, taints};

/// Pods of one owner beyond which they are not counted by node: so many lie evenly anyway.
const MANY: usize = 100;

/// The nodes with the highest score.
pub(super) fn best<'a>(cluster: &Cluster, pod: &Object, nodes: &[&'a Object]) -> Vec<&'a Object> {
    let siblings = siblings(cluster, pod);
    let scores: Vec<i64> = nodes.iter().map(|node| score(cluster, pod, node, &siblings)).collect();
    let highest = scores.iter().copied().max();
    nodes.iter().zip(scores).filter(|(_, score)| Some(*score) == highest).map(|(node, _)| *node).collect()
}

fn score(cluster: &Cluster, pod: &Object, node: &Object, siblings: &[String]) -> i64 {
    let shunned = taints::untolerated(node, pod.list(&["spec", "tolerations"]), &["PreferNoSchedule"]).is_some();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX / 1000);
    let own = count(siblings.iter().filter(|name| *name == node.name()).count());
    let mut score = -300 * i64::from(shunned) - 20 * own - count(cluster.store().count_on_node(node.name()));
    if pod.at(&["spec", "affinity"]).is_some() {
        score += 2 * (node_affinity::preference(node, pod) + pod_affinity::preference(cluster, pod, node));
    }
    if pod.at(&["spec", "topologySpreadConstraints"]).is_some() {
        score -= 20 * spread::crowding(cluster, pod, node);
    }
    score
}

/// The nodes of the other pods of the same owner. Models the default constraints of `PodTopologySpread`.
fn siblings(cluster: &Cluster, pod: &Object) -> Vec<String> {
    let owner = owned::controller_of(pod).and_then(|owner| owner.get("uid").and_then(Value::as_str));
    let pods = owner.into_iter().flat_map(|uid| cluster.store().owned_by(uid)).take(MANY + 1);
    let nodes: Vec<String> = pods.map(|pod| pod.str(&["spec", "nodeName"]).to_owned()).collect();
    if nodes.len() > MANY { Vec::new() } else { nodes }
}
