//! The way of one connection, from who sends it to who answers. The only code that makes traces.

use std::net::Ipv4Addr;
use std::sync::Arc;

use api::{ObjectKey, Path};

use super::proxy::{Backend, Rule};
use super::{
    Action, Because, Candidate, Hop, Outcome, Packet, Payload, Place, Protocol, Refusal, Reply, Socket, Trace, TraceId,
    Traffic, Vantage, Verdict,
};
use crate::cluster::NodeSettings;
use crate::{Cluster, Instant, images};

/// Microseconds of a step within a node, between nodes, and from outside.
const LOCAL: u64 = 40;
const BETWEEN_NODES: u64 = 300;
const FROM_OUTSIDE: u64 = 900;

/// The address of the learner's machine in the network of the nodes.
pub(crate) const LAPTOP_IP: Ipv4Addr = Ipv4Addr::new(192, 168, 64, 1);

/// Routes a request and says what happened.
pub(crate) fn route(cluster: &mut Cluster, id: TraceId, traffic: Traffic) -> Trace {
    let mut way = Way::start(cluster, &traffic);
    let outcome = way.run();
    let hops = way.hops;
    Trace { id, at: cluster.now(), traffic, hops, outcome }
}

/// A packet under way.
struct Way<'a> {
    cluster: &'a mut Cluster,
    traffic: &'a Traffic,
    place: Place,
    /// The node whose rules see the packet; `None` on the learner's machine.
    node: Option<Arc<str>>,
    packet: Packet,
    at: Instant,
    hops: Vec<Hop>,
}

impl<'a> Way<'a> {
    fn start(cluster: &'a mut Cluster, traffic: &'a Traffic) -> Self {
        let (place, node, ip) = match &traffic.from {
            Vantage::Pod { namespace, name } => {
                let key = ObjectKey::new(&api::pod::KIND, namespace, name);
                let pod = cluster.store().get(&key);
                let ip = pod.and_then(|pod| pod.str(&["status", "podIP"]).parse().ok());
                let node: Option<Arc<str>> = pod.map(|pod| pod.str(&["spec", "nodeName"]).into());
                (Place::Pod(key), node, ip.unwrap_or(Ipv4Addr::UNSPECIFIED))
            }
            Vantage::Node(name) => {
                let ip = node_by_name(cluster, name).and_then(|node| node.internal_ip.parse().ok());
                (Place::Node(name.clone()), Some(name.clone()), ip.unwrap_or(Ipv4Addr::UNSPECIFIED))
            }
            Vantage::Laptop => (Place::Laptop, None, LAPTOP_IP),
        };
        let port = if traffic.protocol == Protocol::Icmp { 0 } else { 32_768 + port_of_chance(cluster) };
        let packet = Packet { protocol: traffic.protocol, source: Socket { ip, port }, destination: traffic.to };
        let at = cluster.now();
        Self { cluster, traffic, place, node, packet, at, hops: Vec::new() }
    }

    fn run(&mut self) -> Outcome {
        self.hop(LOCAL, Action::Send, None);
        if self.node.is_none() {
            match self.enter_from_outside() {
                Some(node) => self.node = Some(node),
                None => return self.lost("this machine has no route into the cluster's own networks"),
            }
        }
        if let Place::Pod(_) = self.place
            && let Some(node) = self.node.clone()
        {
            self.go(Place::Node(node), LOCAL);
        }
        match self.rule() {
            Some(rule) => self.through(&rule),
            None => self.straight(),
        }
    }

    /// From the learner's machine only the nodes' own addresses can be reached.
    fn enter_from_outside(&mut self) -> Option<Arc<str>> {
        let ip = self.packet.destination.ip.to_string();
        let nodes = &self.cluster.settings().nodes;
        let name: Arc<str> = nodes.iter().find(|node| node.internal_ip == ip)?.name.as_str().into();
        self.go(Place::Node(name.clone()), FROM_OUTSIDE);
        Some(name)
    }

    /// The rule of this node that the packet's destination meets.
    fn rule(&self) -> Option<Rule> {
        let proxy = self.cluster.proxies.get(self.node.as_ref()?)?;
        let to = self.packet.destination;
        let by_address = proxy.rule_for(self.packet.protocol, to);
        let is_node = node_by_ip(self.cluster, to.ip).is_some();
        by_address.or_else(|| proxy.rule_for_node_port(self.packet.protocol, to.port).filter(|_| is_node)).cloned()
    }

    /// A Service's address: one endpoint is chosen, or nobody is there.
    fn through(&mut self, rule: &Rule) -> Outcome {
        let from = self.packet.destination;
        let usable = usable(rule);
        let chosen = self.cluster.rng.pick(&usable).copied().and_then(|index| rule.endpoints.get(index));
        let candidates = rule
            .endpoints
            .iter()
            .enumerate()
            .map(|(index, backend)| Candidate {
                socket: backend.socket,
                pod: backend.pod.clone(),
                verdict: match () {
                    () if chosen.is_some_and(|chosen| std::ptr::eq(chosen, backend)) => Verdict::Chosen,
                    () if usable.contains(&index) => Verdict::Eligible,
                    () if backend.terminating => Verdict::Terminating,
                    () => Verdict::NotReady,
                },
            })
            .collect();
        let path = Path::new("spec.ports").index(rule.port_index);
        let because = Because { object: rule.service.clone(), path, revision: rule.revision };
        let Some(backend) = chosen else {
            let selector = Because { path: Path::new("spec.selector"), ..because };
            self.hop(LOCAL, Action::Refuse(Refusal::NoEndpoints), Some(selector));
            return Outcome::Refused(Refusal::NoEndpoints);
        };
        self.packet.destination = backend.socket;
        self.hop(LOCAL, Action::Translate { from, to: backend.socket, candidates }, Some(because));
        self.masquerade(backend, from);
        self.straight()
    }

    /// Traffic that the pods could not answer otherwise gets the node's address as its source: what came to a node
    /// port, and what a pod sends to itself.
    fn masquerade(&mut self, backend: &Backend, asked: Socket) {
        let outside = node_by_ip(self.cluster, asked.ip).is_some();
        let hairpin = backend.socket.ip == self.packet.source.ip;
        if !(outside || hairpin) {
            return;
        }
        let node = self.node.as_ref().and_then(|name| node_by_name(self.cluster, name));
        let Some(ip) = node.and_then(|node| node.internal_ip.parse().ok()) else { return };
        let from = std::mem::replace(&mut self.packet.source.ip, ip);
        self.hop(LOCAL, Action::Masquerade { from }, None);
    }

    /// An address that no rule rewrites: a pod's, a node's, or one that nobody has.
    fn straight(&mut self) -> Outcome {
        let to = self.packet.destination;
        if let Some(pod) = self.cluster.kubelet.pod_at(to.ip).cloned() {
            let node: Arc<str> = self.cluster.store().get(&pod).map_or("", |pod| pod.str(&["spec", "nodeName"])).into();
            let elsewhere = self.node.as_ref() != Some(&node);
            if elsewhere {
                self.go(Place::Node(node), BETWEEN_NODES);
            }
            self.go(Place::Pod(pod.clone()), LOCAL);
            return self.arrive(&pod);
        }
        if node_by_ip(self.cluster, to.ip).is_some() {
            return match self.traffic.payload {
                Payload::Ping => self.pong(64),
                _ => self.refused(Refusal::Reset, None),
            };
        }
        let proxy = self.node.as_ref().and_then(|node| self.cluster.proxies.get(node));
        match proxy.and_then(|proxy| proxy.knows_address(to.ip)).map(|rule| rule.service.clone()) {
            Some(service) => {
                let revision = self.cluster.store().get(&service).map_or(0, |service| service.resource_version());
                let because = Because { object: service, path: Path::new("spec.ports"), revision };
                let reason =
                    format!("the Service has no port {}, so no rule rewrites the packet and it leaves", to.port);
                self.hop(LOCAL, Action::Drop { reason }, Some(because));
                Outcome::Lost
            }
            None if pod_network(self.cluster, to.ip) => {
                self.hop(BETWEEN_NODES, Action::Refuse(Refusal::HostUnreachable), None);
                Outcome::Refused(Refusal::HostUnreachable)
            }
            None => self.lost("nobody in this cluster has the address, and what is outside is not simulated"),
        }
    }

    /// In the pod's network namespace: somebody listens, or the kernel resets.
    fn arrive(&mut self, pod: &ObjectKey) -> Outcome {
        if self.packet.protocol == Protocol::Icmp {
            return self.pong(if self.hops.iter().any(|hop| hop.took == BETWEEN_NODES) { 62 } else { 63 });
        }
        let port = self.packet.destination.port;
        let revision = self.cluster.store().get(pod).map_or(0, |pod| pod.resource_version());
        let because = |path: Path| Some(Because { object: pod.clone(), path, revision });
        let listener = self.cluster.listener(pod, self.packet.protocol, port);
        let Some((index, container, image)) = listener else {
            return self.refused(Refusal::Reset, because(Path::new("spec.containers")));
        };
        let path = Path::new("spec.containers").index(index).child("image");
        self.hop(LOCAL, Action::Deliver { container }, because(path));
        let reply = images::serve(self.cluster, image, pod, &self.packet, &self.traffic.payload);
        let summary = match &reply {
            Reply::Http(response) => format!("{} {}", response.status, response.reason),
            Reply::Dns(answer) => dns_summary(answer),
            Reply::Connected => "connection accepted".to_owned(),
            Reply::Pong { .. } => "echo reply".to_owned(),
            Reply::Garbage => "a protocol the client does not speak".to_owned(),
        };
        self.hop(LOCAL, Action::Answer { summary }, None);
        Outcome::Answered(reply)
    }

    fn pong(&mut self, ttl: u8) -> Outcome {
        self.hop(LOCAL, Action::Answer { summary: "echo reply".to_owned() }, None);
        Outcome::Answered(Reply::Pong { ttl })
    }

    fn refused(&mut self, refusal: Refusal, because: Option<Because>) -> Outcome {
        self.hop(LOCAL, Action::Refuse(refusal), because);
        Outcome::Refused(refusal)
    }

    fn lost(&mut self, reason: &str) -> Outcome {
        self.hop(0, Action::Drop { reason: reason.to_owned() }, None);
        Outcome::Lost
    }

    fn go(&mut self, to: Place, took: u64) {
        self.hop(took, Action::Forward { to: to.clone() }, None);
        if let Place::Node(node) = &to {
            self.node = Some(node.clone());
        }
        self.place = to;
    }

    fn hop(&mut self, took: u64, action: Action, because: Option<Because>) {
        self.hops.push(Hop { at: self.at, took, place: self.place.clone(), packet: self.packet, action, because });
        self.at = self.at + took;
    }
}

/// A name server's answer in a few words.
fn dns_summary(answer: &super::dns::Answer) -> String {
    let addresses = answer.addresses();
    if addresses.is_empty() {
        return answer.rcode.as_str().to_owned();
    }
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The endpoints that may be taken, by index: the ready ones, or else those that still serve while terminating.
/// Models `pkg/proxy/topology.go` `CategorizeEndpoints` for the Cluster policy.
fn usable(rule: &Rule) -> Vec<usize> {
    let pick = |wanted: fn(&Backend) -> bool| -> Vec<usize> {
        rule.endpoints.iter().enumerate().filter(|(_, backend)| wanted(backend)).map(|(index, _)| index).collect()
    };
    let ready = pick(|backend| backend.ready);
    if ready.is_empty() { pick(|backend| backend.serving && backend.terminating) } else { ready }
}

fn node_by_ip(cluster: &Cluster, ip: Ipv4Addr) -> Option<&NodeSettings> {
    let ip = ip.to_string();
    cluster.settings().nodes.iter().find(|node| node.internal_ip == ip)
}

fn node_by_name<'a>(cluster: &'a Cluster, name: &str) -> Option<&'a NodeSettings> {
    cluster.settings().nodes.iter().find(|node| node.name == name)
}

fn pod_network(cluster: &Cluster, ip: Ipv4Addr) -> bool {
    let ip = ip.to_string();
    cluster
        .settings()
        .nodes
        .iter()
        .any(|node| ip.strip_prefix(&node.pod_network).is_some_and(|rest| rest.starts_with('.')))
}

fn port_of_chance(cluster: &mut Cluster) -> u16 {
    u16::try_from(cluster.rng.below(28_232)).unwrap_or(0)
}
