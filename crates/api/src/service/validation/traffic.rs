//! Traffic policies, the health check port, traffic distribution.

use serde_json::Value;

use crate::service::needs::{externally_accessible, needs_health_check_node_port, service_type};
use crate::{ErrorList, FieldError, Object, Path, names};

const POLICIES: [&str; 2] = ["Cluster", "Local"];

pub(super) fn validate(service: &Object) -> ErrorList {
    let mut errors = external_policy(service);
    errors.extend(health_check(service));
    errors.extend(internal_policy(service));
    errors.extend(distribution(service));
    errors
}

/// Models `validateServiceExternalTrafficFieldsUpdate`.
pub(super) fn validate_change(service: &Object, old: &Object) -> ErrorList {
    let both = needs_health_check_node_port(service) && needs_health_check_node_port(old);
    if both && health_check_node_port(service) != health_check_node_port(old) {
        return vec![FieldError::forbidden(&Path::new("spec.healthCheckNodePort"), "field is immutable")];
    }
    Vec::new()
}

/// The first half of `validateServiceExternalTrafficPolicy`.
fn external_policy(service: &Object) -> ErrorList {
    let path = Path::new("spec.externalTrafficPolicy");
    match (externally_accessible(service), service.str(&["spec", "externalTrafficPolicy"])) {
        (false, "") => Vec::new(),
        (false, policy) => {
            vec![FieldError::invalid(&path, policy, "may only be set for externally-accessible services")]
        }
        (true, "") => vec![FieldError::required(&path, "")],
        (true, policy) if POLICIES.contains(&policy) => Vec::new(),
        (true, policy) => vec![FieldError::not_supported(&path, policy, &POLICIES)],
    }
}

/// The second half of `validateServiceExternalTrafficPolicy`.
fn health_check(service: &Object) -> ErrorList {
    let path = Path::new("spec.healthCheckNodePort");
    let port = health_check_node_port(service);
    match (needs_health_check_node_port(service), port) {
        (false, 0) => Vec::new(),
        (false, port) => {
            let detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
            vec![FieldError::invalid(&path, port, detail)]
        }
        (true, 0) => vec![FieldError::required(&path, "")],
        (true, port) => {
            let details = names::is_valid_port_num(port).into_iter();
            details.map(|detail| FieldError::invalid(&path, port, detail)).collect()
        }
    }
}

/// Models `validateServiceInternalTrafficFieldsValue`.
fn internal_policy(service: &Object) -> ErrorList {
    let path = Path::new("spec.internalTrafficPolicy");
    match service.at(&["spec", "internalTrafficPolicy"]).and_then(Value::as_str) {
        None if matches!(service_type(service), "ClusterIP" | "NodePort" | "LoadBalancer") => {
            vec![FieldError::required(&path, "")]
        }
        Some(policy) if !POLICIES.contains(&policy) => vec![FieldError::not_supported(&path, policy, &POLICIES)],
        _ => Vec::new(),
    }
}

/// Models `validateServiceTrafficDistribution`; upstream lists these values unsorted.
fn distribution(service: &Object) -> ErrorList {
    const KNOWN: [&str; 3] = ["PreferClose", "PreferSameZone", "PreferSameNode"];
    let path = Path::new("spec.trafficDistribution");
    let distribution = service.at(&["spec", "trafficDistribution"]).and_then(Value::as_str);
    let unknown = distribution.filter(|value| !KNOWN.contains(value));
    unknown.map(|value| FieldError::not_supported_in_order(&path, value, &KNOWN)).into_iter().collect()
}

fn health_check_node_port(service: &Object) -> i64 {
    service.int(&["spec", "healthCheckNodePort"]).unwrap_or(0)
}
