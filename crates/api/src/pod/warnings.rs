//! What is accepted of pods with a warning. Models `warningsForPodSpecAndMeta` of `pkg/api/pod/warnings.go`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::tree::{int, items, text};
use crate::{Path, names};

/// The warnings of a pod's or a template's spec; `path` is that of the spec.
pub(crate) fn spec(spec: &Value, path: &Path) -> Vec<String> {
    let containers: Vec<(Path, &Value)> =
        items(spec, "initContainers", path).chain(items(spec, "containers", path)).collect();
    let mut warnings = Vec::new();
    for (path, container) in &containers {
        let mut seen = BTreeSet::new();
        for (path, variable) in items(container, "env", path) {
            let name = text(variable, "name");
            if !seen.insert(name) {
                let name = crate::field::go_quote(name);
                warnings.push(format!(
                    "{path}: hides previous definition of {name}, which may be dropped when using apply"
                ));
            }
        }
    }
    warnings.extend(ports(&containers));
    warnings
}

/// What a name that pods take over should look like; `whose` as upstream words it.
pub(crate) fn name(name: &str, whose: &str) -> Option<String> {
    let wrong = names::is_dns1123_label(name);
    (!wrong.is_empty()).then(|| {
        let wrong = wrong.join(" ");
        format!(
            "metadata.name: this is used in {whose}, which can result in surprising behavior; a DNS label is \
             recommended: [{wrong}]"
        )
    })
}

fn ports(containers: &[(Path, &Value)]) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut all: BTreeMap<(i64, &str), Vec<(Path, &Value)>> = BTreeMap::new();
    for (path, container) in containers {
        for (path, port) in items(container, "ports", path) {
            let key = (int(port, "containerPort").unwrap_or(0), text(port, "protocol"));
            let others = all.entry(key).or_default();
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
    } else if host(port) == host(other) && (ip.is_empty() || other_ip.is_empty()) {
        Some("dangerously ambiguous")
    } else {
        None
    }
}
