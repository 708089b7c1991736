//! ReplicaSet: so many pods of one template.

use serde_json::Value;

use crate::cells::{CONTAINERS, IMAGES, SELECTOR, number};
use crate::kind::{AGE, Column, Kind, NAME, Plain};
use crate::tree::not_negative;
use crate::{ErrorList, Object, Path, pod, workload};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "apps",
    version: "v1",
    kind: "ReplicaSet",
    plural: "replicasets",
    singular: "replicaset",
    short_names: &["rs"],
    categories: &["all"],
    namespaced: true,
    strategy: &Plain {
        status: r#"{"replicas": 0}"#,
        default: defaults,
        validate,
        validate_update: Some(update),
        warnings: |object, old| pod::warnings::workload(object, old, true),
        ..Plain::SPEC
    },
    columns: &[
        NAME,
        Column { name: "DESIRED", wide: false, cell: |object, _| number(object, &["spec", "replicas"]) },
        Column { name: "CURRENT", wide: false, cell: |object, _| number(object, &["status", "replicas"]) },
        Column { name: "READY", wide: false, cell: |object, _| number(object, &["status", "readyReplicas"]) },
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ],
};

/// Models `SetDefaults_ReplicaSet` of `pkg/apis/apps/v1`.
fn defaults(object: &mut Object) {
    object.or_insert(&["spec", "replicas"], 1);
    pod::default_template(object);
}

/// Models `ValidateReplicaSetSpec` of `pkg/apis/apps/validation`; its message for empty selectors names deployments.
fn validate(object: &Object) -> ErrorList {
    let path = Path::new("spec");
    let spec = object.at(&["spec"]).unwrap_or(&Value::Null);
    let mut errors: ErrorList = not_negative(spec, "replicas", &path).into_iter().collect();
    errors.extend(not_negative(spec, "minReadySeconds", &path));
    errors.extend(workload::selector_and_template(spec, &workload::REPLICAS, &path, pod::validation::template));
    errors
}

fn update(object: &Object, old: &Object) -> ErrorList {
    let mut errors = validate(object);
    errors.extend(workload::selector_changed(object, old));
    errors
}
