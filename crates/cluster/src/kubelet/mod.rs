//! The kubelets: they run what is scheduled to their nodes and report its state.

mod manual;
mod status;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use api::{Object, ObjectKey, Value};

use crate::apiserver::Subresource;
use crate::cluster::{KubeletMode, Work};
use crate::images::{self, Image, Listener};
use crate::network::Protocol;
use crate::store::{Change, WatchEvent};
use crate::{Cluster, DeleteOptions, Instant, Request, WriteOptions};

pub use manual::ManualKubelet;
pub use status::PodState;

/// Microseconds until a scheduled pod's sandbox has an address, until its image is there, and until a process that
/// was told to end has ended.
const PULL: u64 = 900_000;
const STOP: u64 = 500_000;

/// What the kubelets know of their pods.
#[derive(Clone, Debug, Default)]
pub struct Kubelet {
    pods: BTreeMap<ObjectKey, Runtime>,
    addresses: BTreeMap<Ipv4Addr, ObjectKey>,
    last_address: BTreeMap<Arc<str>, u8>,
    /// What hand-played kubelets do by themselves; unused otherwise.
    pub manual: ManualKubelet,
}

/// One pod on its node.
#[derive(Clone, Debug)]
struct Runtime {
    uid: Arc<str>,
    since: Instant,
    ip: Option<Ipv4Addr>,
    running: bool,
}

impl Kubelet {
    /// The pod that has an address.
    #[must_use]
    pub fn pod_at(&self, ip: Ipv4Addr) -> Option<&ObjectKey> {
        self.addresses.get(&ip)
    }

    /// Whether the pod's processes run.
    #[must_use]
    pub fn is_running(&self, pod: &ObjectKey) -> bool {
        self.pods.get(pod).is_some_and(|runtime| runtime.running)
    }
}

/// A process found by the port it listens on: the container's index and name, and its image.
type Process = (usize, String, &'static dyn Image);

impl Cluster {
    /// The process of a running pod that takes what comes from outside to a port.
    #[must_use]
    pub(crate) fn listener(&self, key: &ObjectKey, protocol: Protocol, port: u16) -> Option<Process> {
        if !self.kubelet.is_running(key) {
            return None;
        }
        let pod = self.store().get(key)?;
        pod.list(&["spec", "containers"]).iter().enumerate().find_map(|(index, container)| {
            let image = images::find(container.get("image")?.as_str()?)?;
            let hears =
                image.listens(container).iter().any(|l| l.protocol == protocol && l.port == port && !l.localhost_only);
            hears.then(|| (index, container["name"].as_str().unwrap_or_default().to_owned(), image))
        })
    }

    /// Whether a pod's processes run.
    #[must_use]
    pub fn is_running(&self, key: &ObjectKey) -> bool {
        self.kubelet.is_running(key)
    }

    /// What the processes of a running pod listen on, container by container; empty while they do not run.
    #[must_use]
    pub fn listeners(&self, key: &ObjectKey) -> Vec<Listener> {
        let pod = self.store().get(key).filter(|_| self.kubelet.is_running(key));
        let containers = pod.map(|pod| pod.list(&["spec", "containers"])).unwrap_or_default().iter();
        containers.flat_map(|container| images::listeners(container).unwrap_or_default()).collect()
    }

    /// Whether a process of the pod takes what comes to a port from outside of the pod.
    #[must_use]
    pub fn hears(&self, key: &ObjectKey, protocol: Protocol, port: u16) -> bool {
        self.listener(key, protocol, port).is_some()
    }

    /// Ends the processes of a pod's container, as when its shell is left. The pod ends if it may not restart.
    pub fn exit_container(&mut self, pod: &ObjectKey, code: i32) {
        let Some(object) = self.store().get(pod).cloned() else { return };
        if let Some(runtime) = self.kubelet.pods.get_mut(pod) {
            runtime.running = false;
        }
        let state = PodState::Ended { code };
        report(self, pod, &object, &state);
    }

    /// Puts a pod in a state by hand: what the kubelet of a recording did ([`KubeletMode::Manual`]).
    pub fn report_pod(&mut self, pod: &ObjectKey, state: &PodState) {
        let Some(object) = self.store().get(pod).cloned() else { return };
        self.adopt(pod, &object);
        let now = self.now();
        if let Some(runtime) = self.kubelet.pods.get_mut(pod) {
            runtime.running = matches!(state, PodState::Running { .. });
            runtime.since = now;
        }
        if state.has_address() {
            self.assign_address(pod, object.str(&["spec", "nodeName"]));
        }
        report(self, pod, &object, state);
    }

    /// Says what hand-played kubelets do by themselves from now on ([`KubeletMode::Manual`]).
    pub fn set_manual_kubelet(&mut self, manual: ManualKubelet) {
        self.kubelet.manual = manual;
    }

    /// What hand-played kubelets do by themselves.
    #[must_use]
    pub fn manual_kubelet(&self) -> &ManualKubelet {
        &self.kubelet.manual
    }

    fn adopt(&mut self, key: &ObjectKey, pod: &Object) {
        let uid: Arc<str> = pod.uid().into();
        let known = self.kubelet.pods.get(key).is_some_and(|runtime| runtime.uid == uid);
        if !known {
            release(self, key);
            let runtime = Runtime { uid, since: self.now(), ip: None, running: false };
            self.kubelet.pods.insert(key.clone(), runtime);
        }
    }

    /// The next free address of the node's range; addresses are not given again before the range is through.
    fn assign_address(&mut self, key: &ObjectKey, node: &str) {
        let Some(settings) = self.settings().nodes.iter().find(|n| n.name == node).cloned() else { return };
        if self.kubelet.pods.get(key).is_none_or(|runtime| runtime.ip.is_some()) {
            return;
        }
        let start = self.kubelet.last_address.get(node).copied().unwrap_or(1);
        let free = (1..=253u16).find_map(|step| {
            let last = u8::try_from((u16::from(start) + 251 + step) % 253 + 2).ok()?;
            let ip: Ipv4Addr = format!("{}.{last}", settings.pod_network).parse().ok()?;
            (!self.kubelet.addresses.contains_key(&ip)).then_some((last, ip))
        });
        let Some((last, ip)) = free else { return };
        self.kubelet.last_address.insert(node.into(), last);
        self.kubelet.addresses.insert(ip, key.clone());
        if let Some(runtime) = self.kubelet.pods.get_mut(key) {
            runtime.ip = Some(ip);
        }
    }
}

/// A kubelet hears of pods bound to its node, and of those that are to go.
pub(crate) fn notice(cluster: &mut Cluster, event: &WatchEvent) {
    if *event.key.kind != api::pod::KIND {
        return;
    }
    if event.change == Change::Deleted {
        release(cluster, &event.key);
        cluster.unschedule(&Work::Kubelet(event.key.clone()));
        return;
    }
    if event.object.str(&["spec", "nodeName"]).is_empty() {
        return;
    }
    let manual = cluster.settings().kubelet == KubeletMode::Manual;
    let was_terminating = event.old.as_ref().is_some_and(|old| old.is_terminating());
    let newly_terminating = event.object.is_terminating() && !was_terminating;
    let was_bound = event.old.as_ref().is_some_and(|old| !old.str(&["spec", "nodeName"]).is_empty());
    if newly_terminating && (!manual || cluster.kubelet.manual.kills) {
        cluster.schedule(STOP, Work::Kubelet(event.key.clone()));
    } else if !was_bound && !newly_terminating && (!manual || cluster.kubelet.manual.runs) {
        cluster.schedule(PULL, Work::Kubelet(event.key.clone()));
    }
}

/// A kubelet brings one pod nearer to what its spec says.
pub(crate) fn sync(cluster: &mut Cluster, key: &ObjectKey) {
    let Some(pod) = cluster.store().get(key).cloned() else { return };
    if pod.is_terminating() {
        let options = DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::by("kubelet") };
        let (kind, namespace, name) = (&api::pod::KIND, key.namespace.clone(), key.name.clone());
        drop(cluster.submit(Request::Delete { kind, namespace, name, options }));
        return;
    }
    if cluster.settings().kubelet == KubeletMode::Manual {
        let ready = cluster.kubelet.manual.is_ready(&pod);
        cluster.report_pod(key, &PodState::Running { ready, restarts: 0 });
        return;
    }
    cluster.adopt(key, &pod);
    let node = pod.str(&["spec", "nodeName"]).to_owned();
    cluster.assign_address(key, &node);
    let containers = pod.list(&["spec", "containers"]);
    let image_of = |container: &Value| container.get("image").and_then(Value::as_str).and_then(images::find);
    let state = if containers.iter().any(|container| image_of(container).is_none()) {
        PodState::Waiting { reason: "ImagePullBackOff".to_owned() }
    } else if let Some(code) = containers.iter().find_map(|container| image_of(container)?.exits(container)) {
        PodState::Ended { code }
    } else {
        PodState::Running { ready: true, restarts: 0 }
    };
    let now = cluster.now();
    if let Some(runtime) = cluster.kubelet.pods.get_mut(key) {
        runtime.running = matches!(state, PodState::Running { .. });
        runtime.since = now;
    }
    report(cluster, key, &pod, &state);
}

/// Writes a pod's status through the API server, as every kubelet does.
fn report(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, state: &PodState) {
    let runtime = cluster.kubelet.pods.get(key);
    let ip = runtime.and_then(|runtime| runtime.ip);
    let started = runtime.map_or(cluster.now(), |runtime| runtime.since);
    let node = pod.str(&["spec", "nodeName"]);
    let host = cluster.settings().nodes.iter().find(|n| n.name == node).map(|n| n.internal_ip.clone());
    let status = status::status(pod, state, ip, host.as_deref(), cluster.now().unix_seconds(), started.unix_seconds());
    let mut object = pod.value().clone();
    object["status"] = status;
    object["metadata"]["resourceVersion"] = Value::Null;
    let request = Request::Update {
        kind: &api::pod::KIND,
        namespace: key.namespace.clone(),
        name: key.name.clone(),
        object,
        subresource: Subresource::Status,
        options: WriteOptions::typed("kubelet"),
    };
    // The pod may be gone by now; then there is nothing to report.
    drop(cluster.submit(request));
}

fn release(cluster: &mut Cluster, key: &ObjectKey) {
    if let Some(ip) = cluster.kubelet.pods.remove(key).and_then(|runtime| runtime.ip) {
        cluster.kubelet.addresses.remove(&ip);
    }
}
