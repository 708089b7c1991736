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
    /// What an event says: see [`said`].
    Said(u64),
    /// A Service's address.
    ClusterIp(Arc<str>),
}

impl Term {
    /// Numbers are compared faster than texts that begin alike, so terms are in the order of this one.
    fn digest(&self) -> u64 {
        match self {
            Self::Label(kind, namespace, key, value) => digest(&[kind.plural, namespace, key, value]),
            Self::Selector(namespace, key, value) => digest(&[namespace, key, value]),
            Self::Owner(text) | Self::Node(text) | Self::About(text) | Self::ClusterIp(text) => digest(&[text]),
            Self::Said(said) => *said,
        }
    }
}

/// A 64-bit FNV-1a hash of texts.
fn digest(texts: &[&str]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// A number for what an event says about which object: equal for events that are counted as one.
pub(crate) fn said(uid: &str, field: &str, reason: &str, message: &str) -> u64 {
    digest(&[uid, field, reason, message])
}

/// The objects of a term.
type Keys = Arc<BTreeSet<ObjectKey>>;

/// The objects of every term. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub(super) struct Index(Arc<BTreeMap<(u64, Term), Keys>>);

impl Index {
    /// The objects of a term.
    pub(super) fn keys<'a>(&'a self, term: &Term) -> impl Iterator<Item = &'a ObjectKey> + use<'a> {
        self.set(term).into_iter().flat_map(|keys| keys.iter())
    }

    /// How many objects a term has.
    pub(super) fn count(&self, term: &Term) -> usize {
        self.set(term).map_or(0, |keys| keys.len())
    }

    fn set(&self, term: &Term) -> Option<&Keys> {
        self.0.get(&(term.digest(), term.clone()))
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
            let place = (term.digest(), term.clone());
            if let Some(keys) = map.get_mut(&place) {
                Arc::make_mut(keys).remove(key);
                if keys.is_empty() {
                    map.remove(&place);
                }
            }
        }
        for term in after.into_iter().filter(|term| !before.contains(term)) {
            Arc::make_mut(map.entry((term.digest(), term)).or_default()).insert(key.clone());
        }
    }
}

/// Whether nothing changed that objects are found by.
fn alike(kind: &'static Kind, old: &Object, new: &Object) -> bool {
    let same = |path: &[&str]| old.same(new, path);
    if *kind == api::event::KIND {
        return ["involvedObject", "reason", "message"].into_iter().all(|field| same(&[field]));
    }
    same(&["metadata", "labels"])
        && same(&["metadata", "ownerReferences"])
        && (*kind != api::pod::KIND || same(&["spec", "nodeName"]))
        && (*kind != api::service::KIND || (same(&["spec", "selector"]) && same(&["spec", "clusterIP"])))
}

fn terms(key: &ObjectKey, object: &Object) -> Vec<Term> {
    let mut terms = Vec::new();
    if *key.kind == api::event::KIND {
        terms.push(Term::About(object.str(&["involvedObject", "uid"]).into()));
        let about = |field: &str| object.str(&["involvedObject", field]);
        terms.push(Term::Said(said(
            about("uid"),
            about("fieldPath"),
            object.str(&["reason"]),
            object.str(&["message"]),
        )));
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
    if *key.kind == api::service::KIND {
        terms.push(Term::ClusterIp(object.str(&["spec", "clusterIP"]).into()));
    }
    if *key.kind == api::service::KIND
        && let Some((name, value)) = object.map(&["spec", "selector"]).and_then(|selector| selector.iter().next())
    {
        let value = value.as_str().unwrap_or_default();
        terms.push(Term::Selector(key.namespace.clone(), name.as_str().into(), value.into()));
    }
    terms
}
