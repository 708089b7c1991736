//! The taint eviction controller: pods leave a node whose `NoExecute` taint they do not tolerate, or no longer.
//! Models `pkg/controller/tainteviction`.

use std::sync::Arc;

use api::{Object, ObjectKey, Value, json};

use super::{Controller, availability, taints, write};
use crate::Cluster;
use crate::events::Note;
use crate::store::{Change, Store, WatchEvent};

/// See the module.
pub(super) struct TaintEvictionController;

const NAME: &str = "taint-eviction-controller";

impl Controller for TaintEvictionController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        let tainted = |node: &Object| no_execute(node).next().is_some();
        if *event.key.kind == api::node::KIND {
            return if tainted(&event.object) { vec![event.key.clone()] } else { Vec::new() };
        }
        let node = event.object.str(&["spec", "nodeName"]);
        let bound = event.old.as_ref().is_none_or(|old| old.str(&["spec", "nodeName"]) != node);
        if *event.key.kind != api::pod::KIND || node.is_empty() || !bound || event.change == Change::Deleted {
            return Vec::new();
        }
        let key = ObjectKey::new(&api::node::KIND, "", node);
        if store.get(&key).is_some_and(|node| tainted(node)) { vec![key] } else { Vec::new() }
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(node) = cluster.store().get(key).cloned() else { return };
        if no_execute(&node).next().is_none() {
            return;
        }
        let now = cluster.now().unix_seconds();
        let since = no_execute(&node).map(|taint| added(cluster, &node, taint)).max().unwrap_or(now);
        let pods: Vec<Arc<Object>> =
            cluster.store().on_node(&key.name).filter(|pod| !pod.is_terminating()).cloned().collect();
        let mut soonest = None::<i64>;
        for pod in pods {
            match stays(&node, &pod) {
                Some(None) => {}
                Some(Some(seconds)) if since + seconds > now => {
                    let left = since + seconds - now;
                    soonest = Some(soonest.map_or(left, |known| known.min(left)));
                }
                _ => evict(cluster, &pod),
            }
        }
        if let Some(seconds) = soonest.and_then(|seconds| u64::try_from(seconds).ok()) {
            availability::again(cluster, &Self, key, seconds * 1_000_000);
        }
    }
}

fn no_execute(node: &Object) -> impl Iterator<Item = &Value> {
    node.list(&["spec", "taints"])
        .iter()
        .filter(|taint| taint.get("effect").is_some_and(|effect| effect == "NoExecute"))
}

/// When a taint was added, in seconds since the Unix epoch: as it says itself, or as the log does.
fn added(cluster: &Cluster, node: &Object, taint: &Value) -> i64 {
    let own = taint.get("timeAdded").and_then(Value::as_str).and_then(api::time::parse_rfc3339);
    let key = ObjectKey::of(&api::node::KIND, node);
    let has = |object: &Object| object.list(&["spec", "taints"]).contains(taint);
    let written = || {
        let mut events = cluster.store().log().iter().rev().filter(|event| event.key == key);
        events.find(|event| event.old.as_ref().is_none_or(|old| !has(old))).map(|event| event.at.unix_seconds())
    };
    own.or_else(written).unwrap_or_else(|| cluster.now().unix_seconds())
}

/// How many seconds a pod may stay (`Some(None)`: for ever); `None` when it may not stay at all.
/// Models `GetMatchingTolerations` and `getMinTolerationTime`.
fn stays(node: &Object, pod: &Object) -> Option<Option<i64>> {
    let tolerations = pod.list(&["spec", "tolerations"]);
    let mut least = None;
    for taint in no_execute(node) {
        let toleration = tolerations.iter().find(|toleration| taints::tolerates(toleration, taint))?;
        if let Some(seconds) = toleration.get("tolerationSeconds").and_then(Value::as_i64) {
            let seconds = seconds.max(0);
            least = Some(least.map_or(seconds, |known: i64| known.min(seconds)));
        }
    }
    Some(least)
}

fn evict(cluster: &mut Cluster, pod: &Object) {
    let message = format!("Marking for deletion Pod {}/{}", pod.namespace(), pod.name());
    cluster.record(pod, &Note::normal(NAME, "TaintManagerEviction", message));
    let mut status = pod.at(&["status"]).cloned().unwrap_or_default();
    let mut conditions = pod.list(&["status", "conditions"]).to_vec();
    conditions.push(json!({
        "lastProbeTime": null, "lastTransitionTime": api::time::format_rfc3339(cluster.now().unix_seconds()),
        "message": "Taint manager: deleting due to NoExecute taint", "reason": "DeletionByTaintManager",
        "status": "True", "type": "DisruptionTarget",
    }));
    status["conditions"] = conditions.into();
    cluster.update_status(&ObjectKey::of(&api::pod::KIND, pod), status, &NAME.into());
    write::delete(cluster, NAME, pod, &api::pod::KIND);
}
