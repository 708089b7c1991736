//! Environment variables.

use serde_json::Value;

use crate::tree::{each_invalid, items, some, text};
use crate::{ErrorList, FieldError, Path, names};

/// Models `ValidateEnv`.
pub(super) fn validate(container: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    for (path, variable) in items(container, "env", path) {
        let name = text(variable, "name");
        if name.is_empty() {
            errors.push(FieldError::required(&path.child("name"), ""));
        } else {
            errors.extend(each_invalid(&path.child("name"), name, names::is_env_var_name(name)));
        }
        if let Some(from) = some(variable, "valueFrom") {
            errors.extend(value_from(from, !text(variable, "value").is_empty(), &path.child("valueFrom")));
        }
    }
    errors
}

/// Models `validateEnvVarValueFrom`.
fn value_from(from: &Value, has_value: bool, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mut sources = 0;
    for source in ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"] {
        let Some(reference) = some(from, source) else { continue };
        let path = path.child(source);
        sources += 1;
        match source {
            "fieldRef" => errors.extend(field_reference(reference, &path)),
            "configMapKeyRef" | "secretKeyRef" => errors.extend(key_reference(reference, &path)),
            _ => {}
        }
    }
    let detail = match sources {
        0 => "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
        _ if has_value => "may not be specified when `value` is not empty",
        1 => return errors,
        _ => "may not have more than one field specified at a time",
    };
    errors.push(FieldError::invalid(path, "", detail));
    errors
}

/// Models `validateObjectFieldSelector` with the fields that a variable may take.
fn field_reference(reference: &Value, path: &Path) -> ErrorList {
    const FIELDS: [&str; 9] = [
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    ];
    let field = text(reference, "fieldPath");
    let path = path.child("fieldPath");
    let of_map = ["metadata.labels['", "metadata.annotations['"].iter().any(|begin| field.starts_with(begin));
    match field {
        "" => vec![FieldError::required(&path, "")],
        known if FIELDS.contains(&known) || (of_map && known.ends_with("']")) => Vec::new(),
        other => {
            let detail = format!("error converting fieldPath: field label not supported: {other}");
            vec![FieldError::invalid(&path, other, detail)]
        }
    }
}

/// Models `validateConfigMapKeySelector` and `validateSecretKeySelector`.
fn key_reference(reference: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    for (field, rule) in
        [("name", names::is_dns1123_subdomain as fn(&str) -> Vec<String>), ("key", names::is_config_map_key)]
    {
        let value = text(reference, field);
        let path = path.child(field);
        if value.is_empty() {
            errors.push(FieldError::required(&path, ""));
        } else {
            errors.extend(each_invalid(&path, value, rule(value)));
        }
    }
    errors
}

/// Models `ValidateEnvFrom`.
pub(super) fn validate_from(container: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    for (path, from) in items(container, "envFrom", path) {
        let prefix = text(from, "prefix");
        if !prefix.is_empty() {
            errors.extend(each_invalid(&path.child("prefix"), prefix, names::is_env_var_name(prefix)));
        }
        let sources: Vec<&str> =
            ["configMapRef", "secretRef"].into_iter().filter(|source| some(from, source).is_some()).collect();
        for source in &sources {
            if from.get(*source).is_some_and(|reference| text(reference, "name").is_empty()) {
                errors.push(FieldError::required(&path.child(source).child("name"), ""));
            }
        }
        match sources.len() {
            0 => {
                let detail = "must specify one of: `configMapRef` or `secretRef`";
                errors.push(FieldError::invalid(&path, "", detail));
            }
            1 => {}
            _ => {
                let detail = "may not have more than one field specified at a time";
                errors.push(FieldError::invalid(&path, "", detail));
            }
        }
    }
    errors
}
