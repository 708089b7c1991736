//! What is wrong with a Node. Models `ValidateNode` and `ValidateNodeUpdate` of `pkg/apis/core/validation`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::metadata::validate_label_name;
use crate::tree::{items, text};
use crate::{ErrorList, FieldError, Object, Path, ip, names};

pub(super) fn node(node: &Object) -> ErrorList {
    let mut errors = taints(node);
    let spec = node.at(&["spec"]).unwrap_or(&Value::Null);
    for (path, range) in items(spec, "podCIDRs", &Path::new("spec")) {
        errors.extend(ip::validate_cidr(&path, range.as_str().unwrap_or_default(), &[]));
    }
    errors
}

pub(super) fn update(node: &Object, old: &Object) -> ErrorList {
    let mut errors = Vec::new();
    let (ranges, had) = (node.list(&["spec", "podCIDRs"]), old.list(&["spec", "podCIDRs"]));
    if !had.is_empty() && ranges != had {
        let detail = "node updates may not change podCIDR except from \"\" to valid";
        errors.push(FieldError::forbidden(&Path::new("spec.podCIDRs"), detail));
    }
    let id = old.str(&["spec", "providerID"]);
    if !id.is_empty() && id != node.str(&["spec", "providerID"]) {
        let detail = "node updates may not change providerID except from \"\" to valid";
        errors.push(FieldError::forbidden(&Path::new("spec.providerID"), detail));
    }
    errors.extend(taints(node));
    errors
}

/// Models `validateNodeTaints`; upstream reports them below the metadata.
fn taints(node: &Object) -> ErrorList {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    let spec = node.at(&["spec"]).unwrap_or(&Value::Null);
    for (path, taint) in items(spec, "taints", &Path::new("metadata")) {
        let (key, value, effect) = (text(taint, "key"), text(taint, "value"), text(taint, "effect"));
        errors.extend(validate_label_name(key, &path.child("key")));
        let wrong = names::is_label_value(value);
        if !wrong.is_empty() {
            errors.push(FieldError::invalid(&path.child("value"), value, wrong.join(";")));
        }
        let effect_path = path.child("effect");
        match effect {
            "NoSchedule" | "PreferNoSchedule" | "NoExecute" => {}
            "" => errors.push(FieldError::required(&effect_path, "")),
            other => {
                let known = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
                errors.push(FieldError::not_supported_in_order(&effect_path, other, &known));
            }
        }
        if !seen.insert((effect, key)) {
            let quote = crate::field::go_quote;
            let added = taint.get("timeAdded").unwrap_or(&Value::Null);
            let (key, value, effect) = (quote(key), quote(value), quote(effect));
            let shown = format!("{{\"Key\":{key},\"Value\":{value},\"Effect\":{effect},\"TimeAdded\":{added}}}");
            let mut error = FieldError::duplicate(&path, taint.clone()).showing(shown);
            "taints must be unique by key and effect pair".clone_into(&mut error.detail);
            errors.push(error);
        }
    }
    errors
}
