//! What is wrong with a pod, or with the template of one. Models `ValidatePodSpec` and what it calls in
//! `pkg/apis/core/validation/validation.go`.
//!
//! Not judged here: affinity, topology spread, security contexts, resource claims and the insides of most volumes.

mod containers;
mod dns;
mod env;
mod ports;
mod probes;
mod resources;
mod scheduling;
mod volumes;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::metadata::{validate_annotations, validate_labels};
use crate::tree::{each_invalid, int, items, list, map, one_of, some, text};
use crate::{ErrorList, FieldError, Object, Path, names};

/// What is wrong with a pod, its metadata aside. Models `validatePodMetadataAndSpec`.
pub(super) fn pod(pod: &Object) -> ErrorList {
    let path = Path::new("spec");
    let spec = pod.at(&["spec"]).unwrap_or(&Value::Null);
    let mut errors = self::spec(spec, &path);
    // Only in pods: a template may have been stored with such images before.
    for lists in ["containers", "initContainers"] {
        for (path, container) in items(spec, lists, &path) {
            let image = text(container, "image");
            if image != image.trim() {
                let detail = "must not have leading or trailing whitespace";
                errors.push(FieldError::invalid(&path.child("image"), image, detail));
            }
        }
    }
    errors
}

/// What is wrong with a change of a pod. Models `ValidatePodUpdate`.
pub(super) fn update(pod: &Object, old: &Object) -> ErrorList {
    let mut errors = self::pod(pod);
    for lists in ["containers", "initContainers"] {
        if pod.list(&["spec", lists]).len() != old.list(&["spec", lists]).len() {
            let detail = "pod updates may not add or remove containers";
            errors.push(FieldError::forbidden(&Path::new("spec").child(lists), detail));
            return errors;
        }
    }
    if changeless(pod) != changeless(old) {
        let detail = "pod updates may not change fields other than \
                      `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,\
                      `spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` \
                      (allow it to be set to 1 if it was previously negative)";
        errors.push(FieldError::forbidden(&Path::new("spec"), detail));
    }
    errors
}

/// The spec without what may change in a pod's life.
fn changeless(pod: &Object) -> Value {
    let mut spec = pod.at(&["spec"]).cloned().unwrap_or_default();
    if let Value::Object(spec) = &mut spec {
        for field in ["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "nodeName"] {
            spec.remove(field);
        }
        for lists in ["containers", "initContainers"] {
            let containers = spec.get_mut(lists).and_then(Value::as_array_mut);
            for container in containers.into_iter().flatten().filter_map(Value::as_object_mut) {
                container.remove("image");
            }
        }
    }
    spec
}

/// What is wrong with a template. Models `ValidatePodTemplateSpec`; its labels' path really lacks `metadata`.
pub(crate) fn template(template: &Value, path: &Path) -> ErrorList {
    let metadata = template.get("metadata").unwrap_or(&Value::Null);
    let mut errors = validate_labels(map(metadata, "labels"), &path.child("labels"));
    errors.extend(validate_annotations(map(metadata, "annotations"), &path.child("annotations")));
    errors.extend(spec(template.get("spec").unwrap_or(&Value::Null), &path.child("spec")));
    errors
}

fn spec(spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let volumes = volumes::validate(spec, path, &mut errors);
    errors.extend(containers::validate(spec, &volumes, path));
    errors.extend(one_of(spec, "restartPolicy", path, &["Always", "OnFailure", "Never"]));
    errors.extend(dns::policy(spec, path));
    errors.extend(validate_labels(map(spec, "nodeSelector"), &path.child("nodeSelector")));
    errors.extend(host_network(spec, path));
    errors.extend(dns::config(spec, path));
    for (path, gate) in items(spec, "readinessGates", path) {
        let condition = text(gate, "conditionType");
        errors.extend(each_invalid(&path.child("conditionType"), condition, names::is_qualified_name(condition)));
    }
    for (field, rule) in [
        ("serviceAccountName", names::is_dns1123_subdomain as fn(&str) -> Vec<String>),
        ("nodeName", names::is_dns1123_subdomain),
    ] {
        errors.extend(named(spec, field, path, rule));
    }
    if let Some(seconds) = int(spec, "activeDeadlineSeconds") {
        for detail in names::is_in_range(seconds, 1, i64::from(i32::MAX)) {
            errors.push(FieldError::invalid(&path.child("activeDeadlineSeconds"), seconds, detail));
        }
    }
    for field in ["hostname", "subdomain"] {
        errors.extend(named(spec, field, path, names::is_dns1123_label));
    }
    errors.extend(scheduling::tolerations(spec, path));
    errors.extend(scheduling::host_aliases(spec, path));
    errors
}

/// A name that may be left out.
fn named(spec: &Value, field: &str, path: &Path, rule: fn(&str) -> Vec<String>) -> ErrorList {
    let name = text(spec, field);
    if name.is_empty() { Vec::new() } else { each_invalid(&path.child(field), name, rule(name)) }
}

/// On the node's own network, a container's port is the node's.
fn host_network(spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if some(spec, "hostNetwork") != Some(&Value::Bool(true)) {
        return errors;
    }
    for (path, container) in items(spec, "containers", path) {
        for (path, port) in items(container, "ports", &path) {
            let (inner, outer) = (int(port, "containerPort").unwrap_or(0), int(port, "hostPort").unwrap_or(0));
            if inner != outer {
                let detail = "must match `hostPort` when `hostNetwork` is true";
                errors.push(FieldError::invalid(&path.child("containerPort"), inner, detail));
            }
        }
    }
    errors
}

/// The names of a list's items.
fn names_in<'a>(value: &'a Value, field: &str) -> BTreeSet<&'a str> {
    list(value, field).iter().map(|item| text(item, "name")).collect()
}
