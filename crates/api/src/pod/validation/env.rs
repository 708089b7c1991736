//! Environment variables, and the references to a pod's own fields that volumes share with them.

use serde_json::Value;

use crate::quantity::Quantity;
use crate::tree::{each_invalid, items, some, text};
use crate::{ErrorList, FieldError, Path, names};

/// The fields of a pod that may be variables. Models `validEnvDownwardAPIFieldPathExpressions`.
const VARIABLES: [&str; 9] = [
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

/// The fields that have a label at all. Models `podshelper.ConvertDownwardAPIFieldLabel`.
const LABELS: [&str; 14] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.phase",
    "status.podIP",
    "status.podIPs",
];

const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

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
            "fieldRef" => errors.extend(field_reference(reference, &VARIABLES, &path)),
            "resourceFieldRef" => errors.extend(resource_reference(reference, false, &path)),
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

/// Models `validateObjectFieldSelector`; `known` are the fields that may stand here.
pub(super) fn field_reference(reference: &Value, known: &[&str], path: &Path) -> ErrorList {
    let version = text(reference, "apiVersion");
    let field = text(reference, "fieldPath");
    let field_path = path.child("fieldPath");
    if version.is_empty() {
        return vec![FieldError::required(&path.child("apiVersion"), "")];
    }
    if field.is_empty() {
        return vec![FieldError::required(&field_path, "")];
    }
    let refuse =
        |why: String| vec![FieldError::invalid(&field_path, field, format!("error converting fieldPath: {why}"))];
    if version != "v1" {
        return refuse(format!("unsupported pod version: {version}"));
    }
    match subscripted(field) {
        Some(("metadata.annotations", key)) => {
            let key = key.to_lowercase();
            each_invalid(path, &key, names::is_qualified_name(&key))
        }
        Some(("metadata.labels", key)) => each_invalid(path, key, names::is_qualified_name(key)),
        Some(_) => refuse(format!("field label does not support subscript: {field}")),
        None if field == "spec.host" || LABELS.contains(&field) => {
            let field = if field == "spec.host" { "spec.nodeName" } else { field };
            let unknown = !known.contains(&field);
            unknown.then(|| FieldError::not_supported(&field_path, field, known)).into_iter().collect()
        }
        None => refuse(format!("field label not supported: {field}")),
    }
}

/// A path with one key in brackets. Models `fieldpath.SplitMaybeSubscriptedPath`.
fn subscripted(field: &str) -> Option<(&str, &str)> {
    field.strip_suffix("']")?.split_once("['").filter(|(path, _)| !path.is_empty())
}

/// Models `validateContainerResourceFieldSelector`; in a volume it must name the container.
pub(super) fn resource_reference(reference: &Value, in_volume: bool, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let resource = text(reference, "resource");
    let huge = ["limits.hugepages-", "requests.hugepages-"].iter().any(|prefix| resource.starts_with(prefix));
    if in_volume && text(reference, "containerName").is_empty() {
        errors.push(FieldError::required(&path.child("containerName"), ""));
    } else if resource.is_empty() {
        errors.push(FieldError::required(&path.child("resource"), ""));
    } else if !huge && !RESOURCES.contains(&resource) {
        errors.push(FieldError::not_supported(&path.child("resource"), resource, &RESOURCES));
    }
    errors.extend(divisor(resource, text(reference, "divisor"), path));
    errors
}

/// Models `validateContainerResourceDivisor`.
fn divisor(resource: &str, divisor: &str, path: &Path) -> Option<FieldError> {
    const BYTES: [&str; 13] = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
    let divisor = Quantity::parse(divisor).ok().filter(|divisor| divisor.signum() != 0)?.to_string();
    let kind = resource.split_once('.').map_or("", |(_, kind)| kind);
    let (known, words): (&[&str], _) = match kind {
        "cpu" => (&["1m", "1"], "cpu"),
        "memory" => (&BYTES, "memory"),
        "ephemeral-storage" => (&BYTES, "local ephemeral storage"),
        kind if kind.starts_with("hugepages-") => (&BYTES, "hugepages"),
        _ => return None,
    };
    if known.contains(&divisor.as_str()) {
        return None;
    }
    let values = if words == "cpu" { "1m and 1".to_owned() } else { BYTES.join(", ") };
    let detail = format!("only divisor's values {values} are supported with the {words} resource");
    Some(FieldError::invalid(&path.child("divisor"), resource, detail))
}

/// Models `validateConfigMapKeySelector` and `validateSecretKeySelector`.
fn key_reference(reference: &Value, path: &Path) -> ErrorList {
    let (name, key) = (text(reference, "name"), text(reference, "key"));
    let mut errors = each_invalid(&path.child("name"), name, names::is_dns1123_subdomain(name));
    if key.is_empty() {
        errors.push(FieldError::required(&path.child("key"), ""));
    } else {
        errors.extend(each_invalid(&path.child("key"), key, names::is_config_map_key(key)));
    }
    errors
}

/// Models `ValidateEnvFrom`; a wrong number of sources is reported at the list.
pub(super) fn validate_from(container: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let all = path.child("envFrom");
    for (path, from) in items(container, "envFrom", path) {
        let prefix = text(from, "prefix");
        if !prefix.is_empty() {
            errors.extend(each_invalid(&path.child("prefix"), prefix, names::is_env_var_name(prefix)));
        }
        let mut sources = 0;
        for source in ["configMapRef", "secretRef"] {
            let Some(reference) = some(from, source) else { continue };
            sources += 1;
            let name = text(reference, "name");
            let path = path.child(source).child("name");
            if name.is_empty() {
                errors.push(FieldError::required(&path, ""));
            } else {
                let name_or_prefix = names::mask_trailing_dash(name);
                errors.extend(each_invalid(&path, name, names::is_dns1123_subdomain(&name_or_prefix)));
            }
        }
        let detail = match sources {
            0 => "must specify one of: `configMapRef` or `secretRef`",
            1 => continue,
            _ => "may not have more than one field specified at a time",
        };
        errors.push(FieldError::invalid(&all, "", detail));
    }
    errors
}
