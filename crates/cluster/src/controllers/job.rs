//! The job controller: pods that run to their end, until enough of them succeeded or too many failed.
//! Models `pkg/controller/job` and `pkg/controller/ttlafterfinished`.

use std::collections::BTreeSet;
use std::sync::Arc;

use api::job::has_condition;
use api::{Object, ObjectKey, Value, json};

use super::{Controller, availability, owned, write};
use crate::Cluster;
use crate::events::Note;
use crate::store::{Store, WatchEvent};

/// See the module.
pub(super) struct JobController;

const NAME: &str = "job-controller";

/// The annotation and label with the place of a pod in an indexed job.
const INDEX: &str = "batch.kubernetes.io/job-completion-index";

/// Seconds before the first pod after a failure, and at most; each wait is twice the one before.
const BACK_OFF: (i64, i64) = (10, 600);

impl Controller for JobController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        owned::concerns(event, store, &api::job::KIND, &api::pod::KIND)
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(job) = cluster.store().get(key).cloned().filter(|job| !job.is_terminating()) else { return };
        if has_condition(&job, "Complete") || has_condition(&job, "Failed") {
            expire(cluster, key, &job);
            return;
        }
        let pods = owned::claim(cluster, NAME, &api::job::KIND, &job, &api::pod::KIND);
        let look = Look::at(&job, pods);
        let verdict = verdict(cluster, &job, &look);
        let mut again = None;
        match &verdict {
            Some(verdict) => finish(cluster, &job, &look, verdict),
            None => again = work(cluster, &job, &look),
        }
        let pods = owned::claim(cluster, NAME, &api::job::KIND, &job, &api::pod::KIND);
        update_status(cluster, key, &job, &Look::at(&job, pods), verdict.as_ref());
        let deadline = job.int(&["spec", "activeDeadlineSeconds"]).map(|seconds| started(cluster, &job) + seconds);
        let left = |at: i64| at - cluster.now().unix_seconds();
        let soonest = again.into_iter().chain(deadline.map(left).filter(|_| verdict.is_none())).min();
        if let Some(seconds) = soonest.and_then(|seconds| u64::try_from(seconds).ok()).filter(|seconds| *seconds > 0) {
            availability::again(cluster, &Self, key, seconds * 1_000_000);
        }
    }
}

/// The pods of a job by what became of them.
struct Look {
    active: Vec<Arc<Object>>,
    terminating: usize,
    succeeded: Vec<Arc<Object>>,
    failed: Vec<Arc<Object>>,
    indexed: bool,
}

impl Look {
    fn at(job: &Object, pods: Vec<Arc<Object>>) -> Self {
        let indexed = job.str(&["spec", "completionMode"]) == "Indexed";
        let mut look = Self { active: Vec::new(), terminating: 0, succeeded: Vec::new(), failed: Vec::new(), indexed };
        for pod in pods {
            match pod.str(&["status", "phase"]) {
                "Succeeded" => look.succeeded.push(pod),
                "Failed" => look.failed.push(pod),
                _ if pod.is_terminating() => look.terminating += 1,
                _ => look.active.push(pod),
            }
        }
        look
    }

    /// How many completions there are; of an index, only one counts.
    fn succeeded(&self) -> usize {
        if self.indexed { indexes(&self.succeeded).len() } else { self.succeeded.len() }
    }

    /// Failures, restarts of containers included: what the back-off limit counts.
    fn failures(&self) -> i64 {
        let restarts = |pod: &Arc<Object>| -> i64 {
            let statuses = pod.list(&["status", "containerStatuses"]).iter();
            statuses.filter_map(|status| status.get("restartCount")?.as_i64()).sum()
        };
        let failed = i64::try_from(self.failed.len()).unwrap_or(i64::MAX);
        failed + self.active.iter().map(restarts).sum::<i64>()
    }
}

fn indexes(pods: &[Arc<Object>]) -> BTreeSet<usize> {
    pods.iter().filter_map(|pod| pod.annotation(INDEX)?.parse().ok()).collect()
}

fn started(cluster: &Cluster, job: &Object) -> i64 {
    api::time::parse_rfc3339(job.str(&["status", "startTime"])).unwrap_or_else(|| cluster.now().unix_seconds())
}

fn count(job: &Object, field: &str) -> Option<usize> {
    job.int(&["spec", field]).and_then(|number| usize::try_from(number).ok())
}

/// How a job ends.
struct Verdict {
    complete: bool,
    reason: &'static str,
    message: &'static str,
}

/// Whether a job is done, and how. Models `syncJob`.
fn verdict(cluster: &Cluster, job: &Object, look: &Look) -> Option<Verdict> {
    let failed = |reason, message| Some(Verdict { complete: false, reason, message });
    let limit = job.int(&["spec", "backoffLimit"]).unwrap_or(6);
    if look.failures() > limit {
        return failed("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    }
    let deadline = job.int(&["spec", "activeDeadlineSeconds"]);
    let begun = !job.str(&["status", "startTime"]).is_empty();
    if begun && deadline.is_some_and(|seconds| cluster.now().unix_seconds() - started(cluster, job) >= seconds) {
        return failed("DeadlineExceeded", "Job was active longer than specified deadline");
    }
    let done = match count(job, "completions") {
        Some(wanted) => look.succeeded() >= wanted,
        // Without a number of completions one success means that the work is done.
        None => look.succeeded() > 0 && look.active.is_empty(),
    };
    let message = "Reached expected number of succeeded pods";
    done.then_some(Verdict { complete: true, reason: "CompletionsReached", message })
}

fn finish(cluster: &mut Cluster, job: &Object, look: &Look, verdict: &Verdict) {
    for pod in &look.active {
        remove(cluster, job, pod);
    }
    let note = match verdict.complete {
        true => Note::normal(NAME, "Completed", "Job completed"),
        false => Note::warning(NAME, verdict.reason, verdict.message),
    };
    cluster.record(job, &note);
}

fn remove(cluster: &mut Cluster, job: &Object, pod: &Object) {
    write::delete(cluster, NAME, pod, &api::pod::KIND);
    cluster.record(job, &Note::normal(NAME, "SuccessfulDelete", format!("Deleted pod: {}", pod.name())));
}

/// Makes what is missing and takes away what is too many. Returns after how many seconds a failed pod may be replaced.
/// Models `manageJob`.
fn work(cluster: &mut Cluster, job: &Object, look: &Look) -> Option<i64> {
    let parallelism = count(job, "parallelism").unwrap_or(1);
    let left = count(job, "completions").map(|wanted| wanted.saturating_sub(look.succeeded()));
    let waiting_for_success = left.is_none() && !look.succeeded.is_empty();
    let wanted = match (job.bool(&["spec", "suspend"]), waiting_for_success) {
        (true, _) => 0,
        (_, true) => look.active.len().min(parallelism),
        _ => left.map_or(parallelism, |left| left.min(parallelism)),
    };
    for pod in look.active.iter().skip(wanted) {
        remove(cluster, job, pod);
    }
    let missing = wanted.saturating_sub(look.active.len());
    if missing == 0 {
        return None;
    }
    let wait = back_off(cluster, look);
    if wait > 0 {
        return Some(wait);
    }
    let taken: BTreeSet<usize> = indexes(&look.succeeded).into_iter().chain(indexes(&look.active)).collect();
    let mut free = (0..).filter(|index| !taken.contains(index));
    for _ in 0..missing {
        let index = free.next().filter(|_| look.indexed);
        create(cluster, job, index);
    }
    None
}

/// Seconds until another pod may be made after the last failure; 0 when it may now. Models `getNewFinishedPods` and
/// `backoff_utils.go`.
fn back_off(cluster: &Cluster, look: &Look) -> i64 {
    let ended = |pod: &Arc<Object>| {
        let statuses = pod.list(&["status", "containerStatuses"]).iter();
        let times = statuses.filter_map(|s| s.pointer("/state/terminated/finishedAt")?.as_str());
        times.filter_map(api::time::parse_rfc3339).max()
    };
    let succeeded = look.succeeded.iter().filter_map(ended).max();
    let failed: Vec<i64> =
        look.failed.iter().filter_map(ended).filter(|at| succeeded.is_none_or(|s| *at > s)).collect();
    let Some(last) = failed.iter().max() else { return 0 };
    let doublings = u32::try_from(failed.len() - 1).unwrap_or(u32::MAX).min(10);
    let wait = BACK_OFF.0.saturating_mul(1 << doublings).min(BACK_OFF.1);
    (last + wait - cluster.now().unix_seconds()).max(0)
}

fn create(cluster: &mut Cluster, job: &Object, index: Option<usize>) {
    let mut pod = Object::new(owned::pod_of_template(&api::job::KIND, job));
    if let Some(index) = index {
        let name = format!("{}-{index}", job.name());
        pod.set(&["metadata", "generateName"], format!("{name}-"));
        pod.set(&["metadata", "annotations", INDEX], index.to_string());
        pod.set(&["metadata", "labels", INDEX], index.to_string());
        pod.or_insert(&["spec", "hostname"], name);
        let containers = pod.field_mut("spec").and_then(|spec| spec.get_mut("containers")?.as_array_mut());
        for container in containers.into_iter().flatten().filter_map(Value::as_object_mut) {
            let path = format!("metadata.labels['{INDEX}']");
            let variable = json!({"name": "JOB_COMPLETION_INDEX", "valueFrom": {"fieldRef": {"fieldPath": path}}});
            if let Some(env) = container.entry("env").or_insert_with(|| json!([])).as_array_mut() {
                env.push(variable);
            }
        }
    }
    let note = match write::create(cluster, NAME, &api::pod::KIND, job.namespace(), pod.into_value()) {
        Ok(made) => Note::normal(NAME, "SuccessfulCreate", format!("Created pod: {}", made.name())),
        Err(status) => Note::warning(NAME, "FailedCreate", format!("Error creating: {status}")),
    };
    cluster.record(job, &note);
}

fn update_status(cluster: &mut Cluster, key: &ObjectKey, job: &Object, look: &Look, verdict: Option<&Verdict>) {
    let now = api::time::format_rfc3339(cluster.now().unix_seconds());
    let mut conditions = job.list(&["status", "conditions"]).to_vec();
    let suspended = job.bool(&["spec", "suspend"]);
    let was_suspended = has_condition(job, "Suspended");
    if suspended != was_suspended {
        let (word, reason, message) =
            if suspended { ("True", "JobSuspended", "Job suspended") } else { ("False", "JobResumed", "Job resumed") };
        conditions.retain(|c| c["type"] != "Suspended");
        conditions.push(condition("Suspended", word, reason, message, &now));
        let event = if suspended { "Suspended" } else { "Resumed" };
        cluster.record(job, &Note::normal(NAME, event, message));
    }
    if let Some(verdict) = verdict {
        let kinds = if verdict.complete { ["SuccessCriteriaMet", "Complete"] } else { ["FailureTarget", "Failed"] };
        conditions.extend(kinds.map(|kind| condition(kind, "True", verdict.reason, verdict.message, &now)));
    }
    let ready = look.active.iter().filter(|pod| api::pod::is_ready(pod)).count();
    let active = if verdict.is_some() { 0 } else { look.active.len() };
    let mut status = json!({"ready": ready, "terminating": look.terminating, "uncountedTerminatedPods": {}});
    for (field, number) in [("active", active), ("succeeded", look.succeeded()), ("failed", look.failed.len())] {
        if number > 0 {
            status[field] = number.into();
        }
    }
    if look.indexed && !look.succeeded.is_empty() {
        status["completedIndexes"] = ranges(&indexes(&look.succeeded)).into();
    }
    if !suspended {
        let before = Some(job.str(&["status", "startTime"])).filter(|time| !time.is_empty() && !was_suspended);
        status["startTime"] = before.unwrap_or(&now).into();
    }
    if verdict.is_some_and(|verdict| verdict.complete) {
        status["completionTime"] = now.as_str().into();
    }
    if !conditions.is_empty() {
        status["conditions"] = conditions.into();
    }
    cluster.update_status(key, status, &NAME.into());
}

fn condition(kind: &str, word: &str, reason: &str, message: &str, now: &str) -> Value {
    json!({
        "lastProbeTime": now, "lastTransitionTime": now, "message": message, "reason": reason, "status": word, "type": kind,
    })
}

/// Indexes as `0-2,5`. Models `orderedIntervals.String`.
fn ranges(indexes: &BTreeSet<usize>) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for index in indexes {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *index => *last = *index,
            _ => parts.push((*index, *index)),
        }
    }
    let shown = |(first, last): &(usize, usize)| match last - first {
        0 => first.to_string(),
        1 => format!("{first},{last}"),
        _ => format!("{first}-{last}"),
    };
    parts.iter().map(shown).collect::<Vec<_>>().join(",")
}

/// A finished job goes when its time is over (`ttlSecondsAfterFinished`).
fn expire(cluster: &mut Cluster, key: &ObjectKey, job: &Object) {
    let Some(ttl) = job.int(&["spec", "ttlSecondsAfterFinished"]) else { return };
    let ends = job.list(&["status", "conditions"]).iter().filter(|c| c["type"] == "Complete" || c["type"] == "Failed");
    let ended = ends.filter_map(|c| api::time::parse_rfc3339(c["lastTransitionTime"].as_str()?)).max();
    let left = ended.map_or(0, |ended| ended + ttl - cluster.now().unix_seconds());
    match u64::try_from(left) {
        Ok(seconds) if seconds > 0 => availability::again(cluster, &JobController, key, seconds * 1_000_000),
        _ => write::delete(cluster, "ttl-after-finished-controller", job, &api::job::KIND),
    }
}
