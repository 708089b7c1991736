//! One look at a pod. Models `pkg/kubelet/kuberuntime` `SyncPod` and the pod workers.

use api::{Object, ObjectKey};

use super::runtime::{Container, Ended, Life, Role, Runtime, field_path};
use super::{PodState, address, hook, probe, script, start, status, stop};
use crate::cluster::{KubeletMode, Work};
use crate::events::Note;
use crate::{Cluster, DeleteOptions, Instant, Request};

/// Microseconds that a container shows how it ended before it is started again.
const NOTICE: u64 = 1_000_000;
/// The first and the longest wait between restarts, in microseconds; each is twice the one before.
const BACK_OFF: (u64, u64) = (10_000_000, 300_000_000);
/// Microseconds of running after which earlier crashes are forgotten.
const FORGIVEN: u64 = 600_000_000;

/// A kubelet brings one pod nearer to what its spec says.
pub(crate) fn sync(cluster: &mut Cluster, key: &ObjectKey) {
    let Some(pod) = cluster.store().get(key).cloned() else { return };
    if cluster.settings().kubelet == KubeletMode::Manual {
        if pod.is_terminating() {
            remove(cluster, key);
        } else {
            let ready = cluster.kubelet.manual.is_ready(&pod);
            cluster.report_pod(key, &PodState::Running { ready, restarts: 0 });
        }
        return;
    }
    if cluster.kubelet.is_down(pod.str(&["spec", "nodeName"])) {
        return;
    }
    address::adopt(cluster, key, &pod);
    let ended = matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed");
    if !ended && !pod.is_terminating() {
        address::assign(cluster, key, &pod);
    }
    if pod.is_terminating() {
        stop::begin(cluster, key, &pod);
    }
    for index in 0..count(cluster, key) {
        end(cluster, key, index);
    }
    if !pod.is_terminating() && !ended {
        for index in 0..count(cluster, key) {
            hook::look(cluster, key, &pod, index);
            probe::run(cluster, key, &pod, index);
            script::look(cluster, key, &pod, index);
            end(cluster, key, index);
        }
        advance(cluster, key, &pod);
        if is_done(cluster, key, &pod) {
            stop::sidecars(cluster, key, &pod);
        }
    }
    report(cluster, key, &pod);
    if pod.is_terminating() && !cluster.kubelet.is_running(key) {
        remove(cluster, key);
        return;
    }
    if let Some(due) = next_due(cluster, key) {
        cluster.schedule(due - cluster.now(), Work::Kubelet(key.clone()));
    }
}

/// A pod whose processes have ended is deleted for good.
fn remove(cluster: &mut Cluster, key: &ObjectKey) {
    let options = DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::by("kubelet") };
    let (kind, namespace, name) = (&api::pod::KIND, key.namespace.clone(), key.name.clone());
    drop(cluster.submit(Request::Delete { kind, namespace, name, options }));
}

fn count(cluster: &Cluster, key: &ObjectKey) -> usize {
    cluster.kubelet.pods.get(key).map_or(0, |runtime| runtime.containers.len())
}

/// A process whose time has come ends.
fn end(cluster: &mut Cluster, key: &ObjectKey, index: usize) {
    let now = cluster.now();
    let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) else { return };
    let Life::Running { since, exit: Some((at, code)) } = container.life else { return };
    if at > now {
        return;
    }
    let ended = Ended { code, started: since, finished: at };
    if at - since >= FORGIVEN {
        container.crashes = 0;
    }
    container.write_script(at);
    container.close_log(at);
    container.script = None;
    container.health.stop();
    container.hook = None;
    container.life = Life::Ended(ended);
}

/// Whether what the pod is for has ended for good. Its sidecars need not go on then.
fn is_done(cluster: &Cluster, key: &ObjectKey, pod: &Object) -> bool {
    let Some(runtime) = cluster.kubelet.pods.get(key) else { return false };
    let mut mains = runtime.containers.iter().filter(|container| container.role == Role::Main);
    mains.all(|main| matches!(&main.life, Life::Ended(ended) if !restarts(pod, Role::Main, ended.code)))
}

/// Starts what may start: init containers one after the other, then all others at once.
fn advance(cluster: &mut Cluster, key: &ObjectKey, pod: &Object) {
    for index in 0..count(cluster, key) {
        let Some(container) = cluster.kubelet.pods.get(key).and_then(|r| r.containers.get(index)) else { return };
        let waits_for_init = container.role != Role::Main && !container.lets_others_start();
        let done = container.role == Role::Init && container.lets_others_start();
        if !done {
            step(cluster, key, pod, index);
        }
        // The next one is started after the hook of this one.
        if cluster.kubelet.pods.get(key).is_some_and(|r| r.containers.get(index).is_some_and(|c| c.hook.is_some())) {
            return;
        }
        if waits_for_init {
            let container = cluster.kubelet.pods.get(key).and_then(|r| r.containers.get(index));
            if container.is_some_and(|container| !container.lets_others_start()) {
                return;
            }
        }
    }
}

/// One container: from new to pulling to running, and again after it ended.
fn step(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize) {
    let now = cluster.now();
    let Some(container) = cluster.kubelet.pods.get(key).and_then(|r| r.containers.get(index)).cloned() else { return };
    match container.life.clone() {
        Life::New => start::pull(cluster, key, pod, index),
        Life::Pulling(until) if until <= now => start::pulled(cluster, key, pod, index),
        Life::Waiting { until, reason, .. } if until <= now => match reason {
            "CrashLoopBackOff" => start::again(cluster, key, pod, index),
            "ErrImagePull" => start::back_off(cluster, key, pod, index),
            _ => start::pull(cluster, key, pod, index),
        },
        Life::Ended(ended) if restarts(pod, container.role, ended.code) && !is_done(cluster, key, pod) => {
            if ended.finished + NOTICE > now {
                return;
            }
            match wait(container.crashes) {
                0 => start::again(cluster, key, pod, index),
                wait if ended.finished + wait <= now => start::again(cluster, key, pod, index),
                wait => back_off(cluster, key, pod, index, &ended, wait),
            }
        }
        _ => {}
    }
}

/// Whether a container that ended is started again.
fn restarts(pod: &Object, role: Role, code: i32) -> bool {
    match (role, pod.str(&["spec", "restartPolicy"])) {
        (Role::Sidecar, _) | (Role::Main, "Always") => true,
        (_, "Never") => false,
        (Role::Init, _) | (Role::Main, _) => code != 0,
    }
}

/// Microseconds to wait before the restart after so many crashes; the first is for free.
fn wait(crashes: u32) -> u64 {
    match crashes {
        0 => 0,
        n => BACK_OFF.0.saturating_mul(1 << (n - 1).min(10)).min(BACK_OFF.1),
    }
}

fn back_off(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize, ended: &Ended, wait: u64) {
    let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) else { return };
    let name = container.name.clone();
    let of = format!("container={name} pod={}_{}({})", pod.name(), pod.namespace(), pod.uid());
    let time = match wait / 1_000_000 {
        seconds if seconds < 60 => format!("{seconds}s"),
        seconds => format!("{}m{}s", seconds / 60, seconds % 60),
    };
    let message = format!("back-off {time} restarting failed {of}");
    container.last = Some(ended.clone());
    container.life = Life::Waiting { reason: "CrashLoopBackOff", message, until: ended.finished + wait };
    let message =
        format!("Back-off restarting failed container {name} in pod {}_{}({})", pod.name(), pod.namespace(), pod.uid());
    let node = pod.str(&["spec", "nodeName"]);
    cluster.record(pod, &Note::warning("kubelet", "BackOff", message).on(node, field_path(pod, &name)));
}

/// Writes a pod's status through the API server, as every kubelet does.
pub(super) fn report(cluster: &mut Cluster, key: &ObjectKey, pod: &Object) {
    let Some(runtime) = cluster.kubelet.pods.get(key) else { return };
    let status = if runtime.containers.iter().any(|container| container.hook.is_some()) {
        let containers = runtime.containers.iter().map(Container::told).collect();
        status::status(cluster, key, pod, &Runtime { containers, ..Runtime::clone(runtime) })
    } else {
        status::status(cluster, key, pod, runtime)
    };
    cluster.update_status(key, status, &"kubelet".into());
}

/// When to look again.
fn next_due(cluster: &Cluster, key: &ObjectKey) -> Option<Instant> {
    let now = cluster.now();
    let runtime = cluster.kubelet.pods.get(key)?;
    let due = runtime.containers.iter().flat_map(|container| {
        let own = match &container.life {
            Life::Pulling(until) | Life::Waiting { until, .. } => Some(*until),
            Life::Running { exit, .. } => exit.map(|(at, _)| at),
            Life::Ended(ended) => Some(ended.finished + NOTICE),
            Life::New => None,
        };
        let look = container.script.as_ref().and_then(|running| running.look).filter(|_| container.is_running());
        own.into_iter().chain(container.health.next_due()).chain(look).chain(container.hook)
    });
    due.filter(|due| *due > now).min()
}
