//! A changed template replaces pods node by node. Models `pkg/controller/daemon/update.go` `rollingUpdate`.

use std::sync::Arc;

use api::{Object, Value};

use super::{ByNode, HASH_LABEL, fit};
use crate::Cluster;
use crate::controllers::availability;

/// `maxUnavailable` or `maxSurge` as a number of pods; percentages are rounded up.
pub(super) fn bound(set: &Object, field: &str, nodes: usize) -> usize {
    match set.at(&["spec", "updateStrategy", "rollingUpdate", field]) {
        Some(Value::Number(number)) => number.as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
        Some(Value::String(text)) => (nodes * text.trim_end_matches('%').parse::<usize>().unwrap_or(0)).div_ceil(100),
        _ => 0,
    }
}

fn is_available(cluster: &Cluster, set: &Object, pod: &Object) -> bool {
    availability::available(cluster, set, &[pod]).0 > 0
}

fn is_new(pod: &Object, hash: &str) -> bool {
    pod.str(&["metadata", "labels", HASH_LABEL]) == hash
}

/// The nodes that get a new pod, and the old pods that go, in one step.
pub(super) fn step(cluster: &Cluster, set: &Object, by_node: &ByNode, hash: &str) -> (Vec<String>, Vec<Arc<Object>>) {
    let nodes = cluster.list(&api::node::KIND, None).filter(|node| fit::fits(node, set).0).count();
    let (surge, unavailable) = (bound(set, "maxSurge", nodes), bound(set, "maxUnavailable", nodes));
    let (mut create, mut replaced, mut candidates) = (Vec::new(), Vec::new(), Vec::new());
    let (mut down, mut surging) = (0, 0);
    for (node, pods) in by_node {
        let mut living = pods.iter().filter(|pod| !pod.is_terminating());
        let new = pods.iter().find(|pod| !pod.is_terminating() && is_new(pod, hash));
        let old = living.find(|pod| !is_new(pod, hash));
        match (old, new) {
            (Some(old), None) if surge == 0 => {
                if is_available(cluster, set, old) {
                    candidates.push(old.clone());
                } else {
                    replaced.push(old.clone());
                }
            }
            (Some(old), None) => {
                if !is_available(cluster, set, old) || surging < surge {
                    surging += usize::from(is_available(cluster, set, old));
                    create.push(node.clone());
                }
            }
            (Some(_), Some(_)) => surging += 1,
            (None, Some(new)) => down += usize::from(!is_available(cluster, set, new)),
            (None, None) => down += 1,
        }
    }
    if surge == 0 {
        candidates.truncate(unavailable.saturating_sub(down));
        replaced.extend(candidates);
    } else {
        let surged = create.len().min(surge);
        create.truncate(surged);
    }
    (create, replaced)
}

/// The pods of one node that are too many while a new one may run beside the old one: all but the oldest of each, and
/// the old one once it is not ready or the new one is available.
pub(super) fn too_many(cluster: &Cluster, set: &Object, running: Vec<Arc<Object>>, hash: &str) -> Vec<Arc<Object>> {
    let (new, old): (Vec<_>, Vec<_>) = running.into_iter().partition(|pod| is_new(pod, hash));
    let replaced = match (new.first(), old.first()) {
        (Some(new), Some(old)) => !api::pod::is_ready(old) || is_available(cluster, set, new),
        _ => false,
    };
    let kept_old = usize::from(!replaced);
    new.into_iter().skip(1).chain(old.into_iter().skip(kept_old)).collect()
}
