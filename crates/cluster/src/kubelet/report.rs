//! Pods whose state is set by hand: what the kubelet of a recording did.

use api::{Object, ObjectKey};

use super::runtime::{Ended, Life};
use super::{address, sync};
use crate::Cluster;

/// What a pod is doing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PodState {
    /// Its containers wait for a reason, such as `ContainerCreating` or `ImagePullBackOff`.
    Waiting {
        /// The reason.
        reason: String,
    },
    /// Its containers run.
    Running {
        /// Whether they are ready to serve.
        ready: bool,
        /// How often they were started again.
        restarts: u32,
    },
    /// Its containers ran and ended.
    Ended {
        /// The exit code.
        code: i32,
    },
}

impl PodState {
    /// Whether a pod in this state has got an address: it comes with the sandbox, before any image is pulled.
    #[must_use]
    pub fn has_address(&self) -> bool {
        !matches!(self, Self::Waiting { reason } if reason == "ContainerCreating")
    }
}

/// The reasons that a container can be said to wait for.
const REASONS: [&str; 8] = [
    "ContainerCreating",
    "PodInitializing",
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "CreateContainerError",
];

impl Cluster {
    /// Puts a pod in a state by hand ([`crate::cluster::KubeletMode::Manual`]).
    pub fn report_pod(&mut self, pod: &ObjectKey, state: &PodState) {
        let Some(object) = self.store().get(pod).cloned() else { return };
        address::adopt(self, pod, &object);
        if state.has_address() {
            address::assign(self, pod, &object);
        }
        let now = self.now();
        if let Some(runtime) = self.kubelet.runtime_mut(pod) {
            for container in &mut runtime.containers {
                container.life = match state {
                    PodState::Waiting { reason } => Life::Waiting {
                        reason: REASONS.into_iter().find(|known| known == reason).unwrap_or("ContainerCreating"),
                        message: String::new(),
                        until: now,
                    },
                    PodState::Running { .. } if container.role == super::runtime::Role::Init => {
                        Life::Ended(Ended { code: 0, started: now, finished: now })
                    }
                    PodState::Running { .. } => Life::Running { since: now, exit: None },
                    PodState::Ended { code } => Life::Ended(Ended { code: *code, started: now, finished: now }),
                };
                if let PodState::Running { ready, restarts } = state {
                    container.restarts = *restarts;
                    container.health.report(*ready);
                }
            }
        }
        sync::report(self, pod, &object);
    }

    /// Says what hand-played kubelets do by themselves from now on ([`crate::cluster::KubeletMode::Manual`]).
    pub fn set_manual_kubelet(&mut self, manual: super::ManualKubelet) {
        self.kubelet.manual = manual;
    }

    /// What hand-played kubelets do by themselves.
    #[must_use]
    pub fn manual_kubelet(&self) -> &super::ManualKubelet {
        &self.kubelet.manual
    }

    /// Ends the process of a pod's container, as when its shell is left. What comes then is the restart policy's.
    pub fn exit_container(&mut self, pod: &ObjectKey, code: i32) {
        let Some(object) = self.store().get(pod).cloned() else { return };
        if self.settings().kubelet == crate::cluster::KubeletMode::Manual {
            self.report_pod(pod, &PodState::Ended { code });
            return;
        }
        let index = interactive(&object);
        let now = self.now();
        let Some(runtime) = self.kubelet.runtime_mut(pod) else { return };
        let mut mains = runtime.containers.iter_mut().filter(|c| c.role == super::runtime::Role::Main);
        if let Some(Life::Running { exit, .. }) = mains.nth(index).map(|container| &mut container.life) {
            *exit = Some((now, code));
        }
        sync(self, pod);
    }
}

/// The container that a shell is attached to: the first with a standard input that is kept open, or the first.
fn interactive(pod: &Object) -> usize {
    let takes_input = |container: &api::Value| container.get("stdin") == Some(&api::Value::Bool(true));
    pod.list(&["spec", "containers"]).iter().position(takes_input).unwrap_or(0)
}
