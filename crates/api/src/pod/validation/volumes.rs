//! Volumes and where they are mounted.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::tree::{each_invalid, items, some, text};
use crate::{ErrorList, FieldError, Path, names};

/// Models `ValidateVolumes`; returns the names that containers may mount.
pub(super) fn validate<'a>(spec: &'a Value, path: &Path, errors: &mut ErrorList) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    for (path, volume) in items(spec, "volumes", path) {
        errors.extend(source(volume, &path));
        let name = text(volume, "name");
        if name.is_empty() {
            errors.push(FieldError::required(&path.child("name"), ""));
        } else {
            errors.extend(each_invalid(&path.child("name"), name, names::is_dns1123_label(name)));
        }
        if !name.is_empty() && !seen.insert(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
    }
    seen
}

/// Exactly one source, with the name of what it refers to.
fn source(volume: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let sources: Vec<&String> = volume
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, value)| *key != "name" && !value.is_null())
        .map(|(key, _)| key)
        .collect();
    if sources.is_empty() {
        errors.push(FieldError::required(path, "must specify a volume type"));
    }
    for source in sources.iter().skip(1) {
        errors.push(FieldError::forbidden(&path.child(source), "may not specify more than 1 volume type"));
    }
    for (source, field) in
        [("hostPath", "path"), ("configMap", "name"), ("secret", "secretName"), ("persistentVolumeClaim", "claimName")]
    {
        if some(volume, source).is_some_and(|of| text(of, field).is_empty()) {
            errors.push(FieldError::required(&path.child(source).child(field), ""));
        }
    }
    errors
}

/// Models `ValidateVolumeMounts`.
pub(super) fn mounts(container: &Value, volumes: &BTreeSet<&str>, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, mount) in items(container, "volumeMounts", path) {
        let (name, at) = (text(mount, "name"), text(mount, "mountPath"));
        if name.is_empty() {
            errors.push(FieldError::required(&path.child("name"), ""));
        }
        if !volumes.contains(name) {
            errors.push(FieldError::not_found(&path.child("name"), name));
        }
        if at.is_empty() {
            errors.push(FieldError::required(&path.child("mountPath"), ""));
        }
        if !seen.insert(at) {
            errors.push(FieldError::invalid(&path.child("mountPath"), at, "must be unique"));
        }
    }
    errors
}
