//! Server-side apply: who owns which field, and what an applied configuration makes of an object.
//!
//! Models `sigs.k8s.io/structured-merge-diff` (`merge.Updater`, `typed.Merge`, `typed.Compare`) on our trees; what a list
//! or a struct is (atomic, keyed, a set) stands in the [`crate::schema`].

mod field_set;
mod layout;
mod managers;
mod merge;

pub use field_set::{Element, FieldSet};
pub use managers::{Conflict, Manager, Managers, Operation, conflict_words};

use serde_json::Value;

use crate::Kind;
use layout::Layout;

/// The fields that a tree of a kind names.
#[must_use]
pub fn fields_of(kind: &Kind, value: &Value) -> FieldSet {
    layout::fields(Layout::of_kind(kind), value).without_metadata()
}

/// The fields that stand in `new` and do not stand so in `old`, and those of `old` that are gone.
#[must_use]
pub fn changes(kind: &Kind, old: &Value, new: &Value) -> (FieldSet, FieldSet) {
    let layout = Layout::of_kind(kind);
    let changed = layout::changed(layout, Some(old), new).without_metadata();
    let whole = |tree: &Value| layout::changed(layout, None, tree);
    let gone = whole(old).minus(&whole(new)).without_metadata();
    (changed, gone)
}

/// `live` with everything that `applied` says, and without the fields of `drop`.
#[must_use]
pub fn merge(kind: &Kind, live: &Value, applied: &Value, drop: &FieldSet) -> Value {
    let layout = Layout::of_kind(kind);
    let merged = merge::merge(layout, Some(live), applied);
    merge::without(layout, merged, drop).unwrap_or_else(|| Value::Object(serde_json::Map::new()))
}
