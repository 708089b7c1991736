//! What etcd holds: every object at its newest revision, and the log of what changed.
//!
//! The store knows no rules: the API server ([`crate::apiserver`]) is its only writer.

mod index;

use std::collections::BTreeMap;
use std::sync::Arc;

use api::labels::{LabelSelector, Operator};
use api::{Kind, Map, Object, ObjectKey, Value};

use crate::Instant;
use index::{Index, Term};

pub(crate) use index::said;

/// Objects of a kind in a namespace, by name.
type Named = Arc<BTreeMap<Arc<str>, Arc<Object>>>;

/// The objects of a kind: by namespace, then by name.
#[derive(Clone, Debug, Default)]
struct Shelf {
    namespaces: BTreeMap<Arc<str>, Named>,
    /// The revision of the last change here.
    revision: u64,
}

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
    /// How it was written.
    pub manner: Manner,
    /// The revision of the change that somebody acted upon when they wrote this; `None` for what comes from outside.
    pub cause: Option<u64>,
}

/// How a change was written: what decides who owns its fields.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Manner {
    /// Create, update or patch.
    #[default]
    Update,
    /// An update of a part only.
    Subresource(&'static str),
    /// Server-side apply of this configuration.
    Apply(Arc<Value>),
}

/// All objects. Cloning shares them: the maps are copied only when a side writes.
#[derive(Clone, Debug, Default)]
pub struct Store {
    shelves: Vec<(&'static Kind, Arc<Shelf>)>,
    index: Index,
    revision: u64,
    log: Arc<Vec<WatchEvent>>,
    /// The revision of the change that is being acted upon; 0 for none.
    pub(crate) cause: u64,
}

impl Store {
    /// The newest revision: the `resourceVersion` of the last write.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The revision of the last change of a kind's objects; 0 when there was none.
    #[must_use]
    pub(crate) fn revision_of(&self, kind: &'static Kind) -> u64 {
        self.shelf(kind).map_or(0, |shelf| shelf.revision)
    }

    fn shelf(&self, kind: &'static Kind) -> Option<&Shelf> {
        self.shelves.iter().find(|(known, _)| *known == kind).map(|(_, shelf)| &**shelf)
    }

    /// The object at a key.
    #[must_use]
    pub fn get(&self, key: &ObjectKey) -> Option<&Arc<Object>> {
        self.shelf(key.kind)?.namespaces.get(&key.namespace)?.get(&key.name)
    }

    /// The object of a kind by namespace and name.
    #[must_use]
    pub fn find(&self, kind: &'static Kind, namespace: &str, name: &str) -> Option<&Arc<Object>> {
        let namespace = if kind.namespaced { namespace } else { "" };
        self.shelf(kind)?.namespaces.get(namespace)?.get(name)
    }

    /// The objects of a kind, in one namespace or (`None`) in all, by namespace and name.
    pub fn list<'a>(&'a self, kind: &'static Kind, namespace: Option<&str>) -> impl Iterator<Item = &'a Arc<Object>> {
        let namespaces = self.shelf(kind).map(|shelf| &shelf.namespaces);
        let one = namespace.filter(|_| kind.namespaced);
        let (one, all) = match one {
            Some(one) => (namespaces.and_then(|all| all.get(one)), None),
            None => (None, namespaces),
        };
        one.into_iter().chain(all.into_iter().flat_map(BTreeMap::values)).flat_map(|objects| objects.values())
    }

    /// The objects of a kind in a namespace whose labels meet every pair of an equality selector.
    #[must_use]
    pub fn labelled(&self, kind: &'static Kind, namespace: &str, selector: &Map<String, Value>) -> Vec<&Arc<Object>> {
        let terms = selector.iter().map(|(key, value)| {
            let value = value.as_str().unwrap_or_default();
            Term::Label(kind, namespace, key, value)
        });
        let meets = |object: &&Arc<Object>| api::labels::matches_equality(selector, object.labels());
        match terms.min_by_key(|term| self.index.count(*term)) {
            Some(rarest) => self.filed(rarest).filter(meets).collect(),
            None => self.list(kind, Some(namespace)).collect(),
        }
    }

    /// The EndpointSlices that carry a Service's name, whoever made them.
    pub fn slices_of<'a>(&'a self, service: &ObjectKey) -> impl Iterator<Item = &'a Arc<Object>> {
        let label = api::endpoint_slice::SERVICE_NAME_LABEL;
        self.objects(Term::Label(&api::endpoint_slice::KIND, &service.namespace, label, &service.name))
    }

    /// The objects of a kind in a namespace that a `metav1.LabelSelector` selects.
    #[must_use]
    pub fn selected(&self, kind: &'static Kind, namespace: &str, selector: &LabelSelector) -> Vec<&Arc<Object>> {
        let pairs: Map<String, Value> = selector
            .selector()
            .requirements
            .iter()
            .filter(|requirement| requirement.operator == Operator::Equals)
            .filter_map(|requirement| Some((requirement.key.clone(), requirement.values.first()?.as_str().into())))
            .collect();
        let mut found = self.labelled(kind, namespace, &pairs);
        found.retain(|object| selector.matches(object.labels()));
        found
    }

    /// The objects that name an owner's uid.
    pub fn owned_by<'a>(&'a self, uid: &str) -> impl Iterator<Item = &'a Arc<Object>> {
        self.objects(Term::Owner(uid))
    }

    /// The pods bound to a node; those of no node for the empty name.
    pub fn on_node<'a>(&'a self, node: &str) -> impl Iterator<Item = &'a Arc<Object>> {
        self.objects(Term::Node(node))
    }

    /// How many pods are bound to a node.
    #[must_use]
    pub fn count_on_node(&self, node: &str) -> usize {
        self.index.count(Term::Node(node))
    }

    /// The Service that has a cluster IP.
    pub fn service_at(&self, cluster_ip: &str) -> Option<&Arc<Object>> {
        self.objects(Term::ClusterIp(cluster_ip)).next()
    }

    /// The events that say the same about the same object as one to come, by [`said`].
    pub(crate) fn said<'a>(&'a self, said: u64) -> impl Iterator<Item = &'a Arc<Object>> + use<'a> {
        self.objects(Term::Said(said))
    }

    /// The events about an object.
    pub fn events_about<'a>(&'a self, uid: &str) -> impl Iterator<Item = &'a Arc<Object>> {
        self.objects(Term::About(uid))
    }

    /// The Services whose selector labels meet.
    pub fn services_selecting(&self, namespace: &str, labels: Option<&Map<String, Value>>) -> Vec<&Arc<Object>> {
        let mut found = Vec::new();
        for (key, value) in labels.into_iter().flatten() {
            let term = Term::Selector(namespace, key, value.as_str().unwrap_or_default());
            found.extend(self.filed(term).filter(|service| {
                let selector = service.map(&["spec", "selector"]);
                selector.is_some_and(|selector| api::labels::matches_equality(selector, labels))
            }));
        }
        found
    }

    /// What is filed under a term's number; now and then that is an object that has not got the term.
    fn filed<'a>(&'a self, term: Term<'_>) -> impl Iterator<Item = &'a Arc<Object>> + use<'a> {
        self.index.keys(term).filter_map(|key| self.get(key))
    }

    fn objects<'a>(&'a self, term: Term<'_>) -> impl Iterator<Item = &'a Arc<Object>> {
        self.index.keys(term).filter_map(move |key| self.get(key).filter(|object| term.fits(key, object)))
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
    pub(crate) fn put(
        &mut self,
        at: Instant,
        key: &ObjectKey,
        object: Arc<Object>,
        (actor, manner): (Arc<str>, Manner),
    ) -> WatchEvent {
        self.revision += 1;
        let place = self.shelves.iter().position(|(kind, _)| *kind == key.kind).unwrap_or_else(|| {
            self.shelves.push((key.kind, Arc::default()));
            self.shelves.len() - 1
        });
        let shelf = Arc::make_mut(&mut self.shelves[place].1);
        shelf.revision = self.revision;
        let objects = Arc::make_mut(shelf.namespaces.entry(key.namespace.clone()).or_default());
        let old = objects.insert(key.name.clone(), object.clone());
        self.index.follow(key, old.as_deref(), Some(&object));
        let change = if old.is_some() { Change::Modified } else { Change::Added };
        let (revision, key, cause) = (self.revision, key.clone(), self.cause());
        self.record(WatchEvent { at, revision, change, key, old, object, actor, manner, cause })
    }

    /// Removes an object and logs the change; `None` when there was none.
    pub(crate) fn delete(&mut self, at: Instant, key: &ObjectKey, actor: Arc<str>) -> Option<WatchEvent> {
        let (_, shelf) = self.shelves.iter_mut().find(|(kind, _)| *kind == key.kind)?;
        let shelf = Arc::make_mut(shelf);
        let objects = Arc::make_mut(shelf.namespaces.get_mut(&key.namespace)?);
        let object = objects.remove(&key.name)?;
        if objects.is_empty() {
            shelf.namespaces.remove(&key.namespace);
        }
        self.index.follow(key, Some(&object), None);
        self.revision += 1;
        shelf.revision = self.revision;
        let old = Some(object.clone());
        let (revision, change, key, cause) = (self.revision, Change::Deleted, key.clone(), self.cause());
        Some(self.record(WatchEvent { at, revision, change, key, old, object, actor, manner: Manner::Update, cause }))
    }

    fn cause(&self) -> Option<u64> {
        (self.cause > 0).then_some(self.cause)
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
            store.put(Instant::default(), &key, object, ("test".into(), Manner::Update));
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
