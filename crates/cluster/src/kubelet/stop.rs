//! Graceful termination. Models `pkg/kubelet/kuberuntime` `killContainer`: hook, signal, and force in the end.

use api::object::lookup;
use api::{Object, ObjectKey, Value};

use super::runtime::{Life, field_path, spec_of};
use crate::Cluster;
use crate::events::Note;
use crate::images::{self, Term};

/// The exit code of a process that was killed.
const KILLED: i32 = 137;

/// Tells the processes of a pod to end; a second call with less time hurries them.
pub(super) fn begin(cluster: &mut Cluster, key: &ObjectKey, pod: &Object) {
    let now = cluster.now();
    let grace = pod.int(&["metadata", "deletionGracePeriodSeconds"]).unwrap_or(30);
    let grace = u64::try_from(grace).unwrap_or(0) * 1_000_000;
    let Some(runtime) = cluster.kubelet.pods.get(key).cloned() else { return };
    let node = pod.str(&["spec", "nodeName"]);
    for (index, container) in runtime.containers.iter().enumerate().filter(|(_, container)| container.is_running()) {
        let Some(spec) = spec_of(pod, &container.name) else { continue };
        let (after, code) = last_words(cluster, key, spec, &container.env);
        let planned = if after <= grace { (now + after, code) } else { (now + grace, KILLED) };
        let Some(slot) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) else { continue };
        if let Life::Running { exit, .. } = &mut slot.life {
            let sooner = exit.is_none_or(|(at, _)| planned.0 < at);
            if !runtime.stopping || sooner {
                *exit = Some(exit.filter(|(at, _)| *at <= planned.0).unwrap_or(planned));
            }
        }
        if !runtime.stopping {
            let message = format!("Stopping container {}", container.name);
            let note = Note::normal("kubelet", "Killing", message).on(node, field_path(pod, &container.name));
            cluster.record(pod, &note);
        }
    }
    if let Some(runtime) = cluster.kubelet.runtime_mut(key) {
        runtime.stopping = true;
    }
}

/// Ends one container whose probe failed too often; it may take the pod's grace period.
pub(super) fn restart(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize) {
    let now = cluster.now();
    let Some(runtime) = cluster.kubelet.pods.get(key).cloned() else { return };
    let Some(container) = runtime.containers.get(index) else { return };
    let Some(spec) = spec_of(pod, &container.name) else { return };
    let grace = pod.int(&["spec", "terminationGracePeriodSeconds"]).unwrap_or(30);
    let grace = u64::try_from(grace).unwrap_or(0) * 1_000_000;
    let (after, code) = last_words(cluster, key, spec, &container.env);
    let planned = if after <= grace { (now + after, code) } else { (now + grace, KILLED) };
    if let Some(Life::Running { exit, .. }) =
        cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)).map(|c| &mut c.life)
    {
        *exit = Some(planned);
    }
}

/// Microseconds until a process that is told to end has ended, its hook included, and its exit code.
fn last_words(
    cluster: &Cluster,
    key: &ObjectKey,
    spec: &Value,
    env: &std::collections::BTreeMap<String, String>,
) -> (u64, i32) {
    let hook = hook_time(spec);
    let image = spec.get("image").and_then(Value::as_str).unwrap_or_default();
    let run = images::Run { container: spec, env };
    let hangs = cluster.has_fault(key, super::Fault::Hang);
    match images::find(image).map_or(Term::Ignored, |image| image.on_term(&run)) {
        Term::Ends { after, code } if !hangs => (hook + after, code),
        _ => (u64::MAX / 4, KILLED),
    }
}

/// Microseconds that the `preStop` hook takes: a sleep as long as it says, anything else a moment.
fn hook_time(spec: &Value) -> u64 {
    const MOMENT: u64 = 50_000;
    let Some(hook) = lookup(spec, &["lifecycle", "preStop"]) else { return 0 };
    if let Some(seconds) = lookup(hook, &["sleep", "seconds"]).and_then(Value::as_u64) {
        return seconds * 1_000_000;
    }
    let words: Vec<&str> = lookup(hook, &["exec", "command"])
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    images::script::Script::of_command(&words)
        .map_or(MOMENT, |script| script.exit().map_or(u64::MAX / 8, |(at, _)| at + MOMENT))
}
