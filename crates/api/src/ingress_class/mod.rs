//! IngressClass: which controller serves which Ingresses.

mod validation;

use crate::Object;
use crate::kind::{AGE, Column, Kind, NAME, Plain};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "networking.k8s.io",
    version: "v1",
    kind: "IngressClass",
    plural: "ingressclasses",
    singular: "ingressclass",
    short_names: &[],
    categories: &[],
    namespaced: false,
    strategy: &Plain {
        status: "",
        default: defaults,
        validate: validation::ingress_class,
        validate_update: Some(validation::update),
        ..Plain::SPEC
    },
    columns: &[
        NAME,
        Column { name: "CONTROLLER", wide: false, cell: |object, _| object.str(&["spec", "controller"]).to_owned() },
        Column { name: "PARAMETERS", wide: false, cell: |object, _| parameters(object) },
        AGE,
    ],
};

/// The annotation that makes a class the one of Ingresses that name none.
pub const DEFAULT_ANNOTATION: &str = "ingressclass.kubernetes.io/is-default-class";

/// Models `SetDefaults_IngressClass`.
fn defaults(class: &mut Object) {
    if class.at(&["spec", "parameters"]).is_some() {
        class.or_insert(&["spec", "parameters", "scope"], "Cluster");
    }
}

fn parameters(class: &Object) -> String {
    let text = |field: &str| class.str(&["spec", "parameters", field]);
    if class.at(&["spec", "parameters"]).is_none() {
        return "<none>".to_owned();
    }
    let group = text("apiGroup");
    let kind = if group.is_empty() { text("kind").to_owned() } else { format!("{}.{group}", text("kind")) };
    format!("{kind}/{}", text("name"))
}
