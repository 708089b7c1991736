//! DaemonSet: one pod on every node.

mod validation;

use serde_json::json;

use crate::cells::{CONTAINERS, IMAGES, SELECTOR, labels, number};
use crate::kind::{AGE, Column, Kind, NAME, Plain};
use crate::{Object, pod};

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
        prepare: count_templates,
        validate: validation::daemon_set,
        validate_update: Some(validation::update),
        warnings: |object, old| pod::warnings::workload(object, old, false),
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

/// Where `apps/v1` has the number of the template.
const TEMPLATE_GENERATION: [&str; 3] = ["metadata", "annotations", "deprecated.daemonset.template.generation"];

/// Counts the changes of the pod template. Models `PrepareForCreate` and `PrepareForUpdate` of the strategy: the number is
/// a field of the internal type, which `apps/v1` has only an annotation for.
fn count_templates(object: &mut Object, old: Option<&Object>) {
    let read = |object: &Object| object.str(&TEMPLATE_GENERATION).parse::<i64>().ok();
    let generation = match old {
        None => read(object).unwrap_or(0).max(1),
        Some(old) => {
            let template = ["spec", "template"];
            read(old).unwrap_or(0) + i64::from(!object.same(old, &template))
        }
    };
    object.set(&TEMPLATE_GENERATION, generation.to_string());
}

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
