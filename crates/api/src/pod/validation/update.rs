//! What may change in a pod's life. Models `ValidatePodUpdate`.

use serde_json::{Map, Value};

use super::affinity::REQUIRED;
use super::{annotations, scheduling};
use crate::object::lookup;
use crate::tree::{int, list, map, some, text};
use crate::{ErrorList, FieldError, Object, Path, internal};

/// Models `updatablePodSpecFields`.
const REFUSAL: &str = "pod updates may not change fields other than \
                       `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,\
                       `spec.tolerations` (only additions to existing tolerations),\
                       `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

const NODE_AFFINITY: [&str; 2] = ["affinity", "nodeAffinity"];

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
    errors.extend(node_affinity(new, was, &path.child("affinity").child("nodeAffinity")));
    let munged = munged(new, was);
    if munged != *was {
        let difference = internal::diff("core.v1.PodSpec", was, &munged);
        errors.push(FieldError::forbidden(&path, format!("{REFUSAL}\n{difference}")));
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

/// Models `validateNodeAffinityMutation`: the same of the terms that nodes have to meet.
fn node_affinity(new: &Value, was: &Value, path: &Path) -> ErrorList {
    let affinity = |spec| lookup(spec, &NODE_AFFINITY);
    let Some(old) = affinity(was).filter(|old| is_gated(was) && Some(*old) != affinity(new)) else { return Vec::new() };
    let terms = |affinity: &Value| list(affinity.get(REQUIRED).unwrap_or(&Value::Null), "nodeSelectorTerms").to_vec();
    let (new, old) = (affinity(new).map(terms).unwrap_or_default(), terms(old));
    let path = path.child(REQUIRED).child("nodeSelectorTerms");
    let shown = |term: &Value| internal::json("core.v1.NodeSelectorTerm", term);
    if !old.is_empty() && old.len() != new.len() {
        let all = format!("[{}]", new.iter().map(shown).collect::<Vec<_>>().join(","));
        let detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
        return vec![FieldError::invalid(&path, Value::Array(new), detail).showing(all)];
    }
    let changed = old.iter().zip(&new).enumerate().filter(|(_, (old, new))| !only_adds(new, old));
    changed
        .map(|(at, (_, new))| {
            let detail = "only additions are allowed (no mutations or deletions)";
            FieldError::invalid(&path.index(at), new.clone(), detail).showing(shown(new))
        })
        .collect()
}

/// Models `validateNodeSelectorTermHasOnlyAdditions`: an empty term meets no node, and may not begin to.
fn only_adds(new: &Value, old: &Value) -> bool {
    let lists = ["matchExpressions", "matchFields"];
    let is_empty = |term| lists.into_iter().all(|field| list(term, field).is_empty());
    (!is_empty(old) || is_empty(new)) && lists.into_iter().all(|field| list(new, field).starts_with(list(old, field)))
}

/// The new spec, where what may change is as it was.
fn munged(new: &Value, was: &Value) -> Value {
    let mut munged = new.clone();
    let Value::Object(spec) = &mut munged else { return munged };
    let negative = int(was, "terminationGracePeriodSeconds").is_some_and(|seconds| seconds < 0);
    let shortened = negative && int(new, "terminationGracePeriodSeconds") == Some(1);
    for (field, may) in [
        ("activeDeadlineSeconds", true),
        ("tolerations", true),
        ("schedulingGates", true),
        ("nodeSelector", is_gated(was)),
        ("terminationGracePeriodSeconds", shortened),
    ] {
        if may {
            keep(spec, was, field);
        }
    }
    if is_gated(was) {
        keep_node_affinity(spec, was);
    }
    for lists in ["containers", "initContainers"] {
        let containers = spec.get_mut(lists).and_then(Value::as_array_mut).into_iter().flatten();
        for (container, was) in containers.zip(list(was, lists)) {
            if let Value::Object(container) = container {
                keep(container, was, "image");
            }
        }
    }
    munged
}

/// Has a field as it was.
fn keep(fields: &mut Map<String, Value>, was: &Value, field: &str) {
    match was.get(field) {
        Some(value) => drop(fields.insert(field.to_owned(), value.clone())),
        None => drop(fields.remove(field)),
    }
}

/// Has the node affinity as it was; an affinity that is nothing else goes with it.
fn keep_node_affinity(spec: &mut Map<String, Value>, was: &Value) {
    if lookup(was, &NODE_AFFINITY).is_none() && some(was, "affinity").is_none() {
        if let Some(Value::Object(affinity)) = spec.get_mut("affinity") {
            affinity.remove("nodeAffinity");
            if affinity.is_empty() {
                spec.remove("affinity");
            }
        }
        return;
    }
    let affinity = spec.entry("affinity").or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(affinity) = affinity {
        keep(affinity, some(was, "affinity").unwrap_or(&Value::Null), "nodeAffinity");
    }
}
