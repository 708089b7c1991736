//! StatefulSet: pods with names and an order.

mod validation;

use serde_json::json;

use crate::cells::{CONTAINERS, IMAGES, number};
use crate::kind::{AGE, Column, Kind, NAME, Strategy};
use crate::{ErrorList, Object, names, pod};

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
    strategy: &StatefulSetStrategy,
    columns: &[NAME, Column { name: "READY", wide: false, cell: |object, _| ready(object) }, AGE, CONTAINERS, IMAGES],
};

/// Models `pkg/registry/apps/statefulset`.
struct StatefulSetStrategy;

impl Strategy for StatefulSetStrategy {
    fn default(&self, object: &mut Object) {
        defaults(object);
    }

    fn prepare_create(&self, object: &mut Object) {
        object.set(&["metadata", "generation"], 1);
        object.set(&["status"], json!({"availableReplicas": 0, "replicas": 0}));
        drop_disabled(object);
    }

    fn prepare_update(&self, object: &mut Object, old: &Object) {
        match old.at(&["status"]) {
            Some(status) => object.set(&["status"], status.clone()),
            None => drop(object.remove(&["status"])),
        }
        drop_disabled(object);
    }

    fn validate_create(&self, object: &Object) -> ErrorList {
        validation::create(object)
    }

    fn validate_update(&self, object: &Object, old: &Object) -> ErrorList {
        validation::update(object, old)
    }

    /// Its pods are named after it, with a dash and a number.
    fn validate_name(&self, name: &str) -> Vec<String> {
        names::is_dns1123_label(name)
    }

    fn warnings(&self, object: &Object, old: Option<&Object>) -> Vec<String> {
        let mut warnings = pod::warnings::workload(object, old, false);
        if object.int(&["spec", "revisionHistoryLimit"]).is_some_and(|limit| limit < 0) {
            let words = "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is \
                         recommended";
            warnings.push(words.to_owned());
        }
        warnings
    }
}

/// Models `dropStatefulSetDisabledFields`: the gate `MaxUnavailableStatefulSet` is off.
fn drop_disabled(object: &mut Object) {
    object.remove(&["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"]);
}

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
