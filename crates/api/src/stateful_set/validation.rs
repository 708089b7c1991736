//! What is wrong with a StatefulSet. Models `ValidateStatefulSetSpec` of `pkg/apis/apps/validation`.

use serde_json::{Value, json};

use crate::tree::{each_invalid, int, list, not_negative, some, text};
use crate::workload::{Owner, amount_or_percent, at_most_all, number_of, selector_and_template, shown_strategy};
use crate::{ErrorList, FieldError, Object, Path, names, pod};

const OWNER: Owner = Owner { empty: "empty selector is invalid for statefulset", unreadable: "", kind: "StatefulSet" };

pub(super) fn create(object: &Object) -> ErrorList {
    let path = Path::new("spec");
    let mut errors = spec(object);
    let service = object.str(&["spec", "serviceName"]);
    if !service.is_empty() {
        errors.extend(each_invalid(&path.child("serviceName"), service, names::is_dns1123_label(service)));
    }
    errors
}

fn spec(object: &Object) -> ErrorList {
    let path = Path::new("spec");
    let spec = object.at(&["spec"]).unwrap_or(&Value::Null);
    let mut errors = Vec::new();
    match text(spec, "podManagementPolicy") {
        "" => errors.push(FieldError::required(&path.child("podManagementPolicy"), "")),
        "OrderedReady" | "Parallel" => {}
        other => {
            let detail = "must be 'OrderedReady' or 'Parallel'";
            errors.push(FieldError::invalid(&path.child("podManagementPolicy"), other, detail));
        }
    }
    errors.extend(strategy(spec.get("updateStrategy").unwrap_or(&Value::Null), &path.child("updateStrategy")));
    if let Some(policy) = some(spec, "persistentVolumeClaimRetentionPolicy") {
        let path = path.child("persistentVolumeClaimRetentionPolicy");
        for field in ["whenDeleted", "whenScaled"] {
            let when = text(policy, field);
            if !matches!(when, "Retain" | "Delete") {
                let known = ["Retain", "Delete"];
                errors.push(FieldError::not_supported_in_order(&path.child(field), when, &known));
            }
        }
    }
    errors.extend(not_negative(spec, "replicas", &path));
    errors.extend(not_negative(spec, "minReadySeconds", &path));
    errors.extend(spec.get("ordinals").and_then(|ordinals| not_negative(ordinals, "start", &path.child("ordinals"))));
    let with_claims = with_claims(spec);
    errors.extend(selector_and_template(&with_claims, &OWNER, &path, pod::validation::template));
    errors
}

/// Each pod gets volumes of its own, by the names of the claims.
fn with_claims(spec: &Value) -> Value {
    let mut spec = spec.clone();
    let claims: Vec<Value> = list(&spec, "volumeClaimTemplates")
        .iter()
        .filter_map(|claim| claim.get("metadata"))
        .map(|metadata| json!({"name": text(metadata, "name"), "persistentVolumeClaim": {"claimName": "claim"}}))
        .collect();
    let pod = spec.get_mut("template").and_then(|template| template.get_mut("spec"));
    if let Some(Value::Object(pod)) = pod.filter(|_| !claims.is_empty()) {
        let volumes = pod.entry("volumes").or_insert_with(|| json!([]));
        if let Value::Array(volumes) = volumes {
            volumes.retain(|volume| claims.iter().all(|claim| text(claim, "name") != text(volume, "name")));
            volumes.extend(claims);
        }
    }
    spec
}

fn strategy(strategy: &Value, path: &Path) -> ErrorList {
    let rolling = some(strategy, "rollingUpdate");
    let rolling_path = path.child("rollingUpdate");
    let fields = [("partition", "Partition", json!(0)), ("maxUnavailable", "MaxUnavailable", Value::Null)];
    match (text(strategy, "type"), rolling) {
        ("", _) => vec![FieldError::required(path, "")],
        ("OnDelete", Some(rolling)) => {
            let partition = int(rolling, "partition").unwrap_or(0);
            let error =
                FieldError::invalid(&rolling_path, rolling.clone(), "only allowed for updateStrategy 'RollingUpdate'");
            let most = some(rolling, "maxUnavailable").unwrap_or(&Value::Null);
            vec![error.showing(format!("{{\"Partition\":{partition},\"MaxUnavailable\":{most}}}"))]
        }
        ("OnDelete" | "RollingUpdate", None) => Vec::new(),
        ("RollingUpdate", Some(rolling)) => rolling_update(rolling, &rolling_path),
        _ => {
            let error = FieldError::invalid(path, strategy.clone(), "must be 'RollingUpdate' or 'OnDelete'");
            vec![error.showing(shown_strategy(strategy, &fields))]
        }
    }
}

/// Models `validateRollingUpdateStatefulSet`.
fn rolling_update(rolling: &Value, path: &Path) -> ErrorList {
    let mut errors: ErrorList = not_negative(rolling, "partition", path).into_iter().collect();
    if let Some(most) = some(rolling, "maxUnavailable") {
        errors.extend(amount_or_percent(rolling, "maxUnavailable", path));
        if number_of(Some(most)) == 0 {
            errors.push(FieldError::invalid(&path.child("maxUnavailable"), most.clone(), "cannot be 0"));
        }
        errors.extend(at_most_all(rolling, "maxUnavailable", path));
    }
    errors
}

/// Models `ValidateStatefulSetUpdate`: most of the spec stays as it was.
pub(super) fn update(object: &Object, old: &Object) -> ErrorList {
    const MAY_CHANGE: [&str; 7] = [
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    ];
    let mut errors = spec(object);
    let rest = |object: &Object| {
        let mut spec = object.map(&["spec"]).cloned().unwrap_or_default();
        spec.retain(|field, _| !MAY_CHANGE.contains(&field.as_str()));
        spec
    };
    if rest(object) != rest(old) {
        let detail = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', \
                      'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and \
                      'minReadySeconds' are forbidden";
        errors.push(FieldError::forbidden(&Path::new("spec"), detail));
    }
    errors
}
