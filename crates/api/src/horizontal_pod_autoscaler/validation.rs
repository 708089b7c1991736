//! What is wrong with a HorizontalPodAutoscaler. Models `pkg/apis/autoscaling/validation`.

use serde_json::Value;

use crate::quantity::Quantity;
use crate::tree::{each_invalid, int, items, list, some, text};
use crate::{ErrorList, FieldError, Object, Path, names};

/// The sources in the order they are looked at, with the type that names each.
const SOURCES: [(&str, &str); 5] = [
    ("object", "Object"),
    ("external", "External"),
    ("pods", "Pods"),
    ("resource", "Resource"),
    ("containerResource", "ContainerResource"),
];
const MAX_WINDOW: i64 = 3600;
const MAX_PERIOD: i64 = 1800;

pub(super) fn autoscaler(object: &Object) -> ErrorList {
    let path = Path::new("spec");
    let spec = object.at(&["spec"]).unwrap_or(&Value::Null);
    let mut errors = Vec::new();
    let least = int(spec, "minReplicas");
    if let Some(least) = least.filter(|least| *least < 1) {
        errors.push(FieldError::invalid(&path.child("minReplicas"), least, "must be greater than or equal to 1"));
    }
    let most = int(spec, "maxReplicas").unwrap_or(0);
    let most_path = path.child("maxReplicas");
    if most < 1 {
        errors.push(FieldError::invalid(&most_path, most, "must be greater than 0"));
    }
    if least.is_some_and(|least| most < least) {
        errors.push(FieldError::invalid(&most_path, most, "must be greater than or equal to `minReplicas`"));
    }
    let target = spec.get("scaleTargetRef").unwrap_or(&Value::Null);
    let grouped = text(target, "kind") != "ReplicationController";
    errors.extend(reference(target, grouped, &path.child("scaleTargetRef")));
    errors.extend(items(spec, "metrics", &path).flat_map(|(path, one)| metric(one, &path)));
    let is = |kind: &str| list(spec, "metrics").iter().any(|metric| text(metric, "type") == kind);
    if least == Some(0) && !is("Object") && !is("External") {
        let detail = "must specify at least one Object or External metric to support scaling to zero replicas";
        errors.push(FieldError::forbidden(&path.child("metrics"), detail));
    }
    if let Some(behavior) = some(spec, "behavior") {
        for direction in ["scaleUp", "scaleDown"] {
            let rules = some(behavior, direction);
            let path = path.child("behavior").child(direction);
            errors.extend(rules.map(|rules| scaling_rules(rules, &path)).into_iter().flatten());
        }
    }
    errors
}

/// Models `ValidateCrossVersionObjectReference`.
fn reference(target: &Value, grouped: bool, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    for field in ["kind", "name"] {
        let value = text(target, field);
        if value.is_empty() {
            errors.push(FieldError::required(&path.child(field), ""));
        } else {
            errors.extend(each_invalid(&path.child(field), value, names::is_path_segment(value)));
        }
    }
    let version = text(target, "apiVersion");
    let detail = match version.matches('/').count() {
        0 | 1 if grouped && matches!(version.split_once('/'), None | Some(("", _))) => {
            "apiVersion must specify API group".to_owned()
        }
        0 | 1 => return errors,
        _ => format!("unexpected GroupVersion string: {version}"),
    };
    errors.push(FieldError::invalid(&path.child("apiVersion"), version, detail));
    errors
}

/// Models `validateMetricSpec`.
fn metric(metric: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let kind = text(metric, "type");
    let known: Vec<&str> = SOURCES.iter().map(|(_, kind)| *kind).collect();
    if kind.is_empty() {
        errors.push(FieldError::required(&path.child("type"), "must specify a metric source type"));
    }
    let unsupported = || FieldError::not_supported(&path.child("type"), kind, &known);
    if !known.contains(&kind) {
        errors.push(unsupported());
    }
    let given: Vec<&str> =
        SOURCES.iter().map(|(field, _)| *field).filter(|field| some(metric, field).is_some()).collect();
    if let Some(first) = given.first() {
        let of = metric.get(*first).unwrap_or(&Value::Null);
        errors.extend(source(first, of, &path.child(first)));
    }
    let expected = SOURCES.iter().find(|(_, name)| *name == kind).map(|(field, _)| *field);
    match expected {
        Some(field) if !given.contains(&field) => {
            let detail = "must populate information for the given metric source";
            errors.push(FieldError::required(&path.child(field), detail));
        }
        Some(_) => {}
        None => errors.push(unsupported()),
    }
    if given.len() != 1 {
        let others = given.into_iter().filter(|field| Some(*field) != expected);
        let detail = "must populate the given metric source only";
        errors.extend(others.map(|field| FieldError::forbidden(&path.child(field), detail)));
    }
    errors
}

/// What is measured, and what it should be.
fn source(kind: &str, of: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if kind == "object" {
        let object = of.get("describedObject").unwrap_or(&Value::Null);
        errors.extend(reference(object, false, &path.child("describedObject")));
    }
    if matches!(kind, "object" | "external" | "pods") {
        let name = of.get("metric").map_or("", |metric| text(metric, "name"));
        let path = path.child("metric").child("name");
        if name.is_empty() {
            errors.push(FieldError::required(&path, "must specify a metric name"));
        } else {
            errors.extend(each_invalid(&path, name, names::is_path_segment(name)));
        }
    } else if text(of, "name").is_empty() {
        errors.push(FieldError::required(&path.child("name"), "must specify a resource name"));
    }
    if kind == "containerResource" {
        let name = text(of, "container");
        if name.is_empty() {
            errors.push(FieldError::required(&path.child("container"), "must specify a container"));
        } else {
            errors.extend(each_invalid(&path.child("container"), name, names::is_dns1123_label(name)));
        }
    }
    let target = of.get("target").unwrap_or(&Value::Null);
    let path = path.child("target");
    errors.extend(metric_target(target, &path));
    let (value, average) = (some(target, "value").is_some(), some(target, "averageValue").is_some());
    let utilization = some(target, "averageUtilization").is_some();
    let missing = match kind {
        "object" if !value && !average => Some(("averageValue", "must set either a target value or averageValue")),
        "external" if !value && !average => {
            Some(("averageValue", "must set either a target value for metric or a per-pod target"))
        }
        "pods" if !average => Some(("averageValue", "must specify a positive target averageValue")),
        "resource" | "containerResource" if !utilization && !average => {
            Some(("averageUtilization", "must set either a target raw value or a target utilization"))
        }
        _ => None,
    };
    errors.extend(missing.map(|(field, detail)| FieldError::required(&path.child(field), detail)));
    let both = match kind {
        "external" if value && average => {
            Some(("value", "may not set both a target value for metric and a per-pod target"))
        }
        "resource" | "containerResource" if utilization && average => {
            Some(("averageValue", "may not set both a target raw value and a target utilization"))
        }
        _ => None,
    };
    errors.extend(both.map(|(field, detail)| FieldError::forbidden(&path.child(field), detail)));
    errors
}

/// Models `validateMetricTarget`.
fn metric_target(target: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let kind = text(target, "type");
    if kind.is_empty() {
        errors.push(FieldError::required(&path.child("type"), "must specify a metric target type"));
    }
    if !matches!(kind, "Utilization" | "Value" | "AverageValue") {
        let detail = "must be either Utilization, Value, or AverageValue";
        errors.push(FieldError::invalid(&path.child("type"), kind, detail));
    }
    for field in ["value", "averageValue"] {
        let amount = Quantity::parse(text(target, field)).ok().filter(|amount| amount.signum() <= 0);
        let refuse = |amount: Quantity| FieldError::invalid(&path.child(field), amount.to_string(), "must be positive");
        errors.extend(amount.map(refuse));
    }
    if let Some(percent) = int(target, "averageUtilization").filter(|percent| *percent < 1) {
        errors.push(FieldError::invalid(&path.child("averageUtilization"), percent, "must be greater than 0"));
    }
    errors
}

/// Models `validateScalingRules`.
fn scaling_rules(rules: &Value, path: &Path) -> ErrorList {
    const CHOICES: [&str; 3] = ["Disabled", "Max", "Min"];
    let mut errors = Vec::new();
    if let Some(window) = int(rules, "stabilizationWindowSeconds") {
        let path = path.child("stabilizationWindowSeconds");
        if window < 0 {
            errors.push(FieldError::invalid(&path, window, "must be greater than or equal to zero"));
        }
        if window > MAX_WINDOW {
            errors.push(FieldError::invalid(&path, window, format!("must be less than or equal to {MAX_WINDOW}")));
        }
    }
    let choice = rules.get("selectPolicy").and_then(Value::as_str);
    if let Some(choice) = choice.filter(|choice| !CHOICES.contains(choice)) {
        errors.push(FieldError::not_supported(&path.child("selectPolicy"), choice, &CHOICES));
    }
    if list(rules, "policies").is_empty() {
        errors.push(FieldError::required(&path.child("policies"), "must specify at least one Policy"));
    }
    for (path, policy) in items(rules, "policies", path) {
        let kind = text(policy, "type");
        if !matches!(kind, "Pods" | "Percent") {
            errors.push(FieldError::not_supported(&path.child("type"), kind, &["Percent", "Pods"]));
        }
        for field in ["value", "periodSeconds"] {
            let number = int(policy, field).unwrap_or(0);
            if number <= 0 {
                errors.push(FieldError::invalid(&path.child(field), number, "must be greater than zero"));
            }
            if field == "periodSeconds" && number > MAX_PERIOD {
                let detail = format!("must be less than or equal to {MAX_PERIOD}");
                errors.push(FieldError::invalid(&path.child(field), number, detail));
            }
        }
    }
    errors
}
