//! The stateful set controller: pods with stable names, made and taken away in order. Models `pkg/controller/statefulset`
//! for the `OrderedReady` and `Parallel` policies; a changed template replaces pods from the last to the first.

use std::sync::Arc;

use api::{Object, ObjectKey, json};

use super::{Controller, owned, write};
use crate::Cluster;
use crate::events::Note;
use crate::store::{Store, WatchEvent};

/// See the module.
pub(super) struct StatefulSetController;

const NAME: &str = "statefulset-controller";
const REVISION_LABEL: &str = "controller-revision-hash";

impl Controller for StatefulSetController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        owned::concerns(event, store, &api::stateful_set::KIND, &api::pod::KIND)
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(set) = cluster.store().get(key).cloned() else { return };
        let template = set.at(&["spec", "template"]).map(ToString::to_string).unwrap_or_default();
        let digest = crate::kubelet::digest(&template);
        let revision = format!("{}-{}", set.name(), digest.get(..10).unwrap_or_default());
        let pods = owned::claim(cluster, NAME, &api::stateful_set::KIND, &set, &api::pod::KIND);
        if !set.is_terminating() {
            step(cluster, &set, &pods, &revision);
        }
        let pods = owned::claim(cluster, NAME, &api::stateful_set::KIND, &set, &api::pod::KIND);
        let count = |holds: &dyn Fn(&Object) -> bool| pods.iter().filter(|pod| holds(pod)).count();
        let ready = count(&|pod| api::pod::is_ready(pod));
        let updated = count(&|pod| pod.str(&["metadata", "labels", REVISION_LABEL]) == revision);
        let mut status = json!({
            "availableReplicas": ready, "collisionCount": 0, "currentRevision": revision,
            "observedGeneration": set.generation(), "replicas": pods.len(), "updateRevision": revision,
        });
        for (field, number) in [("readyReplicas", ready), ("currentReplicas", updated), ("updatedReplicas", updated)] {
            if number > 0 {
                status[field] = number.into();
            }
        }
        cluster.update_status(key, status, &NAME.into());
    }
}

/// The next thing to do: the first pod that is missing, one too many, or one of an old template.
fn step(cluster: &mut Cluster, set: &Object, pods: &[Arc<Object>], revision: &str) {
    let wanted = usize::try_from(set.int(&["spec", "replicas"]).unwrap_or(1)).unwrap_or(0);
    let ordered = set.str(&["spec", "podManagementPolicy"]) != "Parallel";
    let named = |index: usize| {
        let name = format!("{}-{index}", set.name());
        pods.iter().find(|pod| pod.name() == name)
    };
    for index in 0..wanted {
        match named(index) {
            None => create(cluster, set, index, revision),
            Some(pod) if ordered && (!api::pod::is_ready(pod) || pod.is_terminating()) => return,
            Some(_) => continue,
        }
        if ordered {
            return;
        }
    }
    let index_of = |pod: &Object| pod.name().rsplit('-').next().and_then(|index| index.parse::<usize>().ok());
    let mut excess: Vec<&Arc<Object>> = pods.iter().filter(|pod| index_of(pod).is_none_or(|i| i >= wanted)).collect();
    excess.sort_by_key(|pod| std::cmp::Reverse(index_of(pod)));
    let rolls = set.str(&["spec", "updateStrategy", "type"]) == "RollingUpdate";
    let old = (0..wanted)
        .rev()
        .filter_map(named)
        .find(|pod| rolls && pod.str(&["metadata", "labels", REVISION_LABEL]) != revision);
    let most = if ordered { 1 } else { excess.len() };
    for pod in excess.iter().copied().take(most.max(1)).chain(old.filter(|_| excess.is_empty())) {
        if pod.is_terminating() {
            return;
        }
        write::delete(cluster, NAME, pod, &api::pod::KIND);
        let message = format!("delete Pod {} in StatefulSet {} successful", pod.name(), set.name());
        cluster.record(set, &Note::normal(NAME, "SuccessfulDelete", message));
    }
}

fn create(cluster: &mut Cluster, set: &Object, index: usize, revision: &str) {
    let name = format!("{}-{index}", set.name());
    let mut pod = Object::new(owned::pod_of_template(&api::stateful_set::KIND, set));
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
