//! Changes by patch, in the four formats of a body. Models `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`.

use api::{FieldError, Kind, Object, ObjectKey, Path, Reason, Status, Value};

use super::{FieldValidation, Patch, Response, Subresource, WriteOptions, decode};
use crate::Cluster;

impl Cluster {
    pub(super) fn patch(
        &mut self,
        kind: &'static Kind,
        namespace: &str,
        name: &str,
        patch: &Patch,
        subresource: Subresource,
        options: &WriteOptions,
    ) -> Result<Response, Status> {
        if let Patch::Apply { object, force } = patch {
            return self.apply(kind, namespace, name, object, *force, options);
        }
        let old = self.get(kind, namespace, name)?;
        let mut object = Object::clone(&old);
        match patch {
            Patch::Json(change) => {
                let mut tree = object.into_value();
                json_patch(&mut tree, change)?;
                object = Object::new(tree);
            }
            Patch::Merge(change) => object.merge(change),
            Patch::Strategic(change) => {
                let tree = api::patch::apply(kind, &object.into_value(), change).map_err(Status::bad_request)?;
                object = Object::new(tree);
            }
            Patch::Apply { .. } => {}
        }
        let key = ObjectKey::new(kind, namespace, name);
        let whole = (options.field_validation != FieldValidation::Typed).then(|| object.clone());
        let (object, warnings) = decode::patched(kind, object, options.field_validation)
            .map_err(|status| unreadable(status, patch, whole.as_ref()))?;
        self.replace(&key, &old, object, subresource, (options, subresource.manner()), warnings)
    }
}

/// What is said of a patch whose outcome is no object of its kind: the patch is at fault. Models `applyPatchToObject` and
/// `jsonPatcher.applyPatchToCurrentObject`; errors about unknown fields stay as they are.
fn unreadable(status: Status, patch: &Patch, whole: Option<&Object>) -> Status {
    if status.reason != Reason::BadRequest || status.message.starts_with("strict decoding error") {
        return status;
    }
    let path = Path::new("patch");
    let cause = match patch {
        Patch::Strategic(change) => FieldError::invalid(&path, api::go::format(change), restored(&status.message)),
        _ => {
            let whole = whole.map(|object| object.to_value().to_string()).unwrap_or_default();
            FieldError::invalid(&path, whole, status.message)
        }
    };
    Status { causes: vec![cause.clone()], ..Status::new(Reason::Invalid, format!(" \"\" is invalid: {cause}")) }
}

/// The words of the converter that reads strategic patches, for what a JSON decoder says of a wrong type. Models
/// `runtime.fromUnstructured`.
fn restored(message: &str) -> String {
    let found = message.strip_prefix("json: cannot unmarshal ").and_then(|rest| rest.split_once(" into "));
    let Some((given, wanted)) = found.and_then(|(given, rest)| Some((given, rest.rsplit_once(" of type ")?.1))) else {
        return message.to_owned();
    };
    let kind = match given.split(' ').next().unwrap_or(given) {
        "object" => "map",
        "array" => "slice",
        "number" if given.contains('.') => "float64",
        "number" => "int64",
        other => other,
    };
    if wanted.starts_with("[]") {
        return format!("cannot restore slice from {kind}");
    }
    if wanted.starts_with("map[") {
        return format!("cannot restore map from {kind}");
    }
    // Of the named types, those for strings take a string, and nobody gives them a list.
    if wanted.starts_with("v1.") && matches!(kind, "string" | "slice") {
        return format!("cannot restore struct from: {kind}");
    }
    let shown = match kind {
        "map" => "map[string]interface {}",
        "slice" => "[]interface {}",
        other => other,
    };
    format!("cannot convert {shown} to {wanted}")
}

/// A tree after a JSON patch.
///
/// # Errors
/// When it is none, or does not fit.
pub fn json_patched(tree: &Value, change: &Value) -> Result<Value, Status> {
    let mut tree = tree.clone();
    json_patch(&mut tree, change)?;
    Ok(tree)
}

fn json_patch(tree: &mut Value, change: &Value) -> Result<(), Status> {
    let wrong = change.as_array().into_iter().flatten().find(|operation| !operation.is_object());
    if let Some(wrong) = wrong {
        let what = api::decode::json_type(wrong);
        let why = format!("json: cannot unmarshal {what} into Go value of type handlers.jsonPatchOp");
        return Err(Status::bad_request(format!("error decoding patch: {why}")));
    }
    // What exactly did not fit is not told.
    let rejected = || Status::new(Reason::Invalid, "the server rejected our request due to an error in our request");
    let operations: json_patch::Patch = serde_json::from_value(change.clone()).map_err(|_| rejected())?;
    json_patch::patch(tree, &operations).map_err(|_| rejected())
}
