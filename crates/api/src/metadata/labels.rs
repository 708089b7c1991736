//! Labels, annotations and label selectors. Models apimachinery `pkg/apis/meta/v1/validation`.

use serde_json::{Map, Value};

use crate::kind::cell_text;
use crate::object::lookup;
use crate::{ErrorList, FieldError, Path, names};

/// The most bytes of all annotations of an object, keys and values.
const ANNOTATIONS_MAX: usize = 256 * 1024;

/// Models `ValidateLabelName`.
#[must_use]
pub fn validate_label_name(name: &str, path: &Path) -> ErrorList {
    names::is_qualified_name(name).into_iter().map(|detail| FieldError::invalid(path, name, detail)).collect()
}

/// Models `ValidateLabels`: keys and values of labels and of equality selectors.
#[must_use]
pub fn validate_labels(labels: Option<&Map<String, Value>>, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    for (key, value) in labels.into_iter().flatten() {
        errors.extend(validate_label_name(key, path));
        let value = cell_text(Some(value));
        for detail in names::is_label_value(&value) {
            errors.push(FieldError::invalid(path, value.as_str(), detail));
        }
    }
    errors
}

/// Models `ValidateAnnotations`; upper case is allowed in their keys' prefixes.
#[must_use]
pub fn validate_annotations(annotations: Option<&Map<String, Value>>, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mut size = 0;
    for (key, value) in annotations.into_iter().flatten() {
        for detail in names::is_qualified_name(&key.to_lowercase()) {
            errors.push(FieldError::invalid(path, key.as_str(), detail));
        }
        size += key.len() + value.as_str().map_or(0, str::len);
    }
    if size > ANNOTATIONS_MAX {
        errors.push(FieldError::too_long(path, ANNOTATIONS_MAX));
    }
    errors
}

/// Models `ValidateLabelSelector`: a `metav1.LabelSelector` with `matchLabels` and `matchExpressions`.
///
/// `allow_invalid_values` is for updates of what holds such values already.
#[must_use]
pub fn validate_label_selector(selector: &Value, allow_invalid_values: bool, path: &Path) -> ErrorList {
    let labels = lookup(selector, &["matchLabels"]).and_then(Value::as_object);
    let mut errors = validate_labels(labels, &path.child("matchLabels"));
    let expressions = lookup(selector, &["matchExpressions"]).and_then(Value::as_array);
    for (index, expression) in expressions.into_iter().flatten().enumerate() {
        let path = path.child("matchExpressions").index(index);
        errors.extend(validate_requirement(expression, allow_invalid_values, &path));
    }
    errors
}

/// Models `LabelSelectorHasInvalidLabelValue`.
#[must_use]
pub fn has_invalid_value(selector: &Value) -> bool {
    let expressions = lookup(selector, &["matchExpressions"]).and_then(Value::as_array);
    expressions.into_iter().flatten().flat_map(values).any(|value| !names::is_label_value(&value).is_empty())
}

/// Models `ValidateLabelSelectorRequirement`.
fn validate_requirement(expression: &Value, allow_invalid_values: bool, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let values = values(expression);
    let operator = cell_text(expression.get("operator"));
    match operator.as_str() {
        "In" | "NotIn" => {
            if values.is_empty() {
                let detail = "must be specified when `operator` is 'In' or 'NotIn'";
                errors.push(FieldError::required(&path.child("values"), detail));
            }
        }
        "Exists" | "DoesNotExist" => {
            if !values.is_empty() {
                let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                errors.push(FieldError::forbidden(&path.child("values"), detail));
            }
        }
        other => errors.push(FieldError::invalid(&path.child("operator"), other, "not a valid selector operator")),
    }
    errors.extend(validate_label_name(&cell_text(expression.get("key")), &path.child("key")));
    if !allow_invalid_values {
        for (index, value) in values.iter().enumerate() {
            for detail in names::is_label_value(value) {
                errors.push(FieldError::invalid(&path.child("values").index(index), value.as_str(), detail));
            }
        }
    }
    errors
}

fn values(expression: &Value) -> Vec<String> {
    let values = lookup(expression, &["values"]).and_then(Value::as_array);
    values.into_iter().flatten().map(|value| cell_text(Some(value))).collect()
}
