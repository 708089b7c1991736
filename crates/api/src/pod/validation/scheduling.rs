//! Tolerations, scheduling gates and host aliases.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::metadata::validate_label_name;
use crate::tree::{each_invalid, items, some, text};
use crate::{ErrorList, FieldError, Path, ip, names};

/// Models `ValidateTolerations`.
pub(super) fn tolerations(spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    for (path, toleration) in items(spec, "tolerations", path) {
        let (key, operator) = (text(toleration, "key"), text(toleration, "operator"));
        let (value, effect) = (text(toleration, "value"), text(toleration, "effect"));
        if !key.is_empty() {
            errors.extend(validate_label_name(key, &path.child("key")));
        } else if operator != "Exists" {
            let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            errors.push(FieldError::invalid(&path.child("operator"), operator, detail));
        }
        if some(toleration, "tolerationSeconds").is_some() && effect != "NoExecute" {
            let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            errors.push(FieldError::invalid(&path.child("effect"), effect, detail));
        }
        let operator_path = path.child("operator");
        match operator {
            "" | "Equal" => {
                let wrong = names::is_label_value(value);
                if !wrong.is_empty() {
                    errors.push(FieldError::invalid(&operator_path, value, wrong.join(";")));
                }
            }
            "Exists" if !value.is_empty() => {
                let detail = "value must be empty when `operator` is 'Exists'";
                errors.push(FieldError::invalid(&operator_path, value, detail));
            }
            "Exists" => {}
            other => errors.push(FieldError::not_supported(&operator_path, other, &["Equal", "Exists"])),
        }
        if !matches!(effect, "" | "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
            let known = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
            errors.push(FieldError::not_supported_in_order(&path.child("effect"), effect, &known));
        }
    }
    errors
}

/// Models `ValidateHostAliases`.
pub(super) fn host_aliases(spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    for (path, alias) in items(spec, "hostAliases", path) {
        errors.extend(ip::validate_ip(&path.child("ip"), text(alias, "ip"), &[]));
        for (path, name) in items(alias, "hostnames", &path) {
            let name = name.as_str().unwrap_or_default();
            errors.extend(each_invalid(&path, name, names::is_dns1123_subdomain(name)));
        }
    }
    errors
}

/// Models `validateSchedulingGates`.
pub(super) fn gates(spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, gate) in items(spec, "schedulingGates", path) {
        let name = text(gate, "name");
        errors.extend(each_invalid(&path, name, names::is_qualified_name(name)));
        if !seen.insert(name) {
            errors.push(FieldError::duplicate(&path, name));
        }
    }
    errors
}
