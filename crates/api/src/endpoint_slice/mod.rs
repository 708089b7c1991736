//! EndpointSlice: up to a hundred of the addresses behind a Service, with their conditions.

mod validation;

use serde_json::Value;

use crate::kind::{AGE, Column, Kind, NAME, Strategy, cell_text};
use crate::tree::{items, numbered};
use crate::{ErrorList, Object, Path, ip};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "discovery.k8s.io",
    version: "v1",
    kind: "EndpointSlice",
    plural: "endpointslices",
    singular: "endpointslice",
    short_names: &[],
    categories: &[],
    namespaced: true,
    strategy: &EndpointSliceStrategy,
    columns: &[
        NAME,
        Column { name: "ADDRESSTYPE", wide: false, cell: |object, _| object.str(&["addressType"]).to_owned() },
        Column { name: "PORTS", wide: false, cell: |object, _| format_ports(object) },
        Column { name: "ENDPOINTS", wide: false, cell: |object, _| format_endpoints(object) },
        AGE,
    ],
};

/// The label that says which Service a slice belongs to.
pub const SERVICE_NAME_LABEL: &str = "kubernetes.io/service-name";

/// The label that says which controller a slice belongs to.
pub const MANAGED_BY_LABEL: &str = "endpointslice.kubernetes.io/managed-by";

/// Models `pkg/registry/discovery/endpointslice`.
struct EndpointSliceStrategy;

impl Strategy for EndpointSliceStrategy {
    fn default(&self, object: &mut Object) {
        let Some(Value::Array(ports)) = object.field_mut("ports") else { return };
        for port in ports {
            if let Value::Object(port) = port {
                port.entry("name").or_insert_with(|| "".into());
                port.entry("protocol").or_insert_with(|| "TCP".into());
            }
        }
    }

    fn prepare_create(&self, object: &mut Object) {
        object.set(&["metadata", "generation"], 1);
    }

    fn validate_create(&self, object: &Object) -> ErrorList {
        validation::endpoint_slice(object)
    }

    fn validate_update(&self, object: &Object, old: &Object) -> ErrorList {
        validation::update(object, old)
    }

    /// Models `warnOnDeprecatedAddressType` and `warnOnBadIPs`; controllers' own slices are not looked at.
    fn warnings(&self, object: &Object, old: Option<&Object>) -> Vec<String> {
        let mut warnings = Vec::new();
        if old.is_none() && object.str(&["addressType"]) == "FQDN" {
            warnings.push("spec.addressType: FQDN endpoints are deprecated".to_owned());
        }
        let by = object.str(&["metadata", "labels", MANAGED_BY_LABEL]);
        if matches!(by, "endpointslice-controller.k8s.io" | "endpointslicemirroring-controller.k8s.io") {
            return warnings;
        }
        for (path, endpoint) in numbered(object.list(&["endpoints"]), Path::new("endpoints")) {
            for (path, address) in items(endpoint, "addresses", &path) {
                warnings.extend(ip::ip_warnings(&path, address.as_str().unwrap_or_default()));
            }
        }
        warnings
    }

    fn changes_generation(&self, object: &Object, old: &Object) -> bool {
        ["endpoints", "ports"].iter().any(|field| object.at(&[field]) != old.at(&[field]))
            || object.labels() != old.labels()
    }
}

/// At most three items, then how many more. Models `formatDiscoveryPorts` and `formatDiscoveryEndpoints`.
fn first_three(items: &[String], none: &str) -> String {
    match items {
        [] => none.to_owned(),
        [a, b, c, more @ ..] if !more.is_empty() => format!("{a},{b},{c} + {} more...", more.len()),
        few => few.join(","),
    }
}

fn format_ports(slice: &Object) -> String {
    let ports: Vec<String> = slice
        .list(&["ports"])
        .iter()
        .map(|port| match port.get("port") {
            None | Some(Value::Null) => "*".to_owned(),
            number => cell_text(number),
        })
        .collect();
    first_three(&ports, "<unset>")
}

fn format_endpoints(slice: &Object) -> String {
    let addresses: Vec<String> = slice
        .list(&["endpoints"])
        .iter()
        .flat_map(|endpoint| endpoint.get("addresses").and_then(Value::as_array).into_iter().flatten())
        .map(|address| cell_text(Some(address)))
        .collect();
    first_three(&addresses, "<unset>")
}
