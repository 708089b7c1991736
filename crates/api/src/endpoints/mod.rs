//! Endpoints: the addresses behind a Service, in one object (deprecated since 1.33 in favour of EndpointSlice).

mod validation;

use serde_json::Value;

use crate::kind::{AGE, Column, Kind, NAME, Strategy, cell_text};
use crate::tree::{items, numbered, text};
use crate::{ErrorList, Object, Path, ip};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "",
    version: "v1",
    kind: "Endpoints",
    plural: "endpoints",
    singular: "endpoints",
    short_names: &["ep"],
    categories: &[],
    namespaced: true,
    strategy: &EndpointsStrategy,
    columns: &[NAME, Column { name: "ENDPOINTS", wide: false, cell: |object, _| format_endpoints(object) }, AGE],
};

/// The label that says who wrote Endpoints, and what the controller writes there.
pub const MANAGED_BY: (&str, &str) = ("endpoints.kubernetes.io/managed-by", "endpoint-controller");

/// Models `pkg/registry/core/endpoint`.
struct EndpointsStrategy;

impl Strategy for EndpointsStrategy {
    fn default(&self, object: &mut Object) {
        let Some(Value::Array(subsets)) = object.field_mut("subsets") else { return };
        for port in subsets.iter_mut().filter_map(|s| s.get_mut("ports")?.as_array_mut()).flatten() {
            if let Value::Object(port) = port {
                port.entry("protocol").or_insert_with(|| "TCP".into());
            }
        }
    }

    fn validate_create(&self, object: &Object) -> ErrorList {
        validation::endpoints(object, None)
    }

    fn validate_update(&self, object: &Object, old: &Object) -> ErrorList {
        validation::endpoints(object, Some(old))
    }

    fn changes_generation(&self, _object: &Object, _old: &Object) -> bool {
        false
    }

    /// The deprecation, and `endpointsWarnings`: what the controller made is not looked at.
    fn warnings(&self, object: &Object, _old: Option<&Object>) -> Vec<String> {
        let mut warnings: Vec<String> = self.deprecation().map(str::to_owned).into_iter().collect();
        if object.str(&["metadata", "labels", MANAGED_BY.0]) == MANAGED_BY.1 {
            return warnings;
        }
        for (path, subset) in numbered(object.list(&["subsets"]), Path::new("subsets")) {
            for list in ["addresses", "notReadyAddresses"] {
                for (path, address) in items(subset, list, &path) {
                    warnings.extend(ip::ip_warnings(&path.child("ip"), text(address, "ip")));
                }
            }
        }
        warnings
    }

    fn allow_create_on_update(&self) -> bool {
        true
    }

    fn deprecation(&self) -> Option<&'static str> {
        Some("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
    }
}

/// At most three `ip:port`, then how many more there are. Models `pkg/printers/internalversion` `formatEndpoints`.
#[must_use]
pub fn format_endpoints(endpoints: &Object) -> String {
    const MOST: usize = 3;
    let subsets = endpoints.list(&["subsets"]);
    if subsets.is_empty() {
        return "<none>".to_owned();
    }
    let mut shown = Vec::new();
    let mut count = 0;
    for subset in subsets {
        let items = |field: &str| subset.get(field).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut numbers: Vec<String> = items("ports").iter().map(|port| cell_text(port.get("port"))).collect();
        if numbers.is_empty() {
            // A headless Service may have no ports.
            numbers.push(String::new());
        }
        for port in &numbers {
            for address in items("addresses") {
                count += 1;
                let ip = cell_text(address.get("ip"));
                shown.push(match (port.as_str(), ip.contains(':')) {
                    ("", _) => ip,
                    (port, true) => format!("[{ip}]:{port}"),
                    (port, false) => format!("{ip}:{port}"),
                });
            }
        }
    }
    shown.truncate(MOST);
    match count {
        n if n > MOST => format!("{} + {} more...", shown.join(","), n - MOST),
        _ => shown.join(","),
    }
}
