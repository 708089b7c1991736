//! The stateful set controller: pods with stable names, made and taken away in order. Models
//! `pkg/controller/statefulset/stateful_set_control.go` for the `OrderedReady` and `Parallel` policies.
//!
//! Revisions are not stored as objects: the template of an older one is found in the log of what was written.

use std::sync::Arc;

use api::arrange::Arrange;
use api::{Object, ObjectKey, Value, json};

use super::{Controller, availability, owned, write};
use crate::Cluster;
use crate::events::Note;
use crate::store::{Store, WatchEvent};

/// See the module.
pub(super) struct StatefulSetController;

const NAME: &str = "statefulset-controller";
const REVISION_LABEL: &str = "controller-revision-hash";

/// The revisions of a set: the one that its pods have or had, and the one that they are to get.
struct Revisions {
    current: String,
    update: String,
}

impl Controller for StatefulSetController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        owned::concerns(event, store, &api::stateful_set::KIND, &api::pod::KIND)
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(set) = cluster.store().get(key).cloned() else { return };
        let update = revision(&set);
        let current = Some(set.str(&["status", "currentRevision"])).filter(|name| !name.is_empty()).unwrap_or(&update);
        let revisions = Revisions { current: current.to_owned(), update: update.clone() };
        let pods = owned::claim(cluster, NAME, &api::stateful_set::KIND, &set, &api::pod::KIND);
        if !set.is_terminating() {
            step(cluster, key, &set, &pods, &revisions);
        }
        let after = update_status(cluster, key, &set, revisions);
        if let Some(after) = after {
            availability::again(cluster, &Self, key, after);
        }
    }
}

/// The name of the revision of a set's template.
fn revision(set: &Object) -> String {
    format!("{}-{}", set.name(), owned::template_hash(set, set.int(&["status", "collisionCount"]).filter(|n| *n > 0)))
}

fn number(set: &Object, path: &[&str], absent: i64) -> usize {
    usize::try_from(set.int(path).unwrap_or(absent)).unwrap_or(0)
}

/// The ordinals that a set wants.
fn wanted(set: &Object) -> std::ops::Range<usize> {
    let start = number(set, &["spec", "ordinals", "start"], 0);
    start..start + number(set, &["spec", "replicas"], 1)
}

fn ordinal(pod: &Object) -> Option<usize> {
    pod.name().rsplit('-').next().and_then(|index| index.parse().ok())
}

fn has_revision(pod: &Object, revision: &str) -> bool {
    pod.str(&["metadata", "labels", REVISION_LABEL]) == revision
}

fn partition(set: &Object) -> usize {
    number(set, &["spec", "updateStrategy", "rollingUpdate", "partition"], 0)
}

/// Whether a pod can be relied on: running, ready for long enough, and not going.
fn is_healthy(cluster: &Cluster, set: &Object, pod: &Object) -> bool {
    !pod.is_terminating() && availability::available(cluster, set, &[pod]).0 > 0
}

/// The next thing to do: the first pod that is missing, one too many, or one of an old template.
/// Models `updateStatefulSet`.
fn step(cluster: &mut Cluster, key: &ObjectKey, set: &Object, pods: &[Arc<Object>], revisions: &Revisions) {
    let ordered = set.str(&["spec", "podManagementPolicy"]) != "Parallel";
    let named = |index: usize| {
        let name = format!("{}-{index}", set.name());
        pods.iter().find(|pod| pod.name() == name)
    };
    for index in wanted(set) {
        match named(index) {
            None => create(cluster, key, set, index, revisions),
            Some(pod) if matches!(pod.str(&["status", "phase"]), "Failed" | "Succeeded") => {
                let message =
                    format!("StatefulSet {}/{} is recreating failed Pod {}", set.namespace(), set.name(), pod.name());
                let (warning, normal) =
                    (Note::warning(NAME, "RecreatingFailedPod", message.as_str()), "RecreatingTerminatedPod");
                let failed = pod.str(&["status", "phase"]) == "Failed";
                let note =
                    if failed { warning } else { Note::normal(NAME, normal, message.replace("failed", "terminated")) };
                cluster.record(set, &note);
                if !pod.is_terminating() {
                    write::delete(cluster, NAME, pod, &api::pod::KIND);
                }
            }
            Some(pod) if ordered && !is_healthy(cluster, set, pod) => return,
            Some(_) => continue,
        }
        if ordered {
            return;
        }
    }
    let range = wanted(set);
    let mut excess: Vec<&Arc<Object>> =
        pods.iter().filter(|pod| ordinal(pod).is_none_or(|index| !range.contains(&index))).collect();
    excess.arrange_by_key(|pod| std::cmp::Reverse(ordinal(pod)));
    if !excess.is_empty() {
        let most = if ordered { 1 } else { excess.len() };
        for pod in excess.into_iter().take(most).filter(|pod| !pod.is_terminating()) {
            delete(cluster, set, pod);
        }
        return;
    }
    if set.str(&["spec", "updateStrategy", "type"]) == "RollingUpdate" {
        roll(cluster, set, range.rev().filter_map(named), &revisions.update);
    }
}

/// A changed template replaces pods from the last to the first, down to the partition, each once those after it are
/// healthy again.
fn roll<'a>(cluster: &mut Cluster, set: &Object, pods: impl Iterator<Item = &'a Arc<Object>>, update: &str) {
    let least = partition(set);
    for pod in pods.filter(|pod| ordinal(pod).is_some_and(|index| index >= least)) {
        if !has_revision(pod, update) && !pod.is_terminating() {
            delete(cluster, set, pod);
            return;
        }
        if !is_healthy(cluster, set, pod) {
            return;
        }
    }
}

fn delete(cluster: &mut Cluster, set: &Object, pod: &Object) {
    write::delete(cluster, NAME, pod, &api::pod::KIND);
    let message = format!("delete Pod {} in StatefulSet {} successful", pod.name(), set.name());
    cluster.record(set, &Note::normal(NAME, "SuccessfulDelete", message));
}

/// The set as it was at a revision.
fn at_revision(cluster: &Cluster, key: &ObjectKey, set: &Object, name: &str) -> Option<Arc<Object>> {
    let log = cluster.store().log().iter().rev();
    let mut states =
        log.filter(|event| event.key == *key && event.object.uid() == set.uid()).map(|event| &event.object);
    states.find(|state| revision(state) == name).cloned()
}

/// Makes a pod. Below the partition it has the template that the others there have. Models `newVersionedStatefulSetPod`.
fn create(cluster: &mut Cluster, key: &ObjectKey, set: &Object, index: usize, revisions: &Revisions) {
    let old = index < partition(set) && revisions.current != revisions.update;
    let old = old.then(|| at_revision(cluster, key, set, &revisions.current)).flatten();
    let revision = if old.is_some() { &revisions.current } else { &revisions.update };
    let name = format!("{}-{index}", set.name());
    let mut pod = Object::new(owned::pod_of_template(&api::stateful_set::KIND, old.as_deref().unwrap_or(set)));
    pod.remove(&["metadata", "generateName"]);
    pod.set(&["metadata", "name"], name.as_str());
    for (label, value) in [
        ("statefulset.kubernetes.io/pod-name", name.as_str()),
        ("apps.kubernetes.io/pod-index", &index.to_string()),
        (REVISION_LABEL, revision),
    ] {
        pod.set(&["metadata", "labels", label], value);
    }
    pod.set(&["spec", "hostname"], name.as_str());
    pod.set(&["spec", "subdomain"], set.str(&["spec", "serviceName"]));
    let note = match write::create(cluster, NAME, &api::pod::KIND, set.namespace(), pod.into_value()) {
        Ok(_) => {
            let message = format!("create Pod {name} in StatefulSet {} successful", set.name());
            Note::normal(NAME, "SuccessfulCreate", message)
        }
        Err(status) => {
            let message = format!("create Pod {name} in StatefulSet {} failed error: {status}", set.name());
            Note::warning(NAME, "FailedCreate", message)
        }
    };
    cluster.record(set, &note);
}

/// Models `updateStatefulSetStatus` and `completeRollingUpdate`. Returns when a pod will be available.
fn update_status(cluster: &mut Cluster, key: &ObjectKey, set: &Object, revisions: Revisions) -> Option<u64> {
    let pods = owned::claim(cluster, NAME, &api::stateful_set::KIND, set, &api::pod::KIND);
    let living: Vec<&Object> = pods.iter().map(|pod| &**pod).collect();
    let (available, after) = availability::available(cluster, set, &living);
    let count = |holds: &dyn Fn(&Object) -> bool| living.iter().filter(|pod| holds(pod)).count();
    let ready = count(&|pod| api::pod::is_ready(pod));
    let of = |revision: &str| count(&|pod| !pod.is_terminating() && has_revision(pod, revision));
    let updated = of(&revisions.update);
    let Revisions { mut current, update } = revisions;
    let rolls = set.str(&["spec", "updateStrategy", "type"]) == "RollingUpdate";
    if rolls && updated == living.len() && ready == living.len() {
        current.clone_from(&update);
    }
    let mut status = json!({
        "availableReplicas": available, "collisionCount": 0, "currentRevision": current,
        "observedGeneration": set.generation(), "replicas": living.len(), "updateRevision": update,
    });
    for (field, number) in [("readyReplicas", ready), ("currentReplicas", of(&current)), ("updatedReplicas", updated)] {
        if number > 0 {
            status[field] = Value::from(number);
        }
    }
    cluster.update_status(key, status, &NAME.into());
    after
}
