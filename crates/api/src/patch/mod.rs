//! Strategic merge patches: changes to trees whose lists merge by the keys that the API types declare.
//!
//! Models apimachinery `pkg/util/strategicpatch`. [`apply`] carries a patch out, [`three_way`] makes the one that
//! `kubectl apply` sends.

mod apply;
mod diff;

use serde_json::Value;

use crate::schema::{PatchStrategy, Schema, Shape, Struct, schema};

pub use apply::apply;
pub use diff::three_way;

/// What to do with a map: `replace`, `delete` or `merge`.
const DIRECTIVE: &str = "$patch";
/// The fields that stay; all others go.
const RETAIN_KEYS: &str = "$retainKeys";
/// Before the name of a list: the order of its items.
const ORDER: &str = "$setElementOrder/";
/// Before the name of a list of scalars: what to take out of it.
const DELETE_FROM: &str = "$deleteFromPrimitiveList/";

/// What is known of the fields of a map; nothing, in maps with free keys and in kinds without a schema.
#[derive(Clone, Copy, Debug, Default)]
struct Fields<'a>(Option<&'a Struct>);

impl<'a> Fields<'a> {
    fn of_kind(kind: &crate::Kind) -> Self {
        Self(schema().of_kind(kind))
    }

    /// How a field merges, and what is known of the fields below it (of its items, for a list).
    fn below(self, field: &str) -> (PatchStrategy, Self) {
        let table: &'static Schema = schema();
        let Some(field) = self.0.and_then(|of| of.field(field)) else { return <_>::default() };
        let below = match table.shape(&field.ty) {
            Shape::Struct(of) => Some(of),
            Shape::List(item) => match table.shape(item) {
                Shape::Struct(of) => Some(of),
                _ => None,
            },
            _ => None,
        };
        (field.patch, Fields(below))
    }
}

/// The item of a list that has this value under the merge key.
fn position(list: &[Value], key: &str, value: &Value) -> Option<usize> {
    list.iter().position(|item| item.get(key) == Some(value))
}

/// What identifies an item: the value of its merge key, or a scalar itself.
fn identity<'v>(item: &'v Value, key: Option<&str>) -> Option<&'v Value> {
    match key {
        Some(key) => item.get(key),
        None => Some(item),
    }
}
