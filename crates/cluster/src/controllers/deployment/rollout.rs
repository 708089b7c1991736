//! Who gets how many pods. Models `pkg/controller/deployment/rolling.go`, `recreate.go` and `sync.go` `scale`.

use std::sync::Arc;

use api::arrange::Arrange;
use api::{Object, ObjectKey, Value};

use super::{Sets, available, replicas, scale_set};
use crate::Cluster;

/// `maxSurge` and `maxUnavailable` as numbers of pods. Models `ResolveFenceposts`: if both were 0, nothing could move.
pub(super) fn bounds(deployment: &Object) -> (i64, i64) {
    if deployment.str(&["spec", "strategy", "type"]) != "RollingUpdate" {
        return (0, 0);
    }
    let total = replicas(deployment);
    let resolve = |field: &str, up: bool| match deployment.at(&["spec", "strategy", "rollingUpdate", field]) {
        Some(Value::Number(number)) => number.as_i64().unwrap_or(0),
        Some(Value::String(text)) => {
            let percent = text.trim_end_matches('%').parse::<i64>().unwrap_or(0);
            if up { (total * percent + 99) / 100 } else { total * percent / 100 }
        }
        _ => 0,
    };
    let (surge, unavailable) = (resolve("maxSurge", true), resolve("maxUnavailable", false));
    if surge == 0 && unavailable == 0 { (0, 1) } else { (surge, unavailable) }
}

/// The size the new set may have now. Models `NewRSNewReplicas`.
pub(super) fn size_of_new(deployment: &Object, sets: &Sets, present: i64) -> i64 {
    let wanted = replicas(deployment);
    if deployment.str(&["spec", "strategy", "type"]) != "RollingUpdate" {
        return wanted;
    }
    let most = wanted + bounds(deployment).0;
    let total: i64 = sets.all().map(|set| replicas(set)).sum();
    if total >= most { present } else { present + (most - total).min(wanted - present) }
}

/// One step of a rollout, or of a change of size.
pub(super) fn step(cluster: &mut Cluster, deployment: &Object, sets: &Sets) {
    let Some(new) = sets.new.clone() else { return };
    if is_scaling(deployment, sets) {
        scale(cluster, deployment, sets);
        return;
    }
    let wanted = replicas(deployment);
    if deployment.str(&["spec", "strategy", "type"]) != "RollingUpdate" {
        scale_set(cluster, deployment, &new, wanted);
        return;
    }
    let present = replicas(&new);
    let size = if present > wanted { wanted } else { size_of_new(deployment, sets, present) };
    if size != present {
        scale_set(cluster, deployment, &new, size);
        return;
    }
    scale_down_old(cluster, deployment, sets, &new);
}

/// Whether the deployment's size changed since its sets were sized. Models `isScalingEvent`.
fn is_scaling(deployment: &Object, sets: &Sets) -> bool {
    let noted =
        |set: &Object| set.str(&["metadata", "annotations", "deployment.kubernetes.io/desired-replicas"]).parse();
    sets.all()
        .filter(|set| replicas(set) > 0)
        .any(|set| noted(set).is_ok_and(|noted: i64| noted != replicas(deployment)))
}

/// Old sets lose as many pods as the deployment can do without. Models `reconcileOldReplicaSets`.
fn scale_down_old(cluster: &mut Cluster, deployment: &Object, sets: &Sets, new: &Object) {
    let (_, unavailable) = bounds(deployment);
    let least = replicas(deployment) - unavailable;
    let total: i64 = sets.all().map(|set| replicas(set)).sum();
    let mut spare = total - least - (replicas(new) - available(new));
    if spare <= 0 {
        return;
    }
    // Pods that do not serve anyway go first.
    for set in &sets.old {
        let unhealthy = (replicas(set) - available(set)).min(spare);
        if unhealthy > 0 {
            scale_set(cluster, deployment, set, replicas(set) - unhealthy);
            spare -= unhealthy;
        }
    }
    let fresh = |cluster: &Cluster, set: &Arc<Object>| {
        let key = ObjectKey::new(&api::replica_set::KIND, set.namespace(), set.name());
        cluster.store().get(&key).cloned().unwrap_or_else(|| set.clone())
    };
    let serving: i64 = sets.all().map(|set| available(set)).sum();
    let mut free = serving - least;
    for set in &sets.old {
        let set = fresh(cluster, set);
        let less = replicas(&set).min(free);
        if less > 0 {
            scale_set(cluster, deployment, &set, replicas(&set) - less);
            free -= less;
        }
    }
}

/// `Recreate`: everything old goes before anything new comes.
pub(super) fn scale_down_all(cluster: &mut Cluster, deployment: &Object, sets: &Sets) {
    for set in sets.old.iter().filter(|set| replicas(set) > 0) {
        scale_set(cluster, deployment, set, 0);
    }
}

/// Another size for the deployment: the active set gets it, or all of several in proportion. Models `scale`.
pub(super) fn scale(cluster: &mut Cluster, deployment: &Object, sets: &Sets) {
    let wanted = replicas(deployment);
    let active: Vec<&Arc<Object>> = sets.all().filter(|set| replicas(set) > 0).collect();
    let latest = match active.as_slice() {
        [] => sets.new.as_ref().or_else(|| sets.old.last()),
        [one] => Some(*one),
        _ => None,
    };
    if let Some(set) = latest {
        scale_set(cluster, deployment, set, wanted);
        return;
    }
    if sets.new.as_ref().is_some_and(|new| replicas(new) == wanted && available(new) == wanted) {
        scale_down_all(cluster, deployment, sets);
        return;
    }
    if deployment.str(&["spec", "strategy", "type"]) != "RollingUpdate" {
        return;
    }
    let total: i64 = active.iter().map(|set| replicas(set)).sum();
    let most = if wanted > 0 { wanted + bounds(deployment).0 } else { 0 };
    let mut left = most - total;
    let mut order = active.clone();
    order.arrange_by_key(|set| std::cmp::Reverse(replicas(set)));
    if left < 0 {
        order.reverse();
        order.arrange_by_key(|set| std::cmp::Reverse(replicas(set)));
    }
    let mut sizes: Vec<i64> = order.iter().map(|set| replicas(set)).collect();
    let change = left;
    for size in &mut sizes {
        if left == 0 || total == 0 {
            break;
        }
        let share = (*size as f64 * change as f64 / total as f64).round() as i64;
        let share = if change > 0 { share.min(left) } else { share.max(left) };
        *size += share;
        left -= share;
    }
    if let Some(first) = sizes.first_mut() {
        *first = (*first + left).max(0);
    }
    for (set, size) in order.into_iter().zip(sizes) {
        scale_set(cluster, deployment, set, size);
    }
}
