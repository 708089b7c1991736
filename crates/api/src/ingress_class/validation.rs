//! What is wrong with an IngressClass. Models `ValidateIngressClass` of `pkg/apis/networking/validation`.

use serde_json::Value;

use crate::ingress::validation::resource_backend;
use crate::metadata::IMMUTABLE;
use crate::tree::{domain_prefixed_path, each_invalid, some, text};
use crate::{ErrorList, FieldError, Object, Path, names};

/// The most bytes of a controller's name.
const MAX_BYTES: usize = 250;

pub(super) fn ingress_class(class: &Object) -> ErrorList {
    let path = Path::new("spec");
    let controller = class.str(&["spec", "controller"]);
    let controller_path = path.child("controller");
    let mut errors = Vec::new();
    if controller.len() > MAX_BYTES {
        errors.push(FieldError::too_long(&controller_path, MAX_BYTES));
    }
    errors.extend(domain_prefixed_path(controller, &controller_path));
    let spec = class.at(&["spec"]).unwrap_or(&Value::Null);
    errors.extend(some(spec, "parameters").map(|of| parameters(of, &path.child("parameters"))).into_iter().flatten());
    errors
}

pub(super) fn update(class: &Object, old: &Object) -> ErrorList {
    let controller = class.str(&["spec", "controller"]);
    let changed = controller != old.str(&["spec", "controller"]);
    let path = Path::new("spec.controller");
    let mut errors: ErrorList =
        changed.then(|| FieldError::invalid(&path, controller, IMMUTABLE)).into_iter().collect();
    errors.extend(ingress_class(class));
    errors
}

/// Models `validateIngressClassParametersReference`.
fn parameters(of: &Value, path: &Path) -> ErrorList {
    let mut errors = resource_backend(of, path);
    let scope = text(of, "scope");
    let namespace = of.get("namespace").and_then(Value::as_str);
    let namespace_path = path.child("namespace");
    match (scope, namespace) {
        ("Namespace", None) => {
            errors.push(FieldError::required(&namespace_path, "`parameters.scope` is set to 'Namespace'"));
        }
        ("Namespace", Some(name)) => errors.extend(each_invalid(&namespace_path, name, names::is_dns1123_label(name))),
        ("Cluster", Some(_)) => {
            errors.push(FieldError::forbidden(&namespace_path, "`parameters.scope` is set to 'Cluster'"));
        }
        ("Cluster", None) => {}
        (other, _) => errors.push(FieldError::not_supported(&path.child("scope"), other, &["Cluster", "Namespace"])),
    }
    errors
}
