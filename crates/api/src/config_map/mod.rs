//! ConfigMap: configuration as data.

use crate::kind::{AGE, Column, Kind, NAME, Plain};
use crate::{ErrorList, FieldError, Object, Path, names, secret};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "",
    version: "v1",
    kind: "ConfigMap",
    plural: "configmaps",
    singular: "configmap",
    short_names: &["cm"],
    categories: &[],
    namespaced: true,
    strategy: &Plain { validate, validate_update: Some(update), ..Plain::DATA },
    columns: &[NAME, Column { name: "DATA", wide: false, cell: |object, _| count(object).to_string() }, AGE],
};

fn count(object: &Object) -> usize {
    ["data", "binaryData"].iter().filter_map(|field| object.map(&[field])).map(serde_json::Map::len).sum()
}

/// Models `ValidateConfigMap` of `pkg/apis/core/validation`.
fn validate(object: &Object) -> ErrorList {
    const MAX_BYTES: usize = 1024 * 1024;
    let mut errors = Vec::new();
    let mut size = 0;
    for field in ["data", "binaryData"] {
        let path = Path::new(field);
        for (key, value) in object.map(&[field]).into_iter().flatten() {
            let details = names::is_config_map_key(key).into_iter();
            errors.extend(details.map(|detail| FieldError::invalid(&path.key(key), key.as_str(), detail)));
            if field == "data" && object.at(&["binaryData", key]).is_some() {
                let detail = "duplicate of key present in binaryData";
                errors.push(FieldError::invalid(&path.key(key), key.as_str(), detail));
            }
            size += value.as_str().map_or(0, str::len);
        }
    }
    if size > MAX_BYTES {
        errors.push(FieldError::too_long(&Path::default(), MAX_BYTES));
    }
    errors
}

/// Models `ValidateConfigMapUpdate`.
fn update(object: &Object, old: &Object) -> ErrorList {
    let mut errors = secret::validation::frozen(object, old, &["data", "binaryData"]);
    errors.extend(validate(object));
    errors
}
