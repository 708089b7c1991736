//! Probes and their handlers.

use serde_json::Value;

use crate::tree::{each_invalid, int, items, list, not_negative, one_of, port_or_name, some, text};
use crate::{ErrorList, FieldError, Path, names};

/// The handlers and probes of a container that may have them, in upstream's order.
pub(super) fn of_container(spec: &Value, container: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let grace = int(spec, "terminationGracePeriodSeconds").unwrap_or(0);
    for hook in ["postStart", "preStop"] {
        let handler = some(container, "lifecycle").and_then(|lifecycle| some(lifecycle, hook));
        errors.extend(
            handler
                .map(|handler| validate_handler(handler, grace, &path.child("lifecycle").child(hook)))
                .into_iter()
                .flatten(),
        );
    }
    for kind in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(probe) = some(container, kind) else { continue };
        let path = path.child(kind);
        errors.extend(validate(probe, grace, &path));
        if kind == "readinessProbe" {
            if let Some(seconds) = int(probe, "terminationGracePeriodSeconds") {
                let detail = "must not be set for readinessProbes";
                errors.push(FieldError::invalid(&path.child("terminationGracePeriodSeconds"), seconds, detail));
            }
        } else if let Some(threshold) = int(probe, "successThreshold").filter(|threshold| *threshold != 1) {
            errors.push(FieldError::invalid(&path.child("successThreshold"), threshold, "must be 1"));
        }
    }
    errors
}

/// Models `validateProbe`.
fn validate(probe: &Value, grace: i64, path: &Path) -> ErrorList {
    let mut errors = validate_handler(probe, grace, path);
    for field in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
        errors.extend(not_negative(probe, field, path));
    }
    if let Some(seconds) = int(probe, "terminationGracePeriodSeconds").filter(|seconds| *seconds <= 0) {
        let path = path.child("terminationGracePeriodSeconds");
        errors.push(FieldError::invalid(&path, seconds, "must be greater than 0"));
    }
    errors
}

/// Exactly one handler. Models `validateHandler`; `grace` are the seconds that the pod has to end.
fn validate_handler(handler: &Value, grace: i64, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mut found = false;
    for kind in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let Some(action) = some(handler, kind) else { continue };
        let path = path.child(kind);
        if found {
            errors.push(FieldError::forbidden(&path, "may not specify more than 1 handler type"));
            continue;
        }
        found = true;
        match kind {
            "exec" if list(action, "command").is_empty() => {
                errors.push(FieldError::required(&path.child("command"), ""));
            }
            "httpGet" => errors.extend(http_get(action, &path)),
            "sleep" => {
                let seconds = int(action, "seconds").filter(|seconds| !(0..=grace).contains(seconds));
                let detail = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
                errors.extend(seconds.map(|seconds| FieldError::invalid(&path, seconds, detail)));
            }
            "tcpSocket" | "grpc" => errors.extend(port_or_name(action.get("port"), &path.child("port"))),
            _ => {}
        }
    }
    if !found {
        errors.push(FieldError::required(path, "must specify a handler type"));
    }
    errors
}

/// Models `validateHTTPGetAction`; a bad header is reported at the list.
fn http_get(action: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if text(action, "path").is_empty() {
        errors.push(FieldError::required(&path.child("path"), ""));
    }
    errors.extend(port_or_name(action.get("port"), &path.child("port")));
    errors.extend(one_of(action, "scheme", path, &["HTTP", "HTTPS"]));
    for (_, header) in items(action, "httpHeaders", path) {
        let name = text(header, "name");
        errors.extend(each_invalid(&path.child("httpHeaders"), name, names::is_http_header_name(name)));
    }
    errors
}
