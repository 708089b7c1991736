//! Deployment: pods of one template, replaced gradually when it changes.

use serde_json::json;

use crate::cells::{CONTAINERS, IMAGES, SELECTOR, number};
use crate::kind::{AGE, Column, Kind, NAME, Plain};
use crate::{Object, pod};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "apps",
    version: "v1",
    kind: "Deployment",
    plural: "deployments",
    singular: "deployment",
    short_names: &["deploy"],
    categories: &["all"],
    namespaced: true,
    strategy: &Plain { generation: true, status: "{}", default: defaults, validate: |_| Vec::new() },
    columns: &[
        NAME,
        Column { name: "READY", wide: false, cell: |object, _| ready(object) },
        Column { name: "UP-TO-DATE", wide: false, cell: |object, _| number(object, &["status", "updatedReplicas"]) },
        Column { name: "AVAILABLE", wide: false, cell: |object, _| number(object, &["status", "availableReplicas"]) },
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ],
};

fn ready(object: &Object) -> String {
    format!("{}/{}", number(object, &["status", "readyReplicas"]), number(object, &["spec", "replicas"]))
}

/// Models `SetDefaults_Deployment` of `pkg/apis/apps/v1`.
fn defaults(object: &mut Object) {
    object.or_insert(&["spec", "replicas"], 1);
    object.or_insert(&["spec", "strategy"], json!({}));
    object.or_insert(&["spec", "strategy", "type"], "RollingUpdate");
    if object.str(&["spec", "strategy", "type"]) == "RollingUpdate" {
        object.or_insert(&["spec", "strategy", "rollingUpdate"], json!({}));
        object.or_insert(&["spec", "strategy", "rollingUpdate", "maxUnavailable"], "25%");
        object.or_insert(&["spec", "strategy", "rollingUpdate", "maxSurge"], "25%");
    }
    object.or_insert(&["spec", "revisionHistoryLimit"], 10);
    object.or_insert(&["spec", "progressDeadlineSeconds"], 600);
    pod::default_template(object);
}
