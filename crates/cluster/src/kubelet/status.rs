//! A pod's state as its `status` has it. Models `pkg/kubelet` `generateAPIPodStatus`.

use std::net::Ipv4Addr;

use api::{Object, Value, json};

/// What a pod is doing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PodState {
    /// Its containers wait for a reason, such as `ContainerCreating` or `ImagePullBackOff`.
    Waiting {
        /// The reason.
        reason: String,
    },
    /// Its containers run.
    Running {
        /// Whether they are ready to serve.
        ready: bool,
        /// How often they were started again.
        restarts: u32,
    },
    /// Its containers ran and ended.
    Ended {
        /// The exit code.
        code: i32,
    },
}

impl PodState {
    /// Whether a pod in this state has got an address.
    #[must_use]
    pub fn has_address(&self) -> bool {
        !matches!(self, Self::Waiting { .. })
    }
}

/// The whole status; times in seconds since the Unix epoch.
pub(super) fn status(
    pod: &Object,
    state: &PodState,
    ip: Option<Ipv4Addr>,
    host_ip: Option<&str>,
    now: i64,
    started: i64,
) -> Value {
    let (phase, ready) = match state {
        PodState::Waiting { .. } => ("Pending", false),
        PodState::Running { ready, .. } => ("Running", *ready),
        PodState::Ended { code: 0 } => ("Succeeded", false),
        PodState::Ended { .. } => ("Failed", false),
    };
    let mut status = json!({
        "phase": phase,
        "qosClass": pod.at(&["status", "qosClass"]).cloned().unwrap_or_else(|| "BestEffort".into()),
        "startTime": time(started),
        "conditions": conditions(pod, state, ready, now),
        "containerStatuses": pod.list(&["spec", "containers"]).iter().map(|c| container(c, state, now)).collect::<Vec<_>>(),
    });
    if let Some(host) = host_ip {
        status["hostIP"] = host.into();
        status["hostIPs"] = json!([{"ip": host}]);
    }
    if let Some(ip) = ip {
        status["podIP"] = ip.to_string().into();
        status["podIPs"] = json!([{"ip": ip.to_string()}]);
    }
    status
}

fn time(seconds: i64) -> Value {
    api::time::format_rfc3339(seconds).into()
}

/// The conditions; one that did not change keeps its time.
fn conditions(pod: &Object, state: &PodState, ready: bool, now: i64) -> Vec<Value> {
    let ended = matches!(state, PodState::Ended { code: 0 });
    let scheduled = !pod.str(&["spec", "nodeName"]).is_empty();
    let old = pod.list(&["status", "conditions"]);
    [
        ("PodReadyToStartContainers", matches!(state, PodState::Running { .. })),
        ("Initialized", true),
        ("Ready", ready),
        ("ContainersReady", ready),
        ("PodScheduled", scheduled),
    ]
    .into_iter()
    .map(|(name, holds)| {
        let word = if holds { "True" } else { "False" };
        let before = old.iter().find(|c| c["type"] == name && c["status"] == word);
        let since = before.map_or_else(|| time(now), |c| c["lastTransitionTime"].clone());
        let mut condition = json!({"lastProbeTime": null, "lastTransitionTime": since, "status": word, "type": name});
        if !holds && name.ends_with("Ready") {
            let reason = if ended { "PodCompleted" } else { "ContainersNotReady" };
            condition["reason"] = reason.into();
        }
        condition
    })
    .collect()
}

fn container(container: &Value, state: &PodState, now: i64) -> Value {
    let (inner, ready, restarts) = match state {
        PodState::Waiting { reason } => (json!({"waiting": {"reason": reason}}), false, 0),
        PodState::Running { ready, restarts } => (json!({"running": {"startedAt": time(now)}}), *ready, *restarts),
        PodState::Ended { code } => {
            let reason = if *code == 0 { "Completed" } else { "Error" };
            let ended = json!({"exitCode": code, "reason": reason, "startedAt": time(now), "finishedAt": time(now)});
            (json!({"terminated": ended}), false, 0)
        }
    };
    json!({
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": ready,
        "started": matches!(state, PodState::Running { .. }),
        "restartCount": restarts,
        "state": inner,
        "lastState": {},
    })
}
