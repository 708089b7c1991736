//! Containers, init containers, sidecars and ephemeral containers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::volumes::{self, Volumes};
use super::{env, names_in, ports, probes, resources, security};
use crate::pod::is_restartable;
use crate::tree::{each_invalid, is_true, items, list, one_of, some, text};
use crate::{ErrorList, FieldError, Path, names};

/// Models `validateContainers` and `validateInitContainers`.
pub(super) fn validate(spec: &Value, volumes: &Volumes<'_>, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if list(spec, "containers").is_empty() {
        errors.push(FieldError::required(&path.child("containers"), ""));
    }
    let mut seen = BTreeSet::new();
    for (path, container) in items(spec, "containers", path) {
        errors.extend(common(spec, container, volumes, &path));
        errors.extend(unique(container, &mut seen, &path));
        errors.extend(probes::of_container(spec, container, &path));
        errors.extend(restart(container, &path));
    }
    errors.extend(ports::host_port_conflicts(list(spec, "containers"), &path.child("containers")));
    let mut seen = names_in(spec, "containers");
    for (at, container) in items(spec, "initContainers", path) {
        errors.extend(common(spec, container, volumes, &at));
        errors.extend(restart(container, &at));
        errors.extend(unique(container, &mut seen, &at));
        // They run one by one: each is judged alone, and reported as the first.
        let alone = std::slice::from_ref(container);
        errors.extend(ports::host_port_conflicts(alone, &path.child("initContainers")));
        if is_restartable(container) {
            errors.extend(probes::of_container(spec, container, &at));
            continue;
        }
        for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
            if some(container, field).is_some() {
                let detail = "may not be set for init containers without restartPolicy=Always";
                errors.push(FieldError::forbidden(&at.child(field), detail));
            }
        }
    }
    errors.extend(ephemeral(spec, volumes, path));
    errors
}

/// Models `validateContainerCommon`.
fn common(spec: &Value, container: &Value, mountable: &Volumes<'_>, path: &Path) -> ErrorList {
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
    errors.extend(one_of(container, "terminationMessagePolicy", path, &["File", "FallbackToLogsOnError"]));
    errors.extend(ports::validate(container, path));
    errors.extend(env::validate(container, path));
    errors.extend(env::validate_from(container, path));
    errors.extend(volumes::mounts(container, mountable, path));
    errors.extend(volumes::devices(container, mountable, path));
    errors.extend(one_of(container, "imagePullPolicy", path, &["Always", "IfNotPresent", "Never"]));
    errors.extend(resources::validate(container, path));
    errors.extend(resize_policy(spec, container, path));
    errors.extend(security::container(spec, container, &path.child("securityContext")));
    errors
}

/// Models `validateContainerRestartPolicy`: whether and when one container starts again.
fn restart(container: &Value, path: &Path) -> ErrorList {
    const POLICIES: [&str; 3] = ["Always", "Never", "OnFailure"];
    let mut errors = Vec::new();
    let policy_path = path.child("restartPolicy");
    match container.get("restartPolicy").and_then(Value::as_str) {
        None if !list(container, "restartPolicyRules").is_empty() => {
            errors.push(FieldError::required(&policy_path, "must specify restartPolicy when restart rules are used"));
        }
        Some(policy) if !POLICIES.contains(&policy) => {
            errors.push(FieldError::not_supported(&policy_path, policy, &POLICIES));
        }
        _ => {}
    }
    for (path, rule) in items(container, "restartPolicyRules", path) {
        errors.extend(one_of(rule, "action", &path, &["Restart", "RestartAllContainers"]));
        if let Some(codes) = some(rule, "exitCodes") {
            let operator = text(codes, "operator");
            if !matches!(operator, "In" | "NotIn") {
                let path = path.child("exitCodes").child("operator");
                errors.push(FieldError::not_supported(&path, operator, &["In", "NotIn"]));
            }
        }
    }
    errors
}

/// Models `validateResizePolicy`; errors are reported at the list.
fn resize_policy(spec: &Value, container: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    let all = path.child("resizePolicy");
    for (path, policy) in items(container, "resizePolicy", path) {
        let (resource, restart) = (text(policy, "resourceName"), text(policy, "restartPolicy"));
        if !seen.insert(resource) {
            errors.push(FieldError::duplicate(&path, resource));
        }
        for (value, known) in [(resource, ["cpu", "memory"]), (restart, ["NotRequired", "RestartContainer"])] {
            match value {
                "" => errors.push(FieldError::required(&all, "")),
                value if known.contains(&value) => {}
                value => errors.push(FieldError::not_supported(&all, value, &known)),
            }
        }
        if text(spec, "restartPolicy") == "Never" && restart != "NotRequired" {
            let detail = "must be 'NotRequired' when `restartPolicy` is 'Never'";
            errors.push(FieldError::invalid(&all, restart, detail));
        }
    }
    errors
}

/// Models `validateEphemeralContainers`.
fn ephemeral(spec: &Value, volumes: &Volumes<'_>, path: &Path) -> ErrorList {
    const FORBIDDEN: [&str; 6] = ["ports", "resources", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"];
    const WHY: &str = "cannot be set for an Ephemeral Container";
    let mut errors = Vec::new();
    let others: BTreeSet<&str> =
        names_in(spec, "containers").union(&names_in(spec, "initContainers")).copied().collect();
    let mut seen = others.clone();
    for (path, container) in items(spec, "ephemeralContainers", path) {
        errors.extend(common(spec, container, volumes, &path));
        errors.extend(image_only_for_pod(container, &path));
        errors.extend(unique(container, &mut seen, &path));
        let target = text(container, "targetContainerName");
        if !target.is_empty() && !others.contains(target) {
            errors.push(FieldError::not_found(&path.child("targetContainerName"), target));
        }
        let set = |field: &&&str| some(container, field).is_some_and(|value| *value != serde_json::json!({}));
        errors.extend(FORBIDDEN.iter().filter(set).map(|field| FieldError::forbidden(&path.child(field), WHY)));
        for (path, mount) in items(container, "volumeMounts", &path) {
            let given = ["subPath", "subPathExpr"].into_iter().filter(|field| !text(mount, field).is_empty());
            errors.extend(given.map(|field| FieldError::forbidden(&path.child(field), WHY)));
        }
    }
    errors
}

/// Models `validateContainerOnlyForPod`: a template may have been stored with such an image before.
pub(super) fn image_only_for_pod(container: &Value, path: &Path) -> Option<FieldError> {
    let image = text(container, "image");
    let detail = "must not have leading or trailing whitespace";
    (image != image.trim()).then(|| FieldError::invalid(&path.child("image"), image, detail))
}

/// Models `validatePodHostNetworkDeps`: on the node's own network, a container's port is the node's.
pub(super) fn host_network(spec: &Value, is_pod: bool, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if !is_true(spec, "hostNetwork") {
        return errors;
    }
    for (path, container) in items(spec, "containers", path) {
        for (path, port) in items(container, "ports", &path) {
            let number = |field: &str| port.get(field).and_then(Value::as_i64).unwrap_or(0);
            let (inner, outer) = (number("containerPort"), number("hostPort"));
            if inner != outer && (is_pod || outer != 0) {
                let detail = "must match `containerPort` when `hostNetwork` is true";
                errors.push(FieldError::invalid(&path.child("hostPort"), outer, detail));
            }
        }
    }
    errors
}

fn unique<'a>(container: &'a Value, seen: &mut BTreeSet<&'a str>, path: &Path) -> Option<FieldError> {
    let name = text(container, "name");
    (!seen.insert(name)).then(|| FieldError::duplicate(&path.child("name"), name))
}
