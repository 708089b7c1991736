//! Amounts, variables and ports of containers that are surely not meant.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Path;
use crate::field::go_quote;
use crate::quantity::Quantity;
use crate::tree::{int, items, map, some, text};

pub(super) fn containers(spec: &Value, path: &Path) -> Vec<String> {
    let all: Vec<(Path, &Value)> = ["initContainers", "containers", "ephemeralContainers"]
        .into_iter()
        .flat_map(|lists| items(spec, lists, path))
        .collect();
    let mut warnings = Vec::new();
    for (path, container) in &all {
        let resources = container.get("resources").unwrap_or(&Value::Null);
        for field in ["limits", "requests"] {
            warnings.extend(fractions(resources, field, &path.child("resources")));
        }
        warnings.extend(hidden_variables(container, path));
    }
    warnings.extend(ports(&all));
    warnings
}

/// Parts of a byte.
pub(super) fn fractions(resources: &Value, field: &str, path: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    for name in ["memory", "ephemeral-storage"] {
        let amount = map(resources, field).and_then(|amounts| amounts.get(name)?.as_str());
        let amount = amount.and_then(|amount| Quantity::parse(amount).ok());
        if let Some(amount) = amount.filter(|amount| amount.milli_value() % 1000 != 0) {
            let path = path.child(field).key(name);
            warnings.push(format!("{path}: fractional byte value \"{amount}\" is invalid, must be an integer"));
        }
    }
    warnings
}

/// A later variable of the same name wins; one that builds on the earlier is meant.
fn hidden_variables(container: &Value, path: &Path) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut warnings = Vec::new();
    for (path, variable) in items(container, "env", path) {
        let name = text(variable, "name");
        if seen.insert(name) {
            continue;
        }
        let reference = format!("$({name})");
        let value = text(variable, "value");
        let builds_on = value.contains(&reference) && value != reference && some(variable, "valueFrom").is_none();
        if !builds_on {
            let name = go_quote(name);
            warnings
                .push(format!("{path}: hides previous definition of {name}, which may be dropped when using apply"));
        }
    }
    warnings
}

fn ports(containers: &[(Path, &Value)]) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut all: BTreeMap<(i64, &str), Vec<(Path, &Value)>> = BTreeMap::new();
    for (path, container) in containers {
        for (path, port) in items(container, "ports", path) {
            let number = |field: &str| int(port, field).unwrap_or(0);
            let (protocol, ip) = (text(port, "protocol"), text(port, "hostIP"));
            if !ip.is_empty() && number("hostPort") == 0 {
                let (name, inner) = (text(port, "name"), number("containerPort"));
                let shown = format!("{{Name:{name} HostPort:0 ContainerPort:{inner} Protocol:{protocol} HostIP:{ip}}}");
                warnings.push(format!("{path}: hostIP set without hostPort: {shown}"));
            }
            let others = all.entry((number("containerPort"), protocol)).or_default();
            warnings.extend(others.iter().filter_map(|(other, with)| {
                Some(format!("{path}: {} port definition with {other}", overlap(port, with)?))
            }));
            others.push((path, port));
        }
    }
    warnings
}

/// How two definitions of one port and protocol get in each other's way.
fn overlap(port: &Value, other: &Value) -> Option<&'static str> {
    let host = |port: &Value| int(port, "hostPort").unwrap_or(0);
    let (ip, other_ip) = (text(port, "hostIP"), text(other, "hostIP"));
    if ip == other_ip && host(port) == host(other) {
        Some("duplicate")
    } else if host(port) == 0 || host(other) == 0 {
        Some("overlapping")
    } else if host(port) == host(other) && ip.is_empty() != other_ip.is_empty() {
        Some("dangerously ambiguous")
    } else {
        None
    }
}
