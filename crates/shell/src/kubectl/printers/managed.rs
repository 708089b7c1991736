//! Who owns which field, in what is printed. Objects are kept without it: it is worked out when it could be seen.

use std::borrow::Cow;

use api::{Kind, ObjectKey, Value};

use super::super::command::Call;

/// Whether a template asks for it by name, or for everything below something.
pub(super) fn is_named_in(template: &str) -> bool {
    template.contains("managedFields") || template.contains("..")
}

/// Whether a value is or holds the whole metadata of an object.
pub(super) fn holds_metadata(value: &Value) -> bool {
    match value {
        Value::Object(map) => {
            (map.contains_key("uid") && map.contains_key("resourceVersion")) || map.values().any(holds_metadata)
        }
        Value::Array(list) => list.iter().any(holds_metadata),
        _ => false,
    }
}

/// Whether printed text holds the whole metadata of an object, as Go prints a map.
pub(super) fn is_text_of_metadata(text: &str) -> bool {
    text.contains("resourceVersion:")
}

/// An object or list with it.
pub(super) fn with_managers(call: &Call, value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(items) = items_mut(&mut value) {
        items.iter_mut().for_each(|item| add(call, item));
    } else {
        add(call, &mut value);
    }
    value
}

fn add(call: &Call, object: &mut Value) {
    let word = |path: &[&str]| api::object::lookup(object, path).and_then(Value::as_str).unwrap_or_default();
    let Some(kind) = Kind::of_manifest(word(&["apiVersion"]), word(&["kind"])) else { return };
    let key = ObjectKey::new(kind, word(&["metadata", "namespace"]), word(&["metadata", "name"]));
    let managers = call.sys.cluster(|cluster| cluster.managed_fields(&key));
    if managers.as_array().is_some_and(|managers| !managers.is_empty()) {
        api::object::set(object, &["metadata", "managedFields"], managers);
    }
}

/// An object or list without it. Models `OmitManagedFieldsPrinter`.
pub(super) fn without_managers(value: &Value) -> Cow<'_, Value> {
    let has = |object: &Value| object.pointer("/metadata/managedFields").is_some();
    if !has(value) && !api::object::items(value).into_iter().flatten().any(has) {
        return Cow::Borrowed(value);
    }
    let mut value = value.clone();
    for item in items_mut(&mut value).into_iter().flatten() {
        remove(item);
    }
    remove(&mut value);
    Cow::Owned(value)
}

fn remove(object: &mut Value) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
}

fn items_mut(value: &mut Value) -> Option<&mut Vec<Value>> {
    api::object::items(value)?;
    value.get_mut("items")?.as_array_mut()
}
