//! When a pod has been ready for long enough. Models `podutil.IsPodAvailable`.

use api::{Object, ObjectKey, Value};

use crate::Cluster;

/// How many of the pods are available, and after how many microseconds another of them will be.
pub(super) fn available(cluster: &Cluster, owner: &Object, pods: &[&Object]) -> (usize, Option<u64>) {
    let wanted = owner.int(&["spec", "minReadySeconds"]).unwrap_or(0);
    let now = cluster.now().unix_seconds();
    let (mut count, mut soonest) = (0, None::<i64>);
    for pod in pods.iter().filter(|pod| api::pod::is_ready(pod)) {
        let since = ready_since(pod).unwrap_or(now);
        let left = since + wanted - now;
        if wanted == 0 || left <= 0 {
            count += 1;
        } else {
            soonest = Some(soonest.map_or(left, |soonest| soonest.min(left)));
        }
    }
    (count, soonest.and_then(|seconds| u64::try_from(seconds).ok()).map(|seconds| seconds * 1_000_000))
}

/// When the pod became ready, in seconds since the Unix epoch.
pub(super) fn ready_since(pod: &Object) -> Option<i64> {
    let conditions = pod.list(&["status", "conditions"]);
    let ready = conditions.iter().find(|c| c.get("type").is_some_and(|t| t == "Ready"))?;
    api::time::parse_rfc3339(ready.get("lastTransitionTime").and_then(Value::as_str)?)
}

/// Looks at an owner again after some time.
pub(super) fn again(cluster: &mut Cluster, controller: &'static dyn super::Controller, key: &ObjectKey, after: u64) {
    let place = super::CONTROLLERS.iter().position(|known| known.name() == controller.name());
    if let Some(index) = place {
        cluster.schedule(after, crate::cluster::Work::Reconcile(index, key.clone()));
    }
}
