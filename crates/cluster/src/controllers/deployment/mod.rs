//! The deployment controller: replica sets, one for each template there was, scaled so that pods are replaced as the
//! strategy says. Models `pkg/controller/deployment`.
//!
//! - [`replica_sets`]: the sets of a deployment, the new one made when it is missing, revisions
//! - [`rollout`]: who gets how many pods
//! - [`status`]: counts and conditions

mod replica_sets;
mod rollout;
mod status;

use std::sync::Arc;

use api::{Object, ObjectKey, json};

use super::{Controller, availability, owned, write};
use crate::Cluster;
use crate::events::Note;
use crate::store::{Store, WatchEvent};

/// See the module.
pub(super) struct DeploymentController;

const NAME: &str = "deployment-controller";

/// The replica sets of a deployment.
struct Sets {
    /// The one of the present template, if it is there already.
    new: Option<Arc<Object>>,
    /// All others, oldest first.
    old: Vec<Arc<Object>>,
}

impl Sets {
    fn all(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.old.iter().chain(&self.new)
    }
}

impl Controller for DeploymentController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind == api::pod::KIND {
            // Recreate waits until the last old pod is gone.
            let gone = event.change == crate::store::Change::Deleted;
            let set = owned::controller_key(&event.object, &api::replica_set::KIND).filter(|_| gone);
            let owner = set.and_then(|set| owned::controller_key(store.get(&set)?, &api::deployment::KIND));
            return owner.into_iter().collect();
        }
        owned::concerns(event, store, &api::deployment::KIND, &api::replica_set::KIND)
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(deployment) = cluster.store().get(key).cloned() else { return };
        let paused = deployment.bool(&["spec", "paused"]);
        if deployment.is_terminating() {
            let sets = replica_sets::all(cluster, &deployment);
            status::update(cluster, key, &deployment, &sets, None);
            return;
        }
        let mut progress = None;
        let mut sets = replica_sets::all(cluster, &deployment);
        if !paused && waits_for_old_pods(cluster, &deployment, &sets) {
            rollout::scale_down_all(cluster, &deployment, &sets);
        } else if !paused {
            progress = replica_sets::ensure_new(cluster, &deployment, &mut sets);
            rollout::step(cluster, &deployment, &sets);
        } else {
            rollout::scale(cluster, &deployment, &sets);
        }
        let deployment = cluster.store().get(key).cloned().unwrap_or(deployment);
        let sets = replica_sets::all(cluster, &deployment);
        replica_sets::clean_up(cluster, &deployment, &sets);
        let after = status::update(cluster, key, &deployment, &sets, progress.as_ref());
        if let Some(after) = after {
            availability::again(cluster, &Self, key, after);
        }
    }
}

/// Whether `Recreate` has old pods to get rid of before the new set may be made. Models `oldPodsRunning`.
fn waits_for_old_pods(cluster: &Cluster, deployment: &Object, sets: &Sets) -> bool {
    deployment.str(&["spec", "strategy", "type"]) == "Recreate"
        && sets.old.iter().any(|set| {
            let runs = |pod: &&Arc<Object>| !matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed");
            replicas(set) > 0 || cluster.store().owned_by(set.uid()).any(|pod| runs(&pod))
        })
}

/// `spec.replicas` of a deployment or a set.
fn replicas(object: &Object) -> i64 {
    object.int(&["spec", "replicas"]).unwrap_or(1)
}

fn available(set: &Object) -> i64 {
    set.int(&["status", "availableReplicas"]).unwrap_or(0)
}

/// Sets the size of a set, notes what size the deployment had, and says so. Models `scaleReplicaSet`.
fn scale_set(cluster: &mut Cluster, deployment: &Object, set: &Object, wanted: i64) {
    let key = ObjectKey::new(&api::replica_set::KIND, set.namespace(), set.name());
    let from = replicas(set);
    let annotations = replica_sets::size_annotations(deployment);
    let noted = annotations.iter().all(|(name, value)| set.str(&["metadata", "annotations", name]) == value);
    if from == wanted && noted {
        return;
    }
    let annotations: api::Map<String, api::Value> =
        annotations.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let change = json!({"metadata": {"annotations": annotations}, "spec": {"replicas": wanted}});
    write::merge(cluster, NAME, &key, change);
    if from != wanted {
        let way = if wanted > from { "up" } else { "down" };
        let message = format!("Scaled {way} replica set {} from {from} to {wanted}", set.name());
        cluster.record(deployment, &Note::normal(NAME, "ScalingReplicaSet", message));
    }
}
