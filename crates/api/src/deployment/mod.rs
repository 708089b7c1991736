//! Deployment: pods of one template, replaced gradually when it changes.

mod validation;

use serde_json::{Value, json};

use crate::cells::{CONTAINERS, IMAGES, SELECTOR, number};
use crate::kind::{AGE, Column, Kind, NAME, Plain};
use crate::{Object, Path, pod};

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
        warnings,
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

/// Models `WarningsOnCreate` and `WarningsOnUpdate` of `pkg/registry/apps/deployment`.
fn warnings(object: &Object, old: Option<&Object>) -> Vec<String> {
    let name = old.is_none().then(|| pod::warnings::name(object.name(), "Pod names and hostnames")).flatten();
    let template = ["spec", "template", "spec"];
    let changed = old.is_none_or(|old| old.at(&template[..2]) != object.at(&template[..2]));
    let spec = object.at(&template).filter(|_| changed).unwrap_or(&Value::Null);
    name.into_iter().chain(pod::warnings::spec(spec, &Path::new("spec.template.spec"))).collect()
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
