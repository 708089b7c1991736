//! The ports of a Service, each for itself and together.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::kind::cell_text;
use crate::service::needs::service_type;
use crate::tree::{one_of, port_or_name};
use crate::{ErrorList, FieldError, Object, Path, names};

/// Each port for itself. Models `validateServicePort`.
pub(super) fn validate(service: &Object) -> ErrorList {
    let ports = service.list(&["spec", "ports"]);
    let mut seen = BTreeSet::new();
    let mut errors = Vec::new();
    for (index, port) in ports.iter().enumerate() {
        let path = Path::new("spec.ports").index(index);
        errors.extend(name(port, ports.len() > 1, &mut seen, &path.child("name")));
        let number = int(port, "port");
        for detail in names::is_valid_port_num(number) {
            errors.push(FieldError::invalid(&path.child("port"), number, detail));
        }
        errors.extend(one_of(port, "protocol", &path, &["SCTP", "TCP", "UDP"]));
        errors.extend(port_or_name(port.get("targetPort"), &path.child("targetPort")));
        if let Some(protocol) = port.get("appProtocol").and_then(Value::as_str) {
            for detail in names::is_qualified_name(protocol) {
                errors.push(FieldError::invalid(&path.child("appProtocol"), protocol, detail));
            }
        }
    }
    errors
}

/// Node ports where there may be none, and what is there twice.
pub(super) fn validate_together(service: &Object) -> ErrorList {
    let ports = service.list(&["spec", "ports"]);
    let path = Path::new("spec.ports");
    let mut errors = Vec::new();
    if service_type(service) == "ClusterIP" {
        for (index, _) in ports.iter().enumerate().filter(|(_, port)| int(port, "nodePort") != 0) {
            let detail = "may not be used when `type` is 'ClusterIP'";
            errors.push(FieldError::forbidden(&path.index(index).child("nodePort"), detail));
        }
    }
    let mut node_ports = BTreeSet::new();
    for (index, port) in ports.iter().enumerate() {
        let node_port = int(port, "nodePort");
        if node_port != 0 && !node_ports.insert((cell_text(port.get("protocol")), node_port)) {
            errors.push(FieldError::duplicate(&path.index(index).child("nodePort"), node_port));
        }
    }
    let mut numbers = BTreeSet::new();
    for (index, port) in ports.iter().enumerate() {
        let key = (cell_text(port.get("protocol")), int(port, "port"));
        if !numbers.insert(key.clone()) {
            let (protocol, number) = key;
            // Upstream prints its internal struct with just the compared fields filled in.
            let protocol = crate::field::go_quote(&protocol);
            let shown = format!(
                "{{\"Name\":\"\",\"Protocol\":{protocol},\"AppProtocol\":null,\"Port\":{number},\"TargetPort\":0,\
                 \"NodePort\":0}}"
            );
            let value = json!({"port": number, "protocol": port.get("protocol")});
            errors.push(FieldError::duplicate(&path.index(index), value).showing(shown));
        }
    }
    errors
}

fn name(port: &Value, required: bool, seen: &mut BTreeSet<String>, path: &Path) -> ErrorList {
    let name = cell_text(port.get("name"));
    if name.is_empty() {
        return if required { vec![FieldError::required(path, "")] } else { Vec::new() };
    }
    let details = names::is_dns1123_label(&name).into_iter();
    let mut errors: ErrorList = details.map(|detail| FieldError::invalid(path, name.as_str(), detail)).collect();
    if !seen.insert(name.clone()) {
        errors.push(FieldError::duplicate(path, name));
    }
    errors
}

fn int(port: &Value, field: &str) -> i64 {
    port.get(field).and_then(Value::as_i64).unwrap_or(0)
}
