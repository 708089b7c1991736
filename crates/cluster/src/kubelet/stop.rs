//! Graceful termination. Models `pkg/kubelet/kuberuntime` `killContainer`: hook, signal, and force in the end.

use api::object::lookup;
use api::{Object, ObjectKey, Value};

use super::hook;
use super::runtime::{Life, Role, field_path, spec_of};
use crate::events::Note;
use crate::images::{self, Term};
use crate::{Cluster, Instant};

/// The exit code of a process that was killed.
const KILLED: i32 = 137;

/// Tells the processes of a pod to end, its sidecars after all others; a second call with less time hurries them.
pub(super) fn begin(cluster: &mut Cluster, key: &ObjectKey, pod: &Object) {
    let grace = pod.int(&["metadata", "deletionGracePeriodSeconds"]).unwrap_or(30);
    let end = cluster.now() + u64::try_from(grace).unwrap_or(0) * 1_000_000;
    let Some(runtime) = cluster.kubelet.pods.get(key).cloned() else { return };
    let told = runtime.stopping;
    let mut from = cluster.now();
    let (sidecars, others): (Vec<_>, Vec<_>) =
        (0..runtime.containers.len()).partition(|index| runtime.containers[*index].role == Role::Sidecar);
    let last = others.into_iter().filter_map(|index| tell(cluster, key, pod, index, (from, end), told)).max();
    from = last.unwrap_or(from);
    for index in sidecars.into_iter().rev() {
        from = tell(cluster, key, pod, index, (from, end), told).unwrap_or(from);
    }
    if let Some(runtime) = cluster.kubelet.runtime_mut(key) {
        runtime.stopping = true;
    }
}

/// Ends the sidecars of a pod whose work is done, the last first.
pub(super) fn sidecars(cluster: &mut Cluster, key: &ObjectKey, pod: &Object) {
    let Some(runtime) = cluster.kubelet.pods.get(key).cloned() else { return };
    let mut from = cluster.now();
    for (index, container) in runtime.containers.iter().enumerate().rev() {
        let told = matches!(container.life, Life::Running { exit: Some(_), .. });
        if container.role == Role::Sidecar && !told {
            from = tell(cluster, key, pod, index, (from, from + grace(pod)), false).unwrap_or(from);
        }
    }
}

/// Tells one process to end from a moment on, and by force at another. Returns when it will have ended; `None` when it
/// does not run. One that was told before may only be hurried.
fn tell(
    cluster: &mut Cluster,
    key: &ObjectKey,
    pod: &Object,
    index: usize,
    (from, end): (Instant, Instant),
    told: bool,
) -> Option<Instant> {
    let container = cluster.kubelet.pods.get(key)?.containers.get(index).filter(|c| c.is_running())?.clone();
    let spec = spec_of(pod, &container.name)?;
    let (after, code) = last_words(cluster, key, spec, &container.env);
    let planned = if from + after <= end { (from + after, code) } else { (end, KILLED) };
    let slot = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index))?;
    let Life::Running { exit, .. } = &mut slot.life else { return None };
    let sooner = exit.filter(|(at, _)| *at <= planned.0).unwrap_or(planned);
    *exit = Some(sooner);
    if !told {
        let message = format!("Stopping container {}", container.name);
        let note = Note::normal("kubelet", "Killing", message);
        cluster.record(pod, &note.on(pod.str(&["spec", "nodeName"]), field_path(pod, &container.name)));
    }
    Some(sooner.0)
}

/// Microseconds that a pod's processes may take to end.
fn grace(pod: &Object) -> u64 {
    let seconds = pod.int(&["spec", "terminationGracePeriodSeconds"]).unwrap_or(30);
    u64::try_from(seconds).unwrap_or(0) * 1_000_000
}

/// Ends one container whose probe failed too often; it may take the pod's grace period.
pub(super) fn restart(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize) {
    let now = cluster.now();
    let Some(runtime) = cluster.kubelet.pods.get(key).cloned() else { return };
    let Some(container) = runtime.containers.get(index) else { return };
    let Some(spec) = spec_of(pod, &container.name) else { return };
    let own = lookup(spec, &["livenessProbe", "terminationGracePeriodSeconds"]).and_then(Value::as_u64);
    let grace = own.map_or_else(|| grace(pod), |seconds| seconds * 1_000_000);
    let (after, code) = last_words(cluster, key, spec, &container.env);
    let planned = if after <= grace { (now + after, code) } else { (now + grace, KILLED) };
    if let Some(Life::Running { exit, .. }) =
        cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)).map(|c| &mut c.life)
    {
        *exit = Some(planned);
    }
}

/// Microseconds until a process that is told to end has ended, its hook included, and its exit code.
fn last_words(cluster: &Cluster, key: &ObjectKey, spec: &Value, env: &super::Environment) -> (u64, i32) {
    let hook = lookup(spec, &["lifecycle", "preStop"]).map_or(0, hook::duration);
    let image = spec.get("image").and_then(Value::as_str).unwrap_or_default();
    let run = images::Run { container: spec, env };
    let hangs = cluster.has_fault(key, super::Fault::Hang);
    match images::find(image).map_or(Term::Ignored, |image| images::on_term(image, &run)) {
        Term::Ends { after, code } if !hangs => (hook + after, code),
        _ => (u64::MAX / 4, KILLED),
    }
}
