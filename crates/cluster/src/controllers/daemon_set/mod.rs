//! The daemon set controller: one pod on every node that takes it. Models `pkg/controller/daemon`.
//!
//! - [`fit`]: which nodes take a daemon's pod
//! - [`rolling`]: a changed template replaces pods node by node

mod fit;
mod rolling;

use std::collections::BTreeMap;
use std::sync::Arc;

use api::arrange::Arrange;
use api::{Object, ObjectKey, Value, json};

use super::{Controller, availability, owned, write};
use crate::Cluster;
use crate::events::Note;
use crate::store::{Store, WatchEvent};

/// See the module.
pub(super) struct DaemonSetController;

const NAME: &str = "daemonset-controller";

/// The label with the hash of the template that a pod was made from.
const HASH_LABEL: &str = "controller-revision-hash";

/// The pods of a daemon set by node.
type ByNode = BTreeMap<String, Vec<Arc<Object>>>;

impl Controller for DaemonSetController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind == api::node::KIND {
            let same = |path: &[&str]| event.old.as_ref().is_some_and(|old| old.at(path) == event.object.at(path));
            if same(&["spec"]) && same(&["metadata", "labels"]) {
                return Vec::new();
            }
            let all = store.list(&api::daemon_set::KIND, None);
            return all.map(|set| ObjectKey::of(&api::daemon_set::KIND, set)).collect();
        }
        owned::concerns(event, store, &api::daemon_set::KIND, &api::pod::KIND)
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(set) = cluster.store().get(key).cloned() else { return };
        let hash = owned::template_hash(&set, set.int(&["status", "collisionCount"]));
        let by_node = by_node(cluster, &set);
        if !set.is_terminating() {
            let (mut create, mut delete) = manage(cluster, &set, &by_node, &hash);
            if create.is_empty() && delete.is_empty() && set.str(&["spec", "updateStrategy", "type"]) == "RollingUpdate"
            {
                (create, delete) = rolling::step(cluster, &set, &by_node, &hash);
            }
            create.iter().for_each(|node| make(cluster, &set, node, &hash));
            for pod in delete {
                write::delete(cluster, NAME, &pod, &api::pod::KIND);
                let message = format!("Deleted pod: {}", pod.name());
                cluster.record(&set, &Note::normal(NAME, "SuccessfulDelete", message));
            }
        }
        let after = update_status(cluster, key, &set, &hash);
        if let Some(after) = after {
            availability::again(cluster, &Self, key, after);
        }
    }
}

/// The pods by the node that they run on or are meant for. Models `getNodesToDaemonPods`.
fn by_node(cluster: &mut Cluster, set: &Object) -> ByNode {
    let mut by_node = ByNode::new();
    for pod in owned::claim(cluster, NAME, &api::daemon_set::KIND, set, &api::pod::KIND) {
        let bound = pod.str(&["spec", "nodeName"]);
        let node = if bound.is_empty() { fit::target(&pod) } else { Some(bound) };
        if let Some(node) = node.map(str::to_owned) {
            by_node.entry(node).or_default().push(pod);
        }
    }
    by_node
}

/// Whether an owner lets a new pod run beside the old one while it is replaced.
fn surges(set: &Object) -> bool {
    rolling::bound(set, "maxSurge", 1) > 0
}

/// The nodes that need a pod, and the pods that are too many. Models `podsShouldBeOnNode`.
fn manage(cluster: &mut Cluster, set: &Object, by_node: &ByNode, hash: &str) -> (Vec<String>, Vec<Arc<Object>>) {
    let nodes: Vec<Arc<Object>> = cluster.list(&api::node::KIND, None).cloned().collect();
    let (mut create, mut delete) = (Vec::new(), Vec::new());
    for node in &nodes {
        let (should_run, may_stay) = fit::fits(node, set);
        let pods = by_node.get(node.name()).map_or(&[][..], Vec::as_slice);
        let living = || pods.iter().filter(|pod| !pod.is_terminating());
        if !may_stay {
            delete.extend(living().cloned());
            continue;
        }
        if should_run && pods.is_empty() {
            create.push(node.name().to_owned());
            continue;
        }
        let mut running: Vec<Arc<Object>> = Vec::new();
        for pod in living() {
            let (phase, name) = (pod.str(&["status", "phase"]), format!("{}/{}", pod.namespace(), pod.name()));
            let note = match phase {
                "Failed" => Note::warning(
                    NAME,
                    "FailedDaemonPod",
                    format!("Found failed daemon pod {name} on node {}, will try to kill it", node.name()),
                ),
                "Succeeded" => Note::normal(
                    NAME,
                    "SucceededDaemonPod",
                    format!("Found succeeded daemon pod {name} on node {}, will try to delete it", node.name()),
                ),
                _ => {
                    running.push(pod.clone());
                    continue;
                }
            };
            cluster.record(set, &note);
            delete.push(pod.clone());
        }
        running.arrange_by_key(|pod| (pod.str(&["spec", "nodeName"]).is_empty(), pod.creation_timestamp().to_owned()));
        if !surges(set) {
            delete.extend(running.into_iter().skip(1));
        } else if running.is_empty() && should_run {
            create.push(node.name().to_owned());
        } else {
            delete.extend(rolling::too_many(cluster, set, running, hash));
        }
    }
    let known = |node: &str| nodes.iter().any(|known| known.name() == node);
    let lost = by_node.iter().filter(|(node, _)| !known(node)).flat_map(|(_, pods)| pods);
    delete.extend(lost.filter(|pod| pod.str(&["spec", "nodeName"]).is_empty()).cloned());
    (create, delete)
}

/// Makes the pod of a node. Models `syncNodes` and `CreatePodTemplate`.
fn make(cluster: &mut Cluster, set: &Object, node: &str, hash: &str) {
    let mut pod = Object::new(owned::pod_of_template(&api::daemon_set::KIND, set));
    pod.set(&["metadata", "labels", HASH_LABEL], hash);
    pod.set(&["metadata", "labels", "pod-template-generation"], "1");
    fit::aim(&mut pod, node);
    let note = match write::create(cluster, NAME, &api::pod::KIND, set.namespace(), pod.into_value()) {
        Ok(made) => Note::normal(NAME, "SuccessfulCreate", format!("Created pod: {}", made.name())),
        Err(status) => Note::warning(NAME, "FailedCreate", format!("Error creating: {status}")),
    };
    cluster.record(set, &note);
}

/// Models `updateDaemonSetStatus`. Returns when to look again because a pod will be available then.
fn update_status(cluster: &mut Cluster, key: &ObjectKey, set: &Object, hash: &str) -> Option<u64> {
    let by_node = by_node(cluster, set);
    let nodes: Vec<Arc<Object>> = cluster.list(&api::node::KIND, None).cloned().collect();
    let (mut desired, mut current, mut misplaced, mut ready, mut updated, mut available) = (0, 0, 0, 0, 0, 0);
    let mut soonest = None::<u64>;
    for node in &nodes {
        let pods = by_node.get(node.name()).map_or(&[][..], Vec::as_slice);
        if !fit::fits(node, set).0 {
            misplaced += usize::from(!pods.is_empty());
            continue;
        }
        desired += 1;
        let Some(pod) = pods.iter().min_by_key(|pod| (!api::pod::is_ready(pod), pod.is_terminating())) else {
            continue;
        };
        current += 1;
        ready += usize::from(api::pod::is_ready(pod));
        updated += usize::from(pod.str(&["metadata", "labels", HASH_LABEL]) == hash);
        let (count, after) = availability::available(cluster, set, &[pod]);
        available += count;
        soonest = soonest.into_iter().chain(after).min();
    }
    let mut status = json!({
        "currentNumberScheduled": current, "desiredNumberScheduled": desired, "numberMisscheduled": misplaced,
        "numberReady": ready, "observedGeneration": set.generation(),
    });
    let counts = [
        ("numberAvailable", available),
        ("numberUnavailable", desired - available),
        ("updatedNumberScheduled", updated),
    ];
    for (field, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        status[field] = Value::from(count);
    }
    cluster.update_status(key, status, &NAME.into());
    soonest
}
