//! Two trees become one. Models `typed.Merge` and `typed.RemoveItems`.

use serde_json::{Map, Value};

use super::layout::{self, Layout};
use super::{Element, FieldSet};

/// `live` with what `applied` says.
pub(super) fn merge(layout: Layout, live: Option<&Value>, applied: &Value) -> Value {
    match (layout, live, applied) {
        (Layout::Struct(_) | Layout::Map(_), Some(Value::Object(live)), Value::Object(applied)) => {
            let mut merged = live.clone();
            for (key, value) in applied {
                merged.insert(key.clone(), merge(layout.child(key), live.get(key), value));
            }
            layout::object(merged)
        }
        (Layout::Keyed(item, keys), Some(Value::Array(live)), Value::Array(applied)) => {
            let same = |a: &Value, b: &Value| layout::key_of(a, keys) == layout::key_of(b, keys);
            merge_lists(live, applied, same, |before, value| merge(Layout::of_type(item), before, value))
        }
        (Layout::Set, Some(Value::Array(live)), Value::Array(applied)) => {
            merge_lists(live, applied, |a, b| a == b, |_, value| value.clone())
        }
        _ => applied.clone(),
    }
}

/// The applied items in their order; each live item that was not applied stays after the one it followed.
fn merge_lists(
    live: &[Value],
    applied: &[Value],
    same: impl Fn(&Value, &Value) -> bool,
    join: impl Fn(Option<&Value>, &Value) -> Value,
) -> Value {
    let in_applied = |item: &Value| applied.iter().any(|other| same(item, other));
    let mut merged = Vec::with_capacity(live.len() + applied.len());
    let mut rest = live.iter().peekable();
    for value in applied {
        while let Some(kept) = rest.next_if(|item| !in_applied(item)) {
            merged.push(kept.clone());
        }
        let before = live.iter().find(|item| same(item, value));
        merged.push(join(before, value));
        rest.next_if(|item| same(item, value));
    }
    merged.extend(rest.filter(|item| !in_applied(item)).cloned());
    Value::Array(merged)
}

/// A tree without some fields; `None` when the node itself is to go. What was emptied by it goes as well.
pub(super) fn without(layout: Layout, value: Value, drop: &FieldSet) -> Option<Value> {
    let keep = |layout: Layout, element: &Element, value: Value| match drop.below(element) {
        None => Some(value),
        Some(below) => without(layout, value, below),
    };
    match (layout, value) {
        (Layout::Struct(_) | Layout::Map(_), Value::Object(map)) if !drop.has_self() => {
            let had = !map.is_empty();
            let left: Map<String, Value> = map
                .into_iter()
                .filter_map(|(key, value)| {
                    let kept = keep(layout.child(&key), &Element::Field(key.clone()), value)?;
                    Some((key, kept))
                })
                .collect();
            (!left.is_empty() || !had).then(|| layout::object(left))
        }
        (Layout::Keyed(item, keys), Value::Array(list)) if !drop.has_self() => {
            let of = Layout::of_type(item);
            let left: Vec<Value> = list
                .into_iter()
                .filter_map(|value| {
                    let element = layout::key_of(&value, keys);
                    let whole = drop.below(&element).is_some_and(FieldSet::has_self);
                    if whole { None } else { keep(of, &element, value) }
                })
                .collect();
            (!left.is_empty()).then_some(Value::Array(left))
        }
        (Layout::Set, Value::Array(list)) if !drop.has_self() => {
            let left: Vec<Value> =
                list.into_iter().filter(|value| drop.below(&layout::value_of(value)).is_none()).collect();
            (!left.is_empty()).then_some(Value::Array(left))
        }
        (_, value) => (!drop.has_self()).then_some(value),
    }
}
