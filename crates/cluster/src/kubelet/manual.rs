//! Kubelets that are played by hand ([`KubeletMode::Manual`](crate::cluster::KubeletMode)): what they still do by
//! themselves.

use std::collections::BTreeSet;

use api::Object;

/// How hand-played kubelets treat pods that nobody talks about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ManualKubelet {
    /// Whether a scheduled pod runs by itself.
    pub runs: bool,
    /// Pods that stay not ready when they run by themselves, by the first word of their name (up to the first `-`).
    pub unready: BTreeSet<String>,
    /// Whether a deleted pod ends.
    pub kills: bool,
}

impl Default for ManualKubelet {
    /// Pods wait to be played; deleted ones end.
    fn default() -> Self {
        Self { runs: false, unready: BTreeSet::new(), kills: true }
    }
}

impl ManualKubelet {
    /// Whether a pod is ready once it runs.
    #[must_use]
    pub fn is_ready(&self, pod: &Object) -> bool {
        !self.unready.contains(pod.name().split('-').next().unwrap_or_default())
    }
}
