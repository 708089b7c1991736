//! What a pod's manifest leaves out. Models `pkg/apis/core/v1/defaults.go`.

use serde_json::{Map, Value, json};

use crate::Object;

/// Models `SetDefaults_Pod`, `SetDefaults_PodSpec` and `SetDefaults_Container`.
pub(super) fn pod(object: &mut Object) {
    if let Some(Value::Object(spec)) = object.value_mut().get_mut("spec") {
        pod_spec(spec);
    }
}

/// The defaults of a pod's spec; a workload's pod template has the same.
pub(crate) fn pod_spec(spec: &mut Map<String, Value>) {
    let mut or = |field: &str, value: Value| {
        let slot = spec.entry(field).or_insert(Value::Null);
        if slot.is_null() {
            *slot = value;
        }
    };
    or("dnsPolicy", json!("ClusterFirst"));
    or("restartPolicy", json!("Always"));
    or("securityContext", json!({}));
    or("terminationGracePeriodSeconds", json!(30));
    or("schedulerName", json!("default-scheduler"));
    or("enableServiceLinks", json!(true));
    for list in ["initContainers", "containers"] {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Value::Object(container) = container {
                self::container(container);
            }
        }
    }
}

fn container(container: &mut Map<String, Value>) {
    let image = container.get("image").and_then(Value::as_str).unwrap_or_default();
    let policy = if is_latest(image) { "Always" } else { "IfNotPresent" };
    for (field, value) in [
        ("imagePullPolicy", json!(policy)),
        ("resources", json!({})),
        ("terminationMessagePath", json!("/dev/termination-log")),
        ("terminationMessagePolicy", json!("File")),
    ] {
        container.entry(field).or_insert(value);
    }
    for port in container.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Value::Object(port) = port {
            port.entry("protocol").or_insert_with(|| "TCP".into());
        }
    }
}

/// Whether an image has the tag `latest` or none (and no digest). Models `parsers.ParseImageName`.
fn is_latest(image: &str) -> bool {
    if image.contains('@') {
        return false;
    }
    let last = image.rsplit('/').next().unwrap_or(image);
    last.rsplit_once(':').is_none_or(|(_, tag)| tag == "latest")
}
