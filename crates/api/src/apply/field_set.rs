//! Sets of fields. Models `fieldpath.Set`.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::field::go_quote;

/// One step to a field.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Element {
    /// A field of a struct or a key of a map.
    Field(String),
    /// The item of a keyed list with these keys, each with its value as JSON.
    Key(Vec<(String, String)>),
    /// The item of a set with this value, as JSON.
    Value(String),
}

/// `.name`, `[port=80,protocol="TCP"]` or `[="x"]`. Models `fieldpath.PathElement.String`.
impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, ".{name}"),
            Self::Key(keys) => {
                let keys: Vec<String> = keys.iter().map(|(name, value)| format!("{name}={value}")).collect();
                write!(f, "[{}]", keys.join(","))
            }
            Self::Value(value) => write!(f, "[={value}]"),
        }
    }
}

/// A set of fields, as a tree of steps.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FieldSet {
    member: bool,
    children: BTreeMap<Element, FieldSet>,
}

impl FieldSet {
    /// The set of just the node itself.
    pub(super) fn leaf() -> Self {
        Self { member: true, children: BTreeMap::new() }
    }

    /// Adds what is below a step; nothing when that is empty.
    pub(super) fn insert(&mut self, element: Element, below: Self) {
        if !below.is_empty() {
            self.children.insert(element, below);
        }
    }

    /// Makes the node itself a member.
    pub(super) fn and_self(mut self) -> Self {
        self.member = true;
        self
    }

    /// Whether the node itself is a member.
    pub(super) fn has_self(&self) -> bool {
        self.member
    }

    /// What is below a step.
    pub(super) fn below(&self, element: &Element) -> Option<&Self> {
        self.children.get(element)
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.member && self.children.is_empty()
    }

    /// What is in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = Self { member: self.member && other.member, children: BTreeMap::new() };
        for (element, below) in &self.children {
            if let Some(theirs) = other.children.get(element) {
                both.insert(element.clone(), below.and(theirs));
            }
        }
        both
    }

    /// What is in one of them.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.member |= other.member;
        for (element, below) in &other.children {
            let slot = all.children.entry(element.clone()).or_default();
            *slot = slot.or(below);
        }
        all
    }

    /// What is in this one only.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut rest = Self { member: self.member && !other.member, children: BTreeMap::new() };
        for (element, below) in &self.children {
            let below = other.children.get(element).map_or_else(|| below.clone(), |theirs| below.minus(theirs));
            rest.insert(element.clone(), below);
        }
        rest
    }

    /// The paths in it, in order.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.collect("", &mut paths);
        paths
    }

    fn collect(&self, prefix: &str, paths: &mut Vec<String>) {
        if self.member && !prefix.is_empty() {
            paths.push(prefix.to_owned());
        }
        for (element, below) in &self.children {
            below.collect(&format!("{prefix}{element}"), paths);
        }
    }

    /// Without what nobody owns: the kind, and the metadata that the server writes. Models `stripMeta`.
    pub(super) fn without_metadata(mut self) -> Self {
        const SERVERS: [&str; 9] = [
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "clusterName",
            "generation",
            "managedFields",
            "resourceVersion",
        ];
        let field = |name: &str| Element::Field(name.to_owned());
        self.children.remove(&field("apiVersion"));
        self.children.remove(&field("kind"));
        if let Some(metadata) = self.children.get_mut(&field("metadata")) {
            metadata.member = false;
            for name in SERVERS {
                metadata.children.remove(&field(name));
            }
            if metadata.is_empty() {
                self.children.remove(&field("metadata"));
            }
        }
        self
    }

    /// The set as `metadata.managedFields[].fieldsV1` has it.
    #[must_use]
    pub fn to_fields_v1(&self) -> Value {
        let mut map = Map::new();
        if self.member && !self.children.is_empty() {
            map.insert(".".to_owned(), Value::Object(Map::new()));
        }
        for (element, below) in &self.children {
            let key = match element {
                Element::Field(name) => format!("f:{name}"),
                Element::Value(value) => format!("v:{value}"),
                Element::Key(keys) => {
                    let keys: Vec<String> = keys.iter().map(|(k, v)| format!("{}:{v}", go_quote(k))).collect();
                    format!("k:{{{}}}", keys.join(","))
                }
            };
            map.insert(key, below.to_fields_v1());
        }
        Value::Object(map)
    }
}
