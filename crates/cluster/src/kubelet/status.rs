//! A pod's state as its `status` has it. Models `pkg/kubelet` `generateAPIPodStatus`.

use api::arrange::Arrange;
use api::{Object, ObjectKey, Value, json};

use super::runtime::{Container, Ended, Life, Role, Runtime, spec_of};
use super::{Fault, gates};
use crate::images::{self, Reference, Run};
use crate::rng::push_hex;
use crate::{Cluster, Instant};

/// The whole status.
pub(super) fn status(cluster: &Cluster, key: &ObjectKey, pod: &Object, runtime: &Runtime) -> Value {
    let phase = phase(pod, runtime);
    let not_ready = cluster.has_fault(key, Fault::NotReady);
    let (init, main): (Vec<&Container>, Vec<&Container>) =
        runtime.containers.iter().partition(|container| container.role != Role::Main);
    let of = |container: &&Container| container_status(pod, container, runtime, not_ready);
    let mut status = json!({
        "phase": phase,
        "observedGeneration": pod.generation(),
        "qosClass": pod.at(&["status", "qosClass"]).cloned().unwrap_or_else(|| "BestEffort".into()),
        "startTime": time(runtime.since),
    });
    status["conditions"] = conditions(cluster, pod, runtime, phase, not_ready).into();
    let mut statuses: Vec<Value> = main.iter().map(of).collect();
    statuses.arrange_by(|a, b| a["name"].as_str().cmp(&b["name"].as_str()));
    status["containerStatuses"] = statuses.into();
    if !init.is_empty() {
        status["initContainerStatuses"] = init.iter().map(of).collect();
    }
    let node = pod.str(&["spec", "nodeName"]);
    if let Some(host) = cluster.settings().nodes.iter().find(|n| n.name == node) {
        status["hostIP"] = host.internal_ip.as_str().into();
        status["hostIPs"] = json!([{"ip": host.internal_ip}]);
    }
    if let Some(ip) = runtime.ip {
        status["podIP"] = ip.to_string().into();
        status["podIPs"] = json!([{"ip": ip.to_string()}]);
    }
    status
}

fn time(at: Instant) -> Value {
    api::time::format_rfc3339(at.unix_seconds()).into()
}

/// Models `getPhase`.
fn phase(pod: &Object, runtime: &Runtime) -> &'static str {
    let policy = pod.str(&["spec", "restartPolicy"]);
    let init = runtime.containers.iter().filter(|container| container.role != Role::Main);
    for container in init {
        let failed = matches!(&container.life, Life::Ended(ended) if ended.code != 0 && container.role == Role::Init);
        if failed && policy == "Never" {
            return "Failed";
        }
        if !container.lets_others_start() && !runtime.stopping {
            return "Pending";
        }
    }
    let mains = || runtime.containers.iter().filter(|container| container.role == Role::Main);
    let waits = |c: &Container| !c.is_running() && !matches!(c.life, Life::Ended(_)) && c.last.is_none();
    let codes: Vec<i32> = mains()
        .filter_map(|container| match (&container.life, &container.last) {
            (Life::Ended(ended), _) => Some(ended.code),
            (Life::Waiting { .. } | Life::Pulling(_), Some(last)) => Some(last.code),
            _ => None,
        })
        .collect();
    match () {
        () if mains().any(waits) => "Pending",
        () if mains().any(Container::is_running) => "Running",
        () if policy == "Always" && !runtime.stopping => "Running",
        () if codes.iter().all(|code| *code == 0) => "Succeeded",
        () if policy == "OnFailure" && !runtime.stopping => "Running",
        () => "Failed",
    }
}

/// The conditions; one that did not change keeps its time.
fn conditions(cluster: &Cluster, pod: &Object, runtime: &Runtime, phase: &str, not_ready: bool) -> Vec<Value> {
    let old = pod.list(&["status", "conditions"]);
    let initialized = runtime.containers.iter().filter(|c| c.role != Role::Main).all(Container::lets_others_start);
    let unready = |c: &&Container| c.role != Role::Init && (!c.health.ready || !c.is_running() || not_ready);
    let mut late: Vec<&str> = runtime.containers.iter().filter(unready).map(|container| &*container.name).collect();
    late.arrange();
    let ready = late.is_empty() && initialized && phase == "Running";
    let open = gates(pod).iter().all(|holds| *holds);
    let waiting_init: Vec<&str> = runtime
        .containers
        .iter()
        .filter(|c| c.role != Role::Main && !c.lets_others_start())
        .map(|container| &*container.name)
        .collect();
    let done = phase == "Succeeded";
    let why = || match done {
        true => ("PodCompleted", String::new()),
        false => ("ContainersNotReady", format!("containers with unready status: [{}]", late.join(" "))),
    };
    let gate =
        || ("ReadinessGatesNotReady", "corresponding condition of pod readiness gate does not exist.".to_owned());
    let wait =
        || ("ContainersNotInitialized", format!("containers with incomplete status: [{}]", waiting_init.join(" ")));
    let ended = matches!(phase, "Succeeded" | "Failed");
    let list = [
        ("PodReadyToStartContainers", runtime.ip.is_some() && !ended, None),
        ("Initialized", initialized || done, (!initialized).then(wait)),
        ("Ready", ready && open, if ready { (!open).then(gate) } else { Some(why()) }),
        ("ContainersReady", ready, (!ready).then(why)),
        ("PodScheduled", true, None),
    ];
    let now = time(cluster.now());
    let mut conditions: Vec<Value> = list
        .into_iter()
        .map(|(name, holds, reason)| {
            let word = if holds { "True" } else { "False" };
            let before = old.iter().find(|c| c["type"] == name && c["status"] == word);
            let since = before.map_or_else(|| now.clone(), |c| c["lastTransitionTime"].clone());
            let mut condition = json!({
                "lastProbeTime": null, "lastTransitionTime": since, "observedGeneration": pod.generation(),
                "status": word, "type": name,
            });
            if let Some((reason, message)) = reason.filter(|_| !holds || done) {
                condition["reason"] = reason.into();
                if !message.is_empty() {
                    condition["message"] = message.into();
                }
            }
            condition
        })
        .collect();
    let known = |c: &&Value| !conditions.iter().any(|own| own["type"] == c["type"]);
    let foreign: Vec<Value> = old.iter().filter(known).cloned().collect();
    conditions.extend(foreign);
    conditions
}

fn container_status(pod: &Object, container: &Container, runtime: &Runtime, not_ready: bool) -> Value {
    let spec = spec_of(pod, &container.name);
    let image = spec.and_then(|spec| spec.get("image")?.as_str()).unwrap_or_default();
    let reference = Reference::read(image);
    let initializing = runtime.containers.iter().any(|c| c.role != Role::Main && !c.lets_others_start());
    let creating = if initializing && container.role == Role::Main { "PodInitializing" } else { "ContainerCreating" };
    let id = |started: Instant| {
        format!("containerd://{}", digest(&format!("{}{}{}", runtime.uid, container.name, started.0)))
    };
    let over_memory = || {
        let run = spec.map(|spec| Run { container: spec, env: &container.env });
        run.is_some_and(|run| images::find(image).is_some_and(|image| image.over_memory(&run)))
    };
    let ended = |ended: &Ended| {
        let reason = match ended.code {
            0 => "Completed",
            137 if over_memory() => "OOMKilled",
            _ => "Error",
        };
        json!({"terminated": {
            "containerID": id(ended.started), "exitCode": ended.code, "finishedAt": time(ended.finished),
            "reason": reason, "startedAt": time(ended.started),
        }})
    };
    let last = || container.last.as_ref().map(ended).unwrap_or_else(|| json!({}));
    let state = match &container.life {
        Life::New | Life::Pulling(_) if container.last.is_some() => last(),
        Life::New | Life::Pulling(_) => json!({"waiting": {"reason": creating}}),
        Life::Waiting { reason, message, .. } if message.is_empty() => json!({"waiting": {"reason": reason}}),
        Life::Waiting { reason, message, .. } => json!({"waiting": {"message": message, "reason": reason}}),
        Life::Running { since, .. } => json!({"running": {"startedAt": time(*since)}}),
        Life::Ended(end) => ended(end),
    };
    let began = match &container.life {
        Life::Running { since, .. } => Some(*since),
        Life::Ended(ended) => Some(ended.started),
        _ => container.last.as_ref().map(|ended| ended.started),
    };
    let running = container.is_running();
    let mut status = json!({
        "image": if began.is_some() { reference.canonical() } else { image.to_owned() },
        "imageID": if began.is_some() { reference.digest() } else { String::new() },
        "name": &*container.name,
        "ready": match (container.role, &container.life) {
            (Role::Init, Life::Ended(ended)) => ended.code == 0,
            _ => running && container.health.ready && !not_ready,
        },
        "restartCount": container.restarts,
        "started": running && container.health.started,
    });
    status["lastState"] = last();
    status["state"] = state;
    if let Some(began) = began {
        status["containerID"] = id(began).into();
        status["resources"] = spec.and_then(|spec| spec.get("resources").cloned()).unwrap_or_else(|| json!({}));
        status["user"] = json!({"linux": {"gid": 0, "supplementalGroups": [0], "uid": 0}});
    }
    let mounts = spec.and_then(|spec| spec.get("volumeMounts")?.as_array()).into_iter().flatten();
    let mounts: Vec<Value> = mounts
        .map(|mount| {
            let mut mount = mount.clone();
            if mount.get("readOnly") == Some(&Value::Bool(true)) {
                mount["recursiveReadOnly"] = "Disabled".into();
            }
            mount
        })
        .collect();
    if !mounts.is_empty() {
        status["volumeMounts"] = mounts.into();
    }
    status
}

/// 64 hexadecimal digits that stand for a text.
pub(crate) fn digest(text: &str) -> String {
    let seed = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mut rng = crate::Rng::new(seed);
    let mut digits = String::with_capacity(64);
    for _ in 0..4 {
        push_hex(&mut digits, 16, rng.next_u64());
    }
    digits
}
