//! What the kinds that make pods of a template share: replicas, selector, template, amounts or percentages.
//!
//! Models `pkg/apis/apps/validation`.

use serde_json::{Map, Value};

use crate::field::go_quote;
use crate::labels::LabelSelector;
use crate::metadata::{IMMUTABLE, validate_label_selector};
use crate::tree::{list, map, not_negative, some, text};
use crate::{ErrorList, FieldError, Object, Path, names, pod};

/// The selector and the template that must meet it. `owner` is the kind in lower case, as one message names it.
pub(crate) fn selector_and_template(spec: &Value, owner: &str, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let selector_path = path.child("selector");
    let selector = some(spec, "selector");
    match selector {
        None => errors.push(FieldError::required(&selector_path, "")),
        Some(selector) => {
            errors.extend(validate_label_selector(selector, false, &selector_path));
            let empty =
                map(selector, "matchLabels").is_none_or(Map::is_empty) && list(selector, "matchExpressions").is_empty();
            if empty {
                let detail = format!("empty selector is invalid for {owner}");
                errors.push(FieldError::invalid(&selector_path, selector.clone(), detail).showing(shown(selector)));
            }
        }
    }
    let template = spec.get("template").unwrap_or(&Value::Null);
    let labels = template.get("metadata").and_then(|metadata| map(metadata, "labels"));
    let meets = match selector {
        None => Ok(false),
        Some(selector) if errors.iter().any(is_about_expressions) => Err(selector),
        Some(selector) => LabelSelector::read(selector).map(|read| read.matches(labels)).map_err(|_| selector),
    };
    match meets {
        Err(selector) => {
            let error = FieldError::invalid(&selector_path, selector.clone(), "invalid label selector");
            errors.push(error.showing(shown(selector)));
            return errors;
        }
        Ok(false) => {
            let value = labels.map_or(Value::Null, |labels| Value::Object(labels.clone()));
            let path = path.child("template").child("metadata").child("labels");
            errors.push(FieldError::invalid(&path, value, "`selector` does not match template `labels`"));
        }
        Ok(true) => {}
    }
    errors.extend(template_that_stays(template, &path.child("template")));
    errors
}

fn is_about_expressions(error: &FieldError) -> bool {
    error.path.to_string().contains(".matchExpressions[")
}

/// Pods that are replaced when they end: they never end by themselves.
fn template_that_stays(template: &Value, path: &Path) -> ErrorList {
    let mut errors = pod::validation::template(template, path);
    let spec = template.get("spec").unwrap_or(&Value::Null);
    let path = path.child("spec");
    let policy = text(spec, "restartPolicy");
    if policy != "Always" {
        errors.push(FieldError::not_supported(&path.child("restartPolicy"), policy, &["Always"]));
    }
    if some(spec, "activeDeadlineSeconds").is_some() {
        let detail = "activeDeadlineSeconds in ReplicaSet is not Supported";
        errors.push(FieldError::forbidden(&path.child("activeDeadlineSeconds"), detail));
    }
    errors
}

/// The selector decides which pods are its own: it may not change.
pub(crate) fn selector_changed(object: &Object, old: &Object) -> Option<FieldError> {
    let selector = |object: &Object| object.at(&["spec", "selector"]).cloned().unwrap_or_default();
    let (new, was) = (selector(object), selector(old));
    let text = shown(&new);
    (new != was).then(|| FieldError::invalid(&Path::new("spec.selector"), new, IMMUTABLE).showing(text))
}

/// A selector as Go prints the struct.
fn shown(selector: &Value) -> String {
    let mut parts = Vec::new();
    if let Some(labels) = map(selector, "matchLabels").filter(|labels| !labels.is_empty()) {
        parts.push(format!("\"matchLabels\":{}", Value::Object(labels.clone())));
    }
    let expressions: Vec<String> = list(selector, "matchExpressions")
        .iter()
        .map(|expression| {
            let (key, operator) = (go_quote(text(expression, "key")), go_quote(text(expression, "operator")));
            let values = some(expression, "values").map(|values| format!(",\"values\":{values}")).unwrap_or_default();
            format!("{{\"key\":{key},\"operator\":{operator}{values}}}")
        })
        .collect();
    if !expressions.is_empty() {
        parts.push(format!("\"matchExpressions\":[{}]", expressions.join(",")));
    }
    format!("{{{}}}", parts.join(","))
}

/// Models `ValidatePositiveIntOrPercent`.
pub(crate) fn amount_or_percent(value: &Value, field: &str, path: &Path) -> ErrorList {
    match some(value, field) {
        Some(Value::String(percent)) => {
            let details = names::is_percent(percent).into_iter();
            details.map(|detail| FieldError::invalid(&path.child(field), percent.as_str(), detail)).collect()
        }
        _ => not_negative(value, field, path).into_iter().collect(),
    }
}

/// The number of an amount or a percentage; 0 for neither.
pub(crate) fn number_of(value: Option<&Value>) -> i64 {
    match value {
        Some(Value::String(percent)) => percent.trim_end_matches('%').parse().unwrap_or(0),
        other => other.and_then(Value::as_i64).unwrap_or(0),
    }
}

/// Models `IsNotMoreThan100Percent`.
pub(crate) fn at_most_all(value: &Value, field: &str, path: &Path) -> Option<FieldError> {
    let percent = some(value, field).filter(|value| value.is_string())?;
    let too_much = number_of(Some(percent)) > 100 && names::is_percent(percent.as_str()?).is_empty();
    too_much.then(|| FieldError::invalid(&path.child(field), percent.clone(), "must not be greater than 100%"))
}
