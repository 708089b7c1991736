//! Where a container mounts its volumes.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::paths::{local_descending, no_backsteps};
use super::Volumes;
use crate::tree::{is_true, items, list, some, text};
use crate::{ErrorList, FieldError, Path};

/// Models `ValidateVolumeMounts`; some errors are reported at the list, as upstream.
pub(in super::super) fn mounts(container: &Value, volumes: &Volumes<'_>, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    let all = path.child("volumeMounts");
    let devices = list(container, "volumeDevices");
    for (path, mount) in items(container, "volumeMounts", path) {
        let (name, at) = (text(mount, "name"), text(mount, "mountPath"));
        let (name_path, mount_path) = (path.child("name"), path.child("mountPath"));
        if name.is_empty() {
            errors.push(FieldError::required(&name_path, ""));
        }
        let volume = volumes.get(name);
        if volume.is_none() {
            errors.push(FieldError::not_found(&name_path, name));
        }
        if at.is_empty() {
            errors.push(FieldError::required(&mount_path, ""));
        }
        if !seen.insert(at) {
            errors.push(FieldError::invalid(&mount_path, at, "must be unique"));
        }
        if devices.iter().any(|device| text(device, "name") == name) {
            errors.push(FieldError::invalid(&name_path, name, "must not already exist in volumeDevices"));
        }
        if devices.iter().any(|device| text(device, "devicePath") == at) {
            errors.push(FieldError::invalid(&mount_path, at, "must not already exist as a path in volumeDevices"));
        }
        let (sub, expression) = (text(mount, "subPath"), text(mount, "subPathExpr"));
        if volume.is_some_and(|volume| some(volume, "image").is_some()) {
            let given =
                [("subPath", sub), ("subPathExpr", expression)].into_iter().filter(|(_, file)| !file.is_empty());
            let detail = "not allowed in image volume sources";
            errors.extend(given.map(|(field, file)| FieldError::invalid(&path.child(field), file, detail)));
        }
        errors.extend(local_descending(&all.child("subPath"), sub));
        if !expression.is_empty() {
            if !sub.is_empty() {
                let detail = "subPathExpr and subPath are mutually exclusive";
                errors.push(FieldError::invalid(&path.child("subPathExpr"), expression, detail));
            }
            errors.extend(local_descending(&all.child("subPathExpr"), expression));
        }
        errors.extend(propagation(mount, container, &all));
        errors.extend(recursive_read_only(mount, &all));
    }
    errors
}

/// Models `validateMountPropagation`.
fn propagation(mount: &Value, container: &Value, all: &Path) -> ErrorList {
    const MODES: [&str; 3] = ["Bidirectional", "HostToContainer", "None"];
    if some(mount, "mountPropagation").is_none() {
        return Vec::new();
    }
    let mode = text(mount, "mountPropagation");
    let path = all.child("mountPropagation");
    if !MODES.contains(&mode) {
        return vec![FieldError::not_supported(&path, mode, &MODES)];
    }
    let privileged = some(container, "securityContext").is_some_and(|context| is_true(context, "privileged"));
    if mode == "Bidirectional" && !privileged {
        let detail = "Bidirectional mount propagation is available only to privileged containers";
        return vec![FieldError::forbidden(&path, detail)];
    }
    Vec::new()
}

/// Models `validateMountRecursiveReadOnly`.
fn recursive_read_only(mount: &Value, all: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let path = all.child("recursiveReadOnly");
    match mount.get("recursiveReadOnly").and_then(Value::as_str) {
        None | Some("Disabled") => {}
        Some("Enabled" | "IfPossible") => {
            if !is_true(mount, "readOnly") {
                errors.push(FieldError::forbidden(&path, "may only be specified when readOnly is true"));
            }
            if !matches!(text(mount, "mountPropagation"), "" | "None") {
                let detail = "may only be specified when mountPropagation is None or not specified";
                errors.push(FieldError::forbidden(&path, detail));
            }
        }
        Some(other) => {
            errors.push(FieldError::not_supported(&path, other, &["Disabled", "Enabled", "IfPossible"]));
        }
    }
    errors
}

/// Models `ValidateVolumeDevices`: volumes as block devices.
pub(in super::super) fn devices(container: &Value, volumes: &Volumes<'_>, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let (mut names, mut paths) = (BTreeSet::new(), BTreeSet::new());
    let mounts = list(container, "volumeMounts");
    for (path, device) in items(container, "volumeDevices", path) {
        let (name, at) = (text(device, "name"), text(device, "devicePath"));
        let (name_path, device_path) = (path.child("name"), path.child("devicePath"));
        if name.is_empty() {
            errors.push(FieldError::required(&name_path, ""));
        } else if !names.insert(name) {
            errors.push(FieldError::invalid(&name_path, name, "must be unique"));
        }
        let claimed =
            |volume: &Value| ["persistentVolumeClaim", "ephemeral"].iter().any(|of| some(volume, of).is_some());
        match volumes.get(name) {
            None => errors.push(FieldError::not_found(&name_path, name)),
            Some(volume) if !claimed(volume) => {
                let detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                errors.push(FieldError::invalid(&name_path, name, detail));
            }
            Some(_) => {}
        }
        if at.is_empty() {
            errors.push(FieldError::required(&device_path, ""));
        }
        if paths.contains(at) {
            errors.push(FieldError::invalid(&device_path, at, "must be unique"));
        }
        if no_backsteps(&device_path, at).is_some() {
            errors.push(FieldError::invalid(&device_path, at, "can not contain backsteps ('..')"));
        } else {
            paths.insert(at);
        }
        if mounts.iter().any(|mount| text(mount, "name") == name) {
            errors.push(FieldError::invalid(&name_path, name, "must not already exist in volumeMounts"));
        }
        if mounts.iter().any(|mount| text(mount, "mountPath") == at) {
            errors.push(FieldError::invalid(&device_path, at, "must not already exist as a path in volumeMounts"));
        }
    }
    errors
}
