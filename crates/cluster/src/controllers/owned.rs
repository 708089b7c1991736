//! Ownership: who controls whom, and the pods that a controller makes from its template.
//! Models `pkg/controller/controller_ref_manager.go` and `controller_utils.go`.

use std::sync::Arc;

use api::labels::LabelSelector;
use api::{Kind, Map, Object, ObjectKey, Value, json};

use super::write;
use crate::Cluster;
use crate::store::{Store, WatchEvent};

/// The reference of an object to its controlling owner.
pub(super) fn reference(kind: &Kind, owner: &Object) -> Value {
    json!({
        "apiVersion": kind.api_version(), "blockOwnerDeletion": true, "controller": true,
        "kind": kind.kind, "name": owner.name(), "uid": owner.uid(),
    })
}

/// The reference to the owner that controls an object.
pub(super) fn controller_of(object: &Object) -> Option<&Value> {
    let references = object.list(&["metadata", "ownerReferences"]);
    references.iter().find(|reference| reference.get("controller") == Some(&Value::Bool(true)))
}

/// Whether an object is controlled by this owner.
pub(super) fn is_controlled_by(object: &Object, owner: &Object) -> bool {
    controller_of(object).and_then(|reference| reference.get("uid")?.as_str()) == Some(owner.uid())
}

/// The key of the owner of this kind that controls an object.
pub(super) fn controller_key(object: &Object, kind: &'static Kind) -> Option<ObjectKey> {
    let reference = controller_of(object)?;
    let fits = reference.get("kind")? == kind.kind && kind.has_api_version(reference.get("apiVersion")?.as_str()?);
    fits.then(|| Some(ObjectKey::new(kind, object.namespace(), reference.get("name")?.as_str()?)))?
}

/// The keys that an event about an owner or one of its dependants gives to the owner's controller. An orphan concerns
/// every owner whose selector it meets, for it may be adopted.
pub(super) fn concerns(
    event: &WatchEvent,
    store: &Store,
    owner: &'static Kind,
    dependant: &'static Kind,
) -> Vec<ObjectKey> {
    if *event.key.kind == *owner {
        return vec![event.key.clone()];
    }
    if *event.key.kind != *dependant {
        return Vec::new();
    }
    let old = event.old.as_ref().filter(|old| !old.same(&event.object, &["metadata", "ownerReferences"]));
    let mut keys: Vec<ObjectKey> =
        old.into_iter().chain([&event.object]).filter_map(|object| controller_key(object, owner)).collect();
    let relabelled = || event.old.as_ref().is_none_or(|old| old.labels() != event.object.labels());
    if controller_of(&event.object).is_none() && relabelled() {
        let adopts =
            |object: &&Arc<Object>| selector(object).is_some_and(|s| !s.is_empty() && s.matches(event.object.labels()));
        let owners = store.list(owner, Some(&event.key.namespace)).filter(adopts);
        keys.extend(owners.map(|object| ObjectKey::new(owner, object.namespace(), object.name())));
    }
    keys.dedup();
    keys
}

/// What an owner selects its dependants with.
pub(super) fn selector(owner: &Object) -> Option<LabelSelector> {
    LabelSelector::read(owner.at(&["spec", "selector"])?).ok()
}

/// The dependants of a kind, after adopting those that are nobody's and releasing those that no longer fit.
/// Models `PodControllerRefManager.ClaimPods`.
pub(super) fn claim(
    cluster: &mut Cluster,
    actor: &str,
    owner_kind: &'static Kind,
    owner: &Object,
    kind: &'static Kind,
) -> Vec<Arc<Object>> {
    let Some(selector) = selector(owner) else { return Vec::new() };
    let key_of = |object: &Object| ObjectKey::new(kind, object.namespace(), object.name());
    let released: Vec<ObjectKey> = owned(cluster, owner, kind)
        .filter(|object| !selector.matches(object.labels()) && !object.is_terminating())
        .map(|object| key_of(object))
        .collect();
    for key in released {
        write::merge(cluster, actor, &key, json!({"metadata": {"ownerReferences": null}}));
    }
    if !owner.is_terminating() {
        let orphans: Vec<ObjectKey> = cluster
            .store()
            .selected(kind, owner.namespace(), &selector)
            .into_iter()
            .filter(|object| controller_of(object).is_none() && !object.is_terminating())
            .map(|object| key_of(object))
            .collect();
        for key in orphans {
            let references = json!([reference(owner_kind, owner)]);
            write::merge(cluster, actor, &key, json!({"metadata": {"ownerReferences": references}}));
        }
    }
    owned(cluster, owner, kind).filter(|object| selector.matches(object.labels())).cloned().collect()
}

fn owned<'a>(
    cluster: &'a Cluster,
    owner: &'a Object,
    kind: &'static Kind,
) -> impl Iterator<Item = &'a Arc<Object>> + use<'a> {
    let is_kind = move |object: &&Arc<Object>| object.kind() == kind.kind && kind.has_api_version(object.api_version());
    cluster.store().owned_by(owner.uid()).filter(is_kind).filter(|object| is_controlled_by(object, owner))
}

/// A pod as an owner's template has it. Models `GetPodFromTemplate`.
pub(super) fn pod_of_template(owner_kind: &Kind, owner: &Object) -> Value {
    let template = owner.at(&["spec", "template"]).unwrap_or(&Value::Null);
    let mut metadata = json!({"generateName": format!("{}-", owner.name())});
    metadata["ownerReferences"] = vec![reference(owner_kind, owner)].into();
    for field in ["labels", "annotations", "finalizers"] {
        if let Some(value) = template.get("metadata").and_then(|metadata| metadata.get(field)) {
            metadata[field] = value.clone();
        }
    }
    let mut pod = Map::new();
    pod.insert("metadata".to_owned(), metadata);
    pod.insert("spec".to_owned(), template.get("spec").cloned().unwrap_or_default());
    pod.into()
}

/// Whether a pod still counts: neither ended nor going. Models `IsPodActive`.
pub(super) fn is_active(pod: &Object) -> bool {
    !matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed") && !pod.is_terminating()
}

/// The name of a template. Models `ComputeHash`: a 32-bit FNV-1a hash, its digits spelt in letters that names may have.
pub(super) fn hash(template: &Value, collisions: Option<i64>) -> String {
    const SAFE: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
    let text = format!("{template}{}", collisions.map(|count| count.to_string()).unwrap_or_default());
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash.to_string()
        .bytes()
        .filter_map(|digit| SAFE.get(usize::from(digit) % SAFE.len()))
        .map(|&b| char::from(b))
        .collect()
}

/// The hash of an owner's template.
pub(super) fn template_hash(owner: &Object, collisions: Option<i64>) -> String {
    hash(owner.at(&["spec", "template"]).unwrap_or(&Value::Null), collisions)
}
