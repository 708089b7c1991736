//! An object: one JSON tree with the accessors every kind shares.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::Kind;

/// Where an object lives: its kind, its namespace (empty for cluster-scoped kinds) and its name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// The registry entry; compared by group and kind.
    pub kind: &'static Kind,
    /// Empty for cluster-scoped kinds.
    pub namespace: Arc<str>,
    /// `metadata.name`.
    pub name: Arc<str>,
}

impl ObjectKey {
    /// A key; `namespace` is ignored for cluster-scoped kinds.
    #[must_use]
    pub fn new(kind: &'static Kind, namespace: &str, name: &str) -> Self {
        let namespace = if kind.namespaced { namespace } else { "" };
        Self { kind, namespace: namespace.into(), name: name.into() }
    }

    /// The key of an object whose kind is known.
    #[must_use]
    pub fn of(kind: &'static Kind, object: &Object) -> Self {
        Self::new(kind, object.namespace(), object.name())
    }
}

impl fmt::Debug for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.kind.plural, self.namespace, self.name)
    }
}

/// `Kind namespace/name`, or `Kind name` for cluster-scoped kinds.
impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            write!(f, "{} {}", self.kind.kind, self.name)
        } else {
            write!(f, "{} {}/{}", self.kind.kind, self.namespace, self.name)
        }
    }
}

/// One Kubernetes object as a JSON tree whose root is a map.
///
/// The tree is what was admitted: fields this simulator does not act on are kept and printed back. The fields of the
/// root (`metadata`, `spec`, `status`) are shared between the versions of an object until one of them changes: a new
/// status costs no copy of the spec, and what is shared compares equal without a look at it.
#[derive(Clone, PartialEq, Debug)]
pub struct Object(Vec<Field>);

/// A field of the root, in the order of the names.
type Field = (Name, Arc<Value>);

/// The name of a field of the root. Most objects have the same few, and those cost no memory of their own.
#[derive(Clone)]
enum Name {
    Known(&'static str),
    Other(Arc<str>),
}

impl Name {
    /// The names of the fields that most objects have.
    const KNOWN: [&'static str; 9] =
        ["metadata", "kind", "apiVersion", "spec", "status", "data", "subsets", "endpoints", "ports"];

    fn of(name: &str) -> Self {
        match Self::KNOWN.into_iter().find(|known| *known == name) {
            Some(known) => Self::Known(known),
            None => Self::Other(name.into()),
        }
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Known(name) => name,
            Self::Other(name) => name,
        }
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl Object {
    /// Wraps a tree. A root that is not a map becomes an empty map: callers decode before they get here.
    #[must_use]
    pub fn new(value: Value) -> Self {
        match value {
            Value::Object(map) => {
                Self(map.into_iter().map(|(name, value)| (Name::of(&name), Arc::new(value))).collect())
            }
            _ => Self(Vec::new()),
        }
    }

    /// An object of these fields, in the order of their names.
    #[must_use]
    pub fn of_fields<const N: usize>(fields: [(&'static str, Arc<Value>); N]) -> Self {
        debug_assert!(fields.is_sorted_by_key(|(name, _)| *name));
        Self(fields.into_iter().map(|(name, value)| (Name::Known(name), value)).collect())
    }

    /// A copy of the tree.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::Object(self.fields().map(|(name, value)| (name.to_owned(), value.clone())).collect())
    }

    /// The tree, taken out.
    #[must_use]
    pub fn into_value(self) -> Value {
        Value::Object(
            self.0.into_iter().map(|(name, value)| ((*name).to_owned(), Arc::unwrap_or_clone(value))).collect(),
        )
    }

    /// The fields of the root, by name.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// A field of the root, to change.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut Value> {
        let place = self.place(name).ok()?;
        Some(Arc::make_mut(&mut self.0[place].1))
    }

    /// Has a field of the root as another version has it.
    pub fn keep(&mut self, other: &Self, name: &str) {
        self.remove(&[name]);
        if let (Err(place), Ok(there)) = (self.place(name), other.place(name)) {
            self.0.insert(place, other.0[there].clone());
        }
    }

    /// Merges a change by RFC 7386 (JSON Merge Patch).
    pub fn merge(&mut self, change: &Value) {
        let Value::Object(change) = change else {
            *self = Self(Vec::new());
            return;
        };
        for (name, change) in change {
            if change.is_null() {
                self.remove(&[name]);
            } else {
                merge(self.field_or_insert(name), change);
            }
        }
    }

    /// Where a field of the root is, or belongs.
    fn place(&self, name: &str) -> Result<usize, usize> {
        match self.0.iter().position(|(known, _)| **known >= *name) {
            Some(place) if *self.0[place].0 == *name => Ok(place),
            place => Err(place.unwrap_or(self.0.len())),
        }
    }

    fn field_or_insert(&mut self, name: &str) -> &mut Value {
        let place = self.place(name).unwrap_or_else(|place| {
            self.0.insert(place, (Name::of(name), Arc::default()));
            place
        });
        Arc::make_mut(&mut self.0[place].1)
    }

    /// `apiVersion`, or the empty string.
    #[must_use]
    pub fn api_version(&self) -> &str {
        self.str(&["apiVersion"])
    }

    /// `kind`, or the empty string.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.str(&["kind"])
    }

    /// `metadata.name`, or the empty string.
    #[must_use]
    pub fn name(&self) -> &str {
        self.str(&["metadata", "name"])
    }

    /// `metadata.namespace`, or the empty string.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.str(&["metadata", "namespace"])
    }

    /// `metadata.uid`, or the empty string.
    #[must_use]
    pub fn uid(&self) -> &str {
        self.str(&["metadata", "uid"])
    }

    /// `metadata.resourceVersion` as a number; 0 when absent.
    #[must_use]
    pub fn resource_version(&self) -> u64 {
        self.str(&["metadata", "resourceVersion"]).parse().unwrap_or(0)
    }

    /// `metadata.generation`; 0 when absent.
    #[must_use]
    pub fn generation(&self) -> i64 {
        self.int(&["metadata", "generation"]).unwrap_or(0)
    }

    /// `metadata.creationTimestamp` in RFC 3339, or the empty string.
    #[must_use]
    pub fn creation_timestamp(&self) -> &str {
        self.str(&["metadata", "creationTimestamp"])
    }

    /// Whether the object waits for its finalizers or its grace period to go.
    #[must_use]
    pub fn is_terminating(&self) -> bool {
        self.at(&["metadata", "deletionTimestamp"]).is_some()
    }

    /// `metadata.labels`.
    #[must_use]
    pub fn labels(&self) -> Option<&Map<String, Value>> {
        self.map(&["metadata", "labels"])
    }

    /// One annotation's value.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.at(&["metadata", "annotations", key]).and_then(Value::as_str)
    }

    /// The owner reference with `controller: true`, if there is one.
    #[must_use]
    pub fn controller(&self) -> Option<&Value> {
        self.list(&["metadata", "ownerReferences"]).iter().find(|r| r.get("controller") == Some(&Value::Bool(true)))
    }

    /// The node at a path of map keys; `null` counts as absent.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        let (_, field) = self.0.iter().find(|(name, _)| **name == **first)?;
        lookup(field, rest)
    }

    /// Whether both objects have the same at a path.
    #[must_use]
    pub fn same(&self, other: &Self, path: &[&str]) -> bool {
        match (self.at(path), other.at(path)) {
            (Some(one), Some(two)) => std::ptr::eq(one, two) || one == two,
            (one, two) => one.is_none() && two.is_none(),
        }
    }

    /// The string at a path, or the empty string.
    #[must_use]
    pub fn str(&self, path: &[&str]) -> &str {
        self.at(path).and_then(Value::as_str).unwrap_or_default()
    }

    /// The whole number at a path.
    #[must_use]
    pub fn int(&self, path: &[&str]) -> Option<i64> {
        self.at(path).and_then(Value::as_i64)
    }

    /// The boolean at a path, or `false`.
    #[must_use]
    pub fn bool(&self, path: &[&str]) -> bool {
        self.at(path).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The list at a path, or an empty one.
    #[must_use]
    pub fn list(&self, path: &[&str]) -> &[Value] {
        self.at(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The map at a path.
    #[must_use]
    pub fn map(&self, path: &[&str]) -> Option<&Map<String, Value>> {
        self.at(path).and_then(Value::as_object)
    }

    /// The map of strings at a path (labels, selectors), sorted by key; values that are not strings are left out.
    #[must_use]
    pub fn string_map(&self, path: &[&str]) -> BTreeMap<&str, &str> {
        self.map(path)
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| value.as_str().map(|value| (key.as_str(), value)))
            .collect()
    }

    /// Sets the node at a path of map keys; what stands in the way and is no map is replaced by one.
    pub fn set(&mut self, path: &[&str], value: impl Into<Value>) {
        match path {
            [] => {}
            [name, rest @ ..] => set(self.field_or_insert(name), rest, value.into()),
        }
    }

    /// Sets the node at a path of map keys where there is none yet.
    pub fn or_insert(&mut self, path: &[&str], value: impl Into<Value>) {
        if self.at(path).is_none() {
            self.set(path, value);
        }
    }

    /// Removes the node at a path and returns it.
    pub fn remove(&mut self, path: &[&str]) -> Option<Value> {
        let (last, parents) = path.split_last()?;
        let Some((first, parents)) = parents.split_first() else {
            let place = self.place(last).ok()?;
            return Some(Arc::unwrap_or_clone(self.0.remove(place).1));
        };
        // What is not there must not cost a copy of what is.
        self.at(&path[..=parents.len()])?.as_object()?.get(*last)?;
        let mut node = self.field_mut(first)?;
        for key in parents {
            node = node.get_mut(*key)?;
        }
        node.as_object_mut()?.remove(*last)
    }
}

/// The items of a List of objects; `None` for anything else. Models `meta.IsListType`.
#[must_use]
pub fn items(value: &Value) -> Option<&Vec<Value>> {
    let is_list = value.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
    value.get("items").and_then(Value::as_array).filter(|_| is_list)
}

/// The node at a path of map keys below `value`; `null` counts as absent.
#[must_use]
pub fn lookup<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    let mut node = value;
    for key in path {
        node = node.as_object()?.get(*key)?;
    }
    (!node.is_null()).then_some(node)
}

/// Sets the node at a path of map keys below `root`; what stands in the way and is no map is replaced by one.
pub fn set(root: &mut Value, path: &[&str], value: Value) {
    let mut node = root;
    for key in path {
        if !node.is_object() {
            *node = Value::Object(Map::new());
        }
        node = match node {
            Value::Object(map) => map.entry(*key).or_insert(Value::Null),
            _ => return,
        };
    }
    *node = value;
}

/// Merges a change into a tree by RFC 7386: maps key by key, `null` takes away, all else replaces.
fn merge(target: &mut Value, change: &Value) {
    let Value::Object(change) = change else {
        *target = change.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (name, change) in change {
        if change.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name.as_str()).or_insert(Value::Null), change);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn set_makes_the_maps_on_its_way() {
        let mut object = Object::new(json!({"metadata": {"name": "web"}, "spec": "wrong"}));
        object.set(&["spec", "ports"], json!([1]));
        assert_eq!(object.list(&["spec", "ports"]), [json!(1)]);
        assert_eq!(object.remove(&["spec", "ports"]), Some(json!([1])));
        assert_eq!(object.at(&["spec", "ports"]), None);
    }

    #[test]
    fn versions_share_what_did_not_change() {
        let old = Object::new(json!({"metadata": {"name": "web"}, "spec": {"a": [1]}, "status": null}));
        let mut new = old.clone();
        new.set(&["status", "phase"], "Running");
        new.remove(&["spec", "absent"]);
        let spec = |object: &Object| object.at(&["spec"]).map(std::ptr::from_ref);
        assert_eq!(spec(&old), spec(&new));
        assert!(new.same(&old, &["spec"]) && !new.same(&old, &["status"]) && old.same(&new, &["other"]));
        assert_eq!(old.clone().remove(&["status"]), Some(Value::Null));
        assert_eq!(new.into_value()["status"], json!({"phase": "Running"}));
        assert_eq!(old.to_value(), old.clone().into_value());
        let fields =
            ["metadata", "spec", "status"].map(|name| (name, Arc::new(old.at(&[name]).cloned().unwrap_or_default())));
        assert_eq!(Object::of_fields(fields), old);
    }

    #[test]
    fn merges_take_nulls_away() {
        let mut object =
            Object::new(json!({"metadata": {"name": "web"}, "spec": {"a": 1, "b": {"c": 2}}, "status": 3}));
        object
            .merge(&json!({"spec": {"a": null, "b": {"d": 4, "e": null}, "f": {"g": null}}, "status": null, "x": [1]}));
        let want = json!({"metadata": {"name": "web"}, "spec": {"b": {"c": 2, "d": 4}, "f": {}}, "x": [1]});
        assert_eq!(object.into_value(), want);
    }

    #[test]
    fn null_counts_as_absent() {
        let object = Object::new(json!({"spec": {"selector": null}}));
        assert_eq!(object.at(&["spec", "selector"]), None);
        assert!(object.string_map(&["spec", "selector"]).is_empty());
    }
}
