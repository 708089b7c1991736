//! Pod: containers that share an address.

mod container_defaults;
mod defaults;
mod qos;
mod table;
mod volume_defaults;

use serde_json::Value;

use crate::kind::{Kind, Strategy};
use crate::{ErrorList, Object};

pub(crate) use defaults::default_template;

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "",
    version: "v1",
    kind: "Pod",
    plural: "pods",
    singular: "pod",
    short_names: &["po"],
    categories: &["all"],
    namespaced: true,
    strategy: &PodStrategy,
    columns: table::COLUMNS,
};

/// Models `pkg/registry/core/pod`.
struct PodStrategy;

impl Strategy for PodStrategy {
    fn default(&self, object: &mut Object) {
        defaults::pod(object);
    }

    fn prepare_create(&self, object: &mut Object) {
        object.set(&["metadata", "generation"], 1);
        object.set(&["status"], serde_json::json!({"phase": "Pending", "qosClass": qos::class(object)}));
    }

    fn validate_create(&self, _object: &Object) -> ErrorList {
        Vec::new()
    }
}

/// Whether the pod's condition of this type is `True`.
#[must_use]
pub fn has_condition(pod: &Object, condition: &str) -> bool {
    pod.list(&["status", "conditions"])
        .iter()
        .any(|c| c.get("type").is_some_and(|t| t == condition) && c.get("status").is_some_and(|s| s == "True"))
}

/// Whether the pod is ready to serve. Models `podutil.IsPodReady`.
#[must_use]
pub fn is_ready(pod: &Object) -> bool {
    has_condition(pod, "Ready")
}

/// Whether an init container is a sidecar: it starts in its turn and stays. Models `podutil.IsRestartableInitContainer`.
#[must_use]
pub fn is_restartable(container: &Value) -> bool {
    container.get("restartPolicy").is_some_and(|policy| policy == "Always")
}
