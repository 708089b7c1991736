//! Node: a machine of the cluster.

mod validation;

use crate::kind::{AGE, Column, Kind, NAME, Strategy, cell_text};
use crate::{ErrorList, Object};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "",
    version: "v1",
    kind: "Node",
    plural: "nodes",
    singular: "node",
    short_names: &["no"],
    categories: &[],
    namespaced: false,
    strategy: &NodeStrategy,
    columns: &[
        NAME,
        Column { name: "STATUS", wide: false, cell: |object, _| status(object) },
        Column { name: "ROLES", wide: false, cell: |object, _| roles(object) },
        AGE,
        Column { name: "VERSION", wide: false, cell: |object, _| info(object, "kubeletVersion") },
        Column { name: "INTERNAL-IP", wide: true, cell: |object, _| address(object, "InternalIP") },
        Column { name: "EXTERNAL-IP", wide: true, cell: |object, _| address(object, "ExternalIP") },
        Column { name: "OS-IMAGE", wide: true, cell: |object, _| info(object, "osImage") },
        Column { name: "KERNEL-VERSION", wide: true, cell: |object, _| info(object, "kernelVersion") },
        Column { name: "CONTAINER-RUNTIME", wide: true, cell: |object, _| info(object, "containerRuntimeVersion") },
    ],
};

/// Models `pkg/registry/core/node`.
struct NodeStrategy;

impl Strategy for NodeStrategy {
    fn default(&self, _object: &mut Object) {}

    fn prepare_create(&self, _object: &mut Object) {}

    fn validate_create(&self, object: &Object) -> ErrorList {
        validation::node(object)
    }

    fn validate_update(&self, object: &Object, old: &Object) -> ErrorList {
        validation::update(object, old)
    }
}

/// The node's first address of a type (`InternalIP`), or `<none>`.
#[must_use]
pub fn address(node: &Object, kind: &str) -> String {
    let found = node.list(&["status", "addresses"]).iter().find(|a| a.get("type").is_some_and(|t| t == kind));
    found.map_or_else(|| "<none>".to_owned(), |a| cell_text(a.get("address")))
}

fn info(node: &Object, field: &str) -> String {
    let text = node.str(&["status", "nodeInfo", field]);
    if text.is_empty() { "<unknown>".to_owned() } else { text.to_owned() }
}

fn status(node: &Object) -> String {
    let ready = node.list(&["status", "conditions"]).iter().find(|c| c.get("type").is_some_and(|t| t == "Ready"));
    let mut words = vec![match ready.and_then(|c| c.get("status")).and_then(|s| s.as_str()) {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    }];
    if node.bool(&["spec", "unschedulable"]) {
        words.push("SchedulingDisabled");
    }
    words.join(",")
}

fn roles(node: &Object) -> String {
    let roles: Vec<&str> = node
        .labels()
        .into_iter()
        .flatten()
        .filter_map(|(key, _)| key.strip_prefix("node-role.kubernetes.io/"))
        .filter(|role| !role.is_empty())
        .collect();
    if roles.is_empty() { "<none>".to_owned() } else { roles.join(",") }
}
