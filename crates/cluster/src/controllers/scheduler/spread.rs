//! How pods lie over the nodes. Models the `PodTopologySpread` plugin.

use api::labels::LabelSelector;
use api::{Object, Value};
use std::collections::BTreeMap;

use super::Seat;
use crate::Cluster;
use crate::controllers::{node_affinity, taints};

/// A constraint that must hold, with how many pods each part of the cluster has.
pub(super) struct Constraint {
    topology: String,
    most: i64,
    /// Whether the pod counts itself.
    own: bool,
    counts: BTreeMap<String, i64>,
    least: i64,
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn domain<'a>(node: &'a Object, topology: &str) -> Option<&'a str> {
    node.labels()?.get(topology)?.as_str()
}

/// The pods that a constraint counts, by the node they are on.
fn counted(cluster: &Cluster, pod: &Object, constraint: &Value) -> (bool, BTreeMap<String, i64>) {
    let selector = constraint.get("labelSelector").and_then(|selector| LabelSelector::read(selector).ok());
    let Some(selector) = selector else { return (false, BTreeMap::new()) };
    let mut by_node: BTreeMap<String, i64> = BTreeMap::new();
    for other in cluster.store().selected(&api::pod::KIND, pod.namespace(), &selector) {
        let node = other.str(&["spec", "nodeName"]);
        if !node.is_empty() && !other.is_terminating() {
            *by_node.entry(node.to_owned()).or_default() += 1;
        }
    }
    (selector.matches(pod.labels()), by_node)
}

impl Constraint {
    /// The constraints of a pod that forbid (`DoNotSchedule`).
    pub(super) fn hard(cluster: &Cluster, pod: &Object, seats: &[Seat]) -> Vec<Self> {
        let all = pod.list(&["spec", "topologySpreadConstraints"]).iter();
        all.filter(|constraint| text(constraint, "whenUnsatisfiable") != "ScheduleAnyway")
            .map(|constraint| Self::of(cluster, pod, constraint, seats))
            .collect()
    }

    fn of(cluster: &Cluster, pod: &Object, constraint: &Value, seats: &[Seat]) -> Self {
        let topology = text(constraint, "topologyKey").to_owned();
        let (own, by_node) = counted(cluster, pod, constraint);
        // By default nodes that the pod's affinity leaves out do not count, and taints are not looked at.
        let honours = |policy: &str, usual: &str| match text(constraint, policy) {
            "" => usual == "Honor",
            word => word == "Honor",
        };
        let (affinity, taint) = (honours("nodeAffinityPolicy", "Honor"), honours("nodeTaintsPolicy", "Ignore"));
        let tolerations = pod.list(&["spec", "tolerations"]);
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for node in seats.iter().map(|seat| &*seat.node) {
            let counts_in = (!affinity || node_affinity::matches(node, pod))
                && (!taint || taints::untolerated(node, tolerations, &taints::KEEPS_AWAY).is_none());
            let place = domain(node, &topology).filter(|_| counts_in);
            if let Some(place) = place {
                *counts.entry(place.to_owned()).or_default() += by_node.get(node.name()).copied().unwrap_or(0);
            }
        }
        let domains = constraint.get("minDomains").and_then(Value::as_u64).unwrap_or(1);
        let few = u64::try_from(counts.len()).unwrap_or(u64::MAX) < domains;
        let least = if few { 0 } else { counts.values().copied().min().unwrap_or(0) };
        let most = constraint.get("maxSkew").and_then(Value::as_i64).unwrap_or(1);
        Self { topology, most, own, counts, least }
    }

    /// Why a node does not take the pod, and whether for good.
    pub(super) fn refusal(&self, node: &Object) -> Option<(&'static str, bool)> {
        let Some(place) = domain(node, &self.topology) else {
            return Some(("node(s) didn't match pod topology spread constraints (missing required label)", true));
        };
        let count = self.counts.get(place).copied().unwrap_or(0) + i64::from(self.own);
        (count - self.least > self.most).then_some(("node(s) didn't match pod topology spread constraints", false))
    }
}

/// How crowded a node's surroundings are by the constraints that only wish (`ScheduleAnyway`).
pub(super) fn crowding(cluster: &Cluster, pod: &Object, node: &Object) -> i64 {
    let all = pod.list(&["spec", "topologySpreadConstraints"]).iter();
    let soft = all.filter(|constraint| text(constraint, "whenUnsatisfiable") == "ScheduleAnyway");
    soft.map(|constraint| {
        let topology = text(constraint, "topologyKey");
        let here = domain(node, topology);
        let (_, by_node) = counted(cluster, pod, constraint);
        let near = |name: &str| {
            let other = cluster.store().find(&api::node::KIND, "", name);
            here.is_some() && other.is_some_and(|other| domain(other, topology) == here)
        };
        by_node.iter().filter(|(name, _)| near(name)).map(|(_, count)| count).sum::<i64>()
    })
    .sum()
}
