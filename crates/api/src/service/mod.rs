//! Service: one name and one virtual address for the pods that a selector picks.

mod defaults;
mod ip_families;
mod needs;
mod table;
mod update;
mod validation;
mod warnings;

use serde_json::Value;

use crate::kind::{Kind, Strategy, cell_text};
use crate::{ErrorList, Object, names};

pub use ip_families::prepare_allocation;
pub use needs::{
    externally_accessible, is_headless, needs_cluster_ip, needs_health_check_node_port, needs_node_port, service_type,
    should_allocate_node_ports,
};
pub use update::{drop_type_dependent_fields, normalize_cluster_ips, patch_allocated_values};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "",
    version: "v1",
    kind: "Service",
    plural: "services",
    singular: "service",
    short_names: &["svc"],
    categories: &["all"],
    namespaced: true,
    strategy: &ServiceStrategy,
    columns: table::COLUMNS,
};

/// Models `pkg/registry/core/service`. Unlike other kinds, a Service gets its addresses and ports *before* it is
/// prepared and validated: default, [`prepare_allocation`], allocate, `prepare_*`, validate.
struct ServiceStrategy;

impl Strategy for ServiceStrategy {
    fn default(&self, object: &mut Object) {
        defaults::service(object);
    }

    fn prepare_create(&self, object: &mut Object) {
        object.set(&["status"], serde_json::json!({"loadBalancer": {}}));
    }

    fn prepare_update(&self, object: &mut Object, old: &Object) {
        match old.at(&["status"]) {
            Some(status) => object.set(&["status"], status.clone()),
            None => drop(object.remove(&["status"])),
        }
        drop_type_dependent_fields(object, old);
    }

    fn validate_create(&self, object: &Object) -> ErrorList {
        validation::service(object, None)
    }

    fn validate_update(&self, object: &Object, old: &Object) -> ErrorList {
        validation::update(object, old)
    }

    fn warnings(&self, object: &Object, _old: Option<&Object>) -> Vec<String> {
        warnings::service(object)
    }

    fn allow_create_on_update(&self) -> bool {
        true
    }

    fn changes_generation(&self, _object: &Object, _old: &Object) -> bool {
        false
    }

    fn validate_name(&self, name: &str) -> Vec<String> {
        names::is_dns1123_label(name)
    }
}

/// One entry of `spec.ports`, read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServicePort {
    /// Empty when there is only one port.
    pub name: String,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: String,
    /// The port of the Service, 1 to 65535.
    pub port: u16,
    /// Where it leads in the pod.
    pub target_port: TargetPort,
    /// The port on every node; 0 when there is none.
    pub node_port: u16,
}

/// A number, or the name of a container port.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TargetPort {
    /// A port number.
    Number(u16),
    /// The name of a port of one of the pod's containers.
    Name(String),
}

/// The ports of an admitted Service.
#[must_use]
pub fn ports(service: &Object) -> Vec<ServicePort> {
    let number = |value: Option<&Value>| value.and_then(Value::as_u64).and_then(|n| u16::try_from(n).ok()).unwrap_or(0);
    service
        .list(&["spec", "ports"])
        .iter()
        .map(|port| ServicePort {
            name: cell_text(port.get("name")),
            protocol: cell_text(port.get("protocol")),
            port: number(port.get("port")),
            target_port: match port.get("targetPort") {
                Some(Value::String(name)) => TargetPort::Name(name.clone()),
                value => TargetPort::Number(number(value)),
            },
            node_port: number(port.get("nodePort")),
        })
        .collect()
}
