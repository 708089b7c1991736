//! Containers, init containers and sidecars.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{env, names_in, ports, probes, resources, volumes};
use crate::pod::is_restartable;
use crate::tree::{each_invalid, items, list, one_of, some, text};
use crate::{ErrorList, FieldError, Path, names};

/// Models `validateContainers` and `validateInitContainers`.
pub(super) fn validate(spec: &Value, volumes: &BTreeSet<&str>, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if list(spec, "containers").is_empty() {
        errors.push(FieldError::required(&path.child("containers"), ""));
    }
    let mut seen = BTreeSet::new();
    for (path, container) in items(spec, "containers", path) {
        errors.extend(common(container, volumes, &path));
        errors.extend(unique(container, &mut seen, &path));
        errors.extend(probes::of_container(container, &path));
    }
    errors.extend(ports::host_port_conflicts(list(spec, "containers"), &path.child("containers")));
    let mut seen = names_in(spec, "containers");
    for (path, container) in items(spec, "initContainers", path) {
        errors.extend(common(container, volumes, &path));
        errors.extend(unique(container, &mut seen, &path));
        if is_restartable(container) {
            errors.extend(probes::of_container(container, &path));
            continue;
        }
        for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
            if some(container, field).is_some() {
                let detail = "may not be set for init containers without restartPolicy=Always";
                errors.push(FieldError::forbidden(&path.child(field), detail));
            }
        }
    }
    errors
}

/// Models `validateContainerCommon`.
fn common(container: &Value, mountable: &BTreeSet<&str>, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let name = text(container, "name");
    if name.is_empty() {
        errors.push(FieldError::required(&path.child("name"), ""));
    } else {
        errors.extend(each_invalid(&path.child("name"), name, names::is_dns1123_label(name)));
    }
    if text(container, "image").is_empty() {
        errors.push(FieldError::required(&path.child("image"), ""));
    }
    errors.extend(one_of(container, "terminationMessagePolicy", path, &["FallbackToLogsOnError", "File"]));
    errors.extend(ports::validate(container, path));
    errors.extend(env::validate(container, path));
    errors.extend(env::validate_from(container, path));
    errors.extend(volumes::mounts(container, mountable, path));
    errors.extend(one_of(container, "imagePullPolicy", path, &["Always", "IfNotPresent", "Never"]));
    errors.extend(resources::validate(container, &path.child("resources")));
    errors
}

fn unique<'a>(container: &'a Value, seen: &mut BTreeSet<&'a str>, path: &Path) -> Option<FieldError> {
    let name = text(container, "name");
    (!seen.insert(name)).then(|| FieldError::duplicate(&path.child("name"), name))
}
