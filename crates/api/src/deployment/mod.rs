//! Deployment: pods of one template, replaced gradually when it changes.

mod validation;

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
    strategy: &Plain {
        default: defaults,
        validate: validation::deployment,
        validate_update: Some(validation::update),
        changes_generation: Some(changes_generation),
        warnings: |object, old| pod::warnings::workload(object, old, true),
        ..Plain::SPEC
    },
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

/// A change of an annotation counts as one too; the revision is the controller's, which writes the status.
fn changes_generation(object: &Object, old: &Object) -> bool {
    let annotations = |object: &Object| {
        let mut annotations = object.map(&["metadata", "annotations"]).cloned().unwrap_or_default();
        annotations.remove("deployment.kubernetes.io/revision");
        annotations
    };
    object.at(&["spec"]) != old.at(&["spec"]) || annotations(object) != annotations(old)
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
