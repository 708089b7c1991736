//! Which node is best of those that take a pod. Models the `Score` of the default plugins in their order of weight, in
//! whole numbers instead of per cent.

use std::collections::BTreeMap;

use api::{Object, Value};

use super::{Seat, pod_affinity, spread};
use crate::Cluster;
use crate::controllers::{node_affinity, owned, taints};

/// Pods of one owner beyond which they are not counted by node: so many lie evenly anyway.
const MANY: usize = 100;

/// The nodes with the highest score.
pub(super) fn best<'a>(cluster: &Cluster, pod: &Object, seats: &[&'a Seat]) -> Vec<&'a Object> {
    let siblings = siblings(cluster, pod);
    let scores: Vec<i64> = seats.iter().map(|seat| score(cluster, pod, seat, &siblings)).collect();
    let highest = scores.iter().copied().max();
    seats.iter().zip(scores).filter(|(_, score)| Some(*score) == highest).map(|(seat, _)| &*seat.node).collect()
}

fn score(cluster: &Cluster, pod: &Object, seat: &Seat, siblings: &BTreeMap<&str, i64>) -> i64 {
    let node = &*seat.node;
    let tolerations = || pod.list(&["spec", "tolerations"]);
    let shunned = seat.shunned && taints::untolerated(node, tolerations(), &["PreferNoSchedule"]).is_some();
    let name = node.name();
    let (own, all) = (siblings.get(name).copied().unwrap_or(0), cluster.store().count_on_node(name));
    let mut score = -300 * i64::from(shunned) - 20 * own - i64::try_from(all).unwrap_or(i64::MAX / 1000);
    if pod.at(&["spec", "affinity"]).is_some() {
        score += 2 * (node_affinity::preference(node, pod) + pod_affinity::preference(cluster, pod, node));
    }
    if pod.at(&["spec", "topologySpreadConstraints"]).is_some() {
        score -= 20 * spread::crowding(cluster, pod, node);
    }
    score
}

/// How many of the other pods of the same owner each node has. Models the default constraints of `PodTopologySpread`.
fn siblings<'a>(cluster: &'a Cluster, pod: &'a Object) -> BTreeMap<&'a str, i64> {
    let owner = owned::controller_of(pod).and_then(|owner| owner.get("uid").and_then(Value::as_str));
    let mut counts = BTreeMap::new();
    for (index, pod) in owner.into_iter().flat_map(|uid| cluster.store().owned_by(uid)).enumerate() {
        if index == MANY {
            return BTreeMap::new();
        }
        *counts.entry(pod.str(&["spec", "nodeName"])).or_default() += 1;
    }
    counts
}
