//! What is wrong with Endpoints. Models `validateEndpointSubsets` of `pkg/apis/core/validation`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::tree::{each_invalid, int, items, list, numbered, one_of, text};
use crate::{ErrorList, FieldError, Object, Path, ip, names};

pub(super) fn endpoints(endpoints: &Object, old: Option<&Object>) -> ErrorList {
    let accepted: Vec<String> = old.map(addresses).unwrap_or_default().into_iter().collect();
    let mut errors = Vec::new();
    for (path, subset) in numbered(endpoints.list(&["subsets"]), Path::new("subsets")) {
        if list(subset, "addresses").is_empty() && list(subset, "notReadyAddresses").is_empty() {
            errors.push(FieldError::required(&path, "must specify `addresses` or `notReadyAddresses`"));
        }
        for field in ["addresses", "notReadyAddresses"] {
            errors.extend(items(subset, field, &path).flat_map(|(path, one)| address(one, &accepted, &path)));
        }
        let several = list(subset, "ports").len() > 1;
        errors.extend(items(subset, "ports", &path).flat_map(|(path, one)| port(one, several, &path)));
    }
    errors
}

fn addresses(endpoints: &Object) -> BTreeSet<String> {
    let subsets = endpoints.list(&["subsets"]).iter();
    subsets
        .flat_map(|subset| list(subset, "addresses").iter().chain(list(subset, "notReadyAddresses")))
        .map(|address| text(address, "ip").to_owned())
        .collect()
}

/// Models `validateEndpointAddress`.
fn address(address: &Value, accepted: &[String], path: &Path) -> ErrorList {
    let text_ip = text(address, "ip");
    let mut errors = ip::validate_ip(&path.child("ip"), text_ip, accepted);
    let host = text(address, "hostname");
    if !host.is_empty() {
        errors.extend(each_invalid(&path.child("hostname"), host, names::is_dns1123_label(host)));
    }
    if let Some(node) = address.get("nodeName").and_then(Value::as_str) {
        errors.extend(each_invalid(&path.child("nodeName"), node, names::is_dns1123_subdomain(node)));
    }
    // What is no IP at all is said twice, in other words.
    errors.extend(ip::validate_endpoint_ip(&path.child("ip"), text_ip));
    errors
}

/// Models `validateEndpointPort`.
fn port(port: &Value, name_required: bool, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let name = text(port, "name");
    if !name.is_empty() {
        errors.extend(each_invalid(&path.child("name"), name, names::is_dns1123_label(name)));
    } else if name_required {
        errors.push(FieldError::required(&path.child("name"), ""));
    }
    let number = int(port, "port").unwrap_or(0);
    for detail in names::is_valid_port_num(number) {
        errors.push(FieldError::invalid(&path.child("port"), number, detail));
    }
    errors.extend(one_of(port, "protocol", path, &["SCTP", "TCP", "UDP"]));
    if let Some(protocol) = port.get("appProtocol").and_then(Value::as_str) {
        errors.extend(each_invalid(&path.child("appProtocol"), protocol, names::is_qualified_name(protocol)));
    }
    errors
}
