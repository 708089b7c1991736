//! What is wrong with a pod, or with the template of one. Models `ValidatePodSpec` and what it calls in
//! `pkg/apis/core/validation/validation.go`.
//!
//! Not judged here: resource claims, what only Windows has, and the insides of volumes that clouds provide.

mod affinity;
mod annotations;
mod containers;
mod dns;
mod env;
mod paths;
mod ports;
mod probes;
mod resources;
mod scheduling;
mod security;
mod spread;
mod update;
mod volumes;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::metadata::{validate_annotations, validate_labels};
use crate::tree::{each_invalid, each_invalid_number, int, items, list, map, one_of, some, text};
use crate::{ErrorList, FieldError, Object, Path, names};

pub(super) use update::update;

/// What is wrong with a new pod, its metadata aside. Models `ValidatePodCreate`.
pub(super) fn create(pod: &Object) -> ErrorList {
    let mut errors = self::pod(pod);
    let path = Path::new("spec");
    if !pod.list(&["spec", "ephemeralContainers"]).is_empty() {
        errors.push(FieldError::forbidden(&path.child("ephemeralContainers"), "cannot be set on create"));
    }
    if !pod.str(&["spec", "nodeName"]).is_empty() && !pod.list(&["spec", "schedulingGates"]).is_empty() {
        let detail = "cannot be set until all schedulingGates have been cleared";
        errors.push(FieldError::forbidden(&path.child("nodeName"), detail));
    }
    errors
}

/// Models `validatePodMetadataAndSpec`.
fn pod(pod: &Object) -> ErrorList {
    let path = Path::new("spec");
    let spec = pod.at(&["spec"]).unwrap_or(&Value::Null);
    let annotations = pod.map(&["metadata", "annotations"]);
    let mut errors = annotations::validate(annotations, spec, &Path::new("metadata.annotations"));
    errors.extend(self::spec(spec, pod.name(), &path));
    errors.extend(tokens_without_account(spec, &path));
    // Only in pods: a template may have been stored with such images before.
    for lists in ["containers", "initContainers"] {
        errors.extend(items(spec, lists, &path).filter_map(|(path, one)| containers::image_only_for_pod(one, &path)));
    }
    errors
}

/// A token of a service account needs an account.
fn tokens_without_account(spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if !text(spec, "serviceAccountName").is_empty() {
        return errors;
    }
    for (path, volume) in items(spec, "volumes", path) {
        let projected = volume.get("projected").unwrap_or(&Value::Null);
        for (path, source) in items(projected, "sources", &path.child("projected")) {
            if some(source, "serviceAccountToken").is_some() {
                let detail = "must not be specified when serviceAccountName is not set";
                errors.push(FieldError::forbidden(&path.child("serviceAccountToken"), detail));
            }
        }
    }
    errors
}

/// What is wrong with a template. Models `ValidatePodTemplateSpec`; the path of its labels really lacks `metadata`.
pub(crate) fn template(template: &Value, path: &Path) -> ErrorList {
    let spec = template.get("spec").unwrap_or(&Value::Null);
    let mut errors = template_metadata(template, path);
    errors.extend(self::spec(spec, "", &path.child("spec")));
    if !list(spec, "ephemeralContainers").is_empty() {
        let detail = "ephemeral containers not allowed in pod template";
        errors.push(FieldError::forbidden(&path.child("spec").child("ephemeralContainers"), detail));
    }
    errors
}

/// Labels and annotations of a template.
fn template_metadata(template: &Value, path: &Path) -> ErrorList {
    let metadata = template.get("metadata").unwrap_or(&Value::Null);
    let spec = template.get("spec").unwrap_or(&Value::Null);
    let mut errors = validate_labels(map(metadata, "labels"), &path.child("labels"));
    errors.extend(validate_annotations(map(metadata, "annotations"), &path.child("annotations")));
    errors.extend(annotations::validate(map(metadata, "annotations"), spec, &path.child("annotations")));
    errors
}

/// Models `ValidatePodSpec`. `name` is the pod's; empty in a template.
fn spec(spec: &Value, name: &str, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let is_pod = !name.is_empty();
    let volumes = volumes::validate(spec, name, path, &mut errors);
    errors.extend(containers::validate(spec, &volumes, path));
    errors.extend(resources::of_pod(spec, path));
    errors.extend(containers::host_network(spec, is_pod, path));
    errors.extend(one_of(spec, "restartPolicy", path, &["Always", "OnFailure", "Never"]));
    errors.extend(dns::policy(spec, path));
    errors.extend(validate_labels(map(spec, "nodeSelector"), &path.child("nodeSelector")));
    errors.extend(security::pod(spec, path));
    errors.extend(affinity::validate(spec, path));
    errors.extend(dns::config(spec, path));
    for (path, gate) in items(spec, "readinessGates", path) {
        let condition = text(gate, "conditionType");
        errors.extend(each_invalid(&path.child("conditionType"), condition, names::is_qualified_name(condition)));
    }
    errors.extend(scheduling::gates(spec, path));
    errors.extend(spread::validate(spec, path));
    errors.extend(security::host_users(spec, path));
    for field in ["serviceAccountName", "nodeName"] {
        errors.extend(named(spec, field, path, names::is_dns1123_subdomain));
    }
    if let Some(seconds) = int(spec, "activeDeadlineSeconds") {
        let wrong = names::is_in_range(seconds, 1, i64::from(i32::MAX));
        errors.extend(each_invalid_number(&path.child("activeDeadlineSeconds"), seconds, wrong));
    }
    for field in ["hostname", "subdomain"] {
        errors.extend(named(spec, field, path, names::is_dns1123_label));
    }
    errors.extend(scheduling::tolerations(spec, path));
    errors.extend(scheduling::host_aliases(spec, path));
    errors.extend(named(spec, "priorityClassName", path, names::is_dns1123_subdomain));
    if let Some(class) = spec.get("runtimeClassName").and_then(Value::as_str) {
        errors.extend(each_invalid(&path.child("runtimeClassName"), class, names::is_dns1123_subdomain(class)));
    }
    if some(spec, "preemptionPolicy").is_some() {
        errors.extend(one_of(spec, "preemptionPolicy", path, &["PreemptLowerPriority", "Never"]));
    }
    if let Some(os) = some(spec, "os") {
        let path = path.child("os");
        match text(os, "name") {
            "" => errors.push(FieldError::required(&path.child("name"), "cannot be empty")),
            "linux" | "windows" => {}
            other => errors.push(FieldError::not_supported(&path, other, &["linux", "windows"])),
        }
    }
    errors
}

/// A name that may be left out.
fn named(spec: &Value, field: &str, path: &Path, rule: fn(&str) -> Vec<String>) -> ErrorList {
    let name = text(spec, field);
    if name.is_empty() { Vec::new() } else { each_invalid(&path.child(field), name, rule(name)) }
}

/// The names of a list's items.
fn names_in<'a>(value: &'a Value, field: &str) -> BTreeSet<&'a str> {
    list(value, field).iter().map(|item| text(item, "name")).collect()
}
