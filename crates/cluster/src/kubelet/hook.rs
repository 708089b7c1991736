//! Lifecycle hooks. Models `pkg/kubelet/lifecycle` and what `startContainer` does after it has started a container.

use api::object::lookup;
use api::{Object, ObjectKey, Value};

use super::runtime::{Life, field_path, spec_of};
use super::{probe, stop, view};
use crate::Cluster;
use crate::events::Note;
use crate::images::script::Script;

/// Microseconds that a hook takes: a sleep as long as it says, anything else a moment.
pub(super) fn duration(hook: &Value) -> u64 {
    const MOMENT: u64 = 50_000;
    if let Some(seconds) = lookup(hook, &["sleep", "seconds"]).and_then(Value::as_u64) {
        return seconds.saturating_mul(1_000_000);
    }
    let words: Vec<&str> = lookup(hook, &["exec", "command"])
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    Script::of_command(&words).map_or(MOMENT, |script| script.lasts().map_or(u64::MAX / 8, |time| time + MOMENT))
}

/// A container has been started: its `postStart` hook runs, or its probes begin at once.
pub(super) fn started(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize, spec: &Value) {
    let now = cluster.now();
    let hook = lookup(spec, &["lifecycle", "postStart"]).map(|hook| now + duration(hook));
    let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) else { return };
    container.hook = hook;
    match hook {
        Some(_) => container.health.stop(),
        None => {
            container.health = probe::Health::begin(spec, now);
            probe::run(cluster, key, pod, index);
        }
    }
}

/// A `postStart` hook whose time has come ends: the probes begin, or the container is stopped.
pub(super) fn look(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize) {
    let now = cluster.now();
    let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) else { return };
    if container.hook.is_none_or(|until| until > now) {
        return;
    }
    container.hook = None;
    let name = container.name.clone();
    let Some(spec) = spec_of(pod, &name) else { return };
    let hook = lookup(spec, &["lifecycle", "postStart"]).cloned().unwrap_or_default();
    if hook.get("sleep").is_none() && view::ask(cluster, key, pod, &name, &hook).is_err() {
        let (node, field) = (pod.str(&["spec", "nodeName"]), field_path(pod, &name));
        let note = Note::warning("kubelet", "FailedPostStartHook", "PostStartHook failed");
        cluster.record(pod, &note.on(node, field.clone()));
        cluster.record(pod, &Note::normal("kubelet", "Killing", "FailedPostStartHook").on(node, field));
        stop::restart(cluster, key, pod, index);
        return;
    }
    if let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index))
        && matches!(container.life, Life::Running { .. })
    {
        container.health = probe::Health::begin(spec, now);
    }
}
