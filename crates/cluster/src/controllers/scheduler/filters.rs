//! Why a node does not take a pod. Models the `Filter` of the plugins in their default order: the first that refuses speaks.

use std::sync::Arc;

use api::{Object, Value};

use super::Seat;
use super::pod_affinity::Neighbours;
use super::resources::Resources;
use super::spread::Constraint;
use crate::Cluster;
use crate::controllers::{node_affinity, taints};

/// Why a node does not take a pod.
pub(super) struct Refusal {
    /// In the plugin's words; several when several resources are short.
    pub(super) reasons: Vec<String>,
    /// Whether it would be so if the node had no pods (`UnschedulableAndUnresolvable`).
    pub(super) for_good: bool,
}

impl Refusal {
    fn new(reason: &str, for_good: bool) -> Option<Self> {
        Some(Self { reasons: vec![reason.to_owned()], for_good })
    }
}

/// What is the same for all nodes. Models the plugins' `PreFilter`.
pub(super) struct View {
    requests: Resources,
    host_ports: Vec<(String, u64)>,
    constraints: Vec<Constraint>,
    neighbours: Neighbours,
}

impl View {
    /// Looks at a pod and its surroundings.
    pub(super) fn of(cluster: &Cluster, pod: &Object, seats: &[Seat]) -> Self {
        Self {
            requests: Resources::of(pod),
            host_ports: host_ports(pod),
            constraints: Constraint::hard(cluster, pod, seats),
            neighbours: Neighbours::of(cluster, pod),
        }
    }

    /// Why this node does not take the pod; `None` when it does.
    pub(super) fn refusal(&self, cluster: &Cluster, pod: &Object, seat: &Seat) -> Option<Refusal> {
        let node = &*seat.node;
        if seat.shunned {
            if node.bool(&["spec", "unschedulable"]) && !tolerates_cordon(pod) {
                return Refusal::new("node(s) were unschedulable", true);
            }
            if taints::untolerated(node, pod.list(&["spec", "tolerations"]), &taints::KEEPS_AWAY).is_some() {
                return Refusal::new("node(s) had untolerated taint(s)", true);
            }
        }
        if !node_affinity::matches(node, pod) {
            let reason = match node_affinity::names_nodes(pod) {
                true => "node(s) didn't satisfy plugin(s) [NodeAffinity]",
                false => "node(s) didn't match Pod's node affinity/selector",
            };
            return Refusal::new(reason, true);
        }
        if !self.host_ports.is_empty() {
            let taken = |other: &Arc<Object>| host_ports(other).iter().any(|port| self.host_ports.contains(port));
            if cluster.store().on_node(node.name()).any(taken) {
                return Refusal::new("node(s) didn't have free ports for the requested pod ports", false);
            }
        }
        self.short_of(cluster, seat)
            .or_else(|| {
                let (reason, for_good) = self.constraints.iter().find_map(|constraint| constraint.refusal(node))?;
                Refusal::new(reason, for_good)
            })
            .or_else(|| {
                let (reason, for_good) = self.neighbours.refusal(pod, node)?;
                Refusal::new(reason, for_good)
            })
    }

    /// Models `NodeResourcesFit`.
    fn short_of(&self, cluster: &Cluster, seat: &Seat) -> Option<Refusal> {
        let node = &*seat.node;
        let full = is_full(cluster, seat);
        if self.requests == Resources::default() && !full {
            return None;
        }
        let (all, taken) = (Resources::allocatable(node), Resources::taken(cluster.store().on_node(node.name())));
        let short = [
            ("Insufficient cpu", self.requests.cpu, all.cpu, taken.cpu),
            ("Insufficient memory", self.requests.memory, all.memory, taken.memory),
        ];
        let short: Vec<_> =
            short.into_iter().filter(|(_, asked, all, taken)| *asked > 0 && *asked > all - taken).collect();
        let for_good = short.iter().any(|(_, asked, all, _)| asked > all);
        let words = full.then_some("Too many pods").into_iter().chain(short.into_iter().map(|(reason, ..)| reason));
        let reasons: Vec<String> = words.map(str::to_owned).collect();
        (!reasons.is_empty()).then_some(Refusal { reasons, for_good })
    }
}

/// Whether a node's kubelet takes no more pods. Those that have ended do not count.
fn is_full(cluster: &Cluster, seat: &Seat) -> bool {
    let (store, name) = (cluster.store(), seat.node.name());
    let living = |pod: &&Arc<Object>| !matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed");
    store.count_on_node(name) >= seat.most && store.on_node(name).filter(living).count() >= seat.most
}

fn tolerates_cordon(pod: &Object) -> bool {
    let taint = api::json!({"effect": "NoSchedule", "key": "node.kubernetes.io/unschedulable"});
    pod.list(&["spec", "tolerations"]).iter().any(|toleration| taints::tolerates(toleration, &taint))
}

/// The ports of the node that a pod takes, with their protocols.
fn host_ports(pod: &Object) -> Vec<(String, u64)> {
    let ports = pod.list(&["spec", "containers"]).iter().filter_map(|c| c.get("ports")?.as_array()).flatten();
    ports
        .filter_map(|port| {
            let number = port.get("hostPort")?.as_u64().filter(|port| *port > 0)?;
            let protocol = port.get("protocol").and_then(Value::as_str).unwrap_or("TCP");
            Some((protocol.to_owned(), number))
        })
        .collect()
}
