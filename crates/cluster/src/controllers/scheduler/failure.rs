//! What is said when no node takes a pod. Models `framework.FitError.Error` and `handleSchedulingFailure`.

use std::collections::BTreeMap;

use api::arrange::Arrange;
use api::{Object, ObjectKey, Value, json};

use super::NAME;
use super::filters::Refusal;
use crate::Cluster;

/// How often each text occurs, as `2 text`, sorted as text.
fn counted<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    let mut parts: Vec<String> = counts.into_iter().map(|(text, count)| format!("{count} {text}")).collect();
    parts.arrange();
    parts.join(", ")
}

/// Why the pod is not scheduled, and that making room would not help.
pub(super) fn message(pod: &Object, nodes: usize, refusals: &[Refusal]) -> String {
    if nodes == 0 {
        return "no nodes available to schedule pods".to_owned();
    }
    let head = format!("0/{nodes} nodes are available:");
    let reasons = counted(refusals.iter().flat_map(|refusal| refusal.reasons.iter().map(String::as_str)));
    let preemption = if pod.str(&["spec", "preemptionPolicy"]) == "Never" {
        "not eligible due to preemptionPolicy=Never.".to_owned()
    } else {
        let helps = |refusal: &Refusal| match refusal.for_good {
            true => "Preemption is not helpful for scheduling",
            false => "No preemption victims found for incoming pod",
        };
        format!("{head} {}.", counted(refusals.iter().map(helps)))
    };
    format!("{head} {reasons}. no new claims to deallocate, preemption: {preemption}")
}

/// Sets `PodScheduled` to `False`; whether that is news.
pub(super) fn set_condition(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, reason: &str, message: &str) -> bool {
    let conditions = pod.list(&["status", "conditions"]);
    let before = conditions.iter().find(|c| c["type"] == "PodScheduled");
    if before.is_some_and(|c| c["message"] == message && c["reason"] == reason) {
        return false;
    }
    let now = api::time::format_rfc3339(cluster.now().unix_seconds());
    let since =
        before.filter(|c| c["status"] == "False").map_or_else(|| json!(now), |c| c["lastTransitionTime"].clone());
    let mut status = pod.at(&["status"]).cloned().unwrap_or_default();
    let mut conditions: Vec<Value> = conditions.iter().filter(|c| c["type"] != "PodScheduled").cloned().collect();
    conditions.push(json!({
        "lastProbeTime": null, "lastTransitionTime": since, "message": message, "reason": reason, "status": "False",
        "type": "PodScheduled",
    }));
    status["conditions"] = conditions.into();
    cluster.update_status(key, status, &NAME.into());
    true
}
