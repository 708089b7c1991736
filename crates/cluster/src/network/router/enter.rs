//! From who sends a packet to the first node that sees it.

use std::net::Ipv4Addr;
use std::sync::Arc;

use api::{ObjectKey, Path};

use super::address::{self, INTERNET_IP, LAPTOP_IP};
use super::{FROM_OUTSIDE, LOCAL, Step, Way};
use crate::Cluster;
use crate::addons::LoadBalancerProvider;
use crate::network::proxy::{Door, Met};
use crate::network::{Because, Outcome, Packet, Place, Protocol, Refusal, Socket, Traffic, Vantage, outside};

/// Nodes with this label get nothing from a load balancer.
const EXCLUDED: &str = "node.kubernetes.io/exclude-from-external-load-balancers";

impl<'a> Way<'a> {
    pub(super) fn start(cluster: &'a mut Cluster, traffic: &'a Traffic) -> Self {
        let (place, node, ip) = match &traffic.from {
            Vantage::Pod { namespace, name } => {
                let key = ObjectKey::new(&api::pod::KIND, namespace, name);
                let pod = cluster.store().get(&key);
                let ip = pod.and_then(|pod| pod.str(&["status", "podIP"]).parse().ok());
                let node: Option<Arc<str>> = pod.map(|pod| pod.str(&["spec", "nodeName"]).into());
                (Place::Pod(key), node, ip.unwrap_or(Ipv4Addr::UNSPECIFIED))
            }
            Vantage::Node(name) => (Place::Node(name.clone()), Some(name.clone()), node_source(cluster, name, traffic)),
            Vantage::Laptop => (Place::Laptop, None, LAPTOP_IP),
            Vantage::Internet => (Place::Outside, None, INTERNET_IP),
        };
        let port = match traffic.protocol {
            Protocol::Icmp => 0,
            _ => 32_768 + u16::try_from(cluster.rng.below(28_232)).unwrap_or(0),
        };
        let ip = if traffic.to.ip.is_loopback() { Ipv4Addr::LOCALHOST } else { ip };
        let packet = Packet { protocol: traffic.protocol, source: Socket { ip, port }, destination: traffic.to };
        let at = cluster.now();
        Self { cluster, traffic, place, node, packet, unmasked: None, left: false, relays: 0, at, hops: Vec::new() }
    }

    /// Whether the packet never leaves the pod's own network namespace.
    pub(super) fn stays_in_pod(&self) -> bool {
        let to = self.packet.destination.ip;
        matches!(self.place, Place::Pod(_)) && (to.is_loopback() || to == self.packet.source.ip)
    }

    /// Out of the pod, onto its node. A pod of the host's network is there already.
    pub(super) fn leave_sender(&mut self) {
        if let (Place::Pod(_), false, Some(node)) = (&self.place, self.stays_in_pod(), self.node.clone()) {
            self.go(Place::Node(node), LOCAL);
        }
    }

    /// From a machine outside to another machine outside: nothing of the cluster is in the way.
    pub(super) fn outside_to_outside(&mut self) -> Option<Outcome> {
        let host = address::outside_host(self.cluster, self.packet.destination.ip)?;
        // The network of the nodes is private.
        if self.place == Place::Outside && address::in_node_network(self.cluster, host.ip) {
            return Some(self.lost("the address is of a private network: nobody in the world has a route to it", None));
        }
        Some(self.at_outside_host())
    }

    /// Outside of the cluster only the nodes' own addresses and load balancers can be reached.
    pub(super) fn enter_from_outside(&mut self) -> Step<()> {
        let to = self.packet.destination.ip;
        let near = self.place == Place::Laptop && self.cluster.settings().nodes_reachable;
        let by_node = address::node_by_ip(self.cluster, to).map(|node| node.name.clone());
        if let (Some(name), true) = (by_node, near) {
            if self.cluster.kubelet.is_down(&name) {
                return Err(self.refused(Refusal::HostUnreachable, None));
            }
            self.go(Place::Node(name.into()), FROM_OUTSIDE);
            return Ok(());
        }
        let (protocol, destination) = (self.packet.protocol, self.packet.destination);
        let met = self.cluster.proxies.values().find_map(|proxy| {
            let met = proxy.find(protocol, destination, false).filter(|met| met.door != Door::ClusterIp);
            met.or_else(|| proxy.find_proxied(protocol, destination))
        });
        match met {
            Some(met) if met.door == Door::LoadBalancer && (near || !address::in_node_network(self.cluster, to)) => {
                self.balance(&met)
            }
            Some(met) if met.door == Door::ExternalIp => {
                let because = because(&met, "spec.externalIPs");
                let reason = "nothing here routes the external address to a node: with externalIPs that is up to whoever runs the network";
                Err(self.lost(reason, because))
            }
            _ if near && address::in_node_network(self.cluster, to) => {
                Err(self.refused(Refusal::HostUnreachable, None))
            }
            _ if !self.cluster.settings().laptop_default_route => Err(self.refused(Refusal::NetworkUnreachable, None)),
            _ if outside::is_nobodys(to) => Err(self.refused(Refusal::NoRoute, None)),
            _ => Err(self.lost("this machine has no route into the cluster's own networks", None)),
        }
    }

    /// At the load balancer of a Service, which picks a node. It asks each node's health check: with the Local policy
    /// only nodes with a ready endpoint are well.
    pub(super) fn balance(&mut self, met: &Met) -> Step<()> {
        self.go(Place::LoadBalancer(met.service.clone()), FROM_OUTSIDE);
        let well: Vec<Arc<str>> = self
            .cluster
            .proxies
            .keys()
            .filter(|node| !self.cluster.kubelet.is_down(node) && !self.is_excluded(node))
            .filter(|node| !met.external_local || met.endpoints.iter().any(|b| b.ready && b.node == **node))
            .cloned()
            .collect();
        // An address that one machine announces leads to that machine: MetalLB in layer 2.
        let announced = matches!(self.cluster.settings().load_balancer, LoadBalancerProvider::Pool { .. });
        let chosen = if announced {
            let last = usize::from(self.packet.destination.ip.octets()[3]);
            (!well.is_empty()).then(|| well[last % well.len()].clone())
        } else {
            self.cluster.rng.pick(&well).cloned()
        };
        let Some(node) = chosen else {
            return Err(if met.external_local {
                self.lost("no node passes the load balancer's health check", because(met, "spec.externalTrafficPolicy"))
            } else {
                self.lost("the load balancer has no node to send to", because(met, "spec.type"))
            });
        };
        if met.proxied_ips.contains(&self.packet.destination.ip) {
            // It ends the connection and opens its own to the node port.
            let ip = address::node_by_name(self.cluster, &node).and_then(|node| node.internal_ip.parse().ok());
            self.packet.source.ip = self.packet.destination.ip;
            self.packet.destination = Socket { ip: ip.unwrap_or(Ipv4Addr::UNSPECIFIED), port: met.node_port };
        }
        self.go(Place::Node(node), FROM_OUTSIDE);
        Ok(())
    }

    fn is_excluded(&self, node: &str) -> bool {
        let object = self.cluster.store().find(&api::node::KIND, "", node);
        // A cluster of nothing but control plane has nobody else to send to.
        let several = self.cluster.settings().nodes.iter().any(|node| !node.control_plane);
        several && object.is_some_and(|node| node.labels().is_some_and(|labels| labels.contains_key(EXCLUDED)))
    }
}

pub(super) fn because(met: &Met, field: &str) -> Option<Because> {
    Some(Because { object: met.service.clone(), path: Path::new(field), revision: met.revision })
}

/// The source address of what a node itself sends: that of the network it leaves by.
fn node_source(cluster: &Cluster, name: &str, traffic: &Traffic) -> Ipv4Addr {
    let Some(node) = address::node_by_name(cluster, name) else { return Ipv4Addr::UNSPECIFIED };
    let own = address::node_of_pod_ip(cluster, traffic.to.ip).is_some_and(|other| other.name == name);
    let gateway = if own { address::gateway(node) } else { None };
    gateway.or_else(|| node.internal_ip.parse().ok()).unwrap_or(Ipv4Addr::UNSPECIFIED)
}
