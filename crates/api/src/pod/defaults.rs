//! What a pod's manifest leaves out. Models `pkg/apis/core/v1/defaults.go`.

use serde_json::{Map, Value, json};

use super::container_defaults;
use super::volume_defaults;
use crate::Object;

/// Models `SetDefaults_Pod`: what only a pod gets, then what a template gets too.
pub(super) fn pod(object: &mut Object) {
    let Some(Value::Object(spec)) = object.field_mut("spec") else { return };
    requests_from_limits(spec);
    or(spec, "enableServiceLinks", json!(true));
    pod_spec(spec);
    if spec.get("hostNetwork") == Some(&Value::Bool(true)) {
        host_ports(spec);
    }
}

/// The defaults of a workload's pod template.
pub(crate) fn default_template(object: &mut Object) {
    let spec = object.field_mut("spec").and_then(|spec| spec.get_mut("template")?.get_mut("spec"));
    if let Some(Value::Object(spec)) = spec {
        pod_spec(spec);
    }
}

/// Models `SetDefaults_PodSpec` and what lies below it.
fn pod_spec(spec: &mut Map<String, Value>) {
    or(spec, "dnsPolicy", json!("ClusterFirst"));
    or(spec, "restartPolicy", json!("Always"));
    or(spec, "securityContext", json!({}));
    or(spec, "terminationGracePeriodSeconds", json!(30));
    or(spec, "schedulerName", json!("default-scheduler"));
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for container in maps(spec, list) {
            container_defaults::container(container);
        }
    }
    for volume in maps(spec, "volumes") {
        volume_defaults::volume(volume);
    }
}

/// What a container may use at most and does not ask for, it asks for.
fn requests_from_limits(spec: &mut Map<String, Value>) {
    for list in ["initContainers", "containers"] {
        for container in maps(spec, list) {
            let Some(Value::Object(resources)) = container.get_mut("resources") else { continue };
            let Some(Value::Object(limits)) = resources.get("limits").cloned() else { continue };
            let requests = resources.entry("requests").or_insert_with(|| json!({}));
            let Value::Object(requests) = requests else { continue };
            for (name, amount) in limits {
                requests.entry(name).or_insert(amount);
            }
        }
    }
}

/// Models `defaultHostNetworkPorts`: on the node's network a container's port is the node's.
fn host_ports(spec: &mut Map<String, Value>) {
    for list in ["initContainers", "containers"] {
        for container in maps(spec, list) {
            for port in maps(container, "ports") {
                if let Some(number) = port.get("containerPort").cloned() {
                    or(port, "hostPort", number);
                }
            }
        }
    }
}

/// Sets a field that is not there or null.
pub(super) fn or(map: &mut Map<String, Value>, field: &str, value: Value) {
    let slot = map.entry(field).or_insert(Value::Null);
    if slot.is_null() {
        *slot = value;
    }
}

/// The maps of a list.
pub(super) fn maps<'a>(
    map: &'a mut Map<String, Value>,
    list: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    map.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}
