//! What is wrong with a Job. Models `ValidateJob` of `pkg/apis/batch/validation`.

mod policies;
mod success;
mod update;

use serde_json::{Map, Value};

use super::{LEGACY_NAME_LABEL, LEGACY_UID_LABEL, NAME_LABEL, UID_LABEL};
use crate::labels::LabelSelector;
use crate::tree::{domain_prefixed_path, int, is_true, map, not_negative, some, text};
use crate::workload;
use crate::{ErrorList, FieldError, Object, Path, names, pod};

pub(super) use update::update;

const INDEXED: &str = "Indexed";
/// The most pods of an indexed job at once, and the most indexes that may fail.
const MAX_INDEXES: i64 = 100_000;
/// The same for jobs of more than `MAX_INDEXES` completions whose indexes have limits of their own.
const MAX_INDEXES_OF_MANY: i64 = 10_000;
const MAX_MANAGED_BY: usize = 63;

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
    let mut errors = generated_selector(job, spec, &path);
    errors.extend(self::spec(spec, &path));
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
    if let Some(manager) = spec.get("managedBy").and_then(Value::as_str) {
        let path = path.child("managedBy");
        errors.extend(domain_prefixed_path(manager, &path));
        errors.extend((manager.len() > MAX_MANAGED_BY).then(|| FieldError::too_long(&path, MAX_MANAGED_BY)));
    }
    errors.extend(completion_mode(spec, path));
    errors.extend(policies::failure(spec, path));
    errors.extend(success::policy(spec, path));
    errors.extend(replacement(spec, path));
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
    errors
}

/// The labels and the selector that make a job's pods its own, unless somebody chose them.
/// Models `validateGeneratedSelector`.
fn generated_selector(job: &Object, spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let Some(selector) = some(spec, "selector").filter(|_| !is_true(spec, "manualSelector")) else { return errors };
    let labels = spec.get("template").and_then(|template| map(template.get("metadata")?, "labels"));
    let labels_path = path.child("template").child("metadata").child("labels");
    let (uid, name) = (job.uid(), job.name());
    let expected = [(LEGACY_UID_LABEL, uid), (LEGACY_NAME_LABEL, name), (UID_LABEL, uid), (NAME_LABEL, name)];
    for (key, wanted) in expected {
        let detail = format!("must be '{wanted}'");
        match labels.and_then(|labels| labels.get(key)) {
            None => errors.push(FieldError::required(&labels_path.key(key), detail)),
            Some(value) if value == wanted => {}
            Some(_) => {
                let labels = labels.cloned().map_or(Value::Null, Value::Object);
                errors.push(FieldError::invalid(&labels_path.key(key), labels, detail));
            }
        }
    }
    let expected: Map<String, Value> =
        expected.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    if LabelSelector::read(selector).is_ok_and(|selector| !selector.matches(Some(&expected))) {
        let error = FieldError::invalid(&path.child("selector"), selector.clone(), "`selector` not auto-generated");
        errors.push(error.showing(workload::shown(selector)));
    }
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
    let at_most = |field: &str, number: Option<i64>, most: i64, detail: String| {
        let number = number.filter(|number| *number > most)?;
        Some(FieldError::invalid(&path.child(field), number, detail))
    };
    let (parallelism, most_failed) = (int(spec, "parallelism"), int(spec, "maxFailedIndexes"));
    let detail = format!("must be less than or equal to {MAX_INDEXES} when completion mode is Indexed");
    errors.extend(at_most("parallelism", parallelism, MAX_INDEXES, detail));
    if let Some(completions) = completions {
        let detail = "must be less than or equal to completions".to_owned();
        errors.extend(at_most("maxFailedIndexes", most_failed, completions, detail));
    }
    let detail = format!("must be less than or equal to {MAX_INDEXES}");
    errors.extend(at_most("maxFailedIndexes", most_failed, MAX_INDEXES, detail));
    let many = completions.is_some_and(|completions| completions > MAX_INDEXES);
    if many && int(spec, "backoffLimitPerIndex").is_some() {
        if most_failed.is_none() {
            let detail = format!("must be specified when completions is above {MAX_INDEXES}");
            errors.push(FieldError::required(&path.child("maxFailedIndexes"), detail));
        }
        for (field, number) in [("parallelism", parallelism), ("maxFailedIndexes", most_failed)] {
            let detail = format!(
                "must be less than or equal to {MAX_INDEXES_OF_MANY} when completions are above {MAX_INDEXES} and used \
                 with backoff limit per index"
            );
            errors.extend(at_most(field, number, MAX_INDEXES_OF_MANY, detail));
        }
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
