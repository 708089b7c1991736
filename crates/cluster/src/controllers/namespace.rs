//! The namespace controller: empties a namespace that is to go, then removes it. Models `pkg/controller/namespace`.

use api::{KINDS, Object, ObjectKey};

use super::{Controller, write};
use crate::Cluster;
use crate::store::{Change, Store, WatchEvent};

/// See the module.
pub(super) struct NamespaceController;

const NAME: &str = "namespace-controller";

impl Controller for NamespaceController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind == api::namespace::KIND {
            let going = event.change != Change::Deleted && event.object.is_terminating();
            return if going { vec![event.key.clone()] } else { Vec::new() };
        }
        if event.change != Change::Deleted || !event.key.kind.namespaced {
            return Vec::new();
        }
        let key = ObjectKey::new(&api::namespace::KIND, "", &event.key.namespace);
        store.get(&key).filter(|namespace| namespace.is_terminating()).map(|_| key).into_iter().collect()
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let going = cluster.store().get(key).is_some_and(|namespace| namespace.is_terminating());
        if !going {
            return;
        }
        let kinds = || KINDS.iter().copied().filter(|kind| kind.namespaced);
        for kind in kinds() {
            let all: Vec<_> = cluster.list(kind, Some(&key.name)).cloned().collect();
            for object in all.iter().filter(|object| !object.is_terminating()) {
                write::delete(cluster, NAME, object, kind);
            }
        }
        let empty = kinds().all(|kind| cluster.list(kind, Some(&key.name)).next().is_none());
        if empty {
            cluster.remove(key, &NAME.into());
        }
    }
}

/// Namespaces that cannot be deleted. Models the `NamespaceLifecycle` plugin.
pub(crate) fn is_protected(namespace: &Object) -> bool {
    matches!(namespace.name(), "default" | "kube-system" | "kube-public")
}
