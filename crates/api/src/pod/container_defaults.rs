//! What a container's manifest leaves out. Models `SetDefaults_Container`, `SetDefaults_Probe` and their like.

use serde_json::{Map, Value, json};

use super::defaults::{maps, or};

pub(super) fn container(container: &mut Map<String, Value>) {
    let image = container.get("image").and_then(Value::as_str).unwrap_or_default();
    let policy = if is_latest(image) { "Always" } else { "IfNotPresent" };
    or(container, "imagePullPolicy", json!(policy));
    or(container, "resources", json!({}));
    or(container, "terminationMessagePath", json!("/dev/termination-log"));
    or(container, "terminationMessagePolicy", json!("File"));
    for port in maps(container, "ports") {
        or(port, "protocol", json!("TCP"));
    }
    for variable in maps(container, "env") {
        if let Some(Value::Object(field)) = variable.get_mut("valueFrom").and_then(|from| from.get_mut("fieldRef")) {
            or(field, "apiVersion", json!("v1"));
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(Value::Object(probe)) = container.get_mut(name) {
            self::probe(probe);
        }
    }
    for hook in ["postStart", "preStop"] {
        if let Some(Value::Object(hook)) = container.get_mut("lifecycle").and_then(|l| l.get_mut(hook)) {
            http_get(hook);
        }
    }
}

/// Zero counts as absent, as in Go.
fn probe(probe: &mut Map<String, Value>) {
    for (field, value) in
        [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)]
    {
        let slot = probe.entry(field).or_insert(Value::Null);
        if slot.is_null() || *slot == 0 {
            *slot = json!(value);
        }
    }
    if let Some(Value::Object(grpc)) = probe.get_mut("grpc") {
        or(grpc, "service", json!(""));
    }
    http_get(probe);
}

/// Models `SetDefaults_HTTPGetAction`.
fn http_get(handler: &mut Map<String, Value>) {
    let Some(Value::Object(get)) = handler.get_mut("httpGet") else { return };
    for (field, value) in [("path", "/"), ("scheme", "HTTP")] {
        let slot = get.entry(field).or_insert(Value::Null);
        if slot.is_null() || *slot == "" {
            *slot = json!(value);
        }
    }
}

/// Whether an image has the tag `latest` or none (and no digest). Models `parsers.ParseImageName`.
pub(super) fn is_latest(image: &str) -> bool {
    if image.contains('@') {
        return false;
    }
    let last = image.rsplit('/').next().unwrap_or(image);
    last.rsplit_once(':').is_none_or(|(_, tag)| tag == "latest")
}
