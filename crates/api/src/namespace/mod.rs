//! Namespace: a scope for names.

use crate::kind::{AGE, Column, Kind, NAME, Strategy};
use crate::{ErrorList, Object, names};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "",
    version: "v1",
    kind: "Namespace",
    plural: "namespaces",
    singular: "namespace",
    short_names: &["ns"],
    categories: &[],
    namespaced: false,
    strategy: &NamespaceStrategy,
    columns: &[
        NAME,
        Column { name: "STATUS", wide: false, cell: |object, _| object.str(&["status", "phase"]).to_owned() },
        AGE,
    ],
};

/// Models `pkg/registry/core/namespace`.
struct NamespaceStrategy;

impl Strategy for NamespaceStrategy {
    fn default(&self, object: &mut Object) {
        let name = object.name().to_owned();
        object.set(&["metadata", "labels", "kubernetes.io/metadata.name"], name);
    }

    fn prepare_create(&self, object: &mut Object) {
        object.set(&["status"], serde_json::json!({"phase": "Active"}));
        object.set(&["spec", "finalizers"], serde_json::json!(["kubernetes"]));
    }

    fn validate_create(&self, _object: &Object) -> ErrorList {
        Vec::new()
    }

    fn validate_name(&self, name: &str) -> Vec<String> {
        names::is_dns1123_label(name)
    }
}
