//! What a Service's manifest leaves out. Models `SetDefaults_Service` of `pkg/apis/core/v1/defaults.go`.

use serde_json::{Value, json};

use crate::Object;

pub(super) fn service(object: &mut Object) {
    let Some(Value::Object(spec)) = object.value_mut().get_mut("spec") else { return };
    let mut or = |field: &str, value: Value| {
        let slot = spec.entry(field).or_insert(Value::Null);
        if slot.is_null() {
            *slot = value;
        }
    };
    or("sessionAffinity", json!("None"));
    or("type", json!("ClusterIP"));
    for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        let Value::Object(port) = port else { continue };
        port.entry("protocol").or_insert_with(|| "TCP".into());
        if let Some(number) = port.get("port").cloned() {
            port.entry("targetPort").or_insert(number);
        }
    }
    let kind = spec.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    if kind == "NodePort" || kind == "LoadBalancer" {
        spec.entry("externalTrafficPolicy").or_insert_with(|| "Cluster".into());
    }
    if kind == "LoadBalancer" {
        spec.entry("allocateLoadBalancerNodePorts").or_insert(Value::Bool(true));
    }
    if kind != "ExternalName" {
        spec.entry("internalTrafficPolicy").or_insert_with(|| "Cluster".into());
    }
}
