//! What is wrong with a NetworkPolicy. Models `ValidateNetworkPolicySpec` of `pkg/apis/networking/validation`.

use serde_json::Value;

use crate::metadata::validate_label_selector;
use crate::tree::{each_invalid, int, items, list, some, text};
use crate::{ErrorList, FieldError, Object, Path, ip, names};

pub(super) fn network_policy(policy: &Object) -> ErrorList {
    let path = Path::new("spec");
    let spec = policy.at(&["spec"]).unwrap_or(&Value::Null);
    let mut errors = match some(spec, "podSelector") {
        Some(selector) => validate_label_selector(selector, false, &path.child("podSelector")),
        None => Vec::new(),
    };
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        for (path, rule) in items(spec, direction, &path) {
            errors.extend(items(rule, "ports", &path).flat_map(|(path, one)| port(one, &path)));
            errors.extend(items(rule, peers, &path).flat_map(|(path, one)| peer(one, &path)));
        }
    }
    errors.extend(policy_types(spec, &path.child("policyTypes")));
    errors
}

fn policy_types(spec: &Value, path: &Path) -> ErrorList {
    let types = list(spec, "policyTypes");
    if types.len() > 2 {
        return vec![FieldError::invalid(path, types.to_vec(), "may not specify more than two policyTypes")];
    }
    let unknown = types.iter().enumerate().filter(|(_, kind)| *kind != "Ingress" && *kind != "Egress");
    unknown
        .map(|(index, kind)| {
            FieldError::not_supported_in_order(&path.index(index), kind.clone(), &["Ingress", "Egress"])
        })
        .collect()
}

/// Models `ValidateNetworkPolicyPort`.
fn port(port: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let protocol = text(port, "protocol");
    if some(port, "protocol").is_some() && !matches!(protocol, "TCP" | "UDP" | "SCTP") {
        let known = ["TCP", "UDP", "SCTP"];
        errors.push(FieldError::not_supported_in_order(&path.child("protocol"), protocol, &known));
    }
    let end = int(port, "endPort");
    let end_path = path.child("endPort");
    let mut refuse_end = |detail: &str| errors.extend(end.map(|end| FieldError::invalid(&end_path, end, detail)));
    match some(port, "port") {
        None => refuse_end("may not be specified when `port` is not specified"),
        Some(Value::String(name)) => {
            refuse_end("may not be specified when `port` is non-numeric");
            errors.extend(each_invalid(&path.child("port"), name, names::is_valid_port_name(name)));
        }
        Some(number) => {
            let number = number.as_i64().unwrap_or(0);
            for detail in names::is_valid_port_num(number) {
                errors.push(FieldError::invalid(&path.child("port"), number, detail));
            }
            let Some(end) = end else { return errors };
            if end < number {
                // Upstream shows the first port here, not the last.
                errors.push(FieldError::invalid(&end_path, number, "must be greater than or equal to `port`"));
            }
            for detail in names::is_valid_port_num(end) {
                errors.push(FieldError::invalid(&end_path, end, detail));
            }
        }
    }
    errors
}

/// Models `ValidateNetworkPolicyPeer`.
fn peer(peer: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mut kinds = 0;
    for field in ["podSelector", "namespaceSelector"] {
        if let Some(selector) = some(peer, field) {
            kinds += 1;
            errors.extend(validate_label_selector(selector, false, &path.child(field)));
        }
    }
    let block = some(peer, "ipBlock");
    errors.extend(block.map(|block| ip_block(block, &path.child("ipBlock"))).into_iter().flatten());
    match (kinds, block) {
        (0, None) => errors.push(FieldError::required(path, "must specify a peer")),
        (1.., Some(_)) => errors.push(FieldError::forbidden(path, "may not specify both ipBlock and another peer")),
        _ => {}
    }
    errors
}

/// Models `ValidateIPBlock`.
fn ip_block(block: &Value, path: &Path) -> ErrorList {
    let range = text(block, "cidr");
    if range.is_empty() {
        return vec![FieldError::required(&path.child("cidr"), "")];
    }
    let mut errors = ip::validate_cidr(&path.child("cidr"), range, &[]);
    let Some((address, bits)) = ip::parse_cidr_sloppy(range) else { return errors };
    for (path, except) in items(block, "except", path) {
        let except = except.as_str().unwrap_or_default();
        errors.extend(ip::validate_cidr(&path, except, &[]));
        let Some((inner, inner_bits)) = ip::parse_cidr_sloppy(except) else { continue };
        let same_family = inner.is_ipv4() == address.is_ipv4();
        let within = same_family && ip::network(inner, bits) == ip::network(address, bits);
        if !within || bits >= inner_bits {
            errors.push(FieldError::invalid(&path, except, "must be a strict subset of `cidr`"));
        }
    }
    errors
}
