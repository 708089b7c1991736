//! The scheduler: gives each pod without a node one. Models `pkg/scheduler` with its default plugins.
//!
//! - [`filters`]: why a node does not take a pod, in the plugins' words
//! - [`resources`]: what containers ask for
//! - [`pod_affinity`]: pods that want to be near others, or far from them
//! - [`spread`]: constraints on how pods lie over the nodes
//! - [`score`]: which node is best of those that take it
//! - [`failure`]: what is said when none does

mod failure;
mod filters;
mod pod_affinity;
mod resources;
mod score;
mod spread;

use std::collections::BTreeSet;
use std::sync::Arc;

use api::{Object, ObjectKey};

use super::Controller;
use crate::Cluster;
use crate::events::Note;
use crate::store::{Change, Store, WatchEvent};

/// See the module.
pub(super) struct Scheduler;

const NAME: &str = "default-scheduler";

/// What the scheduler remembers. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// Pods that no node took: they are looked at again when something changed that may help.
    unschedulable: Arc<BTreeSet<ObjectKey>>,
    /// Pods that it bound and that want no pods of some sort beside them.
    repelling: Arc<BTreeSet<ObjectKey>>,
    /// The nodes, as of one revision of them.
    seats: (u64, Arc<Vec<Seat>>),
}

impl Memory {
    /// The nodes as they are now.
    fn seats(&mut self, store: &Store) -> Arc<Vec<Seat>> {
        let revision = store.revision_of(&api::node::KIND);
        if self.seats.0 != revision {
            self.seats = (revision, Arc::new(store.list(&api::node::KIND, None).map(Seat::of).collect()));
        }
        self.seats.1.clone()
    }
}

/// A node with what every pod asks of it.
#[derive(Clone, Debug)]
struct Seat {
    node: Arc<Object>,
    /// Whether it is cordoned or tainted in some way.
    shunned: bool,
    /// How many pods its kubelet takes.
    most: usize,
}

impl Seat {
    fn of(node: &Arc<Object>) -> Self {
        let shunned = node.bool(&["spec", "unschedulable"]) || !node.list(&["spec", "taints"]).is_empty();
        let most = node.str(&["status", "allocatable", "pods"]).parse().unwrap_or(usize::MAX);
        Self { node: node.clone(), shunned, most }
    }
}

impl Controller for Scheduler {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind == api::node::KIND {
            // A node that came or changed may take pods that found none.
            let waiting = store.on_node("").filter(|pod| !pod.is_terminating());
            return waiting.map(|pod| ObjectKey::of(&api::pod::KIND, pod)).collect();
        }
        let waits = event.object.str(&["spec", "nodeName"]).is_empty() && !event.object.is_terminating();
        let concerned = *event.key.kind == api::pod::KIND && (waits || event.change == Change::Deleted);
        if concerned { vec![event.key.clone()] } else { Vec::new() }
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(pod) = cluster.store().get(key).cloned() else {
            forget(cluster, key);
            retry(cluster);
            return;
        };
        let ours = matches!(pod.str(&["spec", "schedulerName"]), "" | NAME);
        if !pod.str(&["spec", "nodeName"]).is_empty() || pod.is_terminating() || !ours {
            return;
        }
        if !pod.list(&["spec", "schedulingGates"]).is_empty() {
            let message = "Scheduling is blocked due to non-empty scheduling gates";
            failure::set_condition(cluster, key, &pod, "SchedulingGated", message);
            return;
        }
        match choose(cluster, &pod) {
            Ok(node) => {
                bind(cluster, key, &pod, &node);
                retry(cluster);
            }
            Err(message) => {
                Arc::make_mut(&mut cluster.scheduling.unschedulable).insert(key.clone());
                if failure::set_condition(cluster, key, &pod, "Unschedulable", &message) {
                    cluster.record(&pod, &Note::warning(NAME, "FailedScheduling", message));
                }
            }
        }
    }
}

fn forget(cluster: &mut Cluster, key: &ObjectKey) {
    for set in [&mut cluster.scheduling.unschedulable, &mut cluster.scheduling.repelling] {
        if set.contains(key) {
            Arc::make_mut(set).remove(key);
        }
    }
}

/// Pods that found no node are looked at again: a pod that came or went may make room, or be what they want to be near.
fn retry(cluster: &mut Cluster) {
    for key in std::mem::take(&mut cluster.scheduling.unschedulable).iter() {
        super::availability::again(cluster, &Scheduler, key, Scheduler.delay());
    }
}

/// Writes the decision.
fn bind(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, node: &str) {
    cluster.bind(key, node, &NAME.into());
    forget(cluster, key);
    if pod_affinity::repels(pod) {
        Arc::make_mut(&mut cluster.scheduling.repelling).insert(key.clone());
    }
    let message = format!("Successfully assigned {}/{} to {node}", key.namespace, key.name);
    cluster.record(pod, &Note::normal(NAME, "Scheduled", message));
}

/// The best of the nodes that take the pod; chance decides between equals.
///
/// # Errors
/// Why no node takes it, as the scheduler words it.
fn choose(cluster: &mut Cluster, pod: &Object) -> Result<String, String> {
    let seats = cluster.scheduling.seats(&cluster.store);
    let view = filters::View::of(cluster, pod, &seats);
    let mut refusals = Vec::new();
    let mut fitting: Vec<&Seat> = Vec::new();
    for seat in seats.iter() {
        match view.refusal(cluster, pod, seat) {
            Some(refusal) => refusals.push(refusal),
            None => fitting.push(seat),
        }
    }
    if fitting.is_empty() {
        return Err(failure::message(pod, seats.len(), &refusals));
    }
    let best: Vec<String> =
        score::best(cluster, pod, &fitting).into_iter().map(|node| node.name().to_owned()).collect();
    cluster.rng.pick(&best).cloned().ok_or_else(String::new)
}
