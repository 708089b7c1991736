//! What makes pods. Models `describeDeployment`, `describeReplicaSet`, `describeDaemonSet`, `describeStatefulSet` and
//! `describeJob`.

use std::sync::Arc;

use api::labels::LabelSelector;
use api::{Object, Value};

use super::{Text, View, controller, or_none, pod, time, word};

pub(super) fn deployment(object: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.head(object);
    text.field(0, "CreationTimestamp", time(object.at(&["metadata", "creationTimestamp"])));
    text.marks(object);
    text.field(0, "Selector", selector(object));
    let status = |field: &str| object.int(&["status", field]).unwrap_or(0);
    text.field(
        0,
        "Replicas",
        format!(
            "{} desired | {} updated | {} total | {} available | {} unavailable",
            object.int(&["spec", "replicas"]).unwrap_or(0),
            status("updatedReplicas"),
            status("replicas"),
            status("availableReplicas"),
            status("unavailableReplicas")
        ),
    );
    text.field(0, "StrategyType", object.str(&["spec", "strategy", "type"]));
    text.field(0, "MinReadySeconds", object.int(&["spec", "minReadySeconds"]).unwrap_or(0).to_string());
    if let Some(rolling) = object.at(&["spec", "strategy", "rollingUpdate"]) {
        let (unavailable, surge) = (word(rolling, "maxUnavailable"), word(rolling, "maxSurge"));
        text.field(0, "RollingUpdateStrategy", format!("{unavailable} max unavailable, {surge} max surge"));
    }
    template(&mut text, object);
    conditions(&mut text, object);
    replica_sets(&mut text, object, view);
    text.events(object, view);
    text
}

pub(super) fn replica_set(object: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.head(object);
    text.field(0, "Selector", api::cells::label_selector(object.at(&["spec", "selector"])));
    text.marks(object);
    controller(&mut text, object);
    let (current, desired) = (object.int(&["status", "replicas"]), object.int(&["spec", "replicas"]));
    text.field(0, "Replicas", format!("{} current / {} desired", current.unwrap_or(0), desired.unwrap_or(0)));
    pods(&mut text, object, view);
    template(&mut text, object);
    conditions(&mut text, object);
    text.events(object, view);
    text
}

pub(super) fn daemon_set(object: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.head(object);
    text.field(0, "Selector", selector(object));
    let nodes = object.map(&["spec", "template", "spec", "nodeSelector"]);
    text.field(0, "Node-Selector", api::cells::labels(nodes));
    text.marks(object);
    for (title, field) in [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ] {
        text.line(0, format!("{title}: {}", object.int(&["status", field]).unwrap_or(0)));
    }
    pods(&mut text, object, view);
    template(&mut text, object);
    text.events(object, view);
    text
}

pub(super) fn stateful_set(object: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.head(object);
    text.field(0, "CreationTimestamp", time(object.at(&["metadata", "creationTimestamp"])));
    text.field(0, "Selector", selector(object));
    text.marks(object);
    let (desired, total) = (object.int(&["spec", "replicas"]), object.int(&["status", "replicas"]));
    text.field(0, "Replicas", format!("{} desired | {} total", desired.unwrap_or(0), total.unwrap_or(0)));
    text.field(0, "Update Strategy", object.str(&["spec", "updateStrategy", "type"]));
    if let Some(partition) = object.int(&["spec", "updateStrategy", "rollingUpdate", "partition"]) {
        text.field(1, "Partition", partition.to_string());
        let most = object.at(&["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"]);
        text.field_if(1, "MaxUnavailable", &most.map(api::go::format).unwrap_or_default());
    }
    pods(&mut text, object, view);
    template(&mut text, object);
    claims(&mut text, object.list(&["spec", "volumeClaimTemplates"]));
    text.events(object, view);
    text
}

pub(super) fn job(object: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.head(object);
    text.field(0, "Selector", selector(object));
    text.marks(object);
    controller(&mut text, object);
    let spec = |field: &str| object.at(&["spec", field]);
    text.known("Parallelism", spec("parallelism"));
    text.field(0, "Completions", spec("completions").map_or_else(|| "<unset>".to_owned(), api::go::format));
    text.known("Completion Mode", spec("completionMode"));
    text.known("Suspend", spec("suspend"));
    text.known("Backoff Limit", spec("backoffLimit"));
    text.known("TTL Seconds After Finished", spec("ttlSecondsAfterFinished"));
    let at = |field: &str| object.at(&["status", field]);
    for (title, field) in [("Start Time", "startTime"), ("Completed At", "completionTime")] {
        if let Some(moment) = at(field) {
            text.field(0, title, time(Some(moment)));
        }
    }
    let seconds = |field: &str| at(field).and_then(Value::as_str).and_then(api::time::parse_rfc3339);
    if let (Some(start), Some(end)) = (seconds("startTime"), seconds("completionTime")) {
        text.field(0, "Duration", api::time::human_duration(end - start));
    }
    if let Some(deadline) = object.int(&["spec", "activeDeadlineSeconds"]) {
        text.field(0, "Active Deadline Seconds", format!("{deadline}s"));
    }
    let count = |field: &str| object.int(&["status", field]).unwrap_or(0);
    let ready = at("ready").map_or(String::new(), |ready| format!(" ({ready} Ready)"));
    let (active, succeeded, failed) = (count("active"), count("succeeded"), count("failed"));
    text.field(0, "Pods Statuses", format!("{active} Active{ready} / {succeeded} Succeeded / {failed} Failed"));
    if object.str(&["spec", "completionMode"]) == "Indexed" {
        text.field(0, "Completed Indexes", capped(object.str(&["status", "completedIndexes"])));
    }
    template(&mut text, object);
    text.events(object, view);
    text
}

/// Models `capIndexesListOrNone`.
fn capped(indexes: &str) -> String {
    const MOST: usize = 50;
    let end = indexes.get(MOST..).and_then(|rest| rest.find(',')).map(|at| at + MOST + 1);
    end.and_then(|end| indexes.get(..end)).map_or_else(|| or_none(indexes).to_owned(), |first| format!("{first}..."))
}

fn template(text: &mut Text, object: &Object) {
    pod::template(text, object.at(&["spec", "template"]).unwrap_or(&Value::Null));
}

/// A selector as the server writes it; the empty one is the empty text.
fn selector(object: &Object) -> String {
    let read = object.at(&["spec", "selector"]).map(LabelSelector::read);
    read.and_then(Result::ok).map(|selector| selector.selector().to_string()).unwrap_or_default()
}

fn conditions(text: &mut Text, object: &Object) {
    let all = object.list(&["status", "conditions"]);
    if !all.is_empty() {
        text.line(0, "Conditions:");
        text.line(1, "Type\tStatus\tReason");
        text.line(1, "----\t------\t------");
        let line = |c: &Value| format!("{} \t{}\t{}", word(c, "type"), word(c, "status"), word(c, "reason"));
        all.iter().for_each(|condition| text.line(1, line(condition)));
    }
}

/// Models `getPodStatusForController`.
fn pods(text: &mut Text, owner: &Object, view: &View<'_>) {
    let of_owner =
        |pod: &&Arc<Object>| pod.controller().is_some_and(|controller| word(controller, "uid") == owner.uid());
    let phases: Vec<&str> = view
        .cluster
        .list(&api::pod::KIND, Some(owner.namespace()))
        .filter(of_owner)
        .map(|pod| pod.str(&["status", "phase"]))
        .collect();
    let count = |phase: &str| phases.iter().filter(|known| **known == phase).count();
    text.field(
        0,
        "Pods Status",
        format!(
            "{} Running / {} Waiting / {} Succeeded / {} Failed",
            count("Running"),
            count("Pending"),
            count("Succeeded"),
            count("Failed")
        ),
    );
}

/// The ReplicaSets of a Deployment: the one of its template, and the others.
fn replica_sets(text: &mut Text, deployment: &Object, view: &View<'_>) {
    let own = |set: &&Arc<Object>| set.controller().is_some_and(|owner| word(owner, "uid") == deployment.uid());
    let all = view.cluster.list(&api::replica_set::KIND, Some(deployment.namespace())).filter(own);
    let plain = |object: &Object| {
        let mut template = object.at(&["spec", "template"]).cloned().unwrap_or_default();
        if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
            labels.remove("pod-template-hash");
        }
        template
    };
    let wanted = plain(deployment);
    let (mut new, old): (Vec<_>, Vec<_>) = all.partition(|set| plain(set) == wanted);
    if new.is_empty() && old.is_empty() {
        return;
    }
    new.truncate(1);
    for (title, sets) in [("OldReplicaSets", old), ("NewReplicaSet", new)] {
        let words = sets.iter().map(|set| {
            let (created, wanted) = (set.int(&["status", "replicas"]), set.int(&["spec", "replicas"]));
            format!("{} ({}/{} replicas created)", set.name(), created.unwrap_or(0), wanted.unwrap_or(0))
        });
        text.field(0, title, or_none(&words.collect::<Vec<_>>().join(", ")));
    }
}

/// Models `describeVolumeClaimTemplates`.
fn claims(text: &mut Text, templates: &[Value]) {
    if templates.is_empty() {
        text.field(0, "Volume Claims", "<none>");
        return;
    }
    text.line(0, "Volume Claims:");
    for claim in templates {
        let at = |path: &str| claim.pointer(path);
        let words = |path: &str| at(path).map(api::go::format).unwrap_or_default();
        text.field(1, "Name", words("/metadata/name"));
        text.field(1, "StorageClass", words("/spec/storageClassName"));
        text.labels("  Labels", at("/metadata/labels").and_then(Value::as_object));
        text.labels("  Annotations", at("/metadata/annotations").and_then(Value::as_object));
        let capacity = words("/spec/resources/requests/storage");
        text.field(1, "Capacity", if capacity.is_empty() { "<default>" } else { &capacity });
        text.field(1, "Access Modes", words("/spec/accessModes"));
    }
}
