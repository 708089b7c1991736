//! What can be made to go wrong with a pod, to be seen and repaired.

use api::ObjectKey;

use super::runtime::Life;
use crate::Cluster;
use crate::cluster::Work;
use crate::controllers::node_lifecycle;

/// Something that goes wrong while it is switched on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fault {
    /// Its processes end with an error a second after they start.
    Crash,
    /// Its processes take connections and never answer.
    Hang,
    /// Its readiness probes fail, and it counts as not ready even without one.
    NotReady,
    /// Its processes answer five seconds late.
    Slow,
    /// Its processes listen on 127.0.0.1 only.
    LocalhostOnly,
}

/// Microseconds by which [`Fault::Slow`] delays an answer.
pub(crate) const SLOW: u64 = 5_000_000;
/// Microseconds that a process under [`Fault::Crash`] runs.
pub(super) const CRASH_AFTER: u64 = 1_000_000;

impl Cluster {
    /// Switches a fault of a pod on or off.
    pub fn set_fault(&mut self, pod: &ObjectKey, fault: Fault, on: bool) {
        let faults = self.kubelet.faults.entry(pod.clone()).or_default();
        let changed = if on { faults.insert(fault) } else { faults.remove(&fault) };
        if !changed {
            return;
        }
        let now = self.now();
        if let Some(runtime) = self.kubelet.runtime_mut(pod) {
            for container in &mut runtime.containers {
                container.health.wake(now);
                if fault == Fault::Crash
                    && let Life::Running { exit, .. } = &mut container.life
                {
                    *exit = on.then_some((now + CRASH_AFTER, 1));
                }
            }
        }
        self.schedule(0, Work::Kubelet(pod.clone()));
    }

    /// Whether a fault of a pod is switched on.
    #[must_use]
    pub fn has_fault(&self, pod: &ObjectKey, fault: Fault) -> bool {
        self.kubelet.faults.get(pod).is_some_and(|faults| faults.contains(&fault))
    }

    /// Whether a node is down.
    #[must_use]
    pub fn is_node_down(&self, node: &str) -> bool {
        self.kubelet.is_down(node)
    }

    /// Takes a node down, or brings it back. Its kubelet falls silent; what runs there is out of reach. Some time later
    /// the control plane notices: [`crate::controllers`] make it NotReady, and after five minutes its pods are replaced.
    pub fn set_node_down(&mut self, node: &str, down: bool) {
        if self.kubelet.is_down(node) == down {
            return;
        }
        let now = self.now();
        if down {
            self.kubelet.down.insert(node.into(), now);
        } else {
            self.kubelet.down.remove(node);
            node_lifecycle::back(self, node);
        }
        node_lifecycle::watch(self, node);
        let pods: Vec<ObjectKey> = self
            .store()
            .on_node(node)
            .map(|pod| ObjectKey::new(&api::pod::KIND, pod.namespace(), pod.name()))
            .collect();
        for pod in pods.into_iter().filter(|_| !down) {
            self.schedule(1_000_000, Work::Kubelet(pod));
        }
    }
}
