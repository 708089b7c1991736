//! The pod garbage collector: pods of a node that was deleted go some time later. Models `pkg/controller/podgc`.

use std::sync::Arc;

use api::{Object, ObjectKey, json};

use super::Controller;
use crate::store::{Change, Store, WatchEvent};
use crate::{Cluster, DeleteOptions, Request};

/// See the module.
pub(super) struct PodGc;

const NAME: &str = "pod-garbage-collector";

impl Controller for PodGc {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Microseconds in quarantine: the node may only be on its way back.
    fn delay(&self) -> u64 {
        40_000_000
    }

    fn concerns(&self, event: &WatchEvent, _store: &Store) -> Vec<ObjectKey> {
        let gone = *event.key.kind == api::node::KIND && event.change == Change::Deleted;
        if gone { vec![event.key.clone()] } else { Vec::new() }
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        if cluster.store().get(key).is_some() {
            return;
        }
        let pods: Vec<Arc<Object>> = cluster.store().on_node(&key.name).cloned().collect();
        for pod in pods {
            let pod_key = ObjectKey::of(&api::pod::KIND, &pod);
            let mut status = pod.at(&["status"]).cloned().unwrap_or_default();
            let mut conditions = pod.list(&["status", "conditions"]).to_vec();
            conditions.push(json!({
                "lastProbeTime": null, "lastTransitionTime": api::time::format_rfc3339(cluster.now().unix_seconds()),
                "message": "PodGC: node no longer exists", "reason": "DeletionByPodGC", "status": "True",
                "type": "DisruptionTarget",
            }));
            status["conditions"] = conditions.into();
            status["phase"] = "Failed".into();
            cluster.update_status(&pod_key, status, &NAME.into());
            let options = DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::by(NAME) };
            let (namespace, name) = (pod_key.namespace, pod_key.name);
            // Refused when it is gone already, which is as wanted.
            drop(cluster.submit(Request::Delete { kind: &api::pod::KIND, namespace, name, options }));
        }
    }
}
