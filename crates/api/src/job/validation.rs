//! What is wrong with a Job. Models `validateJobSpec` of `pkg/apis/batch/validation`; the insides of failure and success
//! policies are not judged.

use serde_json::Value;

use crate::metadata::IMMUTABLE;
use crate::tree::{int, is_true, not_negative, some, text};
use crate::workload;
use crate::{ErrorList, FieldError, Object, Path, names, pod};

const INDEXED: &str = "Indexed";
/// The most pods of an indexed job at once.
const MAX_PARALLELISM: i64 = 100_000;

/// Counts that may not be negative, in upstream's order.
const COUNTS: [&str; 7] = [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
];

pub(super) fn create(job: &Object) -> ErrorList {
    let path = Path::new("spec");
    let spec = job.at(&["spec"]).unwrap_or(&Value::Null);
    let mut errors = self::spec(spec, &path);
    errors.extend(selector(spec, &path));
    if text(spec, "completionMode") == INDEXED
        && let Some(completions) = int(spec, "completions").filter(|completions| *completions > 0)
    {
        // The pods' hostnames are the job's name and their index.
        let longest = format!("{}-{}", job.name(), completions - 1);
        if names::is_dns1123_label(&longest).iter().any(|detail| detail.starts_with("must be no more than")) {
            let detail = format!("will not able to create pod with invalid DNS label: {longest}",);
            errors.push(FieldError::invalid(&Path::new("metadata.name"), job.name(), detail));
        }
    }
    errors
}

fn spec(spec: &Value, path: &Path) -> ErrorList {
    let mut errors: ErrorList = COUNTS.iter().filter_map(|field| not_negative(spec, field, path)).collect();
    let most_failed = int(spec, "maxFailedIndexes");
    if most_failed.is_some() && int(spec, "backoffLimitPerIndex").is_none() {
        let detail = "when maxFailedIndexes is specified";
        errors.push(FieldError::required(&path.child("backoffLimitPerIndex"), detail));
    }
    errors.extend(completion_mode(spec, path));
    let template = spec.get("template").unwrap_or(&Value::Null);
    errors.extend(pod::validation::template(template, &path.child("template")));
    let policy = template.get("spec").map_or("", |spec| text(spec, "restartPolicy"));
    let policy_path = path.child("template").child("spec").child("restartPolicy");
    match policy {
        "OnFailure" if some(spec, "podFailurePolicy").is_some() => {
            let detail = "only \"Never\" is supported when podFailurePolicy is specified";
            errors.push(FieldError::invalid(&policy_path, policy, detail));
        }
        "OnFailure" | "Never" => {}
        "" | "Always" => errors.push(FieldError::required(&policy_path, "valid values: \"OnFailure\", \"Never\"")),
        other => errors.push(FieldError::not_supported_in_order(&policy_path, other, &["OnFailure", "Never"])),
    }
    errors.extend(replacement(spec, path));
    errors
}

/// Whether the pods are numbered, and what only numbered pods have.
fn completion_mode(spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mode = text(spec, "completionMode");
    if !matches!(mode, "" | "NonIndexed" | INDEXED) {
        let known = ["NonIndexed", INDEXED];
        errors.push(FieldError::not_supported_in_order(&path.child("completionMode"), mode, &known));
    }
    if mode != INDEXED {
        for field in ["backoffLimitPerIndex", "maxFailedIndexes"] {
            let value = int(spec, field);
            let refuse = |value| FieldError::invalid(&path.child(field), value, "requires indexed completion mode");
            errors.extend(value.map(refuse));
        }
        return errors;
    }
    let completions = int(spec, "completions");
    if completions.is_none() {
        let detail = "when completion mode is Indexed";
        errors.push(FieldError::required(&path.child("completions"), detail));
    }
    if let Some(parallel) = int(spec, "parallelism").filter(|parallel| *parallel > MAX_PARALLELISM) {
        let detail = format!("must be less than or equal to {MAX_PARALLELISM} when completion mode is Indexed");
        errors.push(FieldError::invalid(&path.child("parallelism"), parallel, detail));
    }
    if let (Some(most), Some(completions)) = (int(spec, "maxFailedIndexes"), completions)
        && most > completions
    {
        let detail = "must be less than or equal to completions";
        errors.push(FieldError::invalid(&path.child("maxFailedIndexes"), most, detail));
    }
    errors
}

/// Models `validatePodReplacementPolicy`.
fn replacement(spec: &Value, path: &Path) -> Option<FieldError> {
    let policy = spec.get("podReplacementPolicy").and_then(Value::as_str)?;
    let known: &[&str] =
        if some(spec, "podFailurePolicy").is_some() { &["Failed"] } else { &["Failed", "TerminatingOrFailed"] };
    let path = path.child("podReplacementPolicy");
    (!known.contains(&policy)).then(|| FieldError::not_supported(&path, policy, known))
}

/// The selector, which most jobs get by themselves. Models `ValidateJobSpec`.
fn selector(spec: &Value, path: &Path) -> ErrorList {
    let selector_path = path.child("selector");
    let (mut errors, meets) = workload::read(spec, &selector_path);
    if some(spec, "selector").is_none() {
        errors.push(FieldError::required(&selector_path, ""));
    }
    errors.extend((meets == Some(false)).then(|| workload::mismatch(spec, path)));
    errors
}

/// What may not change. Models `ValidateJobSpecUpdate`.
pub(super) fn update(job: &Object, old: &Object) -> ErrorList {
    let path = Path::new("spec");
    let (new, was) = (job.at(&["spec"]).unwrap_or(&Value::Null), old.at(&["spec"]).unwrap_or(&Value::Null));
    let mut errors = spec(new, &path);
    errors.extend(selector(new, &path));
    let mut keep = |field: &str| {
        let (value, before) =
            (some(new, field).cloned().unwrap_or_default(), some(was, field).cloned().unwrap_or_default());
        if value != before {
            let text = if field == "selector" { workload::shown(&value) } else { value.to_string() };
            errors.push(FieldError::invalid(&path.child(field), value, IMMUTABLE).showing(text));
        }
    };
    if !may_grow(new, was) {
        keep("completions");
    }
    keep("selector");
    let waits = is_true(was, "suspend") && old.at(&["status"]).is_none_or(|status| some(status, "startTime").is_none());
    if !waits {
        keep("template");
    }
    for field in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] {
        keep(field);
    }
    errors
}

/// An indexed job may become larger and smaller together with its parallelism.
fn may_grow(new: &Value, was: &Value) -> bool {
    let same = int(new, "completions") == int(new, "parallelism");
    text(was, "completionMode") == INDEXED && same
}
