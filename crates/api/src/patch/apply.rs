//! Carrying a patch out. Models `StrategicMergeMapPatch` and `mergeMap`.

use crate::arrange::Arrange;
use serde_json::{Map, Value};

use super::{DELETE_FROM, DIRECTIVE, Fields, ORDER, RETAIN_KEYS, identity, position};
use crate::Kind;

/// The tree after the patch.
///
/// # Errors
/// What the server says of a patch that cannot be carried out.
pub fn apply(kind: &Kind, tree: &Value, patch: &Value) -> Result<Value, String> {
    let (Value::Object(tree), Value::Object(patch)) = (tree, patch) else { return Ok(patch.clone()) };
    merge(tree.clone(), patch, Fields::of_kind(kind)).map(Value::Object)
}

type Tree = Map<String, Value>;

fn merge(mut tree: Tree, patch: &Tree, fields: Fields<'_>) -> Result<Tree, String> {
    match patch.get(DIRECTIVE).map(|word| word.as_str().unwrap_or_default()) {
        Some("replace") => return Ok(plain_map(patch)),
        Some("delete") => return Ok(Tree::new()),
        Some("merge") | None => {}
        Some(other) => return Err(format!("unknown patch type: {other}")),
    }
    if let Some(keys) = patch.get(RETAIN_KEYS) {
        let keys = keys.as_array().ok_or("$retainKeys must be a list")?;
        tree.retain(|key, _| keys.iter().any(|keep| keep == key));
    }
    for (key, value) in patch {
        if key == DIRECTIVE || key == RETAIN_KEYS {
            continue;
        }
        if let Some(list) = key.strip_prefix(DELETE_FROM) {
            let gone = value.as_array().cloned().unwrap_or_default();
            if let Some(items) = tree.get_mut(list).and_then(Value::as_array_mut) {
                items.retain(|item| !gone.contains(item));
            }
            continue;
        }
        if let Some(list) = key.strip_prefix(ORDER) {
            // The list's own patch takes the order into account, when there is one.
            if !patch.contains_key(list) {
                merge_field(&mut tree, list, &Value::Array(Vec::new()), value.as_array(), fields)?;
            }
            continue;
        }
        if value.is_null() {
            tree.remove(key);
            continue;
        }
        let order = patch.get(&format!("{ORDER}{key}")).and_then(Value::as_array);
        merge_field(&mut tree, key, value, order, fields)?;
    }
    Ok(tree)
}

fn merge_field(
    tree: &mut Tree,
    key: &str,
    value: &Value,
    order: Option<&Vec<Value>>,
    fields: Fields<'_>,
) -> Result<(), String> {
    let (strategy, below) = fields.below(key);
    let merged = match (tree.remove(key), value) {
        (Some(Value::Object(old)), Value::Object(new)) => Value::Object(merge(old, new, below)?),
        (old @ (Some(Value::Array(_)) | None), Value::Array(new)) if strategy.merge => {
            let old = old.and_then(|old| old.as_array().cloned()).unwrap_or_default();
            let before = old.clone();
            // What the patch names comes in its order, the rest between as it was.
            let named: Vec<Value> = new.iter().filter(|item| item.get(DIRECTIVE).is_none()).cloned().collect();
            let merged = merge_list(old, new, strategy.merge_key, below)?;
            let mut items = sorted(merged, &before, &named, strategy.merge_key);
            if let Some(order) = order {
                items = sorted(items, &before, order, strategy.merge_key);
            }
            Value::Array(items)
        }
        (None, Value::Object(new)) => Value::Object(merge(Tree::new(), new, below)?),
        _ => plain(value),
    };
    tree.insert(key.to_owned(), merged);
    Ok(())
}

/// Models `mergeSlice`.
fn merge_list(
    mut items: Vec<Value>,
    patch: &[Value],
    key: Option<&str>,
    fields: Fields<'_>,
) -> Result<Vec<Value>, String> {
    let Some(key) = key else {
        for item in patch {
            if !items.contains(item) {
                items.push(item.clone());
            }
        }
        return Ok(items);
    };
    let directive = |item: &Value| item.get(DIRECTIVE).and_then(Value::as_str).map(str::to_owned);
    if patch.iter().any(|item| directive(item).as_deref() == Some("replace")) {
        return Ok(patch.iter().filter(|item| directive(item).is_none()).map(plain).collect());
    }
    for item in patch {
        let missing = || format!("map: {} does not contain declared merge key: {key}", crate::go::format(item));
        let id = item.get(key).ok_or_else(missing)?;
        let found = position(&items, key, id);
        if directive(item).as_deref() == Some("delete") {
            items.retain(|old| old.get(key) != Some(id));
            continue;
        }
        let new = item.as_object().ok_or_else(missing)?;
        match found {
            Some(at) => {
                let old = items[at].as_object().cloned().unwrap_or_default();
                items[at] = Value::Object(merge(old, new, fields)?);
            }
            None => items.push(Value::Object(merge(Tree::new(), new, fields)?)),
        }
    }
    Ok(items)
}

/// The items that an order names in that order, those it does not name between them as they were.
/// Models `normalizeElementOrder` and `mergeSortedSlice`.
fn sorted(items: Vec<Value>, before: &[Value], order: &[Value], key: Option<&str>) -> Vec<Value> {
    let rank = |item: &Value, list: &[Value]| {
        let id = identity(item, key)?;
        list.iter().position(|other| identity(other, key) == Some(id))
    };
    let (mut named, mut others): (Vec<Value>, Vec<Value>) =
        items.into_iter().partition(|item| rank(item, order).is_some());
    named.arrange_by_key(|item| rank(item, order));
    others.arrange_by_key(|item| rank(item, before));
    let mut all = Vec::with_capacity(named.len() + others.len());
    let (mut named, mut others) = (named.into_iter().peekable(), others.into_iter().peekable());
    while let Some(next) = named.peek() {
        let goes_first = others.peek().is_some_and(
            |other| matches!((rank(other, before), rank(next, before)), (Some(other), Some(next)) if other < next),
        );
        all.extend(if goes_first { others.next() } else { named.next() });
    }
    all.extend(others);
    all
}

/// A value without directives and nulls: what is new is not merged with anything.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(plain_map(map)),
        Value::Array(list) => Value::Array(list.iter().map(plain).collect()),
        other => other.clone(),
    }
}

fn plain_map(map: &Tree) -> Tree {
    let is_directive =
        |key: &str| key == DIRECTIVE || key == RETAIN_KEYS || key.starts_with(ORDER) || key.starts_with(DELETE_FROM);
    map.iter()
        .filter(|(key, value)| !is_directive(key) && !value.is_null())
        .map(|(key, value)| (key.clone(), plain(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn service(ports: &Value) -> Value {
        json!({"metadata": {"labels": {"a": "1"}}, "spec": {"ports": ports, "selector": {"app": "web"}}})
    }

    #[test]
    fn lists_merge_by_their_keys() {
        let old = service(&json!([{"port": 80, "name": "http"}, {"port": 443}]));
        for (patch, want) in [
            (
                json!([{"port": 80, "targetPort": 8080}]),
                json!([{"port": 80, "name": "http", "targetPort": 8080}, {"port": 443}]),
            ),
            (json!([{"port": 81}]), json!([{"port": 81}, {"port": 80, "name": "http"}, {"port": 443}])),
            (json!([{"port": 80, "$patch": "delete"}]), json!([{"port": 443}])),
            (json!([{"port": 9}, {"$patch": "replace"}]), json!([{"port": 9}])),
            (json!([{"port": 80, "name": null}]), json!([{"port": 80}, {"port": 443}])),
        ] {
            let patched = apply(&crate::service::KIND, &old, &json!({"spec": {"ports": patch}})).unwrap();
            assert_eq!(patched["spec"]["ports"], want, "{patch}");
        }
        let patch = json!({"spec": {"$setElementOrder/ports": [{"port": 443}, {"port": 80}]}});
        let patched = apply(&crate::service::KIND, &old, &patch).unwrap();
        assert_eq!(patched["spec"]["ports"], json!([{"port": 443}, {"port": 80, "name": "http"}]));
        let error = apply(&crate::service::KIND, &old, &json!({"spec": {"ports": [{"name": "x"}]}})).unwrap_err();
        assert_eq!(error, "map: map[name:x] does not contain declared merge key: port");
    }

    #[test]
    fn maps_merge_and_take_directives() {
        let old = service(&json!([]));
        for (patch, want) in [
            (json!({"selector": {"tier": "x"}}), json!({"app": "web", "tier": "x"})),
            (json!({"selector": {"app": null}}), json!({})),
            (json!({"selector": {"$patch": "replace", "b": "c"}}), json!({"b": "c"})),
            (json!({"selector": {"$retainKeys": ["b"], "b": "c"}}), json!({"b": "c"})),
        ] {
            let patched = apply(&crate::service::KIND, &old, &json!({"spec": patch})).unwrap();
            assert_eq!(patched["spec"]["selector"], want, "{patch}");
        }
    }
}
