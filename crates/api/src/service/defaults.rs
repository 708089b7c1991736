//! What a Service's manifest leaves out. Models `SetDefaults_Service` of `pkg/apis/core/v1/defaults.go`.

use serde_json::{Map, Value, json};

use super::needs::externally_accessible;
use crate::Object;

/// How long a client stays with its pod, in seconds.
const CLIENT_IP_AFFINITY_SECONDS: i32 = 10_800;

pub(super) fn service(object: &mut Object) {
    let Some(Value::Object(spec)) = object.field_mut("spec") else { return };
    default_text(spec, "sessionAffinity", "None");
    match spec.get("sessionAffinity").and_then(Value::as_str) {
        Some("None") => drop(spec.remove("sessionAffinityConfig")),
        Some("ClientIP") => affinity_config(spec),
        _ => {}
    }
    default_text(spec, "type", "ClusterIP");
    for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        let Value::Object(port) = port else { continue };
        default_text(port, "protocol", "TCP");
        let no_target = port.get("targetPort").is_none_or(|target| target.is_null() || *target == 0 || *target == "");
        if no_target {
            let number = port.get("port").cloned().unwrap_or_else(|| 0.into());
            port.insert("targetPort".to_owned(), number);
        }
    }
    if externally_accessible(object) {
        let Some(Value::Object(spec)) = object.field_mut("spec") else { return };
        default_text(spec, "externalTrafficPolicy", "Cluster");
    }
    let kind = object.str(&["spec", "type"]).to_owned();
    if matches!(kind.as_str(), "ClusterIP" | "NodePort" | "LoadBalancer") {
        or_insert(object, "internalTrafficPolicy", json!("Cluster"));
    }
    if kind == "LoadBalancer" {
        or_insert(object, "allocateLoadBalancerNodePorts", json!(true));
        ip_modes(object);
    }
}

fn affinity_config(spec: &mut Map<String, Value>) {
    let timeout = spec.get("sessionAffinityConfig").and_then(|config| config.get("clientIP")?.get("timeoutSeconds"));
    if timeout.is_none_or(Value::is_null) {
        let config = json!({"clientIP": {"timeoutSeconds": CLIENT_IP_AFFINITY_SECONDS}});
        spec.insert("sessionAffinityConfig".to_owned(), config);
    }
}

/// An address that a load balancer got is a virtual one, unless it says otherwise.
fn ip_modes(object: &mut Object) {
    let status = object.field_mut("status");
    let ingress = status.and_then(|status| status.get_mut("loadBalancer")?.get_mut("ingress")?.as_array_mut());
    for ingress in ingress.into_iter().flatten().filter_map(Value::as_object_mut) {
        if ingress.get("ip").and_then(Value::as_str).is_some_and(|ip| !ip.is_empty()) {
            let mode = ingress.entry("ipMode").or_insert(Value::Null);
            if mode.is_null() {
                *mode = "VIP".into();
            }
        }
    }
}

fn default_text(map: &mut Map<String, Value>, field: &str, text: &str) {
    if map.get(field).is_none_or(|value| value.is_null() || *value == "") {
        map.insert(field.to_owned(), text.into());
    }
}

fn or_insert(object: &mut Object, field: &str, value: Value) {
    if object.at(&["spec", field]).is_none() {
        object.set(&["spec", field], value);
    }
}
