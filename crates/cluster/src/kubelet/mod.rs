//! The kubelets: they run what is scheduled to their nodes and report its state.
//!
//! - [`runtime`]: what a kubelet knows of a pod and its containers
//! - [`sync`]: one look at a pod: what ended, what may start, what is due next
//! - [`start`]: images are pulled, containers started
//! - [`probe`]: startup, liveness and readiness
//! - [`stop`]: graceful termination
//! - [`hook`]: what is run after a container has started, and before it is stopped
//! - [`status`]: a pod's state as its `status` has it
//! - [`environment`]: variables and `resolv.conf` of a container
//! - [`links`]: the variables that Services add
//! - [`fault`]: what can be made to go wrong
//! - [`report`]: pods whose state is set by hand
//! - [`script`]: containers whose program is a shell script
//! - [`fetch`]: the requests that such scripts make
//! - [`manual`]: what hand-played kubelets do by themselves
//! - [`view`]: what others may ask: who listens, logs, variables

mod address;
mod environment;
mod fault;
mod fetch;
mod hook;
mod links;
mod manual;
mod probe;
mod report;
mod runtime;
mod script;
mod start;
mod status;
mod stop;
mod sync;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

use api::{Object, ObjectKey};

use crate::cluster::{KubeletMode, Work};
use crate::store::{Change, WatchEvent};
use crate::{Cluster, Instant};

pub use environment::Environment;
pub use fault::Fault;
pub use manual::ManualKubelet;
pub use report::PodState;
pub use runtime::LogLine;
use runtime::Runtime;
pub(crate) use script::write_all;
pub(crate) use status::digest;
pub(crate) use sync::sync;

/// Microseconds from binding to a sandbox with an address.
const SANDBOX: u64 = 300_000;

/// Microseconds until a hand-played kubelet does what it does by itself, and between two pods: one hand plays them all.
const PLAYED: u64 = 500_000;
const PLAYED_APART: u64 = 20_000;

/// What the kubelets know of their pods.
#[derive(Clone, Debug, Default)]
pub struct Kubelet {
    pods: BTreeMap<ObjectKey, Arc<Runtime>>,
    addresses: BTreeMap<Ipv4Addr, ObjectKey>,
    last_address: BTreeMap<Arc<str>, u8>,
    /// The images on each node's disk.
    images: BTreeSet<(Arc<str>, String)>,
    faults: BTreeMap<ObjectKey, BTreeSet<Fault>>,
    links: links::Links,
    /// Nodes that are down, and since when.
    down: BTreeMap<Arc<str>, Instant>,
    /// Pods with a container that writes or waits as time passes.
    scripts: BTreeSet<ObjectKey>,
    /// When the hand that plays kubelets will have played all it knows of; unused otherwise.
    played: Instant,
    /// What hand-played kubelets do by themselves; unused otherwise.
    pub manual: ManualKubelet,
}

impl Kubelet {
    /// The pod that has an address.
    #[must_use]
    pub fn pod_at(&self, ip: Ipv4Addr) -> Option<&ObjectKey> {
        self.addresses.get(&ip)
    }

    /// Whether some of the pod's processes run.
    #[must_use]
    pub fn is_running(&self, pod: &ObjectKey) -> bool {
        self.pods.get(pod).is_some_and(|runtime| runtime.containers.iter().any(runtime::Container::is_running))
    }

    /// Whether a node is down.
    #[must_use]
    pub fn is_down(&self, node: &str) -> bool {
        self.down.contains_key(node)
    }

    /// Since when a node is down; `None` when it is up.
    #[must_use]
    pub fn down_since(&self, node: &str) -> Option<Instant> {
        self.down.get(node).copied()
    }

    fn runtime_mut(&mut self, pod: &ObjectKey) -> Option<&mut Runtime> {
        self.pods.get_mut(pod).map(Arc::make_mut)
    }
}

/// A kubelet hears of pods bound to its node, and of those that are to go.
pub(crate) fn notice(cluster: &mut Cluster, event: &WatchEvent) {
    if *event.key.kind != api::pod::KIND {
        return;
    }
    if event.change == Change::Deleted {
        address::release(cluster, &event.key);
        cluster.kubelet.faults.remove(&event.key);
        cluster.unschedule(&Work::Kubelet(event.key.clone()));
        return;
    }
    let bound = |object: &Object| !object.str(&["spec", "nodeName"]).is_empty();
    if !bound(&event.object) || &*event.actor == "kubelet" {
        return;
    }
    if cluster.settings().kubelet == KubeletMode::Manual {
        let (runs, kills) = (cluster.kubelet.manual.runs, cluster.kubelet.manual.kills);
        let going = event.object.is_terminating();
        let newly_bound = !event.old.as_ref().is_some_and(|old| bound(old));
        let newly_going = going && !event.old.as_ref().is_some_and(|old| old.is_terminating());
        if (newly_going && kills) || (newly_bound && !going && runs) {
            let at = (cluster.now() + PLAYED).max(cluster.kubelet.played + PLAYED_APART);
            cluster.kubelet.played = at;
            cluster.schedule(at - cluster.now(), Work::Kubelet(event.key.clone()));
        }
        return;
    }
    let newly = |holds: fn(&Object) -> bool| holds(&event.object) && !event.old.as_ref().is_some_and(|old| holds(old));
    let deadline = |object: &Object| object.int(&["metadata", "deletionGracePeriodSeconds"]);
    let hurried = event.old.as_ref().is_some_and(|old| deadline(old) != deadline(&event.object));
    if newly(Object::is_terminating) || hurried {
        cluster.schedule(0, Work::Kubelet(event.key.clone()));
    } else if newly(|object| !object.str(&["spec", "nodeName"]).is_empty()) {
        cluster.schedule(SANDBOX, Work::Kubelet(event.key.clone()));
    } else if event
        .old
        .as_ref()
        .is_some_and(|old| !old.same(&event.object, &["spec"]) || gates(old) != gates(&event.object))
    {
        cluster.schedule(1_000, Work::Kubelet(event.key.clone()));
    }
}

/// The conditions that readiness gates look at.
fn gates(pod: &Object) -> Vec<bool> {
    let gates = pod.list(&["spec", "readinessGates"]).iter();
    let kinds = gates.filter_map(|gate| gate.get("conditionType")?.as_str());
    kinds.map(|kind| api::pod::has_condition(pod, kind)).collect()
}
