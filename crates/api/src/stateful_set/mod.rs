//! StatefulSet: pods with names and an order.

use serde_json::{Value, json};

use crate::cells::{CONTAINERS, IMAGES, number};
use crate::kind::{AGE, Column, Kind, NAME, Plain};
use crate::tree::{not_negative, some, text};
use crate::{ErrorList, FieldError, Object, Path, pod, workload};

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
    strategy: &Plain {
        status: r#"{"availableReplicas": 0, "replicas": 0}"#,
        default: defaults,
        validate,
        validate_update: Some(update),
        ..Plain::SPEC
    },
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

/// Models `ValidateStatefulSetSpec` of `pkg/apis/apps/validation`; claims and their retention are not judged.
fn validate(object: &Object) -> ErrorList {
    let path = Path::new("spec");
    let spec = object.at(&["spec"]).unwrap_or(&Value::Null);
    let mut errors = Vec::new();
    match text(spec, "podManagementPolicy") {
        "" => errors.push(FieldError::required(&path.child("podManagementPolicy"), "")),
        "OrderedReady" | "Parallel" => {}
        other => {
            let detail = "must be 'OrderedReady' or 'Parallel'";
            errors.push(FieldError::invalid(&path.child("podManagementPolicy"), other, detail));
        }
    }
    let strategy = spec.get("updateStrategy").unwrap_or(&Value::Null);
    let strategy_path = path.child("updateStrategy");
    match text(strategy, "type") {
        "" => errors.push(FieldError::required(&strategy_path, "")),
        "OnDelete" if some(strategy, "rollingUpdate").is_some() => {
            let detail = "only allowed for updateStrategy 'RollingUpdate'";
            let value = strategy.get("rollingUpdate").cloned().unwrap_or_default();
            errors.push(FieldError::invalid(&strategy_path.child("rollingUpdate"), value, detail));
        }
        "OnDelete" | "RollingUpdate" => {}
        _ => {
            let detail = "must be 'RollingUpdate' or 'OnDelete'";
            errors.push(FieldError::invalid(&strategy_path, strategy.clone(), detail));
        }
    }
    errors.extend(not_negative(spec, "replicas", &path));
    errors.extend(not_negative(spec, "minReadySeconds", &path));
    errors.extend(workload::selector_and_template(spec, "statefulset", &path));
    errors
}

/// Models `ValidateStatefulSetUpdate`: most of the spec stays as it was.
fn update(object: &Object, old: &Object) -> ErrorList {
    const MAY_CHANGE: [&str; 7] = [
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    ];
    let mut errors = validate(object);
    let rest = |object: &Object| {
        let mut spec = object.map(&["spec"]).cloned().unwrap_or_default();
        spec.retain(|field, _| !MAY_CHANGE.contains(&field.as_str()));
        spec
    };
    if rest(object) != rest(old) {
        let detail = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', \
                      'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and \
                      'minReadySeconds' are forbidden";
        errors.push(FieldError::forbidden(&Path::new("spec"), detail));
    }
    errors
}
