//! What is wrong with a DaemonSet. Models `ValidateDaemonSetSpec` of `pkg/apis/apps/validation`.

use serde_json::{Value, json};

use crate::tree::{not_negative, some, text};
use crate::workload::{self, amount_or_percent, at_most_all, number_of, shown_strategy};
use crate::{ErrorList, FieldError, Object, Path, pod};

/// Unlike its siblings it does not ask for a selector; none selects nothing.
pub(super) fn daemon_set(object: &Object) -> ErrorList {
    let path = Path::new("spec");
    let spec = object.at(&["spec"]).unwrap_or(&Value::Null);
    let selector_path = path.child("selector");
    let (mut errors, meets) = workload::read(spec, &selector_path);
    errors.extend((meets == Some(false)).then(|| workload::mismatch(spec, &path)));
    let words = "empty selector is invalid for daemonset";
    errors.extend(some(spec, "selector").and_then(|selector| workload::empty(selector, words, &selector_path)));
    let template = spec.get("template").unwrap_or(&Value::Null);
    let template_path = path.child("template");
    errors.extend(pod::validation::template(template, &template_path));
    errors.extend(workload::ends_never(template, "DaemonSet", &template_path));
    errors.extend(not_negative(spec, "minReadySeconds", &path));
    errors.extend(strategy(spec.get("updateStrategy").unwrap_or(&Value::Null), &path.child("updateStrategy")));
    errors.extend(not_negative(spec, "revisionHistoryLimit", &path));
    errors
}

pub(super) fn update(object: &Object, old: &Object) -> ErrorList {
    let mut errors = daemon_set(object);
    errors.extend(workload::selector_changed(object, old));
    errors
}

/// Models `ValidateDaemonSetUpdateStrategy`.
fn strategy(strategy: &Value, path: &Path) -> ErrorList {
    match (text(strategy, "type"), some(strategy, "rollingUpdate")) {
        ("OnDelete", _) => Vec::new(),
        ("RollingUpdate", None) => vec![FieldError::required(&path.child("rollingUpdate"), "")],
        ("RollingUpdate", Some(rolling)) => rolling_update(rolling, &path.child("rollingUpdate")),
        _ => {
            let fields = [("maxUnavailable", "MaxUnavailable", json!(0)), ("maxSurge", "MaxSurge", json!(0))];
            let known = ["RollingUpdate", "OnDelete"];
            let error = FieldError::not_supported_in_order(path, strategy.clone(), &known);
            vec![error.showing(shown_strategy(strategy, &fields))]
        }
    }
}

/// Models `ValidateRollingUpdateDaemonSet`: either fewer pods or more, not both.
fn rolling_update(rolling: &Value, path: &Path) -> ErrorList {
    let mut errors = amount_or_percent(rolling, "maxUnavailable", path);
    errors.extend(amount_or_percent(rolling, "maxSurge", path));
    errors.extend(at_most_all(rolling, "maxUnavailable", path));
    errors.extend(at_most_all(rolling, "maxSurge", path));
    let some_of = |field: &str| number_of(rolling.get(field)) != 0;
    match (some_of("maxUnavailable"), some_of("maxSurge")) {
        (true, true) => {
            let value = rolling.get("maxSurge").cloned().unwrap_or_default();
            let detail = "may not be set when maxUnavailable is non-zero";
            errors.push(FieldError::invalid(&path.child("maxSurge"), value, detail));
        }
        (false, false) => {
            errors.push(FieldError::required(&path.child("maxUnavailable"), "cannot be 0 when maxSurge is 0"));
        }
        _ => {}
    }
    errors
}
