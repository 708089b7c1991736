//! StatefulSet: pods with names and an order.

use serde_json::json;

use crate::cells::{CONTAINERS, IMAGES, number};
use crate::kind::{AGE, Column, Kind, NAME, Plain};
use crate::{Object, pod};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "apps",
    version: "v1",
    kind: "StatefulSet",
    plural: "statefulsets",
    singular: "statefulset",
    short_names: &["sts"],
    categories: &["all"],
    namespaced: true,
    strategy: &Plain { status: r#"{"availableReplicas": 0, "replicas": 0}"#, default: defaults, ..Plain::SPEC },
    columns: &[NAME, Column { name: "READY", wide: false, cell: |object, _| ready(object) }, AGE, CONTAINERS, IMAGES],
};

fn ready(object: &Object) -> String {
    format!("{}/{}", number(object, &["status", "readyReplicas"]), number(object, &["spec", "replicas"]))
}

/// Models `SetDefaults_StatefulSet` of `pkg/apis/apps/v1`.
fn defaults(object: &mut Object) {
    object.or_insert(&["spec", "podManagementPolicy"], "OrderedReady");
    object.or_insert(&["spec", "updateStrategy"], json!({}));
    object.or_insert(&["spec", "updateStrategy", "type"], "RollingUpdate");
    if object.str(&["spec", "updateStrategy", "type"]) == "RollingUpdate" {
        object.or_insert(&["spec", "updateStrategy", "rollingUpdate"], json!({}));
        object.or_insert(&["spec", "updateStrategy", "rollingUpdate", "partition"], 0);
    }
    object.or_insert(&["spec", "persistentVolumeClaimRetentionPolicy"], json!({}));
    object.or_insert(&["spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"], "Retain");
    object.or_insert(&["spec", "persistentVolumeClaimRetentionPolicy", "whenScaled"], "Retain");
    object.or_insert(&["spec", "replicas"], 1);
    object.or_insert(&["spec", "revisionHistoryLimit"], 10);
    pod::default_template(object);
}
