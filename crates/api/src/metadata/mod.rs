//! The metadata that every object has: what is wrong with it, whatever the kind.
//!
//! Models apimachinery `pkg/api/validation/objectmeta.go` and the finalizer check that `pkg/apis/core/validation` adds.

mod labels;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::kind::cell_text;
use crate::{ErrorList, FieldError, Kind, Object, Path, names};

pub use labels::{
    has_invalid_value, validate_annotations, validate_label_name, validate_label_selector, validate_labels,
};

/// The annotation in which `kubectl apply` remembers what it was given: upstream's `v1.LastAppliedConfigAnnotation`.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What `Invalid` says of a field that may not change.
pub const IMMUTABLE: &str = "field is immutable";

/// What is wrong with a new object's metadata. Models `ValidateObjectMeta`.
///
/// The name has been generated and the namespace settled before.
#[must_use]
pub fn validate_create(kind: &Kind, object: &Object) -> ErrorList {
    let path = Path::new("metadata");
    let strategy = kind.strategy;
    let mut errors = Vec::new();
    let prefix = object.str(&["metadata", "generateName"]);
    if !prefix.is_empty() {
        for detail in strategy.validate_name(&names::mask_trailing_dash(prefix)) {
            errors.push(FieldError::invalid(&path.child("generateName"), prefix, detail));
        }
    }
    if object.name().is_empty() {
        errors.push(FieldError::required(&path.child("name"), "name or generateName is required"));
    } else {
        for detail in strategy.validate_name(object.name()) {
            errors.push(FieldError::invalid(&path.child("name"), object.name(), detail));
        }
    }
    errors.extend(namespace(kind, object, &path.child("namespace")));
    if object.generation() < 0 {
        let detail = "must be greater than or equal to 0";
        errors.push(FieldError::invalid(&path.child("generation"), object.generation(), detail));
    }
    errors.extend(validate_labels(object.labels(), &path.child("labels")));
    errors.extend(validate_annotations(object.map(&["metadata", "annotations"]), &path.child("annotations")));
    errors.extend(owner_references(object, &path.child("ownerReferences")));
    errors.extend(finalizers(object, &path.child("finalizers")));
    errors.extend(kube_finalizers(object, &path.child("finalizers")));
    errors
}

/// What is wrong with a changed object's metadata. Models `ValidateObjectMetaUpdate`.
///
/// `object` has inherited what it does not give: see [`inherit`].
#[must_use]
pub fn validate_update(object: &Object, old: &Object) -> ErrorList {
    let path = Path::new("metadata");
    let mut errors = Vec::new();
    if old.is_terminating() {
        errors.extend(no_new_finalizers(object, old, &path.child("finalizers")));
    }
    if object.str(&["metadata", "resourceVersion"]).is_empty() {
        errors.push(FieldError::invalid(&path.child("resourceVersion"), "", "must be specified for an update"));
    }
    if object.generation() < old.generation() {
        let detail = "must not be decremented";
        errors.push(FieldError::invalid(&path.child("generation"), object.generation(), detail));
    }
    for field in ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] {
        let (new, was) = (object.at(&["metadata", field]), old.at(&["metadata", field]));
        if new != was {
            let absent = if field.starts_with("deletion") { Value::Null } else { Value::from("") };
            errors.push(FieldError::invalid(&path.child(field), new.cloned().unwrap_or(absent), IMMUTABLE));
        }
    }
    errors.extend(validate_labels(object.labels(), &path.child("labels")));
    errors.extend(validate_annotations(object.map(&["metadata", "annotations"]), &path.child("annotations")));
    errors.extend(owner_references(object, &path.child("ownerReferences")));
    errors.extend(kube_finalizers(object, &path.child("finalizers")));
    errors
}

/// Gives a changed object the metadata that an update keeps when it is left out, or may not touch at all.
///
/// Models apiserver `pkg/registry/rest.BeforeUpdate`.
pub fn inherit(object: &mut Object, old: &Object) {
    for field in ["uid", "creationTimestamp"] {
        if object.str(&["metadata", field]).is_empty() {
            keep(object, old, field);
        }
    }
    keep(object, old, "generation");
    for field in ["deletionTimestamp", "deletionGracePeriodSeconds"] {
        if old.at(&["metadata", field]).is_some() || field == "deletionGracePeriodSeconds" {
            keep(object, old, field);
        }
    }
}

fn keep(object: &mut Object, old: &Object, field: &str) {
    match old.at(&["metadata", field]) {
        Some(value) => object.set(&["metadata", field], value.clone()),
        None => drop(object.remove(&["metadata", field])),
    }
}

fn namespace(kind: &Kind, object: &Object, path: &Path) -> ErrorList {
    let namespace = object.namespace();
    match (kind.namespaced, namespace.is_empty()) {
        (true, true) => vec![FieldError::required(path, "")],
        (true, false) => {
            let details = names::is_dns1123_label(namespace).into_iter();
            details.map(|detail| FieldError::invalid(path, namespace, detail)).collect()
        }
        (false, false) => vec![FieldError::forbidden(path, "not allowed on this type")],
        (false, true) => Vec::new(),
    }
}

/// Models `ValidateOwnerReferences`; upstream gives the list's path for every error.
fn owner_references(object: &Object, path: &Path) -> ErrorList {
    let references = object.list(&["metadata", "ownerReferences"]);
    let mut errors = Vec::new();
    let mut controller: Option<String> = None;
    for reference in references {
        let text = |field: &str| cell_text(reference.get(field));
        let api_version = text("apiVersion");
        if api_version.rsplit('/').next().unwrap_or_default().is_empty() {
            errors.push(FieldError::invalid(
                &path.child("apiVersion"),
                api_version.as_str(),
                "version must not be empty",
            ));
        }
        for field in ["kind", "name", "uid"] {
            if text(field).is_empty() {
                errors.push(FieldError::invalid(&path.child(field), "", "must not be empty"));
            }
        }
        if api_version == "v1" && text("kind") == "Event" {
            let detail = "/v1, Kind=Event is disallowed from being an owner";
            errors.push(FieldError::invalid(path, reference.clone(), detail));
        }
        if reference.get("controller") == Some(&Value::Bool(true)) {
            let this = format!("{}/{}", text("kind"), text("name"));
            match &controller {
                Some(first) => {
                    let detail = format!(
                        "Only one reference can have Controller set to true. Found \"true\" in references for {first} \
                         and {this}"
                    );
                    errors.push(FieldError::invalid(path, references.to_vec(), detail));
                }
                None => controller = Some(this),
            }
        }
    }
    errors
}

fn finalizer_names(object: &Object) -> Vec<String> {
    object.list(&["metadata", "finalizers"]).iter().map(|name| cell_text(Some(name))).collect()
}

/// Models `ValidateFinalizers`.
fn finalizers(object: &Object, path: &Path) -> ErrorList {
    let all = finalizer_names(object);
    let mut errors: ErrorList = all
        .iter()
        .flat_map(|name| {
            let details = names::is_qualified_name(name).into_iter();
            details.map(|detail| FieldError::invalid(path, name.as_str(), detail))
        })
        .collect();
    let has = |name: &str| all.iter().any(|finalizer| finalizer == name);
    if has("orphan") && has("foregroundDeletion") {
        let detail = "finalizer orphan and foregroundDeletion cannot be both set";
        errors.push(FieldError::invalid(path, all.clone(), detail));
    }
    errors
}

/// Models `pkg/apis/core/validation.validateKubeFinalizerName`.
fn kube_finalizers(object: &Object, path: &Path) -> ErrorList {
    let standard = |name: &str| matches!(name, "kubernetes" | "orphan" | "foregroundDeletion");
    let mut errors = Vec::new();
    for (index, name) in finalizer_names(object).iter().enumerate() {
        let path = path.index(index);
        if !name.contains('/') && !standard(name) {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            errors.push(FieldError::invalid(&path, name.as_str(), detail));
        }
    }
    errors
}

/// Models `ValidateNoNewFinalizers`.
fn no_new_finalizers(object: &Object, old: &Object, path: &Path) -> ErrorList {
    let had = finalizer_names(old);
    let extra: BTreeSet<String> = finalizer_names(object).into_iter().filter(|name| !had.contains(name)).collect();
    if extra.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = extra.iter().map(|name| crate::field::go_quote(name)).collect();
    let detail = format!(
        "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
        names.join(", ")
    );
    vec![FieldError::forbidden(path, detail)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service;

    fn texts(errors: &[FieldError]) -> Vec<String> {
        errors.iter().map(ToString::to_string).collect()
    }

    fn create(metadata: &Value) -> Vec<String> {
        texts(&validate_create(&service::KIND, &Object::new(json!({"metadata": metadata}))))
    }

    #[test]
    fn good_metadata_passes() {
        let metadata = json!({"name": "web", "namespace": "default", "labels": {"a/b": ""}, "annotations": {"A.b/C": "x"},
            "finalizers": ["service.kubernetes.io/load-balancer-cleanup", "orphan"],
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "w", "uid": "1", "controller": true}]});
        assert_eq!(create(&metadata), [""; 0]);
    }

    #[test]
    fn bad_metadata_is_refused_in_order() {
        let metadata = json!({"namespace": "A", "labels": {"a/b/c": "x y"}, "finalizers": ["mine"],
            "ownerReferences": [{"apiVersion": "", "kind": "", "name": "w", "uid": "1"}]});
        let begin = [
            "metadata.name: Required value: name or generateName is required",
            "metadata.namespace: Invalid value: \"A\": a lowercase RFC 1123 label",
            "metadata.labels: Invalid value: \"a/b/c\": a valid label key",
            "metadata.labels: Invalid value: \"x y\": a valid label must be",
            "metadata.ownerReferences.apiVersion: Invalid value: \"\": version must not be empty",
            "metadata.ownerReferences.kind: Invalid value: \"\": must not be empty",
            "metadata.finalizers[0]: Invalid value: \"mine\": name is neither a standard finalizer name",
        ];
        let errors = create(&metadata);
        assert_eq!(errors.len(), begin.len(), "{errors:#?}");
        for (error, begin) in errors.iter().zip(begin) {
            assert!(error.starts_with(begin), "{error}");
        }
    }

    #[test]
    fn a_generated_name_may_end_in_a_dash() {
        assert_eq!(create(&json!({"name": "web-x", "generateName": "web-", "namespace": "default"})), [""; 0]);
    }

    #[test]
    fn identity_may_not_change() {
        let old =
            Object::new(json!({"metadata": {"name": "web", "namespace": "default", "uid": "1", "resourceVersion": "5",
            "creationTimestamp": "2026-01-01T00:00:00Z", "generation": 2}}));
        let mut same =
            Object::new(json!({"metadata": {"name": "web", "namespace": "default", "resourceVersion": "5"}}));
        inherit(&mut same, &old);
        assert_eq!(same, old);
        assert_eq!(texts(&validate_update(&same, &old)), [""; 0]);
        let mut other = old.clone();
        other.set(&["metadata", "uid"], "2");
        other.remove(&["metadata", "resourceVersion"]);
        inherit(&mut other, &old);
        assert_eq!(
            texts(&validate_update(&other, &old)),
            [
                "metadata.resourceVersion: Invalid value: \"\": must be specified for an update",
                "metadata.uid: Invalid value: \"2\": field is immutable"
            ]
        );
    }
}
