//! What a job does when its pods fail. Models `validatePodFailurePolicy`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::field::go_quote;
use crate::tree::{each_invalid, int, items, list, some, text};
use crate::{ErrorList, FieldError, Path, names};

const ACTIONS: [&str; 4] = ["Count", "FailIndex", "FailJob", "Ignore"];
const OPERATORS: [&str; 2] = ["In", "NotIn"];
const STATUSES: [&str; 3] = ["False", "True", "Unknown"];

/// The most rules of a policy, and the most conditions of a rule.
const MAX_RULES: usize = 20;
/// The most exit codes of a rule.
const MAX_EXIT_CODES: usize = 255;

pub(super) fn failure(spec: &Value, path: &Path) -> ErrorList {
    let Some(policy) = some(spec, "podFailurePolicy") else { return Vec::new() };
    let path = path.child("podFailurePolicy");
    let mut errors = too_many(list(policy, "rules").len(), MAX_RULES, &path.child("rules"));
    let template = spec.get("template").and_then(|template| template.get("spec")).unwrap_or(&Value::Null);
    let containers = list(template, "containers").iter().chain(list(template, "initContainers"));
    let containers: BTreeSet<&str> = containers.map(|container| text(container, "name")).collect();
    for (path, rule) in items(policy, "rules", &path) {
        errors.extend(self::rule(spec, rule, &containers, &path));
    }
    errors
}

/// Models `validatePodFailurePolicyRule`.
fn rule(spec: &Value, rule: &Value, containers: &BTreeSet<&str>, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let (action, action_path) = (text(rule, "action"), path.child("action"));
    if action == "FailIndex" {
        if int(spec, "backoffLimitPerIndex").is_none() {
            let detail = "requires the backoffLimitPerIndex to be set";
            errors.push(FieldError::invalid(&action_path, action, detail));
        }
    } else {
        errors.extend(known(action, &action_path, &ACTIONS));
    }
    let (codes, conditions) = (some(rule, "onExitCodes"), list(rule, "onPodConditions"));
    if let Some(codes) = codes {
        errors.extend(exit_codes(codes, containers, &path.child("onExitCodes")));
    }
    errors.extend(too_many(conditions.len(), MAX_RULES, &path.child("onPodConditions")));
    for (path, condition) in items(rule, "onPodConditions", path) {
        let name = text(condition, "type");
        errors.extend(each_invalid(&path.child("type"), name, names::is_qualified_name(name)));
        errors.extend(known(text(condition, "status"), &path.child("status"), &STATUSES));
    }
    let detail = match (codes.is_some(), !conditions.is_empty()) {
        (true, true) => "specifying both OnExitCodes and OnPodConditions is not supported",
        (false, false) => "specifying one of OnExitCodes and OnPodConditions is required",
        _ => return errors,
    };
    errors.push(FieldError::invalid(path, Value::Null, detail).omitting());
    errors
}

/// Models `validatePodFailurePolicyRuleOnExitCodes`.
fn exit_codes(codes: &Value, containers: &BTreeSet<&str>, path: &Path) -> ErrorList {
    let operator = text(codes, "operator");
    let mut errors: ErrorList = known(operator, &path.child("operator"), &OPERATORS).into_iter().collect();
    if let Some(name) = codes.get("containerName").and_then(Value::as_str).filter(|name| !containers.contains(name)) {
        let detail = "must be one of the container or initContainer names in the pod template";
        errors.push(FieldError::invalid(&path.child("containerName"), name, detail));
    }
    let (values, values_path) = (list(codes, "values"), path.child("values"));
    if values.is_empty() {
        let given = some(codes, "values").cloned().unwrap_or_default();
        errors.push(FieldError::invalid(&values_path, given, "at least one value is required"));
    }
    errors.extend(too_many(values.len(), MAX_EXIT_CODES, &values_path));
    let numbers: Vec<i64> = values.iter().map(|value| value.as_i64().unwrap_or(0)).collect();
    let mut seen = BTreeSet::new();
    for (index, &number) in numbers.iter().enumerate() {
        let path = values_path.index(index);
        if operator == "In" && number == 0 {
            errors.push(FieldError::invalid(&path, number, "must not be 0 for the In operator"));
        }
        if !seen.insert(number) {
            errors.push(FieldError::duplicate(&path, number));
        }
    }
    if !numbers.is_sorted() {
        errors.push(FieldError::invalid(&values_path, values.to_vec(), "must be ordered"));
    }
    errors
}

pub(super) fn too_many(actual: usize, most: usize, path: &Path) -> ErrorList {
    (actual > most).then(|| FieldError::too_many(path, actual, most)).into_iter().collect()
}

/// A word that must be there and one of few.
fn known(word: &str, path: &Path, words: &[&str]) -> Option<FieldError> {
    if word.is_empty() {
        let words: Vec<String> = words.iter().map(|word| go_quote(word)).collect();
        return Some(FieldError::required(path, format!("valid values: [{}]", words.join(" "))));
    }
    (!words.contains(&word)).then(|| FieldError::not_supported(path, word, words))
}
