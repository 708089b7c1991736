//! What may change of a job. Models `ValidateJobUpdate`.

use serde_json::Value;

use super::{INDEXED, selector, spec};
use crate::metadata::IMMUTABLE;
use crate::object::{lookup, set};
use crate::tree::{int, is_true, some, text};
use crate::{ErrorList, FieldError, Object, Path, internal, workload};

pub(in crate::job) fn update(job: &Object, old: &Object) -> ErrorList {
    let path = Path::new("spec");
    let (new, was) = (job.at(&["spec"]).unwrap_or(&Value::Null), old.at(&["spec"]).unwrap_or(&Value::Null));
    let mut errors = spec(new, &path);
    errors.extend(selector(new, &path));
    errors.extend(completions(new, was, &path));
    errors.extend(kept("selector", new, was, &path));
    let waits = is_true(was, "suspend") && old.at(&["status"]).is_none_or(|status| some(status, "startTime").is_none());
    let with_directives = waits.then(|| directives(new, was));
    errors.extend(kept("template", new, with_directives.as_ref().unwrap_or(was), &path));
    for field in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] {
        errors.extend(kept(field, new, was, &path));
    }
    errors
}

/// Models `ValidateImmutableField`; structs are shown as they are inside the server.
fn kept(field: &str, new: &Value, was: &Value, path: &Path) -> Option<FieldError> {
    let (value, before) = (some(new, field), some(was, field));
    if value == before {
        return None;
    }
    let value = value.unwrap_or(&Value::Null);
    let shown = match (field, value) {
        (_, Value::Null) => "null".to_owned(),
        ("selector", selector) => workload::shown(selector),
        ("template", template) => internal::json("core.v1.PodTemplateSpec", template),
        ("podFailurePolicy", policy) => internal::json("batch.v1.PodFailurePolicy", policy),
        ("successPolicy", policy) => internal::json("batch.v1.SuccessPolicy", policy),
        (_, other) => other.to_string(),
    };
    Some(FieldError::invalid(&path.child(field), value.clone(), IMMUTABLE).showing(shown))
}

/// Models `validateCompletions`: an indexed job may become larger and smaller together with its parallelism.
fn completions(new: &Value, was: &Value, path: &Path) -> Option<FieldError> {
    if text(new, "completionMode") != INDEXED {
        return kept("completions", new, was, path);
    }
    let completions = int(new, "completions").filter(|completions| Some(*completions) != int(was, "completions"))?;
    let detail = "can only be modified in tandem with spec.parallelism";
    let apart = int(new, "parallelism") != Some(completions);
    apart.then(|| FieldError::invalid(&path.child("completions"), completions, detail))
}

/// The old spec with the new template's scheduling directives and resources: they may change as long as a job waits.
/// Models `validatePodTemplateUpdate`.
fn directives(new: &Value, was: &Value) -> Value {
    let mut with = was.clone();
    for path in [
        &["template", "metadata", "annotations"][..],
        &["template", "metadata", "labels"],
        &["template", "spec", "affinity", "nodeAffinity"],
        &["template", "spec", "nodeSelector"],
        &["template", "spec", "tolerations"],
        &["template", "spec", "schedulingGates"],
    ] {
        take(&mut with, new, path);
    }
    for lists in ["containers", "initContainers"] {
        let Some(Value::Array(containers)) = lookup(new, &["template", "spec", lists]) else { continue };
        let mine =
            with.get_mut("template").and_then(|template| template.get_mut("spec")?.get_mut(lists)?.as_array_mut());
        for (mine, container) in mine.into_iter().flatten().zip(containers) {
            take(mine, container, &["resources"]);
        }
    }
    with
}

/// Sets or removes what is at a path as it is in another tree; what is left empty goes.
fn take(with: &mut Value, from: &Value, path: &[&str]) {
    if let Some(value) = lookup(from, path) {
        return set(with, path, value.clone());
    }
    let Some((last, parents)) = path.split_last() else { return };
    let parent = parents.iter().try_fold(&mut *with, |node, key| node.get_mut(*key)).and_then(Value::as_object_mut);
    let Some(parent) = parent else { return };
    parent.remove(*last);
    if parent.is_empty() && lookup(from, parents).is_none() {
        take(with, from, parents);
    }
}
