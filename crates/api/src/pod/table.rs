//! The columns of `kubectl get pods`. Models `printPod` of `pkg/printers/internalversion`.

use serde_json::Value;

use crate::Object;
use crate::cells::or_none;
use crate::kind::{AGE, Column, NAME, Now, age, cell_text};
use crate::object::lookup;

pub(super) const COLUMNS: &[Column] = &[
    NAME,
    Column { name: "READY", wide: false, cell: |pod, _| ready(&summary(pod)) },
    Column { name: "STATUS", wide: false, cell: |pod, _| summary(pod).reason },
    Column { name: "RESTARTS", wide: false, cell: |pod, now| restarts(&summary(pod), now) },
    AGE,
    Column { name: "IP", wide: true, cell: |pod, _| or_none(pod.str(&["status", "podIP"])) },
    Column { name: "NODE", wide: true, cell: |pod, _| or_none(pod.str(&["spec", "nodeName"])) },
    Column { name: "NOMINATED NODE", wide: true, cell: |pod, _| or_none(pod.str(&["status", "nominatedNodeName"])) },
    Column { name: "READINESS GATES", wide: true, cell: |pod, _| readiness_gates(pod) },
];

/// What the cells say of a pod.
struct Summary {
    reason: String,
    ready: usize,
    total: usize,
    restarts: i64,
    last_restart: String,
}

fn ready(summary: &Summary) -> String {
    format!("{}/{}", summary.ready, summary.total)
}

fn restarts(summary: &Summary, now: Now) -> String {
    if summary.restarts == 0 || summary.last_restart.is_empty() {
        return summary.restarts.to_string();
    }
    format!("{} ({} ago)", summary.restarts, age(&summary.last_restart, now))
}

/// One container status, read.
struct State<'a>(&'a Value);

impl State<'_> {
    fn text(&self, path: &[&str]) -> String {
        cell_text(lookup(self.0, path))
    }

    fn has(&self, state: &str) -> bool {
        lookup(self.0, &["state", state]).is_some()
    }

    fn number(&self, path: &[&str]) -> i64 {
        lookup(self.0, path).and_then(Value::as_i64).unwrap_or(0)
    }

    fn holds(&self, field: &str) -> bool {
        self.0.get(field) == Some(&Value::Bool(true))
    }

    /// Why it ended: its reason, or else its signal or exit code.
    fn ended(&self) -> String {
        let reason = self.text(&["state", "terminated", "reason"]);
        match (reason.is_empty(), self.number(&["state", "terminated", "signal"])) {
            (false, _) => reason,
            (true, 0) => format!("ExitCode:{}", self.number(&["state", "terminated", "exitCode"])),
            (true, signal) => format!("Signal:{signal}"),
        }
    }
}

fn summary(pod: &Object) -> Summary {
    let phase = pod.str(&["status", "phase"]);
    let given = pod.str(&["status", "reason"]);
    let mut s = Summary {
        reason: if given.is_empty() { phase } else { given }.to_owned(),
        ready: 0,
        total: pod.list(&["spec", "containers"]).len(),
        restarts: 0,
        last_restart: String::new(),
    };
    let gated = |c: &Value| {
        c.get("type").is_some_and(|t| t == "PodScheduled") && c.get("reason").is_some_and(|r| r == "SchedulingGated")
    };
    if pod.list(&["status", "conditions"]).iter().any(gated) {
        "SchedulingGated".clone_into(&mut s.reason);
    }
    let (initializing, sidecars) = initial(pod, &mut s);
    if !initializing || super::has_condition(pod, "Initialized") {
        (s.restarts, s.last_restart) = sidecars;
        running(pod, &mut s);
    }
    let ended = matches!(phase, "Succeeded" | "Failed");
    if pod.is_terminating() && given == "NodeLost" {
        "Unknown".clone_into(&mut s.reason);
    } else if pod.is_terminating() && !ended {
        "Terminating".clone_into(&mut s.reason);
    }
    s
}

/// The init containers up to the first that has not done its part; also what the restartable ones restarted.
fn initial(pod: &Object, s: &mut Summary) -> (bool, (i64, String)) {
    let spec = pod.list(&["spec", "initContainers"]);
    let restartable =
        |name: &str| spec.iter().any(|c| c.get("name").is_some_and(|n| n == name) && super::is_restartable(c));
    s.total += spec.iter().filter(|c| super::is_restartable(c)).count();
    let mut sidecars = (0, String::new());
    for (index, status) in pod.list(&["status", "initContainerStatuses"]).iter().enumerate() {
        let state = State(status);
        let sidecar = restartable(&state.text(&["name"]));
        let count = state.number(&["restartCount"]);
        let last = state.text(&["lastState", "terminated", "finishedAt"]);
        s.restarts += count;
        s.last_restart = s.last_restart.clone().max(last.clone());
        if sidecar {
            sidecars = (sidecars.0 + count, sidecars.1.max(last));
        }
        let waiting = state.text(&["state", "waiting", "reason"]);
        if state.has("terminated") && state.number(&["state", "terminated", "exitCode"]) == 0 {
            continue;
        }
        if sidecar && state.holds("started") {
            s.ready += usize::from(state.holds("ready"));
            continue;
        }
        s.reason = if state.has("terminated") {
            format!("Init:{}", state.ended())
        } else if !waiting.is_empty() && waiting != "PodInitializing" {
            format!("Init:{waiting}")
        } else {
            format!("Init:{index}/{}", spec.len())
        };
        return (true, sidecars);
    }
    (false, sidecars)
}

/// The containers, the first having the last word.
fn running(pod: &Object, s: &mut Summary) {
    let mut has_running = false;
    for status in pod.list(&["status", "containerStatuses"]).iter().rev() {
        let state = State(status);
        s.restarts += state.number(&["restartCount"]);
        let last = state.text(&["lastState", "terminated", "finishedAt"]);
        s.last_restart = s.last_restart.clone().max(last);
        let waiting = state.text(&["state", "waiting", "reason"]);
        if !waiting.is_empty() {
            s.reason = waiting;
        } else if state.has("terminated") {
            s.reason = state.ended();
        } else if state.holds("ready") && state.has("running") {
            has_running = true;
            s.ready += 1;
        }
    }
    if s.reason == "Completed" && has_running {
        let word = if super::is_ready(pod) { "Running" } else { "NotReady" };
        word.clone_into(&mut s.reason);
    }
}

fn readiness_gates(pod: &Object) -> String {
    let gates = pod.list(&["spec", "readinessGates"]);
    if gates.is_empty() {
        return "<none>".to_owned();
    }
    let open = gates.iter().filter(|gate| super::has_condition(pod, &cell_text(gate.get("conditionType")))).count();
    format!("{open}/{}", gates.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cells(pod: Value) -> (String, String, String) {
        let summary = summary(&Object::new(pod));
        let now = Now(crate::time::parse_rfc3339("2026-01-01T00:00:10Z").unwrap());
        (ready(&summary), summary.reason.clone(), restarts(&summary, now))
    }

    fn row(ready: &str, status: &str, restarts: &str) -> (String, String, String) {
        (ready.to_owned(), status.to_owned(), restarts.to_owned())
    }

    #[test]
    fn init_containers_speak_first() {
        let pod = |init: Value| {
            json!({
                "spec": {"initContainers": [{"name": "a"}, {"name": "b"}], "containers": [{"name": "c"}]},
                "status": {"phase": "Pending", "initContainerStatuses": init, "containerStatuses": [
                    {"name": "c", "state": {"waiting": {"reason": "PodInitializing"}}},
                ]},
            })
        };
        let done = json!({"name": "a", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}});
        let running = json!({"name": "b", "state": {"running": {}}});
        assert_eq!(cells(pod(json!([done, running]))), row("0/1", "Init:1/2", "0"));
        let failed = json!({"name": "b", "state": {"terminated": {"exitCode": 1, "reason": "Error"}}});
        assert_eq!(cells(pod(json!([done, failed]))), row("0/1", "Init:Error", "0"));
        let waits = json!({"name": "b", "restartCount": 2, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
            "lastState": {"terminated": {"finishedAt": "2026-01-01T00:00:07Z"}}});
        assert_eq!(cells(pod(json!([done, waits]))), row("0/1", "Init:CrashLoopBackOff", "2 (3s ago)"));
        assert_eq!(cells(pod(json!([done, done]))), row("0/1", "PodInitializing", "0"));
    }

    #[test]
    fn containers_speak_then() {
        let pod = |statuses: Value| json!({"spec": {"containers": [{}, {}]}, "status": {"phase": "Running", "containerStatuses": statuses}});
        let up = json!({"ready": true, "state": {"running": {}}});
        let done = json!({"state": {"terminated": {"exitCode": 0, "reason": "Completed"}}});
        let killed = json!({"state": {"terminated": {"exitCode": 137, "signal": 9}}});
        assert_eq!(cells(pod(json!([up, up]))), row("2/2", "Running", "0"));
        assert_eq!(cells(pod(json!([up, done]))), row("1/2", "NotReady", "0"));
        assert_eq!(cells(pod(json!([killed, done]))), row("0/2", "Signal:9", "0"));
        let mut going = pod(json!([up, up]));
        going["metadata"] = json!({"deletionTimestamp": "2026-01-01T00:00:00Z"});
        assert_eq!(cells(going), row("2/2", "Terminating", "0"));
    }
}
