//! The ports of containers.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::tree::{each_invalid, int, items, one_of, text};
use crate::{ErrorList, FieldError, Path, names};

/// Models `validateContainerPorts`.
pub(super) fn validate(container: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, port) in items(container, "ports", path) {
        let name = text(port, "name");
        if !name.is_empty() {
            let wrong = names::is_valid_port_name(name);
            if wrong.is_empty() && !seen.insert(name) {
                errors.push(FieldError::duplicate(&path.child("name"), name));
            }
            errors.extend(each_invalid(&path.child("name"), name, wrong));
        }
        match int(port, "containerPort").unwrap_or(0) {
            0 => errors.push(FieldError::required(&path.child("containerPort"), "")),
            number => errors.extend(in_range(number, &path.child("containerPort"))),
        }
        let host = int(port, "hostPort").filter(|port| *port != 0);
        errors.extend(host.map(|number| in_range(number, &path.child("hostPort"))).into_iter().flatten());
        errors.extend(one_of(port, "protocol", &path, &["SCTP", "TCP", "UDP"]));
    }
    errors
}

fn in_range(number: i64, path: &Path) -> ErrorList {
    names::is_valid_port_num(number).into_iter().map(|detail| FieldError::invalid(path, number, detail)).collect()
}

/// Models `checkHostPortConflicts`: what two containers want of one node.
pub(super) fn host_port_conflicts(containers: &[Value], path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, container) in containers.iter().enumerate() {
        for (path, port) in items(container, "ports", &path.index(index)) {
            let number = int(port, "hostPort").unwrap_or(0);
            let key = format!("{}/{}/{number}", text(port, "protocol"), text(port, "hostIP"));
            if number != 0 && !seen.insert(key.clone()) {
                errors.push(FieldError::duplicate(&path.child("hostPort"), key));
            }
        }
    }
    errors
}
