//! Ways to find objects without looking at all of them: by label, owner, node, selector, and what an event is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::{Kind, Object, ObjectKey, Value};

/// Something objects can be found by.
#[derive(Clone, Copy)]
pub(super) enum Term<'a> {
    /// A label of an object of a kind in a namespace.
    Label(&'static Kind, &'a str, &'a str, &'a str),
    /// The first pair of a Service's selector, in a namespace.
    Selector(&'a str, &'a str, &'a str),
    /// An owner's uid.
    Owner(&'a str),
    /// A pod's node.
    Node(&'a str),
    /// The uid of what an event is about.
    About(&'a str),
    /// What an event says: see [`said`].
    Said(u64),
    /// A Service's address.
    ClusterIp(&'a str),
}

impl Term<'_> {
    /// The number it is filed under. Two terms may share one, if hardly ever: who looks up
    /// asks [`Term::fits`] too, or for what it looks for itself.
    fn digest(self) -> u64 {
        match self {
            Self::Label(kind, namespace, key, value) => digest(&["label", kind.plural, namespace, key, value]),
            Self::Selector(namespace, key, value) => digest(&["selector", namespace, key, value]),
            Self::Owner(uid) => digest(&["owner", uid]),
            Self::Node(name) => digest(&["node", name]),
            Self::About(uid) => digest(&["about", uid]),
            Self::ClusterIp(ip) => digest(&["address", ip]),
            Self::Said(said) => said,
        }
    }

    /// Whether an object that is filed under this term's number has the term.
    pub(super) fn fits(self, key: &ObjectKey, object: &Object) -> bool {
        match self {
            Self::Label(kind, namespace, name, value) => {
                let label = object.labels().and_then(|labels| labels.get(name));
                *key.kind == *kind && *key.namespace == *namespace && text(label) == value
            }
            Self::Selector(namespace, name, value) => {
                let first = object.map(&["spec", "selector"]).and_then(|selector| selector.iter().next());
                let same = first.is_some_and(|(known, wanted)| known == name && text(Some(wanted)) == value);
                *key.kind == api::service::KIND && *key.namespace == *namespace && same
            }
            Self::Owner(uid) => {
                object.list(&["metadata", "ownerReferences"]).iter().any(|owner| text(owner.get("uid")) == uid)
            }
            Self::Node(name) => *key.kind == api::pod::KIND && object.str(&["spec", "nodeName"]) == name,
            Self::About(uid) => *key.kind == api::event::KIND && object.str(&["involvedObject", "uid"]) == uid,
            Self::ClusterIp(ip) => *key.kind == api::service::KIND && object.str(&["spec", "clusterIP"]) == ip,
            Self::Said(_) => *key.kind == api::event::KIND,
        }
    }
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
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

/// The objects of a term, in order. Most terms have few, and then a list is smaller than a tree.
#[derive(Clone, Debug)]
enum Keys {
    One(ObjectKey),
    Many(Arc<BTreeSet<ObjectKey>>),
}

impl Keys {
    fn iter(&self) -> impl Iterator<Item = &ObjectKey> {
        let (one, many) = match self {
            Self::One(key) => (Some(key), None),
            Self::Many(keys) => (None, Some(keys.iter())),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }

    fn insert(&mut self, key: &ObjectKey) {
        match self {
            Self::One(one) if one == key => {}
            Self::One(one) => *self = Self::Many(Arc::new([one.clone(), key.clone()].into())),
            Self::Many(keys) => drop(Arc::make_mut(keys).insert(key.clone())),
        }
    }
}

/// The objects of every term, by its number. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub(super) struct Index(Arc<BTreeMap<u64, Keys>>);

impl Index {
    /// The objects of a term, and now and then one of another term.
    pub(super) fn keys<'a>(&'a self, term: Term<'_>) -> impl Iterator<Item = &'a ObjectKey> + use<'a> {
        self.0.get(&term.digest()).into_iter().flat_map(Keys::iter)
    }

    /// How many objects a term has.
    pub(super) fn count(&self, term: Term<'_>) -> usize {
        match self.0.get(&term.digest()) {
            None => 0,
            Some(Keys::One(_)) => 1,
            Some(Keys::Many(keys)) => keys.len(),
        }
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
            let gone = match map.get_mut(term) {
                Some(Keys::One(one)) => one == key,
                Some(Keys::Many(keys)) => {
                    let keys = Arc::make_mut(keys);
                    keys.remove(key);
                    keys.is_empty()
                }
                None => false,
            };
            if gone {
                map.remove(term);
            }
        }
        for term in after.into_iter().filter(|term| !before.contains(term)) {
            map.entry(term).and_modify(|keys| keys.insert(key)).or_insert_with(|| Keys::One(key.clone()));
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

/// The numbers of an object's terms.
fn terms(key: &ObjectKey, object: &Object) -> Vec<u64> {
    let mut terms = Vec::with_capacity(4);
    let mut add = |term: Term<'_>| terms.push(term.digest());
    if *key.kind == api::event::KIND {
        let about = |field: &str| object.str(&["involvedObject", field]);
        let (uid, field) = (about("uid"), about("fieldPath"));
        add(Term::About(uid));
        add(Term::Said(said(uid, field, object.str(&["reason"]), object.str(&["message"]))));
        return terms;
    }
    for (name, value) in object.labels().into_iter().flatten() {
        add(Term::Label(key.kind, &key.namespace, name, text(Some(value))));
    }
    for owner in object.list(&["metadata", "ownerReferences"]) {
        add(Term::Owner(text(owner.get("uid"))));
    }
    if *key.kind == api::pod::KIND {
        add(Term::Node(object.str(&["spec", "nodeName"])));
    }
    if *key.kind == api::service::KIND {
        add(Term::ClusterIp(object.str(&["spec", "clusterIP"])));
        if let Some((name, value)) = object.map(&["spec", "selector"]).and_then(|selector| selector.iter().next()) {
            add(Term::Selector(&key.namespace, name, text(Some(value))));
        }
    }
    terms
}
