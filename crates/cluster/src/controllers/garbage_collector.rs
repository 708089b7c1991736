//! The garbage collector: what nobody owns any more goes. Models `pkg/controller/garbagecollector`.

use api::{Object, ObjectKey, Value};

use super::{Controller, write};
use crate::Cluster;
use crate::apiserver::FOREGROUND;
use crate::store::{Change, Store, WatchEvent};

/// See the module.
pub(super) struct GarbageCollector;

const NAME: &str = "generic-garbage-collector";

impl Controller for GarbageCollector {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        let object = &event.object;
        match event.change {
            Change::Deleted => {
                let mut keys: Vec<ObjectKey> =
                    store.owned_by(object.uid()).filter_map(|object| key_of(object)).collect();
                keys.extend(owners(object, store).filter(|(_, owner)| waits(owner)).map(|(key, _)| key));
                keys
            }
            _ if waits(object) => vec![event.key.clone()],
            Change::Added if owners(object, store).count() < object.list(&["metadata", "ownerReferences"]).len() => {
                vec![event.key.clone()]
            }
            _ => Vec::new(),
        }
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(object) = cluster.store().get(key).cloned() else { return };
        if waits(&object) {
            foreground(cluster, key, &object);
            return;
        }
        let references = object.list(&["metadata", "ownerReferences"]).len();
        let found = owners(&object, cluster.store()).filter(|(_, owner)| !waits(owner)).count();
        if references > 0 && found == 0 && !object.is_terminating() {
            write::delete(cluster, NAME, &object, key.kind);
        }
    }
}

/// Whether an object goes only after what it owns.
fn waits(object: &Object) -> bool {
    object.is_terminating() && object.list(&["metadata", "finalizers"]).iter().any(|name| name == FOREGROUND)
}

/// The owners that are there and the ones that are meant.
fn owners<'a>(object: &'a Object, store: &'a Store) -> impl Iterator<Item = (ObjectKey, &'a Object)> {
    object.list(&["metadata", "ownerReferences"]).iter().filter_map(|reference| {
        let text = |field: &str| reference.get(field).and_then(Value::as_str).unwrap_or_default();
        let kind = api::Kind::of_manifest(text("apiVersion"), text("kind"))?;
        let key = ObjectKey::new(kind, object.namespace(), text("name"));
        let owner = store.get(&key).filter(|owner| owner.uid() == text("uid"))?;
        Some((key, &**owner))
    })
}

fn key_of(object: &Object) -> Option<ObjectKey> {
    let kind = api::Kind::of_manifest(object.api_version(), object.kind())?;
    Some(ObjectKey::new(kind, object.namespace(), object.name()))
}

/// Foreground deletion: the dependants first, then the owner.
fn foreground(cluster: &mut Cluster, key: &ObjectKey, owner: &Object) {
    let dependants: Vec<_> = cluster.store().owned_by(owner.uid()).cloned().collect();
    if dependants.is_empty() {
        let kept: Vec<Value> =
            owner.list(&["metadata", "finalizers"]).iter().filter(|name| *name != FOREGROUND).cloned().collect();
        cluster.set_finalizers(key, kept, NAME);
        return;
    }
    for dependant in dependants.iter().filter(|dependant| !dependant.is_terminating()) {
        if let Some(key) = key_of(dependant) {
            write::delete(cluster, NAME, dependant, key.kind);
        }
    }
}
