//! Job: pods that run to their end.

mod validation;

use serde_json::{Map, Value, json};

use crate::cells::{CONTAINERS, IMAGES, SELECTOR, number};
use crate::kind::{AGE, Column, Kind, NAME, Now, Strategy};
use crate::time::{human_duration, parse_rfc3339};
use crate::{ErrorList, Object, pod};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "batch",
    version: "v1",
    kind: "Job",
    plural: "jobs",
    singular: "job",
    short_names: &[],
    categories: &["all"],
    namespaced: true,
    strategy: &JobStrategy,
    columns: &[
        NAME,
        Column { name: "STATUS", wide: false, cell: |object, _| status(object).to_owned() },
        Column { name: "COMPLETIONS", wide: false, cell: |object, _| completions(object) },
        Column { name: "DURATION", wide: false, cell: duration },
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ],
};

/// Models `pkg/registry/batch/job`.
struct JobStrategy;

impl Strategy for JobStrategy {
    /// Models `SetDefaults_Job` of `pkg/apis/batch/v1`.
    fn default(&self, object: &mut Object) {
        if object.at(&["spec", "completions"]).is_none() && object.at(&["spec", "parallelism"]).is_none() {
            object.or_insert(&["spec", "completions"], 1);
        }
        object.or_insert(&["spec", "parallelism"], 1);
        let per_index = object.at(&["spec", "backoffLimitPerIndex"]).is_some();
        object.or_insert(&["spec", "backoffLimit"], if per_index { i32::MAX } else { 6 });
        object.or_insert(&["spec", "completionMode"], "NonIndexed");
        object.or_insert(&["spec", "suspend"], false);
        object.or_insert(&["spec", "podReplacementPolicy"], "TerminatingOrFailed");
        object.or_insert(&["spec", "manualSelector"], false);
        pod::default_template(object);
    }

    fn prepare_create(&self, object: &mut Object) {
        object.set(&["metadata", "generation"], 1);
        object.set(&["status"], json!({}));
    }

    fn prepare_update(&self, object: &mut Object, old: &Object) {
        object.keep(old, "status");
        take_labels(object);
    }

    /// Models `generateSelector`: the uid of the job selects its pods. It is known only once the job is admitted. What
    /// somebody wrote stays, and is refused if it does not fit.
    fn complete(&self, object: &mut Object) {
        if !object.bool(&["spec", "manualSelector"]) {
            let (uid, name) = (object.uid().to_owned(), object.name().to_owned());
            let labels = [(UID_LABEL, &uid), (NAME_LABEL, &name), (LEGACY_UID_LABEL, &uid), (LEGACY_NAME_LABEL, &name)];
            for (label, value) in labels {
                object.or_insert(&["spec", "template", "metadata", "labels", label], value.as_str());
            }
            object.or_insert(&["spec", "selector", "matchLabels", UID_LABEL], uid);
        }
        take_labels(object);
    }

    fn validate_create(&self, object: &Object) -> ErrorList {
        validation::create(object)
    }

    fn validate_update(&self, object: &Object, old: &Object) -> ErrorList {
        validation::update(object, old)
    }

    fn warnings(&self, object: &Object, old: Option<&Object>) -> Vec<String> {
        pod::warnings::workload(object, old, true)
    }
}

/// A job without labels has its pods' (part of `SetDefaults_Job`). On creation that is after the generated labels: Go's
/// two maps are one, so the job gets those too.
fn take_labels(job: &mut Object) {
    let template = job.map(&["spec", "template", "metadata", "labels"]);
    if job.map(&["metadata", "labels"]).is_none_or(Map::is_empty)
        && let Some(labels) = template.cloned()
    {
        job.set(&["metadata", "labels"], labels);
    }
}

/// The label with the uid of a pod's job.
pub const UID_LABEL: &str = "batch.kubernetes.io/controller-uid";
/// The label with the name of a pod's job.
pub const NAME_LABEL: &str = "batch.kubernetes.io/job-name";
/// The same by their old names.
const LEGACY_UID_LABEL: &str = "controller-uid";
const LEGACY_NAME_LABEL: &str = "job-name";

/// Whether a condition of the job is `True`.
#[must_use]
pub fn has_condition(job: &Object, condition: &str) -> bool {
    let holds =
        |c: &Value| c.get("type").is_some_and(|t| t == condition) && c.get("status").is_some_and(|s| s == "True");
    job.list(&["status", "conditions"]).iter().any(holds)
}

fn status(job: &Object) -> &'static str {
    let words = ["Complete", "Failed", "Suspended"];
    let ended = words.into_iter().find(|word| has_condition(job, word));
    match ended {
        Some("Suspended") => "Suspended",
        Some(word) => word,
        None if job.is_terminating() => "Terminating",
        None if has_condition(job, "FailureTarget") => "FailureTarget",
        None if has_condition(job, "SuccessCriteriaMet") => "SuccessCriteriaMet",
        None => "Running",
    }
}

fn completions(job: &Object) -> String {
    let succeeded = number(job, &["status", "succeeded"]);
    match (job.int(&["spec", "completions"]), job.int(&["spec", "parallelism"]).unwrap_or(0)) {
        (Some(wanted), _) => format!("{succeeded}/{wanted}"),
        (None, parallel) if parallel > 1 => format!("{succeeded}/1 of {parallel}"),
        (None, _) => format!("{succeeded}/1"),
    }
}

fn duration(job: &Object, now: Now) -> String {
    let at = |field: &str| parse_rfc3339(job.str(&["status", field]));
    match (at("startTime"), at("completionTime")) {
        (None, _) => String::new(),
        (Some(start), end) => human_duration(end.unwrap_or(now.0) - start),
    }
}
