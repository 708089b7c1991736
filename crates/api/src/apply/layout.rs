//! How the parts of a tree are owned: each for itself, or as a whole.

use serde_json::{Map, Value};

use super::{Element, FieldSet};
use crate::Kind;
use crate::schema::{Field, Omit, Scalar, Shape, Struct, Topology, Type, schema};

/// The rules for one node.
#[derive(Clone, Copy)]
pub(super) enum Layout {
    /// A struct, field by field.
    Struct(&'static Struct),
    /// A map, key by key; the type of its values, if known.
    Map(Option<&'static Type>),
    /// A list whose items are identified by keys.
    Keyed(&'static Type, &'static [&'static str]),
    /// A list in which every value stands once.
    Set,
    /// One thing.
    Whole,
}

impl Layout {
    /// The root of a kind's objects; a kind without a schema is owned key by key.
    pub(super) fn of_kind(kind: &Kind) -> Self {
        schema().of_kind(kind).map_or(Self::Map(None), Self::Struct)
    }

    fn of_field(field: &'static Field) -> Self {
        match (&field.topology, schema().shape(&field.ty)) {
            (Topology::Atomic, _) => Self::Whole,
            (Topology::Set, Shape::List(_)) => Self::Set,
            (Topology::Keyed(keys), Shape::List(item)) => Self::Keyed(item, keys),
            _ => Self::of_type(&field.ty),
        }
    }

    pub(super) fn of_type(ty: &'static Type) -> Self {
        match schema().shape(ty) {
            Shape::Struct(of) if of.atomic => Self::Whole,
            Shape::Struct(of) => Self::Struct(of),
            Shape::Map(value) => Self::Map(Some(value)),
            Shape::Scalar(Scalar::Any) => Self::Map(None),
            Shape::List(_) | Shape::Scalar(_) => Self::Whole,
        }
    }

    /// The rules for what is below a key.
    pub(super) fn child(self, key: &str) -> Self {
        match self {
            Self::Struct(of) => of.field(key).map_or(Self::Map(None), Self::of_field),
            Self::Map(Some(ty)) => Self::of_type(ty),
            Self::Map(None) => Self::Map(None),
            Self::Keyed(..) | Self::Set | Self::Whole => Self::Whole,
        }
    }
}

impl Layout {
    /// Whether Go's typed object always has a field: a struct that is no pointer, and what is written though empty.
    fn always_has(self, key: &str) -> bool {
        let Self::Struct(of) = self else { return false };
        let is_struct = |field: &Field| matches!(schema().shape(&field.ty), Shape::Struct(_));
        of.field(key).is_some_and(|field| field.omit == Omit::Never || (is_struct(field) && !field.ty.is_pointer()))
    }
}

/// What identifies an item of a keyed list. A key that is absent counts with its default: only `protocol` has one.
pub(super) fn key_of(item: &Value, keys: &[&str]) -> Element {
    let value = |key: &str| match item.get(key) {
        None if key == "protocol" => "\"TCP\"".to_owned(),
        None => "null".to_owned(),
        Some(value) => value.to_string(),
    };
    Element::Key(keys.iter().map(|key| ((*key).to_owned(), value(key))).collect())
}

pub(super) fn value_of(item: &Value) -> Element {
    Element::Value(item.to_string())
}

/// Every field that a tree names.
pub(super) fn fields(layout: Layout, value: &Value) -> FieldSet {
    Comparison { containers: false }.of(layout, None, value, true)
}

/// The fields of `new` that are not the same in `old`. A map, a list or a struct that `old` does not have is one of them.
pub(super) fn changed(layout: Layout, old: Option<&Value>, new: &Value) -> FieldSet {
    Comparison { containers: true }.of(layout, old, new, true)
}

/// Two trees, compared. Models `typed.Compare`, and `ToFieldSet` without containers.
#[derive(Clone, Copy)]
struct Comparison {
    /// Whether what holds fields is one itself when it is new.
    containers: bool,
}

impl Comparison {
    /// `stands`: whether Go's typed object has this node even where the tree leaves it out.
    fn of(self, layout: Layout, old: Option<&Value>, new: &Value, stands: bool) -> FieldSet {
        let mut set = FieldSet::default();
        match (layout, new) {
            (Layout::Struct(_) | Layout::Map(_), Value::Object(map)) => {
                let before = old.and_then(Value::as_object);
                if map.is_empty() && before.is_none() {
                    return FieldSet::leaf();
                }
                for (key, value) in map {
                    let stands = (old.is_some_and(|old| !old.is_null()) || stands) && layout.always_has(key);
                    let before = before.and_then(|before| before.get(key));
                    set.insert(Element::Field(key.clone()), self.of(layout.child(key), before, value, stands));
                }
                self.container(set, old, stands)
            }
            (Layout::Keyed(item, keys), Value::Array(list)) => {
                for value in list {
                    let key = key_of(value, keys);
                    let before = find(old, |other| key_of(other, keys) == key);
                    let below = self.of(Layout::of_type(item), before, value, false);
                    let below = if before.is_none() { below.and_self() } else { below };
                    set.insert(key, below);
                }
                self.container(set, old, stands)
            }
            (Layout::Set, Value::Array(list)) => {
                for value in list.iter().filter(|value| find(old, |other| other == *value).is_none()) {
                    set.insert(value_of(value), FieldSet::leaf());
                }
                self.container(set, old, stands)
            }
            _ if old == Some(new) => set,
            _ => FieldSet::leaf(),
        }
    }

    fn container(self, set: FieldSet, old: Option<&Value>, stands: bool) -> FieldSet {
        let new = self.containers && !stands && old.is_none_or(Value::is_null);
        if new && !set.is_empty() { set.and_self() } else { set }
    }
}

pub(super) fn find(list: Option<&Value>, wanted: impl Fn(&Value) -> bool) -> Option<&Value> {
    list.and_then(Value::as_array).into_iter().flatten().find(|item| wanted(item))
}

/// A map as a tree.
pub(super) fn object(map: Map<String, Value>) -> Value {
    Value::Object(map)
}
