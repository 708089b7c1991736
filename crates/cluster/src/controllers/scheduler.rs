//! The scheduler: gives each pod without a node one. Models `pkg/scheduler` with its default spreading.

use std::collections::BTreeMap;

use api::{Object, ObjectKey, Value, json};

use super::Controller;
use crate::store::{Change, Store, WatchEvent};
use crate::{Cluster, Patch, Request, WriteOptions, apiserver::Subresource};

/// See the module.
pub(super) struct Scheduler;

impl Controller for Scheduler {
    fn name(&self) -> &'static str {
        "default-scheduler"
    }

    fn concerns(&self, event: &WatchEvent, _store: &Store) -> Vec<ObjectKey> {
        let new_pod = *event.key.kind == api::pod::KIND && event.change != Change::Deleted;
        let waits = event.object.str(&["spec", "nodeName"]).is_empty() && !event.object.is_terminating();
        if new_pod && waits { vec![event.key.clone()] } else { Vec::new() }
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(pod) = cluster.store().get(key).cloned() else { return };
        if !pod.str(&["spec", "nodeName"]).is_empty() {
            return;
        }
        let Some(node) = choose(cluster, &pod) else { return };
        let time = api::time::format_rfc3339(cluster.now().unix_seconds());
        let options = WriteOptions::typed(self.name());
        let write = |patch: Value, subresource: Subresource| Request::Patch {
            kind: &api::pod::KIND,
            namespace: key.namespace.clone(),
            name: key.name.clone(),
            patch: Patch::Merge(patch),
            subresource,
            options: options.clone(),
        };
        let scheduled = json!({
            "lastProbeTime": null, "lastTransitionTime": time, "status": "True", "type": "PodScheduled",
        });
        let bound = cluster.submit(write(json!({"spec": {"nodeName": node}}), Subresource::Main)).is_ok();
        if bound {
            let status = json!({"status": {"conditions": [scheduled]}});
            // The pod is there: it was bound a line ago, and nothing runs in between.
            drop(cluster.submit(write(status, Subresource::Status)));
        }
    }
}

/// The node with the fewest pods among those the pod may run on; chance decides between equals.
fn choose(cluster: &mut Cluster, pod: &Object) -> Option<String> {
    let wanted = pod.string_map(&["spec", "nodeSelector"]);
    let mut load: BTreeMap<String, usize> = cluster
        .list(&api::node::KIND, None)
        .filter(|node| !node.bool(&["spec", "unschedulable"]))
        .filter(|node| {
            let labels = node.string_map(&["metadata", "labels"]);
            wanted.iter().all(|(key, value)| labels.get(key) == Some(value))
        })
        .map(|node| (node.name().to_owned(), 0))
        .collect();
    for other in cluster.list(&api::pod::KIND, None) {
        if let Some(count) = load.get_mut(other.str(&["spec", "nodeName"])) {
            *count += 1;
        }
    }
    let least = *load.values().min()?;
    let best: Vec<String> = load.into_iter().filter(|(_, count)| *count == least).map(|(name, _)| name).collect();
    cluster.rng.pick(&best).cloned()
}
