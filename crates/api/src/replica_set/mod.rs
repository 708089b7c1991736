//! ReplicaSet: so many pods of one template.

use crate::cells::{CONTAINERS, IMAGES, SELECTOR, number};
use crate::kind::{AGE, Column, Kind, NAME, Plain};
use crate::{Object, pod};

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
    strategy: &Plain { status: r#"{"replicas": 0}"#, default: defaults, ..Plain::SPEC },
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
