//! What the kinds that make pods of a template share: replicas, selector, template, amounts or percentages.
//!
//! Models `pkg/apis/apps/validation`.

use serde_json::{Map, Value};

use crate::field::go_quote;
use crate::labels::LabelSelector;
use crate::metadata::{IMMUTABLE, validate_label_selector};
use crate::tree::{list, map, not_negative, some, text};
use crate::{ErrorList, FieldError, Object, Path, names};

/// How the words about one kind differ from those about another.
pub(crate) struct Owner {
    /// What is said of an empty selector.
    pub(crate) empty: &'static str,
    /// What is said of a selector that cannot be used.
    pub(crate) unreadable: &'static str,
    /// The kind, where pods may have no deadline.
    pub(crate) kind: &'static str,
}

/// Deployments and ReplicaSets: the words name the other one each.
pub(crate) const REPLICAS: Owner = Owner {
    empty: "empty selector is invalid for deployment",
    unreadable: "invalid label selector",
    kind: "ReplicaSet",
};

/// The selector, which must be there and select something. Then whether it selects the template's pods, and what is
/// wrong with the template.
pub(crate) fn selector_and_template(
    spec: &Value,
    owner: &Owner,
    path: &Path,
    template_rules: fn(&Value, &Path) -> ErrorList,
) -> ErrorList {
    let mut errors = Vec::new();
    let selector_path = path.child("selector");
    let selector = some(spec, "selector");
    if selector.is_none() {
        errors.push(FieldError::required(&selector_path, ""));
    }
    let (wrong, meets) = read(spec, &selector_path);
    errors.extend(wrong);
    errors.extend(selector.and_then(|selector| empty(selector, owner.empty, &selector_path)));
    let template_path = path.child("template");
    match (meets, selector) {
        (None, selector) => {
            let selector = selector.cloned().unwrap_or_default();
            let text = shown(&selector);
            errors.push(FieldError::invalid(&selector_path, selector, owner.unreadable).showing(text));
        }
        (Some(meets), _) => {
            errors.extend((!meets).then(|| mismatch(spec, path)));
            let template = spec.get("template").unwrap_or(&Value::Null);
            errors.extend(template_rules(template, &template_path));
            errors.extend(ends_never(template, owner.kind, &template_path));
        }
    }
    errors
}

/// What is wrong with the selector, and whether the template's labels meet it; `None` when that cannot be said.
/// Models `ValidateLabelSelector` and `LabelSelectorAsSelector`: no selector selects nothing.
pub(crate) fn read(spec: &Value, path: &Path) -> (ErrorList, Option<bool>) {
    let Some(selector) = some(spec, "selector") else { return (Vec::new(), Some(false)) };
    let errors = validate_label_selector(selector, false, path);
    let meets = LabelSelector::read(selector).ok().filter(|_| errors.is_empty());
    let meets = meets.map(|selector| selector.matches(template_labels(spec)));
    (errors, meets)
}

fn template_labels(spec: &Value) -> Option<&Map<String, Value>> {
    spec.get("template").and_then(|template| map(template.get("metadata")?, "labels"))
}

/// A selector that selects every pod.
pub(crate) fn empty(selector: &Value, words: &str, path: &Path) -> Option<FieldError> {
    let empty = map(selector, "matchLabels").is_none_or(Map::is_empty) && list(selector, "matchExpressions").is_empty();
    empty.then(|| FieldError::invalid(path, selector.clone(), words).showing(shown(selector)))
}

/// The template's pods would not be selected.
pub(crate) fn mismatch(spec: &Value, path: &Path) -> FieldError {
    let value = template_labels(spec).map_or(Value::Null, |labels| Value::Object(labels.clone()));
    let path = path.child("template").child("metadata").child("labels");
    FieldError::invalid(&path, value, "`selector` does not match template `labels`")
}

/// Pods that are replaced when they end may not end by themselves.
pub(crate) fn ends_never(template: &Value, kind: &str, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let spec = template.get("spec").unwrap_or(&Value::Null);
    let path = path.child("spec");
    let policy = text(spec, "restartPolicy");
    if policy != "Always" {
        errors.push(FieldError::not_supported(&path.child("restartPolicy"), policy, &["Always"]));
    }
    if some(spec, "activeDeadlineSeconds").is_some() {
        let detail = format!("activeDeadlineSeconds in {kind} is not Supported");
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
pub(crate) fn shown(selector: &Value) -> String {
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

/// What Go prints of an internal strategy: its type, and its details by the names of Go's fields.
pub(crate) fn shown_strategy(strategy: &Value, fields: &[(&str, &str, Value)]) -> String {
    let rolling = some(strategy, "rollingUpdate").map(|rolling| {
        let parts = fields.iter().map(|(field, name, zero)| {
            let value = some(rolling, field).unwrap_or(zero);
            format!("\"{name}\":{value}")
        });
        format!("{{{}}}", parts.collect::<Vec<_>>().join(","))
    });
    let rolling = rolling.unwrap_or_else(|| "null".to_owned());
    format!("{{\"Type\":{},\"RollingUpdate\":{rolling}}}", go_quote(text(strategy, "type")))
}
