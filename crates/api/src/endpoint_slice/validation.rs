//! What is wrong with an EndpointSlice. Models `pkg/apis/discovery/validation`.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::Value;

use crate::metadata::{IMMUTABLE, validate_labels};
use crate::tree::{each_invalid, items, list, map, numbered, one_of, one_text_of, some, text};
use crate::{ErrorList, FieldError, Object, Path, ip, names};

const MAX_ENDPOINTS: usize = 1000;
const MAX_ADDRESSES: usize = 100;
const MAX_PORTS: usize = 20_000;
const MIN_FQDN_LABELS: usize = 2;
const MAX_TOPOLOGY: usize = 16;
const MAX_HINTS: usize = 8;

pub(super) fn endpoint_slice(slice: &Object) -> ErrorList {
    let family = slice.str(&["addressType"]);
    let mut errors: ErrorList =
        one_text_of(family, &Path::new("addressType"), &["FQDN", "IPv4", "IPv6"]).into_iter().collect();
    let count = slice.list(&["endpoints"]).len();
    if count > MAX_ENDPOINTS {
        errors.push(FieldError::too_many(&Path::new("endpoints"), count, MAX_ENDPOINTS));
    } else {
        errors.extend(
            numbered(slice.list(&["endpoints"]), Path::new("endpoints"))
                .flat_map(|(path, one)| endpoint(one, family, &path)),
        );
    }
    errors.extend(ports(slice));
    errors
}

pub(super) fn update(slice: &Object, old: &Object) -> ErrorList {
    let mut errors = endpoint_slice(slice);
    let family = slice.str(&["addressType"]);
    if family != old.str(&["addressType"]) {
        errors.push(FieldError::invalid(&Path::new("addressType"), family, IMMUTABLE));
    }
    errors
}

fn endpoint(endpoint: &Value, family: &str, path: &Path) -> ErrorList {
    let addresses = path.child("addresses");
    let mut errors = match list(endpoint, "addresses").len() {
        0 => vec![FieldError::required(&addresses, "must contain at least 1 address")],
        count if count > MAX_ADDRESSES => vec![FieldError::too_many(&addresses, count, MAX_ADDRESSES)],
        _ => Vec::new(),
    };
    for (path, one) in items(endpoint, "addresses", path) {
        errors.extend(address(one.as_str().unwrap_or_default(), family, &path));
    }
    if let Some(node) = endpoint.get("nodeName").and_then(Value::as_str) {
        errors.extend(each_invalid(&path.child("nodeName"), node, names::is_dns1123_subdomain(node)));
    }
    let topology = map(endpoint, "deprecatedTopology");
    let topology_path = path.child("deprecatedTopology");
    if let Some(count) = topology.map(serde_json::Map::len).filter(|count| *count > MAX_TOPOLOGY) {
        errors.push(FieldError::too_many(&topology_path, count, MAX_TOPOLOGY));
    }
    errors.extend(validate_labels(topology, &topology_path));
    if let Some(host) = endpoint.get("hostname").and_then(Value::as_str) {
        errors.extend(each_invalid(&path.child("hostname"), host, names::is_dns1123_label(host)));
    }
    errors.extend(some(endpoint, "hints").map(|of| hints(of, &path.child("hints"))).into_iter().flatten());
    errors
}

/// Models `validateHints`.
fn hints(hints: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    for (field, rule) in
        [("forZones", names::is_label_value as fn(&str) -> Vec<String>), ("forNodes", names::is_dns1123_subdomain)]
    {
        let count = list(hints, field).len();
        if count > MAX_HINTS {
            errors.push(FieldError::too_many(&path.child(field), count, MAX_HINTS));
            continue;
        }
        let mut seen = BTreeSet::new();
        for (path, hint) in items(hints, field, path) {
            let name = text(hint, "name");
            if !seen.insert(name) {
                errors.push(FieldError::duplicate(&path.child("name"), name));
            }
            errors.extend(each_invalid(&path.child("name"), name, rule(name)));
        }
    }
    errors
}

fn address(address: &str, family: &str, path: &Path) -> ErrorList {
    if family == "FQDN" {
        return domain(address, path);
    }
    let mut errors = ip::validate_ip(path, address, &[]);
    if errors.is_empty() && matches!(family, "IPv4" | "IPv6") {
        let is_ipv4 = matches!(ip::parse_sloppy(address), Some(IpAddr::V4(_)));
        if is_ipv4 != (family == "IPv4") {
            errors.push(FieldError::invalid(path, address, format!("must be an {family} address")));
        }
        errors.extend(ip::validate_endpoint_ip(path, address));
    }
    errors
}

/// Models `IsFullyQualifiedDomainName`: two labels at least, a dot may end it.
fn domain(name: &str, path: &Path) -> ErrorList {
    if name.is_empty() {
        return vec![FieldError::required(path, "")];
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    let wrong = names::is_dns1123_subdomain(name);
    if !wrong.is_empty() {
        return vec![FieldError::invalid(path, name, wrong.join(","))];
    }
    if name.split('.').count() < MIN_FQDN_LABELS {
        let detail = "should be a domain with at least two segments separated by dots";
        return vec![FieldError::invalid(path, name, detail)];
    }
    let long =
        name.split('.').map(|label| (label, names::is_dns1123_label(label))).find(|(_, wrong)| !wrong.is_empty());
    long.map(|(label, wrong)| FieldError::invalid(path, label, wrong.join(","))).into_iter().collect()
}

/// Numbers are not judged; names must differ, and no name is a name.
fn ports(slice: &Object) -> ErrorList {
    let count = slice.list(&["ports"]).len();
    if count > MAX_PORTS {
        return vec![FieldError::too_many(&Path::new("ports"), count, MAX_PORTS)];
    }
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, port) in numbered(slice.list(&["ports"]), Path::new("ports")) {
        let name = text(port, "name");
        if !name.is_empty() {
            errors.extend(each_invalid(&path.child("name"), name, names::is_dns1123_label(name)));
        }
        if !seen.insert(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        errors.extend(one_of(port, "protocol", &path, &["SCTP", "TCP", "UDP"]));
        if let Some(protocol) = port.get("appProtocol").and_then(Value::as_str) {
            errors.extend(each_invalid(&path.child("appProtocol"), protocol, names::is_qualified_name(protocol)));
        }
    }
    errors
}
