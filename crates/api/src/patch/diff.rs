//! The patch that `kubectl apply` sends. Models `CreateThreeWayMergePatch`.

use serde_json::{Map, Value, json};

use super::{DELETE_FROM, DIRECTIVE, Fields, ORDER, RETAIN_KEYS, identity, position};
use crate::Kind;

/// What makes `current` as `modified` wants it, and takes away what was in `original` and is not in `modified`.
/// What others have added to `current` stays.
#[must_use]
pub fn three_way(kind: &Kind, original: &Value, modified: &Value, current: &Value) -> Value {
    let empty = Map::new();
    let map = |value: &Value| value.as_object().cloned().unwrap_or_else(|| empty.clone());
    Value::Object(maps(&map(original), &map(modified), &map(current), Fields::of_kind(kind)))
}

type Tree = Map<String, Value>;

fn maps(original: &Tree, modified: &Tree, current: &Tree, fields: Fields<'_>) -> Tree {
    let mut patch = Tree::new();
    for (key, value) in modified {
        let (strategy, below) = fields.below(key);
        let before = original.get(key);
        match (value, current.get(key)) {
            (Value::Null, None | Some(Value::Null)) => {}
            (new, Some(now)) if new == now && !matches!(new, Value::Object(_) | Value::Array(_)) => {}
            (Value::Object(new), Some(Value::Object(now))) => {
                let before = before.and_then(Value::as_object).cloned().unwrap_or_default();
                let mut inner = maps(&before, new, now, below);
                if !inner.is_empty() && strategy.retain_keys {
                    let kept: Vec<Value> = new.keys().map(|key| key.as_str().into()).collect();
                    inner.insert(RETAIN_KEYS.to_owned(), kept.into());
                }
                if !inner.is_empty() {
                    patch.insert(key.clone(), inner.into());
                }
            }
            (Value::Array(new), Some(Value::Array(now))) if strategy.merge => {
                let before = before.and_then(Value::as_array).cloned().unwrap_or_default();
                lists(&mut patch, key, (&before, new, now), strategy.merge_key, below);
            }
            (new, Some(now)) if new == now => {}
            (new, _) => drop(patch.insert(key.clone(), new.clone())),
        }
    }
    for key in original.keys().filter(|key| !modified.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    patch
}

/// Items, order and deletions of one merged list: original, modified, current.
fn lists(
    patch: &mut Tree,
    field: &str,
    (original, modified, current): (&[Value], &[Value], &[Value]),
    key: Option<&str>,
    fields: Fields<'_>,
) {
    let mut items = Vec::new();
    let mut gone = Vec::new();
    for item in modified {
        let now = identity(item, key).and_then(|id| current.iter().find(|now| identity(now, key) == Some(id)));
        match (key, now) {
            (_, None) => items.push(item.clone()),
            (None, Some(_)) => {}
            (Some(name), Some(now)) => {
                let id = &item[name];
                let before = position(original, name, id).and_then(|at| original[at].as_object());
                let (Some(new), Some(now)) = (item.as_object(), now.as_object()) else { continue };
                let mut inner = maps(before.unwrap_or(&Map::new()), new, now, fields);
                if !inner.is_empty() {
                    inner.insert(name.to_owned(), id.clone());
                    items.push(inner.into());
                }
            }
        }
    }
    let kept = |item: &Value| modified.iter().any(|new| identity(new, key) == identity(item, key));
    for item in original.iter().filter(|item| !kept(item)) {
        match key {
            Some(name) => items.push(json!({name: item[name], DIRECTIVE: "delete"})),
            None => gone.push(item.clone()),
        }
    }
    let order: Vec<Value> = modified
        .iter()
        .filter_map(|item| identity(item, key))
        .map(|id| key.map_or_else(|| id.clone(), |name| json!({name: id})))
        .collect();
    let now: Vec<&Value> = current.iter().filter(|item| kept(item)).filter_map(|item| identity(item, key)).collect();
    let same_order = now == modified.iter().filter_map(|item| identity(item, key)).collect::<Vec<_>>();
    if !items.is_empty() || !gone.is_empty() || !same_order {
        patch.insert(format!("{ORDER}{field}"), order.into());
    }
    if !items.is_empty() {
        patch.insert(field.to_owned(), items.into());
    }
    if !gone.is_empty() {
        patch.insert(format!("{DELETE_FROM}{field}"), gone.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the patch looks like: carried out on the current tree it gives what is wanted.
    #[test]
    fn the_patch_leads_to_what_is_wanted() {
        let spec = |ports: Value, selector: Value| json!({"spec": {"ports": ports, "selector": selector}});
        for (original, modified, current, want) in [
            (
                spec(json!([{"port": 80}]), json!({"a": "1"})),
                spec(json!([{"port": 81}]), json!({"a": "2"})),
                spec(json!([{"port": 80, "protocol": "TCP"}]), json!({"a": "1", "by": "hand"})),
                spec(json!([{"port": 81}]), json!({"a": "2", "by": "hand"})),
            ),
            (
                spec(json!([{"port": 80, "name": "x"}]), json!({"a": "1", "b": "1"})),
                spec(json!([{"port": 90}, {"port": 80}]), json!({"a": "1"})),
                spec(json!([{"port": 80, "name": "x", "protocol": "TCP"}, {"port": 1}]), json!({"a": "1", "b": "1"})),
                spec(json!([{"port": 90}, {"port": 80, "protocol": "TCP"}, {"port": 1}]), json!({"a": "1"})),
            ),
        ] {
            let kind = &crate::service::KIND;
            let patch = three_way(kind, &original, &modified, &current);
            assert_eq!(super::super::apply(kind, &current, &patch).unwrap(), want, "{patch}");
        }
    }

    #[test]
    fn nothing_to_do_is_an_empty_patch() {
        let tree = json!({"spec": {"ports": [{"port": 80}]}, "metadata": {"name": "web"}});
        let current = json!({"spec": {"ports": [{"port": 80, "protocol": "TCP"}], "type": "ClusterIP"}, "metadata": {"name": "web"}});
        assert_eq!(three_way(&crate::service::KIND, &tree, &tree, &current), json!({}));
    }
}
