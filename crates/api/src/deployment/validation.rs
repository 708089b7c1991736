//! What is wrong with a Deployment. Models `ValidateDeploymentSpec` of `pkg/apis/apps/validation`.

use serde_json::{Value, json};

use crate::tree::{int, not_negative, some, text};
use crate::workload::{
    REPLICAS, amount_or_percent, at_most_all, number_of, selector_and_template, selector_changed, shown_strategy,
};
use crate::{ErrorList, FieldError, Object, Path, pod};

pub(super) fn deployment(deployment: &Object) -> ErrorList {
    let path = Path::new("spec");
    let spec = deployment.at(&["spec"]).unwrap_or(&Value::Null);
    let mut errors: ErrorList = not_negative(spec, "replicas", &path).into_iter().collect();
    errors.extend(selector_and_template(spec, &REPLICAS, &path, pod::validation::template));
    errors.extend(strategy(spec.get("strategy").unwrap_or(&Value::Null), &path.child("strategy")));
    errors.extend(not_negative(spec, "minReadySeconds", &path));
    errors.extend(not_negative(spec, "revisionHistoryLimit", &path));
    errors.extend(not_negative(spec, "progressDeadlineSeconds", &path));
    let ready = int(spec, "minReadySeconds").unwrap_or(0);
    if let Some(deadline) = int(spec, "progressDeadlineSeconds").filter(|deadline| *deadline <= ready) {
        let path = path.child("progressDeadlineSeconds");
        errors.push(FieldError::invalid(&path, deadline, "must be greater than minReadySeconds"));
    }
    errors
}

pub(super) fn update(deployment: &Object, old: &Object) -> ErrorList {
    let mut errors = self::deployment(deployment);
    errors.extend(selector_changed(deployment, old));
    errors
}

/// Models `ValidateDeploymentStrategy`.
fn strategy(strategy: &Value, path: &Path) -> ErrorList {
    let rolling = some(strategy, "rollingUpdate");
    let rolling_path = path.child("rollingUpdate");
    match (text(strategy, "type"), rolling) {
        ("Recreate", Some(_)) => {
            let detail = "may not be specified when strategy `type` is 'Recreate'";
            vec![FieldError::forbidden(&rolling_path, detail)]
        }
        ("Recreate", None) => Vec::new(),
        ("RollingUpdate", None) => {
            vec![FieldError::required(&rolling_path, "this should be defaulted and never be nil")]
        }
        ("RollingUpdate", Some(rolling)) => rolling_update(rolling, &rolling_path),
        _ => {
            // Upstream shows its internal struct at the strategy.
            let fields = [("maxUnavailable", "MaxUnavailable", json!(0)), ("maxSurge", "MaxSurge", json!(0))];
            let error = FieldError::not_supported(path, strategy.clone(), &["Recreate", "RollingUpdate"]);
            vec![error.showing(shown_strategy(strategy, &fields))]
        }
    }
}

/// Models `ValidateRollingUpdateDeployment`.
fn rolling_update(rolling: &Value, path: &Path) -> ErrorList {
    let mut errors = amount_or_percent(rolling, "maxUnavailable", path);
    errors.extend(amount_or_percent(rolling, "maxSurge", path));
    let unavailable = rolling.get("maxUnavailable");
    if number_of(unavailable) == 0 && number_of(rolling.get("maxSurge")) == 0 {
        let value = unavailable.cloned().unwrap_or_default();
        let detail = "may not be 0 when `maxSurge` is 0";
        errors.push(FieldError::invalid(&path.child("maxUnavailable"), value, detail));
    }
    errors.extend(at_most_all(rolling, "maxUnavailable", path));
    errors
}
