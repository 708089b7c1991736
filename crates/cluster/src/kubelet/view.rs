//! What others may ask of a kubelet: who listens, what a probe finds, logs and variables.

use std::net::Ipv4Addr;

use api::object::lookup;
use api::{Object, ObjectKey, Value};

use super::runtime::{Container, Life, LogLine, spec_of};
use super::{Environment, Fault, environment};
use crate::images::{self, Image, Run};
use crate::network::{HttpRequest, Packet, Payload, Protocol, Reply, Socket, Stream};
use crate::{Cluster, Instant};

/// A process found by the port it listens on: the container's index in its list, its name, and its image.
type Process = (usize, String, &'static dyn Image);

/// How a process can be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Outside,
    Inside,
}

impl Cluster {
    /// The process of a running pod that takes what comes from outside to a port.
    #[must_use]
    pub(crate) fn listener(&self, key: &ObjectKey, protocol: Protocol, port: u16) -> Option<Process> {
        self.listener_from(key, protocol, port, From::Outside)
    }

    /// The process that takes what comes from within the pod itself, by 127.0.0.1.
    #[must_use]
    pub fn local_listener(&self, key: &ObjectKey, protocol: Protocol, port: u16) -> Option<Process> {
        self.listener_from(key, protocol, port, From::Inside)
    }

    /// Whether some of a pod's processes run.
    #[must_use]
    pub fn is_running(&self, key: &ObjectKey) -> bool {
        self.kubelet.is_running(key)
    }

    /// Whether a process of the pod takes what comes to a port from outside of the pod.
    #[must_use]
    pub fn hears(&self, key: &ObjectKey, protocol: Protocol, port: u16) -> bool {
        self.listeners(key).iter().any(|l| l.protocol == protocol && l.port == port && !l.localhost_only)
    }

    /// What the running processes of a pod listen on, now or once they have come up.
    #[must_use]
    pub fn listeners(&self, key: &ObjectKey) -> Vec<images::Listener> {
        let Some((pod, runtime)) = self.store().get(key).zip(self.kubelet.pods.get(key)) else { return Vec::new() };
        let deaf = self.has_fault(key, Fault::LocalhostOnly);
        let of = |container: &Container| {
            let spec = spec_of(pod, &container.name).filter(|_| container.is_running())?;
            let image = images::find(spec.get("image")?.as_str()?)?;
            Some(images::listens(image, &Run { container: spec, env: &container.env }))
        };
        let all = runtime.containers.iter().filter_map(of).flatten();
        all.map(|listener| images::Listener { localhost_only: listener.localhost_only || deaf, ..listener }).collect()
    }

    fn listener_from(&self, key: &ObjectKey, protocol: Protocol, port: u16, from: From) -> Option<Process> {
        let pod = self.store().get(key)?;
        let runtime = self.kubelet.pods.get(key)?;
        if self.kubelet.is_down(pod.str(&["spec", "nodeName"])) {
            return None;
        }
        let deaf = self.has_fault(key, Fault::LocalhostOnly) && from == From::Outside;
        runtime.containers.iter().filter(|_| !deaf).find_map(|container| {
            let since = container.running_since()?;
            let spec = spec_of(pod, &container.name)?;
            let image = images::find(spec.get("image")?.as_str()?)?;
            let run = Run { container: spec, env: &container.env };
            let up = self.now() >= since + image.startup(&run);
            let fits = |l: &images::Listener| {
                l.protocol == protocol && l.port == port && (!l.localhost_only || from == From::Inside)
            };
            let index = pod.list(&["spec", "containers"]).iter().position(|c| std::ptr::eq(c, spec)).unwrap_or(0);
            (up && images::listens(image, &run).iter().any(fits)).then(|| (index, container.name.to_string(), image))
        })
    }

    /// Lets the process of a container answer: what it says, and how many microseconds it takes to say it.
    /// `None` when it never answers. What it logs about it is kept.
    pub(crate) fn serve(
        &mut self,
        pod: &ObjectKey,
        container: &str,
        packet: &Packet,
        payload: &Payload,
    ) -> Option<(Reply, u64)> {
        if self.has_fault(pod, Fault::Hang) {
            return matches!(payload, Payload::Connect).then_some((Reply::Connected, 0));
        }
        let object = self.store().get(pod)?.clone();
        let spec = spec_of(&object, container)?;
        let image = images::find(spec.get("image")?.as_str()?)?;
        let env = self.container(pod, container)?.env.clone();
        let since = self.container(pod, container)?.running_since()?;
        let run = Run { container: spec, env: &env };
        let visit = images::Visit { cluster: self, pod, object: &object, packet, run, up: self.now() - since };
        let answer = images::answer(image, &visit, payload);
        let (reply, took, line) = answer?;
        let took = if self.has_fault(pod, Fault::Slow) { took + super::fault::SLOW } else { took };
        if let Some(line) = line {
            let now = self.now();
            let runtime = self.kubelet.runtime_mut(pod);
            let slot = runtime.and_then(|r| r.containers.iter_mut().find(|c| &*c.name == container));
            if let Some(slot) = slot {
                slot.write(now, line);
            }
        }
        Some((reply, took))
    }

    /// What the process of a container makes of a request that it passes on; `None` when it answers by itself.
    pub(crate) fn relay(
        &self,
        pod: &ObjectKey,
        container: &str,
        packet: &Packet,
        payload: &Payload,
    ) -> Option<crate::network::relay::Relay> {
        let Payload::Http(request) = payload else { return None };
        let object = self.store().get(pod)?;
        let spec = spec_of(object, container)?;
        let image = images::find(spec.get("image")?.as_str()?)?;
        let container = self.container(pod, container)?;
        let run = Run { container: spec, env: &container.env };
        let up = self.now() - container.running_since()?;
        image.relay(&images::Visit { cluster: self, pod, object, packet, run, up }, request)
    }

    /// What a process sends to those who send no HTTP.
    pub(crate) fn malformed_answer(&self, pod: &ObjectKey, container: &str, packet: &Packet) -> Option<Stream> {
        let object = self.store().get(pod)?;
        let spec = spec_of(object, container)?;
        let image = images::find(spec.get("image")?.as_str()?)?;
        let process = self.container(pod, container)?;
        let run = Run { container: spec, env: &process.env };
        let up = self.now() - process.running_since()?;
        Some(images::bad_request(image, &images::Visit { cluster: self, pod, object, packet, run, up }))
    }

    fn container(&self, pod: &ObjectKey, name: &str) -> Option<&Container> {
        self.kubelet.pods.get(pod)?.containers.iter().find(|container| &*container.name == name)
    }

    /// Since when the process of a container runs; `None` while it does not.
    pub(crate) fn running_since(&self, pod: &ObjectKey, container: &str) -> Option<Instant> {
        self.container(pod, container)?.running_since()
    }

    /// What a container wrote, oldest first; of the process before the last restart when `previous`.
    #[must_use]
    pub fn logs(&self, pod: &ObjectKey, container: &str, previous: bool) -> Option<&[LogLine]> {
        let container = self.container(pod, container)?;
        Some(if previous { &container.previous_log } else { &container.log })
    }

    /// The environment variables of a container, as they were when it started.
    #[must_use]
    pub fn container_env(&self, pod: &ObjectKey, container: &str) -> Option<&Environment> {
        Some(&self.container(pod, container)?.env)
    }

    /// The content of `/etc/resolv.conf` in a pod.
    #[must_use]
    pub fn resolv_conf(&self, pod: &ObjectKey) -> Option<String> {
        self.store().get(pod).map(|pod| environment::resolv_conf(self, pod))
    }

    /// Makes a file of a container be there or not, for probes that look for it.
    pub fn set_file(&mut self, pod: &ObjectKey, container: &str, path: &str, exists: bool) {
        let now = self.now();
        let runtime = self.kubelet.runtime_mut(pod);
        let Some(slot) = runtime.and_then(|r| r.containers.iter_mut().find(|c| &*c.name == container)) else { return };
        let changed = if exists { slot.files.insert(path.to_owned()) } else { slot.files.remove(path) };
        if changed {
            slot.health.wake(now);
            self.schedule(1, crate::cluster::Work::Kubelet(pod.clone()));
        }
    }
}

/// When a process will next behave in another way by itself.
pub(super) fn next_change(cluster: &Cluster, key: &ObjectKey, name: &str) -> Option<Instant> {
    let object = cluster.store().get(key)?;
    let container = cluster.container(key, name)?;
    let Life::Running { since, .. } = container.life else { return None };
    let spec = spec_of(object, name)?;
    let image = images::find(spec.get("image")?.as_str()?)?;
    let up = cluster.now() - since;
    image.next_change(&Run { container: spec, env: &container.env }, up).map(|after| since + after)
}

/// What a probe finds: nothing wrong, or what the kubelet says of it.
pub(super) fn ask(
    cluster: &mut Cluster,
    key: &ObjectKey,
    pod: &Object,
    name: &str,
    probe: &Value,
) -> Result<(), String> {
    let ip = cluster.kubelet.pods.get(key).and_then(|runtime| runtime.ip).unwrap_or(Ipv4Addr::UNSPECIFIED);
    let timeout = probe.get("timeoutSeconds").and_then(Value::as_u64).unwrap_or(1).max(1);
    let text = |path: &[&str]| lookup(probe, path).and_then(Value::as_str).unwrap_or_default();
    let port_of = |path: &[&str]| {
        let spec = spec_of(pod, name)?;
        match lookup(probe, path)? {
            Value::String(wanted) => {
                let ports = spec.get("ports")?.as_array()?;
                let port = ports.iter().find(|port| port.get("name").is_some_and(|n| n == wanted.as_str()))?;
                port.get("containerPort")?.as_u64()
            }
            number => number.as_u64(),
        }
        .and_then(|number| u16::try_from(number).ok())
    };
    if probe.get("httpGet").is_some() {
        let Some(port) = port_of(&["httpGet", "port"]) else { return Err(unknown_port(probe, "httpGet")) };
        let scheme = text(&["httpGet", "scheme"]).to_lowercase();
        let path = text(&["httpGet", "path"]);
        let slash = if path.starts_with('/') { "" } else { "/" };
        let url = format!("{scheme}://{ip}:{port}{slash}{path}");
        let host = format!("{ip}:{port}");
        let mut request = HttpRequest::get(&host, &format!("{slash}{path}"));
        request.headers.push(("User-Agent".to_owned(), "kube-probe/1.36".to_owned()));
        for header in lookup(probe, &["httpGet", "httpHeaders"]).and_then(Value::as_array).into_iter().flatten() {
            let part = |field: &str| header.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
            request.headers.push((part("name"), part("value")));
        }
        let late = format!("Get \"{url}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        let refused = format!("Get \"{url}\": dial tcp {ip}:{port}: connect: connection refused");
        return match visit(cluster, key, ip, port, &Payload::Http(request)) {
            Visit::Refused => Err(refused),
            Visit::Answered(reply, took) if took <= timeout * 1_000_000 => match reply {
                Reply::Http(response) if (200..400).contains(&response.status) => Ok(()),
                Reply::Http(response) => Err(format!("HTTP probe failed with statuscode: {}", response.status)),
                _ => Err(format!(
                    "Get \"{url}\": net/http: HTTP/1.x transport connection broken: malformed HTTP response"
                )),
            },
            Visit::Silent | Visit::Answered(..) => Err(late),
        };
    }
    if probe.get("tcpSocket").is_some() {
        let Some(port) = port_of(&["tcpSocket", "port"]) else { return Err(unknown_port(probe, "tcpSocket")) };
        return match visit(cluster, key, ip, port, &Payload::Connect) {
            Visit::Refused => Err(format!("dial tcp {ip}:{port}: connect: connection refused")),
            _ => Ok(()),
        };
    }
    if probe.get("grpc").is_some() {
        let Some(port) = port_of(&["grpc", "port"]) else { return Err(unknown_port(probe, "grpc")) };
        let speaks = cluster.listener(key, Protocol::Tcp, port).is_some_and(|(_, _, image)| image.speaks_grpc());
        let message =
            format!("timeout: failed to connect service \"{ip}:{port}\" within {timeout}s: context deadline exceeded");
        return if speaks && !cluster.has_fault(key, Fault::Hang) { Ok(()) } else { Err(message) };
    }
    let words: Vec<&str> = lookup(probe, &["exec", "command"])
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    execute(cluster, key, pod, name, &words, timeout)
}

fn unknown_port(probe: &Value, handler: &str) -> String {
    let port = lookup(probe, &[handler, "port"]).map(ToString::to_string).unwrap_or_default();
    format!("couldn't find port: {port}")
}

/// How a visit ended.
enum Visit {
    Refused,
    Silent,
    Answered(Reply, u64),
}

fn visit(cluster: &mut Cluster, key: &ObjectKey, ip: Ipv4Addr, port: u16, payload: &Payload) -> Visit {
    let Some((_, container, _)) = cluster.listener(key, Protocol::Tcp, port) else { return Visit::Refused };
    let node = cluster.store().get(key).map(|pod| pod.str(&["spec", "nodeName"]).to_owned()).unwrap_or_default();
    let nodes = &cluster.settings().nodes;
    let from = nodes.iter().find(|n| n.name == node).and_then(|n| n.internal_ip.parse().ok());
    let source = Socket { ip: from.unwrap_or(Ipv4Addr::UNSPECIFIED), port: 40_000 };
    let packet = Packet { protocol: Protocol::Tcp, source, destination: Socket { ip, port } };
    match cluster.serve(key, &container, &packet, payload) {
        Some((reply, took)) => Visit::Answered(reply, took),
        None => Visit::Silent,
    }
}

/// Runs a probe's command in a container.
fn execute(
    cluster: &Cluster,
    key: &ObjectKey,
    pod: &Object,
    name: &str,
    words: &[&str],
    timeout: u64,
) -> Result<(), String> {
    let Some(container) = cluster.container(key, name) else { return Err("container not found".to_owned()) };
    let Some(since) = container.running_since() else { return Err("container not running".to_owned()) };
    if cluster.has_fault(key, Fault::Hang) {
        return Err(format!("command timed out: \"{}\" timed out after {timeout}s", words.join(" ")));
    }
    let spec = spec_of(pod, name);
    let image = spec.and_then(|spec| images::find(spec.get("image")?.as_str()?));
    let (Some(spec), Some(image)) = (spec, image) else { return Err("container not found".to_owned()) };
    let run = Run { container: spec, env: &container.env };
    let up = cluster.now() - since;
    let exists = |path: &str| container.files.contains(path) || image.has_file(&run, up, path);
    match images::script::run_command(words, &exists) {
        (0, _) => Ok(()),
        (_, output) => Err(output),
    }
}
