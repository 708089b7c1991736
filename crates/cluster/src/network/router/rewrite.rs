//! What a node's kube-proxy makes of a packet: a Service's address becomes an endpoint's.

use std::net::Ipv4Addr;
use std::sync::Arc;

use api::Path;

use super::address;
use super::enter::because;
use super::{LOCAL, Step, Way};
use crate::cluster::{NodeSettings, ProxyMode};
use crate::network::proxy::{Choice, Client, Door, Met};
use crate::network::{Action, Because, Place, Protocol, Refusal};

impl Way<'_> {
    /// The rules of the node that the packet is on, and of those it comes to next because of them.
    pub(super) fn through_rules(&mut self) -> Step<()> {
        if let Some(met) = self.met() {
            self.translate(&met)?;
            return Ok(());
        }
        if let Some(met) = self.met_proxied() {
            self.balance(&met)?;
            if let Some(met) = self.met() {
                self.translate(&met)?;
            }
            return Ok(());
        }
        self.cross_to_other_node()
    }

    /// A packet for another node's address is that node's to look at: its node ports are its own.
    fn cross_to_other_node(&mut self) -> Step<()> {
        let to = self.packet.destination.ip;
        let other = address::node_by_ip(self.cluster, to).map(|node| Arc::<str>::from(node.name.as_str()));
        let Some(other) = other.filter(|other| self.node.as_ref() != Some(other)) else { return Ok(()) };
        self.leave_pod()?;
        self.hide_pod();
        self.cross(other)?;
        match self.met() {
            Some(met) => self.translate(&met),
            None => Ok(()),
        }
    }

    /// The rule of this node that the packet's destination meets.
    fn met(&self) -> Option<Met> {
        let proxy = self.cluster.proxies.get(self.node.as_ref()?)?;
        let to = self.packet.destination;
        proxy.find(self.packet.protocol, to, self.takes_node_ports(to.ip))
    }

    /// A load balancer that nodes leave alone, even from within.
    fn met_proxied(&self) -> Option<Met> {
        let proxy = self.cluster.proxies.get(self.node.as_ref()?)?;
        proxy.find_proxied(self.packet.protocol, self.packet.destination)
    }

    /// Whether node ports of this node can be met at an address: only the iptables mode serves 127.0.0.1.
    fn takes_node_ports(&self, ip: Ipv4Addr) -> bool {
        let own = self.node.as_ref().and_then(|name| address::node_by_name(self.cluster, name));
        let mode = self.cluster.settings().proxy_mode;
        (ip.is_loopback() && mode == ProxyMode::Iptables)
            || own.is_some_and(|node| {
                // The nftables mode serves the node's first address only.
                node.internal_ip.parse() == Ok(ip)
                    || (mode != ProxyMode::Nftables && address::gateway(node) == Some(ip))
            })
    }

    /// Whose the packet is, as this node tells from its source address.
    fn client(&self) -> Client {
        let source = self.packet.source.ip;
        let own = self.node.as_ref().and_then(|name| address::node_by_name(self.cluster, name));
        let is_own = |node: &NodeSettings| {
            node.internal_ip.parse() == Ok(source) || address::gateway(node) == Some(source) || source.is_loopback()
        };
        match own {
            Some(node) if is_own(node) => Client::OwnNode,
            _ if address::cluster_cidr(self.cluster.settings()).contains(&source) => Client::Pod,
            _ => Client::Other,
        }
    }

    /// A Service's address becomes one endpoint's, or the packet ends here.
    fn translate(&mut self, met: &Met) -> Step<()> {
        let from = self.packet.destination;
        let source = self.packet.source.ip;
        let client = self.client();
        let node = self.node.clone().unwrap_or_default();
        let outsiders = client == Client::Other || client == Client::OwnNode;
        if met.door == Door::LoadBalancer
            && outsiders
            && !met.source_ranges.is_empty()
            && !met.source_ranges.iter().any(|range| range.contains(&source))
        {
            let reason = format!("{source} is in none of the loadBalancerSourceRanges");
            return Err(self.lost(&reason, because(met, "spec.loadBalancerSourceRanges")));
        }
        let choice = Choice::new(met, met.door, client, &node, &self.zone(&node));
        let now = self.cluster.now();
        let remembered = self.cluster.proxies.get(&node).and_then(|proxy| proxy.remembered(met, source, now));
        let again = remembered
            .and_then(|socket| choice.usable.iter().copied().find(|index| met.endpoints[*index].socket == socket));
        let Some(index) = again.or_else(|| self.pick(met, &node, &choice.usable)) else {
            // A virtual server of IPVS without endpoints refuses, wherever others may be.
            if choice.others_elsewhere && self.cluster.settings().proxy_mode != ProxyMode::Ipvs {
                let external = met.door != Door::ClusterIp;
                let field = if external { "externalTrafficPolicy" } else { "internalTrafficPolicy" };
                let reason = format!("{field} is Local and node {node} has no endpoint that is ready");
                return Err(self.lost(&reason, because(met, &format!("spec.{field}"))));
            }
            return Err(self.refused(Refusal::NoEndpoints, because(met, "spec.selector")));
        };
        let to = met.endpoints[index].socket;
        self.packet.destination = to;
        let candidates = choice.candidates(met, Some(index));
        let port = Path::new("spec.ports").index(met.port_index);
        let path = if again.is_some() { Path::new("spec.sessionAffinity") } else { port };
        let why = Because { object: met.service.clone(), path, revision: met.revision };
        self.hop(LOCAL, Action::Translate { from, to, candidates }, Some(why));
        if let Some(proxy) = self.cluster.proxies.get_mut(&node) {
            proxy.remember(met, source, to, now);
        }
        self.mask(met, client, to.ip == source)
    }

    /// Chance, or with IPVS the next one in turn.
    fn pick(&mut self, met: &Met, node: &str, usable: &[usize]) -> Option<usize> {
        if self.cluster.settings().proxy_mode == ProxyMode::Ipvs {
            let turn = self.cluster.proxies.get_mut(node)?.take_turn(met, met.door, usable.len());
            return usable.get(turn).copied();
        }
        self.cluster.rng.pick(usable).copied()
    }

    /// Gives the packet the node's address as its source where the answer would not find back otherwise.
    fn mask(&mut self, met: &Met, client: Client, hairpin: bool) -> Step<()> {
        if hairpin || met.masquerades(client) {
            let node = self.node.as_ref().and_then(|name| address::node_by_name(self.cluster, name));
            let local = node.filter(|node| {
                address::node_of_pod_ip(self.cluster, self.packet.destination.ip).is_some_and(|n| n.name == node.name)
            });
            let ip = local.and_then(address::gateway).or_else(|| node?.internal_ip.parse().ok());
            let field =
                if hairpin || met.door == Door::ClusterIp { "spec.clusterIP" } else { "spec.externalTrafficPolicy" };
            if let Some(ip) = ip {
                self.replace_source(ip, because(met, field));
            }
        }
        let pod = address::node_of_pod_ip(self.cluster, self.packet.destination.ip).is_some();
        if hairpin && pod && !self.cluster.settings().hairpin {
            let reason =
                "the pod would have to get back what it sent itself, and its port of the bridge has no hairpin mode";
            return Err(self.lost(reason, None));
        }
        Ok(())
    }

    fn replace_source(&mut self, ip: Ipv4Addr, because: Option<Because>) {
        let from = std::mem::replace(&mut self.packet.source.ip, ip);
        if from != ip {
            self.unmasked = Some(self.unmasked.unwrap_or(from));
            self.hop(LOCAL, Action::Masquerade { from }, because);
        }
    }

    /// What a pod sends out of the network of the pods goes under its node's address: the network plugin sees to that.
    pub(super) fn hide_pod(&mut self) {
        let pods = address::cluster_cidr(self.cluster.settings());
        let node = self.node.as_ref().and_then(|name| address::node_by_name(self.cluster, name));
        let ip = node.and_then(|node| node.internal_ip.parse().ok());
        if let Some(ip) = ip
            && pods.contains(&self.packet.source.ip)
            && !pods.contains(&self.packet.destination.ip)
        {
            self.replace_source(ip, None);
        }
    }

    /// To another node, if it is there.
    pub(super) fn cross(&mut self, node: Arc<str>) -> Step<()> {
        if self.cluster.kubelet.is_down(&node) {
            return Err(self.refused(Refusal::HostUnreachable, None));
        }
        self.go(Place::Node(node), super::BETWEEN_NODES);
        Ok(())
    }

    /// A Service's address with a port it does not have: what becomes of it depends on the proxy's mode.
    pub(super) fn no_such_port(&mut self, service: api::ObjectKey) -> crate::network::Outcome {
        let object = self.cluster.store().get(&service);
        let revision = object.map_or(0, |service| service.resource_version());
        let cluster_ip =
            object.is_none_or(|service| service.str(&["spec", "clusterIP"]).parse() == Ok(self.packet.destination.ip));
        let because = Some(Because { object: service, path: Path::new("spec.ports"), revision });
        match (self.cluster.settings().proxy_mode, self.packet.protocol) {
            (ProxyMode::Ipvs, Protocol::Icmp) => self.pong(64),
            (ProxyMode::Ipvs, _) => self.refused(Refusal::Reset, because),
            (ProxyMode::Nftables, _) if cluster_ip => self.refused(Refusal::NoSuchPort, because),
            (_, Protocol::Icmp) => self.lost("a Service's address is no machine: nothing answers a ping", because),
            _ => {
                let port = self.packet.destination.port;
                let reason = format!("the Service has no port {port}, so no rule rewrites the packet and it leaves");
                self.lost(&reason, because)
            }
        }
    }

    fn zone(&self, node: &str) -> String {
        let node = self.cluster.store().find(&api::node::KIND, "", node);
        node.map_or("", |node| node.str(&["metadata", "labels", "topology.kubernetes.io/zone"])).to_owned()
    }
}
