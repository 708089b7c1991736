//! What etcd holds: every object at its newest revision, and the log of what changed.
//!
//! The store knows no rules: the API server ([`crate::apiserver`]) is its only writer.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{Kind, Object, ObjectKey};

use crate::Instant;

/// Namespace and name.
type Place = (Arc<str>, Arc<str>);

/// What happened to an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// It came to be.
    Added,
    /// It is another than before.
    Modified,
    /// It is gone.
    Deleted,
}

/// One change, as watchers see it.
#[derive(Clone, PartialEq, Debug)]
pub struct WatchEvent {
    /// When, in virtual time.
    pub at: Instant,
    /// The revision it made.
    pub revision: u64,
    /// What happened.
    pub change: Change,
    /// To which object.
    pub key: ObjectKey,
    /// The object before; `None` when it was added.
    pub old: Option<Arc<Object>>,
    /// The object after; for a deletion, its last state.
    pub object: Arc<Object>,
    /// Who wrote: the field manager, such as `kubectl-client-side-apply` or `endpointslice-controller`.
    pub actor: Arc<str>,
}

/// All objects. Cloning shares them: the maps are copied only when a side writes.
#[derive(Clone, Debug, Default)]
pub struct Store {
    kinds: BTreeMap<&'static Kind, Arc<BTreeMap<Place, Arc<Object>>>>,
    revision: u64,
    log: Arc<Vec<WatchEvent>>,
}

impl Store {
    /// The newest revision: the `resourceVersion` of the last write.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The object at a key.
    #[must_use]
    pub fn get(&self, key: &ObjectKey) -> Option<&Arc<Object>> {
        self.kinds.get(key.kind)?.get(&(key.namespace.clone(), key.name.clone()))
    }

    /// The object of a kind by namespace and name.
    #[must_use]
    pub fn find(&self, kind: &'static Kind, namespace: &str, name: &str) -> Option<&Arc<Object>> {
        self.get(&ObjectKey::new(kind, namespace, name))
    }

    /// The objects of a kind, in one namespace or (`None`) in all, by namespace and name.
    pub fn list<'a>(&'a self, kind: &'static Kind, namespace: Option<&str>) -> impl Iterator<Item = &'a Arc<Object>> {
        let one: Option<Arc<str>> = namespace.filter(|_| kind.namespaced).map(Into::into);
        let start: Place = (one.clone().unwrap_or_else(|| "".into()), "".into());
        self.kinds
            .get(kind)
            .into_iter()
            .flat_map(move |objects| objects.range(start.clone()..))
            .take_while(move |((namespace, _), _)| one.as_ref().is_none_or(|one| one == namespace))
            .map(|(_, object)| object)
    }

    /// Every change so far, oldest first.
    #[must_use]
    pub fn log(&self) -> &[WatchEvent] {
        &self.log
    }

    /// The number the next write will have.
    pub(crate) fn next_revision(&self) -> u64 {
        self.revision + 1
    }

    /// Writes an object at the next revision and logs the change.
    pub(crate) fn put(&mut self, at: Instant, key: &ObjectKey, object: Arc<Object>, actor: Arc<str>) -> WatchEvent {
        self.revision += 1;
        let objects = Arc::make_mut(self.kinds.entry(key.kind).or_default());
        let old = objects.insert((key.namespace.clone(), key.name.clone()), object.clone());
        let change = if old.is_some() { Change::Modified } else { Change::Added };
        self.record(WatchEvent { at, revision: self.revision, change, key: key.clone(), old, object, actor })
    }

    /// Removes an object and logs the change; `None` when there was none.
    pub(crate) fn delete(&mut self, at: Instant, key: &ObjectKey, actor: Arc<str>) -> Option<WatchEvent> {
        let objects = Arc::make_mut(self.kinds.get_mut(key.kind)?);
        let object = objects.remove(&(key.namespace.clone(), key.name.clone()))?;
        self.revision += 1;
        let old = Some(object.clone());
        let (revision, change, key) = (self.revision, Change::Deleted, key.clone());
        Some(self.record(WatchEvent { at, revision, change, key, old, object, actor }))
    }

    fn record(&mut self, event: WatchEvent) -> WatchEvent {
        Arc::make_mut(&mut self.log).push(event.clone());
        event
    }
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    fn object(namespace: &str, name: &str) -> (ObjectKey, Arc<Object>) {
        let value = json!({"metadata": {"namespace": namespace, "name": name}});
        (ObjectKey::new(&api::service::KIND, namespace, name), Arc::new(Object::new(value)))
    }

    #[test]
    fn lists_are_by_namespace_and_a_clone_is_a_fork() {
        let mut store = Store::default();
        for (namespace, name) in [("b", "x"), ("a", "y"), ("a", "x"), ("aa", "z")] {
            let (key, object) = object(namespace, name);
            store.put(Instant::default(), &key, object, "test".into());
        }
        let names = |store: &Store, namespace: Option<&str>| {
            store.list(&api::service::KIND, namespace).map(|o| o.name().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&store, Some("a")), ["x", "y"]);
        assert_eq!(names(&store, None), ["x", "y", "z", "x"]);
        let mut fork = store.clone();
        fork.delete(Instant::default(), &object("a", "x").0, "test".into());
        assert_eq!(names(&fork, Some("a")), ["y"]);
        assert_eq!(names(&store, Some("a")), ["x", "y"]);
        assert_eq!((store.revision(), fork.revision(), fork.log().len()), (4, 5, 5));
    }
}
