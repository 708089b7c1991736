//! Pod: containers that share an address.

mod container_defaults;
mod defaults;
mod qos;
mod table;
pub(crate) mod validation;
mod volume_defaults;
pub(crate) mod warnings;

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
        // Negative graces were accepted once: they mean the shortest.
        if object.int(&["spec", "terminationGracePeriodSeconds"]).is_some_and(|seconds| seconds < 0) {
            object.set(&["spec", "terminationGracePeriodSeconds"], 1);
        }
        object.set(&["status"], serde_json::json!({"phase": "Pending", "qosClass": qos::class(object)}));
    }

    fn validate_create(&self, object: &Object) -> ErrorList {
        validation::create(object)
    }

    fn validate_update(&self, object: &Object, old: &Object) -> ErrorList {
        validation::update(object, old)
    }

    /// Being bound to a node is no change of what was asked for.
    fn changes_generation(&self, object: &Object, old: &Object) -> bool {
        let mut before = old.clone();
        if before.str(&["spec", "nodeName"]).is_empty()
            && let Some(node) = object.at(&["spec", "nodeName"])
        {
            before.set(&["spec", "nodeName"], node.clone());
        }
        !object.same(&before, &["spec"])
    }

    fn warnings(&self, object: &Object, old: Option<&Object>) -> Vec<String> {
        let name = old.is_none().then(|| warnings::name(object.name(), "the Pod's hostname")).flatten();
        name.into_iter().chain(warnings::pod(object)).collect()
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
