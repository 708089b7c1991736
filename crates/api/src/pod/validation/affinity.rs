//! Which nodes and which neighbours a pod wants.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::metadata::{validate_label_name, validate_label_selector};
use crate::tree::{each_invalid, int, items, list, map, some, text};
use crate::{ErrorList, FieldError, Path, names};

pub(super) const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Models `validateAffinity`.
pub(super) fn validate(spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let Some(affinity) = some(spec, "affinity") else { return errors };
    let path = path.child("affinity");
    if let Some(nodes) = some(affinity, "nodeAffinity") {
        errors.extend(node_affinity(nodes, &path.child("nodeAffinity")));
    }
    for field in ["podAffinity", "podAntiAffinity"] {
        let Some(pods) = some(affinity, field) else { continue };
        let path = path.child(field);
        errors.extend(items(pods, REQUIRED, &path).flat_map(|(path, term)| pod_term(term, &path)));
        for (path, weighted) in items(pods, PREFERRED, &path) {
            errors.extend(weight(weighted, &path));
            let term = weighted.get("podAffinityTerm").unwrap_or(&Value::Null);
            errors.extend(pod_term(term, &path.child("podAffinityTerm")));
        }
    }
    errors
}

/// Models `validateNodeAffinity`.
fn node_affinity(affinity: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if let Some(required) = some(affinity, REQUIRED) {
        let path = path.child(REQUIRED);
        if list(required, "nodeSelectorTerms").is_empty() {
            let detail = "must have at least one node selector term";
            errors.push(FieldError::required(&path.child("nodeSelectorTerms"), detail));
        }
        errors
            .extend(items(required, "nodeSelectorTerms", &path).flat_map(|(path, term)| node_term(term, true, &path)));
    }
    for (path, preferred) in items(affinity, PREFERRED, path) {
        errors.extend(weight(preferred, &path));
        let preference = preferred.get("preference").unwrap_or(&Value::Null);
        errors.extend(node_term(preference, false, &path.child("preference")));
    }
    errors
}

fn weight(term: &Value, path: &Path) -> Option<FieldError> {
    let weight = int(term, "weight").unwrap_or(0);
    let wrong = !(1..=100).contains(&weight);
    wrong.then(|| FieldError::invalid(&path.child("weight"), weight, "must be in the range 1-100"))
}

/// Models `ValidateNodeSelectorTerm`; what is only preferred may ask for values that no label can have.
fn node_term(term: &Value, strict: bool, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    for (path, requirement) in items(term, "matchExpressions", path) {
        errors.extend(node_requirement(requirement, strict, &path));
    }
    for (path, requirement) in items(term, "matchFields", path) {
        errors.extend(node_field(requirement, &path));
    }
    errors
}

/// Models `ValidateNodeSelectorRequirement`.
fn node_requirement(requirement: &Value, strict: bool, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let values = list(requirement, "values");
    let values_path = path.child("values");
    match text(requirement, "operator") {
        "In" | "NotIn" if values.is_empty() => {
            let detail = "must be specified when `operator` is 'In' or 'NotIn'";
            errors.push(FieldError::required(&values_path, detail));
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
            errors.push(FieldError::forbidden(&values_path, detail));
        }
        "Gt" | "Lt" if values.len() != 1 => {
            let detail = "must be specified single value when `operator` is 'Lt' or 'Gt'";
            errors.push(FieldError::required(&values_path, detail));
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
        other => errors.push(FieldError::invalid(&path.child("operator"), other, "not a valid selector operator")),
    }
    errors.extend(validate_label_name(text(requirement, "key"), &path.child("key")));
    if strict {
        for (path, value) in items(requirement, "values", path) {
            let value = value.as_str().unwrap_or_default();
            errors.extend(each_invalid(&path, value, names::is_label_value(value)));
        }
    }
    errors
}

/// Models `ValidateNodeFieldSelectorRequirement`: a node's name is the only such field.
fn node_field(requirement: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    match text(requirement, "operator") {
        "In" | "NotIn" if list(requirement, "values").len() != 1 => {
            let detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
            errors.push(FieldError::required(&path.child("values"), detail));
        }
        "In" | "NotIn" => {}
        other => errors.push(FieldError::invalid(&path.child("operator"), other, "not a valid selector operator")),
    }
    let key = text(requirement, "key");
    if key != "metadata.name" {
        errors.push(FieldError::invalid(&path.child("key"), key, "not a valid field selector key"));
        return errors;
    }
    for (path, value) in items(requirement, "values", path) {
        let value = value.as_str().unwrap_or_default();
        errors.extend(each_invalid(&path, value, names::is_dns1123_subdomain(value)));
    }
    errors
}

/// Models `validatePodAffinityTerm`; a bad namespace is reported without its index.
fn pod_term(term: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    for field in ["labelSelector", "namespaceSelector"] {
        let selector = some(term, field);
        errors.extend(selector.map(|s| validate_label_selector(s, false, &path.child(field))).into_iter().flatten());
    }
    for name in list(term, "namespaces").iter().filter_map(Value::as_str) {
        errors.extend(each_invalid(&path.child("namespace"), name, names::is_dns1123_label(name)));
    }
    errors.extend(label_keys(term, path));
    let key = text(term, "topologyKey");
    if key.is_empty() {
        errors.push(FieldError::required(&path.child("topologyKey"), "can not be empty"));
    }
    errors.extend(validate_label_name(key, &path.child("topologyKey")));
    errors
}

/// Models `validateMatchLabelKeysAndMismatchLabelKeys`.
fn label_keys(term: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let selector = some(term, "labelSelector");
    for field in ["matchLabelKeys", "mismatchLabelKeys"] {
        if !list(term, field).is_empty() && selector.is_none() {
            let detail = "must not be specified when labelSelector is not set";
            errors.push(FieldError::forbidden(&path.child(field), detail));
            continue;
        }
        for (path, key) in items(term, field, path) {
            errors.extend(validate_label_name(key.as_str().unwrap_or_default(), &path));
        }
    }
    if let Some(selector) = selector {
        let wanted: BTreeMap<&str, usize> =
            list(term, "matchLabelKeys").iter().enumerate().filter_map(|(at, key)| Some((key.as_str()?, at))).collect();
        let labels = map(selector, "matchLabels").into_iter().flatten();
        let mut seen: BTreeSet<&str> = labels.map(|(key, _)| key.as_str()).collect();
        for expression in list(selector, "matchExpressions") {
            let key = text(expression, "key");
            let known = !seen.insert(key);
            if let Some(at) = wanted.get(key).filter(|_| known) {
                let detail = "exists in both matchLabelKeys and labelSelector";
                errors.push(FieldError::invalid(&path.index(*at), key, detail));
            }
        }
    }
    let mismatch = list(term, "mismatchLabelKeys");
    for (path, key) in items(term, "matchLabelKeys", path).filter(|(_, key)| mismatch.contains(key)) {
        let detail = "exists in both matchLabelKeys and mismatchLabelKeys";
        errors.push(FieldError::invalid(&path, key.clone(), detail));
    }
    errors
}
