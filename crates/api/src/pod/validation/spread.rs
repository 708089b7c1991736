//! How evenly pods spread over nodes and zones. Models `validateTopologySpreadConstraints`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::metadata::{validate_label_name, validate_label_selector};
use crate::tree::{int, items, list, map, some, text};
use crate::{ErrorList, FieldError, Path};

const POSITIVE: &str = "must be greater than zero";

pub(super) fn validate(spec: &Value, path: &Path) -> ErrorList {
    let all = list(spec, "topologySpreadConstraints");
    let each = items(spec, "topologySpreadConstraints", path).enumerate();
    each.flat_map(|(index, (path, one))| constraint(one, all.get(index + 1..).unwrap_or_default(), &path)).collect()
}

fn constraint(constraint: &Value, rest: &[Value], path: &Path) -> ErrorList {
    const ACTIONS: [&str; 2] = ["DoNotSchedule", "ScheduleAnyway"];
    let mut errors = Vec::new();
    let skew = int(constraint, "maxSkew").unwrap_or(0);
    if skew <= 0 {
        errors.push(FieldError::invalid(&path.child("maxSkew"), skew, POSITIVE));
    }
    let (key, action) = (text(constraint, "topologyKey"), text(constraint, "whenUnsatisfiable"));
    if key.is_empty() {
        errors.push(FieldError::required(&path.child("topologyKey"), "can not be empty"));
    }
    if !ACTIONS.contains(&action) {
        errors.push(FieldError::not_supported(&path.child("whenUnsatisfiable"), action, &ACTIONS));
    }
    if rest.iter().any(|other| text(other, "topologyKey") == key && text(other, "whenUnsatisfiable") == action) {
        let pair = path.child("{topologyKey, whenUnsatisfiable}");
        errors.push(FieldError::duplicate(&pair, format!("{{{key}, {action}}}")));
    }
    if let Some(domains) = int(constraint, "minDomains") {
        let path = path.child("minDomains");
        if domains <= 0 {
            errors.push(FieldError::invalid(&path, domains, POSITIVE));
        }
        if action != "DoNotSchedule" {
            let detail = format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
            errors.push(FieldError::invalid(&path, domains, detail));
        }
    }
    for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
        let policy = constraint.get(field).and_then(Value::as_str);
        if let Some(policy) = policy.filter(|policy| !matches!(*policy, "Honor" | "Ignore")) {
            errors.push(FieldError::not_supported(&path.child(field), policy, &["Honor", "Ignore"]));
        }
    }
    let selector = some(constraint, "labelSelector");
    errors.extend(match_label_keys(constraint, selector, path));
    let selector = selector.map(|selector| validate_label_selector(selector, false, &path.child("labelSelector")));
    errors.extend(selector.into_iter().flatten());
    errors
}

/// Models `validateMatchLabelKeysInTopologySpread`.
fn match_label_keys(constraint: &Value, selector: Option<&Value>, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if list(constraint, "matchLabelKeys").is_empty() {
        return errors;
    }
    let mut selected: BTreeSet<&str> = BTreeSet::new();
    match selector {
        None => {
            let detail = "must not be specified when labelSelector is not set";
            errors.push(FieldError::forbidden(&path.child("matchLabelKeys"), detail));
        }
        Some(selector) => {
            selected.extend(map(selector, "matchLabels").into_iter().flatten().map(|(key, _)| key.as_str()));
            selected.extend(list(selector, "matchExpressions").iter().map(|expression| text(expression, "key")));
        }
    }
    for (path, key) in items(constraint, "matchLabelKeys", path) {
        let key = key.as_str().unwrap_or_default();
        errors.extend(validate_label_name(key, &path));
        if selected.contains(key) {
            errors.push(FieldError::invalid(&path, key, "exists in both matchLabelKeys and labelSelector"));
        }
    }
    errors
}
