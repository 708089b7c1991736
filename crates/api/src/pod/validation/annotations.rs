//! Annotations that mean something to pods. Models `ValidatePodSpecificAnnotations`.

use serde_json::{Map, Value};

use super::names_in;
use super::paths::local_descending;
use crate::tree::text;
use crate::{ErrorList, FieldError, Path};

const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";
const MIRROR: &str = "kubernetes.io/config.mirror";
const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

/// `path` is that of the annotations.
pub(super) fn validate(annotations: Option<&Map<String, Value>>, spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    for (key, value) in annotations.into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        if key == MIRROR && text(spec, "nodeName").is_empty() {
            let detail = "must set spec.nodeName if mirror pod annotation is set";
            errors.push(FieldError::invalid(&path.key(key), value, detail));
        }
        if key == DELETION_COST && !is_cost(value) {
            errors.push(FieldError::invalid(&path.key(key), value, "must be a 32bit integer"));
        }
        if key == SECCOMP_POD || key.starts_with(SECCOMP_CONTAINER) {
            errors.extend(seccomp(value, &path.child(key)));
        }
        if let Some(container) = key.strip_prefix(APP_ARMOR) {
            let has = ["containers", "initContainers", "ephemeralContainers"]
                .iter()
                .any(|list| names_in(spec, list).contains(container));
            if !has {
                errors.push(FieldError::invalid(&path.key(key), container, "container not found"));
            }
            if !matches!(value, "" | "runtime/default" | "unconfined") && !value.starts_with("localhost/") {
                let detail = format!("invalid AppArmor profile name: {}", crate::field::go_quote(value));
                errors.push(FieldError::invalid(&path.key(key), value, detail));
            }
        }
    }
    errors
}

/// Models `helper.GetDeletionCostFromPodAnnotations`: a number that begins as Go would print it.
fn is_cost(text: &str) -> bool {
    let first = text.bytes().next();
    let canonical = text == "0" || matches!(first, Some(b'-' | b'1'..=b'9'));
    canonical && text.parse::<i32>().is_ok()
}

/// Models `ValidateSeccompProfile`.
fn seccomp(profile: &str, path: &Path) -> ErrorList {
    match profile {
        "runtime/default" | "docker/default" | "unconfined" => Vec::new(),
        profile => match profile.strip_prefix("localhost/") {
            Some(file) => local_descending(path, file),
            None => vec![FieldError::invalid(path, profile, "must be a valid seccomp profile")],
        },
    }
}

/// What may not change in a pod's life. Models `ValidatePodSpecificAnnotationUpdates`.
pub(super) fn update(new: Option<&Map<String, Value>>, old: Option<&Map<String, Value>>, path: &Path) -> ErrorList {
    let of = |map: Option<&Map<String, Value>>, key: &str| map.and_then(|map| map.get(key).cloned());
    let mut errors = Vec::new();
    for (key, _) in old.into_iter().flatten().filter(|(key, value)| of(new, key).as_ref() != Some(*value)) {
        if key.starts_with(APP_ARMOR) {
            errors.push(FieldError::forbidden(&path.key(key), "may not remove or update AppArmor annotations"));
        }
        if key == MIRROR {
            errors.push(FieldError::forbidden(&path.key(key), "may not remove or update mirror pod annotation"));
        }
    }
    for (key, _) in new.into_iter().flatten().filter(|(key, _)| of(old, key).is_none()) {
        if key.starts_with(APP_ARMOR) {
            errors.push(FieldError::forbidden(&path.key(key), "may not add AppArmor annotations"));
        }
        if key == MIRROR {
            errors.push(FieldError::forbidden(&path.key(key), "may not add mirror pod annotation"));
        }
    }
    errors
}
