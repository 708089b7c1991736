//! `playground replay FILE`: does what a recording of a real cluster did and prints what this one answers.
//!
//! The format is that of the recordings: topics of cases, cases of steps. A step is a command line, or an act of the
//! kubelet or the cloud that nobody plays in a recording.

use std::fmt;

use api::{ObjectKey, Value, json};
use cluster::apiserver::Subresource;
use cluster::cluster::{KubeletMode, Settings};
use cluster::kubelet::{ManualKubelet, PodState};
use cluster::{Cluster, Patch, Request, WriteOptions};
use shell::terminal::run_script;

/// Microseconds of virtual time in which a change comes to rest.
const REST: u64 = 20_000_000;

/// Why a recording could not be replayed.
#[derive(Debug)]
pub(crate) enum ReplayError {
    /// The file is not to be had.
    Unreadable(std::io::Error),
    /// It holds no JSON.
    NoJson(String),
    /// It holds no cases.
    NoCases,
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "cannot read the recording: {error}"),
            Self::NoJson(error) => write!(f, "the recording is no JSON: {error}"),
            Self::NoCases => f.write_str("the recording has no list of cases"),
        }
    }
}

impl std::error::Error for ReplayError {}

/// A recording.
///
/// # Errors
/// When the file cannot be read or holds no JSON.
pub(crate) fn recorded(path: &str) -> Result<Value, ReplayError> {
    let text = std::fs::read_to_string(path).map_err(ReplayError::Unreadable)?;
    serde_json::from_str(&text).map_err(|error| ReplayError::NoJson(error.to_string()))
}

/// The answers to a recording, in the recording's form.
///
/// # Errors
/// When the file cannot be read or is no recording.
pub(crate) fn replay(path: &str) -> Result<String, ReplayError> {
    let recording = recorded(path)?;
    if crate::clients::is_ours(&recording) {
        return crate::clients::replay(path);
    }
    let cases = recording.get("cases").and_then(Value::as_array).ok_or(ReplayError::NoCases)?;
    let base = Cluster::new(Settings { kubelet: KubeletMode::Manual, gateway_api: false, ..settings(&recording) });
    let answers: Vec<Value> = cases.iter().map(|case| replay_case(base.clone(), case)).collect();
    let topic = recording.get("topic").cloned().unwrap_or(Value::Null);
    Ok(json!({"topic": topic, "cases": answers}).to_string())
}

/// The cluster of a topic: some have other ranges.
fn settings(recording: &Value) -> Settings {
    let mut settings = Settings::default();
    if recording.get("topic").is_some_and(|topic| topic == "exhaustion") {
        settings.ranges.service_prefix = 28;
        settings.ranges.node_ports = (30_000, 30_003);
    }
    settings
}

fn replay_case(mut cluster: Cluster, case: &Value) -> Value {
    let steps = case.get("steps").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut folder = vec![(KUBECONFIG.to_owned(), manifest_of_recorder())];
    let answers: Vec<Value> = steps.iter().map(|step| replay_step(&mut cluster, &mut folder, step)).collect();
    json!({"id": case.get("id"), "steps": answers})
}

/// Where kubectl finds its configuration.
const KUBECONFIG: &str = "/home/student/.kube/config";

/// The kubeconfig that the recordings were made with.
fn manifest_of_recorder() -> String {
    "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority: /RUN/pki/ca.crt\n    server: \
     https://192.168.64.2:8443\n  name: minikube\ncontexts:\n- context:\n    cluster: minikube\n    namespace: default\n    \
     user: minikube\n  name: minikube\ncurrent-context: minikube\nkind: Config\nusers:\n- name: minikube\n  user:\n    \
     client-certificate: /RUN/pki/admin.crt\n    client-key: /RUN/pki/admin.key\n"
        .to_owned()
}

fn replay_step(cluster: &mut Cluster, folder: &mut Vec<(String, String)>, step: &Value) -> Value {
    let text = |field: &str| step.get(field).and_then(Value::as_str).unwrap_or_default();
    match text("actor") {
        "kubelet" => kubelet(cluster, text("pod"), &step["state"]),
        "cloud" => cloud(cluster, text("service"), &step["state"]),
        _ => {}
    }
    if !text("actor").is_empty() {
        cluster.settle(REST);
        return json!({"actor": text("actor")});
    }
    if let Some(seconds) = step.get("after").and_then(Value::as_u64) {
        let until = cluster.now() + seconds * 1_000_000;
        cluster.poll(until);
    }
    for (name, content) in step.get("files").and_then(Value::as_object).into_iter().flatten() {
        folder.push((name.clone(), content.as_str().unwrap_or_default().to_owned()));
    }
    let finished = run_script(cluster, text("cmd"), text("stdin"), folder);
    cluster.settle(REST);
    // What a command wrote is there for the next one.
    *folder = finished.files;
    json!({"stdout": finished.stdout, "stderr": finished.stderr, "exit": finished.exit})
}

/// Plays the kubelet: `auto`, `no-kill`, or the state of pods by name, prefix or `*`.
fn kubelet(cluster: &mut Cluster, pods: &str, state: &Value) {
    let manual = cluster.manual_kubelet().clone();
    match pods {
        "auto" => {
            let map = state.get("ready").and_then(Value::as_object);
            let unready = map.into_iter().flatten().filter(|(_, ready)| **ready == false).map(|(word, _)| word.clone());
            cluster.set_manual_kubelet(ManualKubelet { runs: true, unready: unready.collect(), ..manual });
        }
        "no-kill" => cluster.set_manual_kubelet(ManualKubelet { kills: false, ..manual }),
        _ => {
            for key in named(cluster, pods) {
                report(cluster, &key, state);
            }
        }
    }
}

fn named(cluster: &Cluster, pods: &str) -> Vec<ObjectKey> {
    let all = cluster.list(&api::pod::KIND, Some("default"));
    let keys: Vec<(ObjectKey, bool)> = all
        .map(|pod| {
            let key = ObjectKey::new(&api::pod::KIND, pod.namespace(), pod.name());
            (key, pod.str(&["status", "phase"]) == "Pending")
        })
        .collect();
    let exact: Vec<ObjectKey> = keys.iter().filter(|(key, _)| *key.name == *pods).map(|(key, _)| key.clone()).collect();
    if !exact.is_empty() {
        return exact;
    }
    let fits = |key: &ObjectKey, waits: bool| if pods == "*" { waits } else { key.name.starts_with(pods) };
    keys.into_iter().filter(|(key, waits)| fits(key, *waits)).map(|(key, _)| key).collect()
}

fn report(cluster: &mut Cluster, key: &ObjectKey, state: &Value) {
    let ready = state.get("ready").is_none_or(|ready| ready == true);
    let restarts = state.get("restarts").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    let phase = state.get("phase").and_then(Value::as_str).unwrap_or("Running");
    let reason = state.get("reason").and_then(Value::as_str);
    let code = state.get("exit_code").and_then(Value::as_i64).and_then(|code| i32::try_from(code).ok());
    let told = match (phase, reason) {
        ("Pending", reason) => PodState::Waiting { reason: reason.unwrap_or("ContainerCreating").to_owned() },
        ("Succeeded", _) => PodState::Ended { code: 0 },
        ("Failed", _) => PodState::Ended { code: code.unwrap_or(1) },
        _ => PodState::Running { ready: ready && reason.is_none(), restarts },
    };
    cluster.report_pod(key, &told);
    let Some(reason) = reason.filter(|_| phase == "Running") else { return };
    // A container that waits in a pod that runs: between two crashes.
    let Some(pod) = cluster.store().get(key).cloned() else { return };
    let mut status = pod.at(&["status"]).cloned().unwrap_or_default();
    for container in status.get_mut("containerStatuses").and_then(Value::as_array_mut).into_iter().flatten() {
        container["state"] = json!({"waiting": {"reason": reason}});
        container["started"] = false.into();
    }
    patch_status(cluster, key, &json!({"status": {"containerStatuses": status["containerStatuses"]}}), "kubelet");
}

/// Plays the cloud: a Service gets its external address.
fn cloud(cluster: &mut Cluster, service: &str, state: &Value) {
    let ingress: Vec<Value> =
        ["ip", "hostname"].iter().filter_map(|field| Some(json!({*field: state.get(field)?}))).collect();
    let key = ObjectKey::new(&api::service::KIND, "default", service);
    let patch = json!({"status": {"loadBalancer": {"ingress": ingress}}});
    patch_status(cluster, &key, &patch, "cloud-controller-manager");
}

fn patch_status(cluster: &mut Cluster, key: &ObjectKey, patch: &Value, manager: &str) {
    let request = Request::Patch {
        kind: key.kind,
        namespace: key.namespace.clone(),
        name: key.name.clone(),
        patch: Patch::Merge(patch.clone()),
        subresource: Subresource::Status,
        options: WriteOptions::typed(manager),
    };
    // An object that is gone has no status: the next command shows it.
    drop(cluster.submit(request));
}
