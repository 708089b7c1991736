//! `playground replay-clients FILE`: runs the client programs of a recording in a simulated cluster of the same shape.
//!
//! A case says which client, where, its words, and what was typed. The answer is what the program printed here.

mod compare;
mod mask;

use api::{ObjectKey, Value, json};
use cluster::cluster::{ProxyMode, Settings};
use cluster::network::Vantage;
use cluster::{Cluster, Patch, Request, WriteOptions};
use shell::terminal::{Key, Run, run_command, run_script};
use shell::{Host, Release};

use crate::replay::{ReplayError, recorded};

pub(crate) use compare::compare;

/// What stands in the cluster.
const CLUSTER: &str = include_str!("cluster.yaml");

/// Microseconds in a second.
const SECOND: u64 = 1_000_000;

/// The port of the recordings' API server, and of this one.
const API_PORTS: (&str, &str) = (":6443", ":8443");

/// Whether a recording is one of client programs.
pub(crate) fn is_ours(recording: &Value) -> bool {
    cases(recording).first().is_some_and(|case| case.get("argv").is_some())
}

fn cases(recording: &Value) -> &[Value] {
    let list = recording.as_array().or_else(|| recording.get("cases").and_then(Value::as_array));
    list.map_or(&[], Vec::as_slice)
}

/// The answers to a recording, in the recording's form.
///
/// # Errors
/// When the file cannot be read or is no recording.
pub(crate) fn replay(path: &str) -> Result<String, ReplayError> {
    let recording = recorded(path)?;
    if !is_ours(&recording) {
        return Err(ReplayError::NoCases);
    }
    Ok(json!({"cases": answers(cases(&recording))}).to_string())
}

/// The answer to each case.
fn answers(cases: &[Value]) -> Vec<Value> {
    let usual = build(ProxyMode::Iptables);
    let nftables = build(ProxyMode::Nftables);
    let answer = |case: &Value| {
        let id = case.get("id").and_then(Value::as_str).unwrap_or_default();
        let base = if id.starts_with("kubeproxy-nftables/") { &nftables } else { &usual };
        play(&mut base.clone(), case)
    };
    cases.iter().map(answer).collect()
}

/// The little cluster of the recordings.
fn build(proxy_mode: ProxyMode) -> Cluster {
    let mut settings = Settings { proxy_mode, laptop_default_route: false, ..Settings::default() };
    settings.nodes.truncate(2);
    let mut cluster = Cluster::new(settings);
    run_script(&mut cluster, "kubectl apply -f -", CLUSTER, &[]);
    cluster.settle(90 * SECOND);
    let key = ObjectKey::new(&api::service::KIND, "default", "web");
    let patch = json!({"status": {"loadBalancer": {"ingress": [{"ip": "192.168.64.240"}]}}});
    let request = Request::Patch {
        kind: key.kind,
        namespace: key.namespace.clone(),
        name: key.name.clone(),
        patch: Patch::Merge(patch),
        subresource: cluster::apiserver::Subresource::Status,
        options: WriteOptions::typed("cloud-controller-manager"),
    };
    // Without the Service there is nothing to write to, and the cases say so.
    drop(cluster.submit(request));
    cluster.settle(90 * SECOND);
    cluster
}

fn play(cluster: &mut Cluster, case: &Value) -> Value {
    let text = |field: &str| case.get(field).and_then(Value::as_str).unwrap_or_default();
    let pairs = |field: &str| -> Vec<(String, String)> {
        let map = case.get(field).and_then(Value::as_object);
        map.into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect()
    };
    let words = case.get("argv").and_then(Value::as_array).into_iter().flatten();
    let argv: Vec<String> =
        words.map(|word| word.as_str().unwrap_or_default().replace(API_PORTS.0, API_PORTS.1)).collect();
    let (host, release) = client(text("client"));
    let terminal = case.get("tty").is_some_and(|tty| tty == true);
    let mut env = pairs("env");
    if host != Host::Node {
        env.extend([("LC_ALL", "C"), ("TERM", "xterm")].map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
    let typed = typed(case, terminal);
    let files = pairs("files");
    let limit = case.get("still_running_after").and_then(Value::as_f64).map_or(600 * SECOND, micros);
    let run = Run {
        from: place(text("ns")),
        host,
        release,
        terminal,
        typed: &typed,
        env: &env,
        files: &files,
        limit,
        ..Run::default()
    };
    let finished = run_command(cluster, argv, &run);
    let back = |text: &str| text.replace(API_PORTS.1, API_PORTS.0);
    let (stdout, stderr) =
        if terminal { (finished.all.replace('\n', "\r\n"), String::new()) } else { (finished.stdout, finished.stderr) };
    json!({"id": case.get("id"), "stdout": back(&stdout), "stderr": back(&stderr), "exit": finished.exit})
}

/// Seconds of a recording in microseconds.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn micros(seconds: f64) -> u64 {
    (seconds * 1e6).max(0.0) as u64
}

fn client(name: &str) -> (Host, Release) {
    let release = Release::default();
    match name {
        "bb128" => (Host::Busybox, Release { busybox: 28, ..release }),
        "bb135" => (Host::Busybox, Release { busybox: 35, packaged: true, ..release }),
        "bb137" => (Host::Busybox, Release { busybox: 37, packaged: true, ..release }),
        "deb12" => (Host::Laptop, release),
        "deb13" => (Host::Laptop, Release { debian: 13, ..release }),
        "kubectl" => (Host::Node, release),
        _ => (Host::Busybox, release),
    }
}

fn place(ns: &str) -> Vantage {
    match ns {
        "out" => Vantage::Laptop,
        "node1" => Vantage::Node("minikube".into()),
        pod => Vantage::Pod { namespace: "default".into(), name: pod.into() },
    }
}

/// What was typed or piped. Without a word of it, a terminal stays quiet and a pipe is closed from the start.
fn typed(case: &Value, terminal: bool) -> Vec<(u64, Key)> {
    let list = case.get("send").and_then(Value::as_array);
    let key = |entry: &Value| {
        let text = entry.get(1)?.as_str()?;
        let key = match text {
            "EOF" => Key::End,
            "\u{4}" if terminal => Key::End,
            "\u{3}" if terminal => Key::Interrupt,
            text => Key::Text(text.to_owned()),
        };
        Some((micros(entry.get(0)?.as_f64()?), key))
    };
    list.into_iter().flatten().filter_map(key).collect()
}
