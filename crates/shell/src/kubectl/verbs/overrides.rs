//! `--overrides`: the last word on a generated object. Models `pkg/cmd/util/override_options.go`.

use api::Value;

use super::super::command::Call;
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects;

/// `--override-type`
pub(super) static OVERRIDE_TYPE: Flag = Flag::text(
    "override-type",
    "merge",
    "The method used to override the generated object: json, merge, or strategic.",
);

/// `--overrides`
pub(super) static OVERRIDES: Flag = Flag::text(
    "overrides",
    "",
    "An inline JSON override for the generated object. If this is non-empty, it is used to override the generated object. Requires that the object supply a valid apiVersion field.",
);

/// The object with what `--overrides` says.
///
/// # Errors
/// When it is no JSON, or does not fit.
pub(super) fn apply(call: &Call, object: Value) -> Outcome<Value> {
    let text = call.flags.text("overrides");
    if text.is_empty() {
        return Ok(object);
    }
    let patch: Value = serde_json::from_str(text).map_err(|error| Failure::Text(error.to_string()))?;
    match call.flags.text("override-type") {
        "merge" | "" => Ok(merge(object, &patch)),
        "strategic" => {
            let kind = objects::kind_of(&object).map_err(Failure::Text)?;
            api::patch::apply(kind, &object, &patch).map_err(Failure::Text)
        }
        other => Err(Failure::Text(format!("invalid override type: {other}"))),
    }
}

/// RFC 7386.
pub(super) fn merge(mut object: Value, patch: &Value) -> Value {
    let Value::Object(changes) = patch else { return patch.clone() };
    if !object.is_object() {
        object = api::json!({});
    }
    for (key, value) in changes {
        if value.is_null() {
            if let Some(map) = object.as_object_mut() {
                map.remove(key);
            }
        } else {
            let old = object.get(key).cloned().unwrap_or(Value::Null);
            object[key] = merge(old, value);
        }
    }
    object
}
