//! The way of one connection, from who sends it to who answers. The only code that makes traces.

use std::net::Ipv4Addr;
use std::sync::Arc;

use api::{Object, ObjectKey, Path};

use super::policy::{self, Direction, Peer};
use super::proxy::{Choice, Door, Rule};
use super::{
    Action, Because, Hop, Outcome, Packet, Payload, Place, Protocol, Refusal, Reply, Socket, Trace, TraceId, Traffic,
    Vantage,
};
use crate::cluster::{NodeSettings, ProxyMode};
use crate::{Cluster, Instant};

/// Microseconds of a step within a node, between nodes, and from outside.
const LOCAL: u64 = 40;
const BETWEEN_NODES: u64 = 300;
const FROM_OUTSIDE: u64 = 900;

/// The address of the learner's machine in the network of the nodes, and of a client somewhere in the world.
const LAPTOP_IP: Ipv4Addr = Ipv4Addr::new(192, 168, 64, 1);
const INTERNET_IP: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);

/// Routes a request and says what happened.
pub(crate) fn route(cluster: &mut Cluster, id: TraceId, traffic: Traffic) -> Trace {
    let at = cluster.now();
    let mut way = Way::start(cluster, &traffic);
    let outcome = way.run();
    let hops = way.hops;
    Trace { id, at, traffic, hops, outcome }
}

/// A packet under way. `Err` ends the way with an outcome.
struct Way<'a> {
    cluster: &'a mut Cluster,
    traffic: &'a Traffic,
    place: Place,
    /// The node whose rules see the packet; `None` outside of the cluster.
    node: Option<Arc<str>>,
    packet: Packet,
    at: Instant,
    hops: Vec<Hop>,
}

type Step<T> = Result<T, Outcome>;

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
            Vantage::Internet => (Place::Outside, None, INTERNET_IP),
        };
        let port = match traffic.protocol {
            Protocol::Icmp => 0,
            _ => 32_768 + u16::try_from(cluster.rng.below(28_232)).unwrap_or(0),
        };
        let packet = Packet { protocol: traffic.protocol, source: Socket { ip, port }, destination: traffic.to };
        let at = cluster.now();
        Self { cluster, traffic, place, node, packet, at, hops: Vec::new() }
    }

    fn run(&mut self) -> Outcome {
        match self.walk() {
            Ok(outcome) | Err(outcome) => outcome,
        }
    }

    fn walk(&mut self) -> Step<Outcome> {
        self.hop(LOCAL, Action::Send, None);
        if self.node.is_none() {
            self.enter_from_outside()?;
        }
        if let Place::Pod(_) = self.place
            && self.packet.destination.ip != self.packet.source.ip
            && !self.packet.destination.ip.is_loopback()
            && let Some(node) = self.node.clone()
        {
            self.go(Place::Node(node), LOCAL);
        }
        if let Some((rule, door)) = self.rule() {
            self.translate(&rule, door)?;
        }
        self.leave_pod()?;
        self.straight()
    }

    /// Outside of the cluster only the nodes' own addresses and load balancers can be reached.
    fn enter_from_outside(&mut self) -> Step<()> {
        let to = self.packet.destination.ip;
        let by_node = node_by_ip(self.cluster, to).map(|node| node.name.clone());
        if let (Some(name), Place::Laptop) = (by_node, &self.place) {
            self.go(Place::Node(name.into()), FROM_OUTSIDE);
            return Ok(());
        }
        let balanced = self.cluster.proxies.values().find_map(|proxy| {
            let (rule, door) = proxy.find(self.packet.protocol, self.packet.destination, false)?;
            matches!(door, Door::LoadBalancer | Door::ExternalIp).then(|| rule.clone())
        });
        let Some(rule) = balanced else {
            return Err(self.lost("this machine has no route into the cluster's own networks", None));
        };
        self.go(Place::LoadBalancer(rule.service.clone()), FROM_OUTSIDE);
        // A load balancer asks each node's health check: with the Local policy only nodes with an endpoint are well.
        let nodes: Vec<Arc<str>> = self.cluster.proxies.keys().cloned().collect();
        let well: Vec<Arc<str>> = nodes
            .into_iter()
            .filter(|node| !rule.external_local || rule.endpoints.iter().any(|b| b.ready && b.node == *node))
            .collect();
        let Some(node) = self.cluster.rng.pick(&well).cloned() else {
            let path = Path::new("spec.externalTrafficPolicy");
            let because = Because { object: rule.service, path, revision: rule.revision };
            return Err(self.lost("no node passes the load balancer's health check", Some(because)));
        };
        self.go(Place::Node(node), FROM_OUTSIDE);
        Ok(())
    }

    /// The rule of this node that the packet's destination meets.
    fn rule(&self) -> Option<(Rule, Door)> {
        let proxy = self.cluster.proxies.get(self.node.as_ref()?)?;
        let to = self.packet.destination;
        let is_node = node_by_ip(self.cluster, to.ip).is_some();
        proxy.find(self.packet.protocol, to, is_node).map(|(rule, door)| (rule.clone(), door))
    }

    /// A Service's address becomes one endpoint's, or the packet ends here.
    fn translate(&mut self, rule: &Rule, door: Door) -> Step<()> {
        let from = self.packet.destination;
        let client = self.packet.source.ip;
        let from_pod = matches!(self.traffic.from, Vantage::Pod { .. });
        let node = self.node.clone().unwrap_or_default();
        let zone = self.zone(&node);
        let choice = Choice::new(rule, door, from_pod, &node, &zone);
        let now = self.cluster.now();
        let remembered = self.cluster.proxies.get(&node).and_then(|proxy| proxy.remembered(rule, client, now));
        let again = choice.usable.iter().find(|index| remembered == Some(rule.endpoints[**index].socket)).copied();
        let chosen = again.or_else(|| self.cluster.rng.pick(&choice.usable).copied());
        let because = |path: Path| Because { object: rule.service.clone(), path, revision: rule.revision };
        let port = Path::new("spec.ports").index(rule.port_index);
        let Some(index) = chosen else {
            if choice.others_elsewhere {
                let external = door != Door::ClusterIp;
                let field = if external { "externalTrafficPolicy" } else { "internalTrafficPolicy" };
                let reason = format!("{field} is Local and node {node} has no endpoint that is ready");
                return Err(self.lost(&reason, Some(because(Path::new("spec").child(field)))));
            }
            return Err(self.refused(Refusal::NoEndpoints, Some(because(Path::new("spec.selector")))));
        };
        let backend = &rule.endpoints[index];
        self.packet.destination = backend.socket;
        let candidates = choice.candidates(rule, chosen);
        let reason = if again.is_some() { Path::new("spec.sessionAffinity") } else { port };
        self.hop(LOCAL, Action::Translate { from, to: backend.socket, candidates }, Some(because(reason)));
        if let Some(proxy) = self.cluster.proxies.get_mut(&node) {
            proxy.remember(rule, client, backend.socket, now);
        }
        self.masquerade(rule, door, from_pod, backend.socket.ip == client);
        Ok(())
    }

    /// Gives the packet the node's address as its source where the answer would not find back otherwise.
    /// Models the KUBE-MARK-MASQ jumps of `pkg/proxy/iptables`.
    fn masquerade(&mut self, rule: &Rule, door: Door, from_pod: bool, hairpin: bool) {
        let external = door != Door::ClusterIp && !(rule.external_local && from_pod);
        let needed = hairpin || (!from_pod && door == Door::ClusterIp) || (external && !rule.external_local);
        let node = self.node.as_ref().and_then(|name| node_by_name(self.cluster, name));
        let Some(ip) = node.and_then(|node| node.internal_ip.parse().ok()).filter(|_| needed) else { return };
        let from = std::mem::replace(&mut self.packet.source.ip, ip);
        if from == ip {
            return;
        }
        let path = if hairpin || door == Door::ClusterIp { "spec.clusterIP" } else { "spec.externalTrafficPolicy" };
        let because = Because { object: rule.service.clone(), path: Path::new(path), revision: rule.revision };
        self.hop(LOCAL, Action::Masquerade { from }, Some(because));
    }

    /// What the policies of the sender say.
    fn leave_pod(&mut self) -> Step<()> {
        let Vantage::Pod { namespace, name } = &self.traffic.from else { return Ok(()) };
        let sender = self.cluster.store().find(&api::pod::KIND, namespace, name).cloned();
        let to = self.packet.destination;
        let target = self.cluster.kubelet.pod_at(to.ip).and_then(|key| self.cluster.store().get(key)).cloned();
        match sender {
            Some(sender) => self.filter(Direction::Egress, &sender, to.ip, target.as_deref(), target.as_deref()),
            None => Ok(()),
        }
    }

    fn filter(
        &mut self,
        direction: Direction,
        pod: &Object,
        ip: Ipv4Addr,
        peer: Option<&Object>,
        target: Option<&Object>,
    ) -> Step<()> {
        let same_pod = peer.is_some_and(|peer| peer.uid() == pod.uid());
        if !self.cluster.settings().network_policies || same_pod || pod.bool(&["spec", "hostNetwork"]) {
            return Ok(());
        }
        let wanted = (self.packet.protocol, self.packet.destination.port);
        let verdict = policy::judge(self.cluster.store(), direction, pod, Peer { ip, pod: peer }, target, wanted);
        if verdict.policies.is_empty() {
            return Ok(());
        }
        let allowed = verdict.allowed;
        let action = Action::Filter { direction, allowed, policies: verdict.policies };
        self.hop(LOCAL, action, verdict.because);
        if allowed { Ok(()) } else { Err(Outcome::Lost) }
    }

    /// An address that no rule rewrites: a pod's, a node's, or one that nobody has.
    fn straight(&mut self) -> Step<Outcome> {
        let to = self.packet.destination;
        if let (true, Place::Pod(own)) = (to.ip.is_loopback(), self.place.clone()) {
            return self.arrive(&own);
        }
        if let Some(pod) = self.cluster.kubelet.pod_at(to.ip).cloned() {
            if self.place == Place::Pod(pod.clone()) {
                return self.arrive(&pod);
            }
            let object = self.cluster.store().get(&pod).cloned();
            let node: Arc<str> = object.as_ref().map_or("", |pod| pod.str(&["spec", "nodeName"])).into();
            if self.node.as_ref() != Some(&node) {
                self.go(Place::Node(node.clone()), BETWEEN_NODES);
            }
            self.enter_pod(object.as_deref(), &node)?;
            self.go(Place::Pod(pod.clone()), LOCAL);
            return self.arrive(&pod);
        }
        if let Some(node) = node_by_ip(self.cluster, to.ip).map(|node| node.name.clone()) {
            if self.node.as_deref() != Some(&*node) {
                self.go(Place::Node(node.into()), BETWEEN_NODES);
            }
            return self.at_node();
        }
        let proxy = self.node.as_ref().and_then(|node| self.cluster.proxies.get(node));
        if let Some(service) = proxy.and_then(|proxy| proxy.service_at(to.ip)).cloned() {
            return Err(self.no_such_port(service));
        }
        if pod_network(self.cluster, to.ip) {
            return Err(self.refused(Refusal::HostUnreachable, None));
        }
        Err(self.lost("nobody in this cluster has the address, and what is outside is not simulated", None))
    }

    /// What the policies of the receiver say. A node may always reach its own pods: their probes come from there.
    fn enter_pod(&mut self, pod: Option<&Object>, node: &str) -> Step<()> {
        let ip = self.packet.source.ip;
        let own_node = node_by_name(self.cluster, node).is_some_and(|node| node.internal_ip == ip.to_string());
        let Some(pod) = pod.filter(|_| !own_node) else { return Ok(()) };
        let peer = self.cluster.kubelet.pod_at(ip).and_then(|key| self.cluster.store().get(key)).cloned();
        self.filter(Direction::Ingress, pod, ip, peer.as_deref(), Some(pod))
    }

    /// On a node itself: the API server, or nobody.
    fn at_node(&mut self) -> Step<Outcome> {
        match self.traffic.payload {
            Payload::Ping => Ok(self.pong(64)),
            _ => Err(self.refused(Refusal::Reset, None)),
        }
    }

    /// A Service's address with a port it does not have: what becomes of it depends on the proxy's mode.
    fn no_such_port(&mut self, service: ObjectKey) -> Outcome {
        let revision = self.cluster.store().get(&service).map_or(0, |service| service.resource_version());
        let because = Some(Because { object: service, path: Path::new("spec.ports"), revision });
        let mode = self.cluster.settings().proxy_mode;
        if self.packet.protocol == Protocol::Icmp {
            return match mode {
                ProxyMode::Ipvs => self.pong(64),
                ProxyMode::Nftables => self.refused(Refusal::NoSuchPort, because),
                ProxyMode::Iptables => self.lost("a Service's address is no machine: nothing answers a ping", because),
            };
        }
        match mode {
            ProxyMode::Nftables => self.refused(Refusal::NoSuchPort, because),
            ProxyMode::Ipvs => self.refused(Refusal::Reset, because),
            ProxyMode::Iptables => {
                let port = self.packet.destination.port;
                let reason = format!("the Service has no port {port}, so no rule rewrites the packet and it leaves");
                self.lost(&reason, because)
            }
        }
    }

    /// In the pod's network namespace: somebody listens, or the kernel resets.
    fn arrive(&mut self, pod: &ObjectKey) -> Step<Outcome> {
        if self.packet.protocol == Protocol::Icmp {
            let far = self.hops.iter().any(|hop| hop.took == BETWEEN_NODES);
            return Ok(self.pong(if far { 62 } else { 63 }));
        }
        let port = self.packet.destination.port;
        let revision = self.cluster.store().get(pod).map_or(0, |pod| pod.resource_version());
        let because = |path: Path| Some(Because { object: pod.clone(), path, revision });
        let Some((index, container, _)) = self.cluster.listener(pod, self.packet.protocol, port) else {
            return Err(self.refused(Refusal::Reset, because(Path::new("spec.containers"))));
        };
        let path = Path::new("spec.containers").index(index).child("image");
        self.hop(LOCAL, Action::Deliver { container: container.clone() }, because(path));
        let Some((reply, took)) = self.cluster.serve(pod, &container, &self.packet, &self.traffic.payload) else {
            return Err(self.lost("the process took the connection and never answers", None));
        };
        self.hop(LOCAL + took, Action::Answer { summary: summary(&reply) }, None);
        Ok(Outcome::Answered(reply))
    }

    fn pong(&mut self, ttl: u8) -> Outcome {
        self.hop(LOCAL, Action::Answer { summary: "echo reply".to_owned() }, None);
        Outcome::Answered(Reply::Pong { ttl })
    }

    fn refused(&mut self, refusal: Refusal, because: Option<Because>) -> Outcome {
        self.hop(LOCAL, Action::Refuse(refusal), because);
        Outcome::Refused(refusal)
    }

    fn lost(&mut self, reason: &str, because: Option<Because>) -> Outcome {
        self.hop(0, Action::Drop { reason: reason.to_owned() }, because);
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

    fn zone(&self, node: &str) -> String {
        let node = self.cluster.store().find(&api::node::KIND, "", node);
        node.map_or("", |node| node.str(&["metadata", "labels", "topology.kubernetes.io/zone"])).to_owned()
    }
}

/// A reply in a few words.
fn summary(reply: &Reply) -> String {
    match reply {
        Reply::Http(response) => format!("{} {}", response.status, response.reason),
        Reply::Dns(answer) if answer.addresses().is_empty() => answer.rcode.as_str().to_owned(),
        Reply::Dns(answer) => answer.addresses().iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Reply::Connected => "connection accepted".to_owned(),
        Reply::Pong { .. } => "echo reply".to_owned(),
        Reply::Garbage => "a protocol the client does not speak".to_owned(),
    }
}

fn node_by_ip(cluster: &Cluster, ip: Ipv4Addr) -> Option<&NodeSettings> {
    cluster.settings().nodes.iter().find(|node| node.internal_ip.parse() == Ok(ip))
}

fn node_by_name<'a>(cluster: &'a Cluster, name: &str) -> Option<&'a NodeSettings> {
    cluster.settings().nodes.iter().find(|node| node.name == name)
}

fn pod_network(cluster: &Cluster, ip: Ipv4Addr) -> bool {
    let ip = ip.to_string();
    let in_network = |node: &NodeSettings| ip.strip_prefix(&node.pod_network).is_some_and(|rest| rest.starts_with('.'));
    cluster.settings().nodes.iter().any(in_network)
}
