//! The columns of `kubectl get pods`. Models `printPod` of `pkg/printers/internalversion`.

use serde_json::Value;

use crate::Object;
use crate::kind::{AGE, Column, NAME, cell_text};

pub(super) const COLUMNS: &[Column] = &[
    NAME,
    Column { name: "READY", wide: false, cell: |pod, _| ready(pod) },
    Column { name: "STATUS", wide: false, cell: |pod, _| status(pod) },
    Column { name: "RESTARTS", wide: false, cell: |pod, _| restarts(pod).to_string() },
    AGE,
    Column { name: "IP", wide: true, cell: |pod, _| or_none(pod.str(&["status", "podIP"])) },
    Column { name: "NODE", wide: true, cell: |pod, _| or_none(pod.str(&["spec", "nodeName"])) },
    Column { name: "NOMINATED NODE", wide: true, cell: |pod, _| or_none(pod.str(&["status", "nominatedNodeName"])) },
    Column { name: "READINESS GATES", wide: true, cell: |_, _| "<none>".to_owned() },
];

fn or_none(text: &str) -> String {
    if text.is_empty() { "<none>".to_owned() } else { text.to_owned() }
}

fn ready(pod: &Object) -> String {
    let statuses = pod.list(&["status", "containerStatuses"]);
    let ready = statuses.iter().filter(|s| s.get("ready") == Some(&Value::Bool(true))).count();
    format!("{ready}/{}", pod.list(&["spec", "containers"]).len())
}

fn restarts(pod: &Object) -> i64 {
    let count = |s: &Value| s.get("restartCount").and_then(Value::as_i64).unwrap_or(0);
    pod.list(&["status", "containerStatuses"]).iter().map(count).sum()
}

/// The word under STATUS: the reason of a waiting or ended container before the phase.
#[must_use]
pub(super) fn status(pod: &Object) -> String {
    let mut word = pod.str(&["status", "phase"]).to_owned();
    let reason = pod.str(&["status", "reason"]);
    if !reason.is_empty() {
        reason.clone_into(&mut word);
    }
    for status in pod.list(&["status", "containerStatuses"]).iter().rev() {
        let reason = |state: &str| cell_text(status.get("state").and_then(|s| s.get(state)?.get("reason")));
        let (waiting, terminated) = (reason("waiting"), reason("terminated"));
        if !waiting.is_empty() {
            word = waiting;
        } else if !terminated.is_empty() {
            word = terminated;
        }
    }
    if pod.is_terminating() { "Terminating".to_owned() } else { word }
}
