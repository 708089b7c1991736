//! What a Service of its type needs from the cluster. Models `pkg/registry/core/service/strategy.go` and
//! `pkg/api/service/util.go`.

use serde_json::Value;

use crate::Object;

/// `spec.type`.
#[must_use]
pub fn service_type(service: &Object) -> &str {
    service.str(&["spec", "type"])
}

/// Models `needsClusterIP`; `None` counts as a cluster IP here.
#[must_use]
pub fn needs_cluster_ip(service: &Object) -> bool {
    service_type(service) != "ExternalName"
}

/// Models `needsNodePort`: whether its ports may have node ports.
#[must_use]
pub fn needs_node_port(service: &Object) -> bool {
    matches!(service_type(service), "NodePort" | "LoadBalancer")
}

/// Whether missing node ports are given out: a load balancer can do without. Models `shouldAllocateNodePorts`.
#[must_use]
pub fn should_allocate_node_ports(service: &Object) -> bool {
    match service_type(service) {
        "NodePort" => true,
        "LoadBalancer" => service.at(&["spec", "allocateLoadBalancerNodePorts"]) == Some(&Value::Bool(true)),
        _ => false,
    }
}

/// Models `needsHCNodePort`, `NeedsHealthCheck`.
#[must_use]
pub fn needs_health_check_node_port(service: &Object) -> bool {
    service_type(service) == "LoadBalancer" && service.str(&["spec", "externalTrafficPolicy"]) == "Local"
}

/// Models `ExternallyAccessible`.
#[must_use]
pub fn externally_accessible(service: &Object) -> bool {
    match service_type(service) {
        "LoadBalancer" | "NodePort" => true,
        "ClusterIP" => !service.list(&["spec", "externalIPs"]).is_empty(),
        _ => false,
    }
}

/// Whether `spec.clusterIPs` is just `None`. Models `isHeadlessService` of validation.
#[must_use]
pub fn is_headless(service: &Object) -> bool {
    matches!(service.list(&["spec", "clusterIPs"]), [ip] if ip == "None")
}
