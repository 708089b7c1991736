//! DaemonSet: one pod on every node.

use serde_json::{Value, json};

use crate::cells::{CONTAINERS, IMAGES, SELECTOR, labels, number};
use crate::kind::{AGE, Column, Kind, NAME, Plain};
use crate::tree::not_negative;
use crate::{ErrorList, Object, Path, pod, workload};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "apps",
    version: "v1",
    kind: "DaemonSet",
    plural: "daemonsets",
    singular: "daemonset",
    short_names: &["ds"],
    categories: &["all"],
    namespaced: true,
    strategy: &Plain {
        status: r#"{"currentNumberScheduled": 0, "desiredNumberScheduled": 0, "numberMisscheduled": 0, "numberReady": 0}"#,
        default: defaults,
        validate,
        validate_update: Some(update),
        ..Plain::SPEC
    },
    columns: &[
        NAME,
        Column {
            name: "DESIRED",
            wide: false,
            cell: |object, _| number(object, &["status", "desiredNumberScheduled"]),
        },
        Column {
            name: "CURRENT",
            wide: false,
            cell: |object, _| number(object, &["status", "currentNumberScheduled"]),
        },
        Column { name: "READY", wide: false, cell: |object, _| number(object, &["status", "numberReady"]) },
        Column {
            name: "UP-TO-DATE",
            wide: false,
            cell: |object, _| number(object, &["status", "updatedNumberScheduled"]),
        },
        Column { name: "AVAILABLE", wide: false, cell: |object, _| number(object, &["status", "numberAvailable"]) },
        Column {
            name: "NODE SELECTOR",
            wide: false,
            cell: |object, _| labels(object.map(&["spec", "template", "spec", "nodeSelector"])),
        },
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ],
};

/// Models `SetDefaults_DaemonSet` of `pkg/apis/apps/v1`.
fn defaults(object: &mut Object) {
    object.or_insert(&["spec", "updateStrategy"], json!({}));
    object.or_insert(&["spec", "updateStrategy", "type"], "RollingUpdate");
    if object.str(&["spec", "updateStrategy", "type"]) == "RollingUpdate" {
        object.or_insert(&["spec", "updateStrategy", "rollingUpdate"], json!({}));
        object.or_insert(&["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"], 1);
        object.or_insert(&["spec", "updateStrategy", "rollingUpdate", "maxSurge"], 0);
    }
    object.or_insert(&["spec", "revisionHistoryLimit"], 10);
    pod::default_template(object);
}

/// Models `ValidateDaemonSetSpec` of `pkg/apis/apps/validation`; the update strategy is not judged.
fn validate(object: &Object) -> ErrorList {
    let path = Path::new("spec");
    let spec = object.at(&["spec"]).unwrap_or(&Value::Null);
    let mut errors = workload::selector_and_template(spec, "daemonset", &path);
    errors.extend(not_negative(spec, "minReadySeconds", &path));
    errors.extend(not_negative(spec, "revisionHistoryLimit", &path));
    errors
}

fn update(object: &Object, old: &Object) -> ErrorList {
    let mut errors = validate(object);
    errors.extend(workload::selector_changed(object, old));
    errors
}
