//! The replica sets of a deployment. Models `pkg/controller/deployment/sync.go` and `util/deployment_util.go`.

use std::sync::Arc;

use api::arrange::Arrange;
use api::{Map, Object, ObjectKey, Value, json};

use super::status::Progress;
use super::{NAME, Sets, available, owned, replicas, rollout, write};
use crate::Cluster;
use crate::events::Note;

/// The label that tells the pods of one template from those of another.
const HASH_LABEL: &str = "pod-template-hash";
const REVISION: &str = "deployment.kubernetes.io/revision";
const REVISION_HISTORY: &str = "deployment.kubernetes.io/revision-history";
const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
const MAX: &str = "deployment.kubernetes.io/max-replicas";
/// Annotations of a deployment that its sets do not get.
const KEPT_BACK: [&str; 6] =
    [api::metadata::LAST_APPLIED, REVISION, REVISION_HISTORY, DESIRED, MAX, "deprecated.deployment.rollback.to"];

/// The sets that a deployment controls. Models `FindNewReplicaSet` and `FindOldReplicaSets`.
pub(super) fn all(cluster: &mut Cluster, deployment: &Object) -> Sets {
    let mut old = owned::claim(cluster, NAME, &api::deployment::KIND, deployment, &api::replica_set::KIND);
    old.arrange_by_cached_key(|set| (set.creation_timestamp().to_owned(), set.name().to_owned()));
    let template = bare_template(deployment);
    let at = old.iter().position(|set| bare_template(set) == template);
    let new = at.map(|at| old.remove(at));
    Sets { new, old }
}

/// A template without the label that tells it from others. Models `EqualIgnoreHash`.
fn bare_template(object: &Object) -> Value {
    let mut template = object.at(&["spec", "template"]).cloned().unwrap_or_default();
    if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove(HASH_LABEL);
    }
    template
}

/// How large the deployment is and may get, as its sets note it.
pub(super) fn size_annotations(deployment: &Object) -> [(&'static str, String); 2] {
    let most = replicas(deployment) + rollout::bounds(deployment).0;
    [(DESIRED, replicas(deployment).to_string()), (MAX, most.to_string())]
}

/// Sees to it that the set of the present template is there and has the newest revision. Models `getNewReplicaSet`.
pub(super) fn ensure_new(cluster: &mut Cluster, deployment: &Object, sets: &mut Sets) -> Option<Progress> {
    let revision_of = |set: &Object| set.str(&["metadata", "annotations", REVISION]).parse::<i64>().unwrap_or(0);
    let revision = sets.old.iter().map(|set| revision_of(set)).max().unwrap_or(0) + 1;
    let deployment_key = ObjectKey::new(&api::deployment::KIND, deployment.namespace(), deployment.name());
    let (new, progress) = match &sets.new {
        Some(set) => (revised(cluster, deployment, set, revision), Some(Progress::Found(set.name().to_owned()))),
        None => {
            let made = make(cluster, deployment, &deployment_key, sets, revision)?;
            (made.clone(), Some(Progress::Created(made.name().to_owned())))
        }
    };
    let revision = new.str(&["metadata", "annotations", REVISION]).to_owned();
    if deployment.str(&["metadata", "annotations", REVISION]) != revision {
        write::merge(cluster, NAME, &deployment_key, json!({"metadata": {"annotations": {REVISION: revision}}}));
    }
    sets.new = Some(new);
    progress
}

/// An existing set made the newest again: a rollback. Models `SetNewReplicaSetAnnotations`.
fn revised(cluster: &mut Cluster, deployment: &Object, set: &Arc<Object>, revision: i64) -> Arc<Object> {
    let old = set.str(&["metadata", "annotations", REVISION]);
    let mut annotations = inherited(deployment);
    annotations.retain(|name, value| set.str(&["metadata", "annotations", name]) != value.as_str().unwrap_or_default());
    if old.parse::<i64>().unwrap_or(0) < revision {
        annotations.insert(REVISION.to_owned(), revision.to_string().into());
        if !old.is_empty() {
            let history = set.str(&["metadata", "annotations", REVISION_HISTORY]);
            let history = if history.is_empty() { old.to_owned() } else { format!("{history},{old}") };
            annotations.insert(REVISION_HISTORY.to_owned(), history.into());
        }
    }
    let least = deployment.int(&["spec", "minReadySeconds"]);
    if annotations.is_empty() && set.int(&["spec", "minReadySeconds"]) == least {
        return set.clone();
    }
    let key = ObjectKey::new(&api::replica_set::KIND, set.namespace(), set.name());
    let change = json!({"metadata": {"annotations": annotations}, "spec": {"minReadySeconds": least}});
    write::merge(cluster, NAME, &key, change);
    cluster.store().get(&key).unwrap_or(set).clone()
}

fn inherited(deployment: &Object) -> Map<String, Value> {
    let own = deployment.map(&["metadata", "annotations"]).cloned().unwrap_or_default();
    own.into_iter().filter(|(name, _)| !KEPT_BACK.contains(&name.as_str())).collect()
}

fn make(
    cluster: &mut Cluster,
    deployment: &Object,
    deployment_key: &ObjectKey,
    sets: &Sets,
    revision: i64,
) -> Option<Arc<Object>> {
    let collisions = deployment.int(&["status", "collisionCount"]);
    let mut template = bare_template(deployment);
    let hash = owned::hash(&template, collisions);
    let name = format!("{}-{hash}", deployment.name());
    template["metadata"]["labels"][HASH_LABEL] = hash.as_str().into();
    let mut selector = deployment.at(&["spec", "selector"]).cloned().unwrap_or_default();
    selector["matchLabels"][HASH_LABEL] = hash.as_str().into();
    let mut annotations = inherited(deployment);
    annotations.insert(REVISION.to_owned(), revision.to_string().into());
    annotations.extend(size_annotations(deployment).map(|(name, value)| (name.to_owned(), value.into())));
    let size = rollout::size_of_new(deployment, sets, 0);
    let mut set = json!({
        "metadata": {
            "name": name,
            "annotations": annotations,
            "labels": template["metadata"]["labels"],
            "ownerReferences": [owned::reference(&api::deployment::KIND, deployment)],
        },
        "spec": {"replicas": size, "selector": selector, "template": template},
    });
    if let Some(least) = deployment.int(&["spec", "minReadySeconds"]) {
        set["spec"]["minReadySeconds"] = least.into();
    }
    match write::create(cluster, NAME, &api::replica_set::KIND, deployment.namespace(), set) {
        Ok(made) => {
            if size > 0 {
                let message = format!("Scaled up replica set {name} from 0 to {size}");
                cluster.record(deployment, &Note::normal(NAME, "ScalingReplicaSet", message));
            }
            Some(made)
        }
        Err(status) if status.reason == api::Reason::AlreadyExists => {
            // Another template has the same hash: the count of collisions goes into the next one.
            let mut status = deployment.at(&["status"]).cloned().unwrap_or_default();
            status["collisionCount"] = (collisions.unwrap_or(0) + 1).into();
            cluster.update_status(deployment_key, status, &NAME.into());
            None
        }
        Err(status) => {
            let message = format!("Failed to create new replica set \"{name}\": {status}");
            cluster.record(deployment, &Note::warning(NAME, "ReplicaSetCreateError", message));
            None
        }
    }
}

/// Deletes the oldest empty sets beyond the history that is kept. Models `cleanupDeployment`.
pub(super) fn clean_up(cluster: &mut Cluster, deployment: &Object, sets: &Sets) {
    let kept = usize::try_from(deployment.int(&["spec", "revisionHistoryLimit"]).unwrap_or(10)).unwrap_or(0);
    let gone = sets.old.len().saturating_sub(kept);
    let mut old: Vec<&Arc<Object>> = sets.old.iter().collect();
    old.arrange_by_key(|set| set.str(&["metadata", "annotations", REVISION]).parse::<i64>().unwrap_or(0));
    for set in old.into_iter().take(gone) {
        let empty = replicas(set) == 0 && set.int(&["status", "replicas"]).unwrap_or(0) == 0 && available(set) == 0;
        if empty && !set.is_terminating() {
            write::delete(cluster, NAME, set, &api::replica_set::KIND);
        }
    }
}
