//! What may change in a pod's life. Models `ValidatePodUpdate`.

use serde_json::{Map, Value};

use super::{annotations, scheduling};
use crate::tree::{int, list, map, text};
use crate::{ErrorList, FieldError, Object, Path};

/// Models `updatablePodSpecFields`.
const REFUSAL: &str = "pod updates may not change fields other than \
                       `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,\
                       `spec.tolerations` (only additions to existing tolerations),\
                       `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// What is wrong with a change of a pod.
pub(crate) fn update(pod: &Object, old: &Object) -> ErrorList {
    let mut errors = super::pod(pod);
    let of = |object: &Object| object.map(&["metadata", "annotations"]).cloned();
    errors.extend(annotations::update(of(pod).as_ref(), of(old).as_ref(), &Path::new("metadata.annotations")));
    let path = Path::new("spec");
    let (new, was) = (pod.at(&["spec"]).unwrap_or(&Value::Null), old.at(&["spec"]).unwrap_or(&Value::Null));
    for lists in ["containers", "initContainers"] {
        if list(new, lists).len() != list(was, lists).len() {
            let detail = "pod updates may not add or remove containers";
            errors.push(FieldError::forbidden(&path.child(lists), detail));
            return errors;
        }
    }
    let deadline = path.child("activeDeadlineSeconds");
    match (int(new, "activeDeadlineSeconds"), int(was, "activeDeadlineSeconds")) {
        (Some(new), Some(was)) if was < new => {
            errors.push(FieldError::invalid(&deadline, new, "must be less than or equal to previous value"));
            return errors;
        }
        (None, Some(_)) => {
            let detail = "must not update from a positive integer to nil value";
            errors.push(FieldError::invalid(&deadline, Value::Null, detail));
        }
        _ => {}
    }
    errors.extend(only_added_tolerations(new, was, &path));
    errors.extend(only_removed_gates(new, was, &path));
    errors.extend(node_selector(new, was, &path));
    if changeless(new, was) != changeless(was, was) {
        errors.push(FieldError::forbidden(&path, REFUSAL));
    }
    errors
}

/// Models `validateOnlyAddedTolerations`.
fn only_added_tolerations(new: &Value, was: &Value, path: &Path) -> ErrorList {
    let without_time = |toleration: &Value| {
        let mut toleration = toleration.clone();
        if let Value::Object(fields) = &mut toleration {
            fields.remove("tolerationSeconds");
        }
        toleration
    };
    let kept: Vec<Value> = list(new, "tolerations").iter().map(without_time).collect();
    if list(was, "tolerations").iter().any(|old| !kept.contains(&without_time(old))) {
        let detail = "existing toleration can not be modified except its tolerationSeconds";
        return vec![FieldError::forbidden(&path.child("tolerations"), detail)];
    }
    scheduling::tolerations(new, path)
}

/// Models `validateOnlyDeletedSchedulingGates`.
fn only_removed_gates(new: &Value, was: &Value, path: &Path) -> ErrorList {
    let had = |name: &str| list(was, "schedulingGates").iter().any(|gate| text(gate, "name") == name);
    let gates = list(new, "schedulingGates").iter().enumerate().map(|(at, gate)| (at, text(gate, "name")));
    let added = gates.filter(|(_, name)| !had(name));
    added
        .map(|(at, name)| {
            let path = path.child("schedulingGates").index(at).child("name");
            FieldError::forbidden(&path, format!("only deletion is allowed, but found new scheduling gate '{name}'"))
        })
        .collect()
}

fn is_gated(was: &Value) -> bool {
    !list(was, "schedulingGates").is_empty()
}

/// Models `validateNodeSelectorMutation`: as long as a pod may not be scheduled, its nodes may be narrowed down.
fn node_selector(new: &Value, was: &Value, path: &Path) -> Option<FieldError> {
    let (new, had) = (map(new, "nodeSelector"), map(was, "nodeSelector"));
    let kept = |(key, value): (&String, &Value)| new.and_then(|new| new.get(key)) == Some(value);
    let lost = is_gated(was) && !had.into_iter().flatten().all(kept);
    let path = path.child("nodeSelector");
    let value = new.map_or(Value::Null, |new| Value::Object(new.clone()));
    lost.then(|| {
        FieldError::invalid(&path, value, "only additions to spec.nodeSelector are allowed (no mutations or deletions)")
    })
}

/// The spec without what may change; `was` decides what that is.
fn changeless(spec: &Value, was: &Value) -> Map<String, Value> {
    let mut rest = spec.as_object().cloned().unwrap_or_default();
    let negative = int(was, "terminationGracePeriodSeconds").is_some_and(|seconds| seconds < 0);
    let shortened = negative && int(spec, "terminationGracePeriodSeconds") == Some(1);
    for (field, may) in [
        ("activeDeadlineSeconds", true),
        ("tolerations", true),
        ("schedulingGates", true),
        ("nodeSelector", is_gated(was)),
        ("terminationGracePeriodSeconds", shortened || negative),
        // The scheduler binds pods by the same way here.
        ("nodeName", text(was, "nodeName").is_empty()),
    ] {
        if may {
            rest.remove(field);
        }
    }
    for lists in ["containers", "initContainers"] {
        let containers = rest.get_mut(lists).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten().filter_map(Value::as_object_mut) {
            container.remove("image");
        }
    }
    rest
}
