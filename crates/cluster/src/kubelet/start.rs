//! Images are pulled and containers started. Models `pkg/kubelet/images` and `startContainer`.

use std::sync::Arc;

use api::{Object, ObjectKey, Value};

use super::fault::{CRASH_AFTER, Fault};
use super::runtime::{Life, field_path, spec_of};
use super::script::Running;
use super::{environment, hook};
use crate::Cluster;
use crate::events::Note;
use crate::images::script::Script;
use crate::images::{self, Reference};

/// Microseconds to fetch an image, and to find out that one on disk is the newest.
const PULL: u64 = 900_000;
const CHECK: u64 = 400_000;
/// Microseconds that even the shortest process runs.
const SHORTEST: u64 = 50_000;
/// Microseconds that a failed pull is shown as such.
const NOTICE: u64 = 1_000_000;
/// The first and the longest wait between pulls, in microseconds; each is twice the one before.
const BACK_OFF: (u64, u64) = (10_000_000, 300_000_000);

/// Looks for the image on the node and begins to fetch it if need be.
pub(super) fn pull(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize) {
    let Some((name, image, policy)) = wanted(cluster, key, pod, index) else { return };
    let node: Arc<str> = pod.str(&["spec", "nodeName"]).into();
    let present = cluster.kubelet.images.contains(&(node.clone(), image.clone()));
    let field = field_path(pod, &name);
    let took = match (present, policy.as_str()) {
        (true, "IfNotPresent" | "Never") => {
            let message =
                format!("Container image \"{image}\" already present on machine and can be accessed by the pod");
            cluster.record(pod, &Note::normal("kubelet", "Pulled", message).on(&node, field));
            create(cluster, key, pod, index);
            return;
        }
        (false, "Never") => {
            let message = format!("Container image \"{image}\" is not present with pull policy of Never");
            let note = Note::warning("kubelet", "ErrImageNeverPull", message.as_str()).on(&node, field);
            cluster.record(pod, &note);
            wait(cluster, key, index, "ErrImageNeverPull", message, BACK_OFF.0);
            return;
        }
        (true, _) => CHECK,
        (false, _) => PULL,
    };
    let message = format!("Pulling image \"{image}\"");
    cluster.record(pod, &Note::normal("kubelet", "Pulling", message).on(&node, field));
    let until = cluster.now() + took;
    if let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) {
        container.life = Life::Pulling(until);
    }
}

/// The image is there, or is not to be had.
pub(super) fn pulled(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize) {
    let Some((name, image, _)) = wanted(cluster, key, pod, index) else { return };
    let node: Arc<str> = pod.str(&["spec", "nodeName"]).into();
    let field = field_path(pod, &name);
    match images::refusal(&image) {
        None => {
            let took = if cluster.kubelet.images.contains(&(node.clone(), image.clone())) { CHECK } else { PULL };
            let size = Reference::read(&image).size();
            let took = format!("{}ms", took / 1000);
            let message = format!(
                "Successfully pulled image \"{image}\" in {took} ({took} including waiting). Image size: {size} bytes."
            );
            cluster.record(pod, &Note::normal("kubelet", "Pulled", message).on(&node, field));
            cluster.kubelet.images.insert((node, image));
            create(cluster, key, pod, index);
        }
        Some(refusal) => {
            let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) else {
                return;
            };
            container.failed_pulls += 1;
            let failure = format!("Failed to pull image \"{image}\": {refusal}");
            cluster.record(pod, &Note::warning("kubelet", "Failed", failure).on(&node, field.clone()));
            cluster.record(pod, &Note::warning("kubelet", "Failed", "Error: ErrImagePull").on(&node, field));
            wait(cluster, key, index, "ErrImagePull", refusal, NOTICE);
        }
    }
}

/// A failed pull is not tried again at once.
pub(super) fn back_off(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize) {
    let Some((name, image, _)) = wanted(cluster, key, pod, index) else { return };
    let Some(container) = cluster.kubelet.pods.get(key).and_then(|r| r.containers.get(index)) else { return };
    let Life::Waiting { message: refusal, .. } = &container.life else { return };
    let message = format!("Back-off pulling image \"{image}\": ErrImagePull: {refusal}");
    let micros = BACK_OFF.0.saturating_mul(1 << container.failed_pulls.saturating_sub(1).min(10)).min(BACK_OFF.1);
    let (node, field) = (pod.str(&["spec", "nodeName"]), field_path(pod, &name));
    let note = Note::normal("kubelet", "BackOff", format!("Back-off pulling image \"{image}\""));
    cluster.record(pod, &note.on(node, field.clone()));
    cluster.record(pod, &Note::warning("kubelet", "Failed", "Error: ImagePullBackOff").on(node, field));
    wait(cluster, key, index, "ImagePullBackOff", message, micros);
}

/// Starts a container again that ended.
pub(super) fn again(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize) {
    if let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) {
        container.crashes += 1;
        container.restarts += 1;
        if let Life::Ended(ended) = &container.life {
            container.last = Some(ended.clone());
        }
        container.previous_log = std::mem::take(&mut container.log);
    }
    pull(cluster, key, pod, index);
}

fn wanted(cluster: &Cluster, key: &ObjectKey, pod: &Object, index: usize) -> Option<(Arc<str>, String, String)> {
    let name = cluster.kubelet.pods.get(key)?.containers.get(index)?.name.clone();
    let spec = spec_of(pod, &name)?;
    let text = |field: &str| spec.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    Some((name, text("image"), text("imagePullPolicy")))
}

fn wait(cluster: &mut Cluster, key: &ObjectKey, index: usize, reason: &'static str, message: String, micros: u64) {
    let until = cluster.now() + micros;
    if let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) {
        container.life = Life::Waiting { reason, message, until };
    }
}

/// Creates and starts the process.
fn create(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize) {
    let Some((name, image, _)) = wanted(cluster, key, pod, index) else { return };
    let node = pod.str(&["spec", "nodeName"]);
    let field = field_path(pod, &name);
    let Some(spec) = spec_of(pod, &name) else { return };
    let env = match environment::variables(cluster, pod, spec) {
        Ok(env) => Arc::new(env),
        Err(message) => {
            let text = format!("Error: {message}");
            cluster.record(pod, &Note::warning("kubelet", "Failed", text).on(node, field));
            wait(cluster, key, index, "CreateContainerConfigError", message, BACK_OFF.0);
            return;
        }
    };
    for (reason, message) in [("Created", "Container created"), ("Started", "Container started")] {
        cluster.record(pod, &Note::normal("kubelet", reason, message).on(node, field.clone()));
    }
    let now = cluster.now();
    let program = images::find(&image);
    let crash = cluster.has_fault(key, Fault::Crash).then_some((now + CRASH_AFTER, 1));
    let run = images::Run { container: spec, env: &env };
    let exit = crash.or_else(|| images::exits(program?, &run).map(|exit| (now + exit.after.max(SHORTEST), exit.code)));
    let own = program.and_then(|program| images::script_of(program, &run));
    let lines = program.filter(|_| own.is_none()).map(|program| program.first_lines_in(&run, cluster.settings()));
    let lines = lines.unwrap_or_default();
    if own.as_ref().is_some_and(Script::writes_later) {
        cluster.kubelet.scripts.insert(key.clone());
    }
    let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) else { return };
    container.failed_pulls = 0;
    container.files.clear();
    container.env = env;
    container.life = Life::Running { since: now, exit };
    for line in lines {
        container.write(now, line);
    }
    container.script = own.map(|script| Running::begin(script, now));
    container.write_script(now);
    hook::started(cluster, key, pod, index, spec);
}
