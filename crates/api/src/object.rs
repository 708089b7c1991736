//! An object: one JSON tree with the accessors every kind shares.

use std::collections::BTreeMap;
use std::fmt;
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
/// The tree is what was admitted: fields this simulator does not act on are kept and printed back.
#[derive(Clone, PartialEq, Debug)]
pub struct Object(Value);

impl Object {
    /// Wraps a tree. A root that is not a map becomes an empty map: callers decode before they get here.
    #[must_use]
    pub fn new(value: Value) -> Self {
        if value.is_object() { Self(value) } else { Self(Value::Object(Map::new())) }
    }

    /// The tree.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// The tree, to change.
    pub fn value_mut(&mut self) -> &mut Value {
        &mut self.0
    }

    /// The tree, taken out.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.0
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
        lookup(&self.0, path)
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
        set(&mut self.0, path, value.into());
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
        let mut node = &mut self.0;
        for key in parents {
            node = node.get_mut(*key)?;
        }
        node.as_object_mut()?.remove(*last)
    }
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
    fn null_counts_as_absent() {
        let object = Object::new(json!({"spec": {"selector": null}}));
        assert_eq!(object.at(&["spec", "selector"]), None);
        assert!(object.string_map(&["spec", "selector"]).is_empty());
    }
}
