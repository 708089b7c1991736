//! Ways to find objects without looking at all of them: by label, owner, node, selector, and what an event is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::{Kind, Object, ObjectKey, Value};

/// Something objects can be found by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Term {
    /// A label of an object of a kind in a namespace.
    Label(&'static Kind, Arc<str>, Arc<str>, Arc<str>),
    /// The first pair of a Service's selector, in a namespace.
    Selector(Arc<str>, Arc<str>, Arc<str>),
    /// An owner's uid.
    Owner(Arc<str>),
    /// A pod's node.
    Node(Arc<str>),
    /// The uid of what an event is about.
    About(Arc<str>),
}

/// The objects of every term. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub(super) struct Index(Arc<BTreeMap<Term, Arc<BTreeSet<ObjectKey>>>>);

impl Index {
    /// The objects of a term.
    pub(super) fn keys<'a>(&'a self, term: &Term) -> impl Iterator<Item = &'a ObjectKey> + use<'a> {
        self.0.get(term).into_iter().flat_map(|keys| keys.iter())
    }

    /// How many objects a term has.
    pub(super) fn count(&self, term: &Term) -> usize {
        self.0.get(term).map_or(0, |keys| keys.len())
    }

    /// Follows a change of an object.
    pub(super) fn follow(&mut self, key: &ObjectKey, old: Option<&Object>, new: Option<&Object>) {
        if let (Some(old), Some(new)) = (old, new)
            && alike(key.kind, old, new)
        {
            return;
        }
        let before = old.map(|old| terms(key, old)).unwrap_or_default();
        let after = new.map(|new| terms(key, new)).unwrap_or_default();
        let map = Arc::make_mut(&mut self.0);
        for term in before.iter().filter(|term| !after.contains(term)) {
            if let Some(keys) = map.get_mut(term) {
                Arc::make_mut(keys).remove(key);
                if keys.is_empty() {
                    map.remove(term);
                }
            }
        }
        for term in after.into_iter().filter(|term| !before.contains(term)) {
            Arc::make_mut(map.entry(term).or_default()).insert(key.clone());
        }
    }
}

/// Whether nothing changed that objects are found by.
fn alike(kind: &'static Kind, old: &Object, new: &Object) -> bool {
    let same = |path: &[&str]| old.at(path) == new.at(path);
    same(&["metadata", "labels"])
        && same(&["metadata", "ownerReferences"])
        && (*kind != api::pod::KIND || same(&["spec", "nodeName"]))
        && (*kind != api::service::KIND || same(&["spec", "selector"]))
}

fn terms(key: &ObjectKey, object: &Object) -> Vec<Term> {
    let mut terms = Vec::new();
    if *key.kind == api::event::KIND {
        terms.push(Term::About(object.str(&["involvedObject", "uid"]).into()));
        return terms;
    }
    for (name, value) in object.labels().into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        terms.push(Term::Label(key.kind, key.namespace.clone(), name.as_str().into(), value.into()));
    }
    for owner in object.list(&["metadata", "ownerReferences"]) {
        terms.push(Term::Owner(owner.get("uid").and_then(Value::as_str).unwrap_or_default().into()));
    }
    if *key.kind == api::pod::KIND {
        terms.push(Term::Node(object.str(&["spec", "nodeName"]).into()));
    }
    if *key.kind == api::service::KIND
        && let Some((name, value)) = object.map(&["spec", "selector"]).and_then(|selector| selector.iter().next())
    {
        let value = value.as_str().unwrap_or_default();
        terms.push(Term::Selector(key.namespace.clone(), name.as_str().into(), value.into()));
    }
    terms
}
