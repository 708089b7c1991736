//! Pods that other objects stand for: the one to look into, and its container.
//!
//! Models polymorphichelpers' `helpers.go`, `pkg/util/podutils` and `pkg/cmd/util/podcmd`.

use std::cmp::Reverse;
use std::sync::Arc;

use api::arrange::Arrange;
use api::labels::LabelSelector;
use api::{Object, Value};

use super::command::Call;
use super::errors::{Failure, Outcome};
use super::objects::{self, Info};
use super::resolve::{self, Query};

/// The object that a word names; a word alone is a pod's name. Models `Builder.ResourceNames("pods", …)`.
///
/// # Errors
/// When there is none.
pub(super) async fn named(call: &Call, word: &str) -> Outcome<Info> {
    let word = if word.contains('/') { word.to_owned() } else { format!("pods/{word}") };
    let query = Query { namespace: call.namespace(), args: vec![word], fetch: true, ..Query::default() };
    let mut items = resolve::resolve(call, &query).await?.items;
    items.pop().unwrap_or_else(|| Err(Failure::text("expected a resource")))
}

/// Whether a pod is one of those that an object stands for. Models `SelectorsForObject`.
///
/// # Errors
/// For objects that stand for none; `doing` is what cannot be done with them.
pub(super) fn selector(info: &Info, doing: &str) -> Outcome<impl Fn(&Object) -> bool + use<>> {
    let of = info.object.pointer("/spec/selector").cloned().unwrap_or_default();
    let by_labels = match info.kind.kind {
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job" => LabelSelector::read(&of),
        "Service" if of.as_object().is_none_or(api::Map::is_empty) => {
            let name = &info.name;
            let why = format!("invalid service '{name}': Service is defined without a selector");
            return Err(Failure::Text(format!("cannot {doing} {}: {why}", go_type(info))));
        }
        "Service" | "ReplicationController" => LabelSelector::read(&api::json!({"matchLabels": of})),
        _ => {
            let kind = go_type(info);
            return Err(Failure::Text(format!("cannot {doing} {kind}: selector for {kind} not implemented")));
        }
    };
    let by_labels = by_labels
        .map_err(|why| Failure::Text(format!("cannot {doing} {}: invalid label selector: {why}", go_type(info))))?;
    Ok(move |pod: &Object| by_labels.matches(pod.labels()))
}

/// The name of an object's type in Go.
fn go_type(info: &Info) -> String {
    let package = info.kind.group.split('.').next().unwrap_or_default();
    format!("*{package}{}.{}", info.kind.version, info.kind.kind)
}

/// The pods of an object, the best one first; waits for one to come. Models `GetPodList`.
///
/// # Errors
/// When none comes within `timeout` microseconds.
pub(super) async fn of(
    call: &Call,
    info: &Info,
    timeout: u64,
    picked: impl Fn(&Object) -> bool,
) -> Outcome<Vec<Arc<Object>>> {
    let until = call.sys.now() + timeout;
    let pods = call.sys.wait(Some(until), |cluster| {
        let all = cluster.list(&api::pod::KIND, Some(&info.namespace));
        let mine: Vec<Arc<Object>> = all.filter(|pod| picked(pod)).cloned().collect();
        (!mine.is_empty()).then_some(mine)
    });
    let mut pods = pods.await.ok_or_else(|| Failure::text("timed out waiting for the condition"))?;
    pods.arrange_by_key(|pod| rank(pod));
    Ok(pods)
}

/// The pod to join, of the object that a word names, and that object. Models `AttachablePodForObject`.
///
/// # Errors
/// When there is none.
pub(super) async fn attachable(call: &Call, word: &str) -> Outcome<(Info, Arc<Object>)> {
    let info = named(call, word).await?;
    if info.kind.kind == "Pod" {
        let pod = objects::get(call, info.kind, &info.namespace, &info.name)?;
        return Ok((info, pod));
    }
    let picked = selector(&info, "attach to")?;
    let timeout = u64::try_from(call.flags.micros("pod-running-timeout")).unwrap_or(60_000_000);
    let mut pods = of(call, &info, timeout, picked).await?;
    Ok((info, pods.swap_remove(0)))
}

/// Assigned, running, ready, staying, long ready, often restarted and old pods come first. Models `ByLogging` and the
/// reverse of `ActivePods`, which differ in nothing that matters here.
fn rank(pod: &Object) -> (bool, u8, bool, bool, String, Reverse<i64>, String) {
    let phase = match pod.str(&["status", "phase"]) {
        "Unknown" => 1,
        "Pending" => 2,
        _ => 0,
    };
    let is = |condition: &&Value, field: &str, text: &str| condition.get(field).is_some_and(|value| value == text);
    let conditions = pod.list(&["status", "conditions"]);
    let ready = conditions.iter().find(|c| is(c, "type", "Ready") && is(c, "status", "True"));
    let since = ready.and_then(|ready| ready.get("lastTransitionTime")?.as_str()).unwrap_or_default();
    let statuses = pod.list(&["status", "containerStatuses"]);
    let restarts = statuses.iter().filter_map(|status| status.get("restartCount")?.as_i64()).max();
    (
        pod.str(&["spec", "nodeName"]).is_empty(),
        phase,
        ready.is_none(),
        pod.is_terminating(),
        since.to_owned(),
        Reverse(restarts.unwrap_or(0)),
        pod.creation_timestamp().to_owned(),
    )
}

/// The lists of a pod's containers, and what their members are called beside the plain ones.
const LISTS: [(&str, &str); 3] =
    [("containers", ""), ("ephemeralContainers", " (ephem)"), ("initContainers", " (init)")];

/// The names of all containers. Models `AllContainerNames`.
pub(super) fn container_names(pod: &Object) -> String {
    let in_list = |(list, word): (&'static str, &'static str)| {
        pod.list(&["spec", list]).iter().map(move |container| format!("{}{word}", name(container)))
    };
    LISTS.into_iter().flat_map(in_list).collect::<Vec<_>>().join(", ")
}

/// A container by its name. Models `FindContainerByName`.
pub(super) fn container<'a>(pod: &'a Object, wanted: &str) -> Option<&'a Value> {
    LISTS.into_iter().flat_map(|(list, _)| pod.list(&["spec", list])).find(|container| name(container) == wanted)
}

/// The container of that name, the one that an annotation prefers, or the first; says so when there was a choice.
/// Models `FindOrDefaultContainerByName`.
///
/// # Errors
/// When the pod has no such container.
pub(super) fn chosen_container(call: &Call, pod: &Object, wanted: &str) -> Outcome<String> {
    let wanted = match wanted {
        "" => pod.annotation("kubectl.kubernetes.io/default-container").unwrap_or_default(),
        given => given,
    };
    if !wanted.is_empty() {
        return match container(pod, wanted) {
            Some(_) => Ok(wanted.to_owned()),
            None => Err(not_valid(pod, wanted)),
        };
    }
    let first = pod.list(&["spec", "containers"]).first().map(name).unwrap_or_default();
    let names = container_names(pod);
    if names.contains(", ") && !call.flags.bool("quiet") {
        call.sys.err.line(format!("Defaulted container {} out of: {names}", api::field::go_quote(&first)));
    }
    Ok(first)
}

/// What is said of a container that a pod does not have.
pub(super) fn not_valid(pod: &Object, wanted: &str) -> Failure {
    let names = container_names(pod);
    Failure::Text(format!("container {wanted} is not valid for pod {} out of: {names}", pod.name()))
}

/// The name of a container.
pub(super) fn name(container: &Value) -> String {
    container.get("name").and_then(Value::as_str).unwrap_or_default().to_owned()
}
