//! Whose an address is, as the machines of the cluster know it.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::Cluster;
use crate::cluster::{NodeSettings, Settings};
use crate::network::OutsideHost;

/// The address of the learner's machine in the network of the nodes, and of a client somewhere in the world.
pub(super) const LAPTOP_IP: Ipv4Addr = Ipv4Addr::new(192, 168, 64, 1);
pub(super) const INTERNET_IP: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);

pub(super) fn node_by_ip(cluster: &Cluster, ip: Ipv4Addr) -> Option<&NodeSettings> {
    cluster.settings().nodes.iter().find(|node| node.internal_ip.parse() == Ok(ip))
}

pub(super) fn node_by_name<'a>(cluster: &'a Cluster, name: &str) -> Option<&'a NodeSettings> {
    cluster.settings().nodes.iter().find(|node| node.name == name)
}

/// The addresses of all pods: what kube-proxy is told as `--cluster-cidr`.
pub(crate) fn cluster_cidr(settings: &Settings) -> Ipv4Net {
    let first = settings.nodes.first().and_then(|node| format!("{}.0", node.pod_network).parse().ok());
    Ipv4Net::new(first.unwrap_or(Ipv4Addr::new(10, 244, 0, 0)), 16)
        .map_or_else(|_| Ipv4Net::default(), |net| net.trunc())
}

/// The address by which a node is in the network of its own pods.
pub(super) fn gateway(node: &NodeSettings) -> Option<Ipv4Addr> {
    format!("{}.1", node.pod_network).parse().ok()
}

/// The node whose pods have addresses like this one.
pub(super) fn node_of_pod_ip(cluster: &Cluster, ip: Ipv4Addr) -> Option<&NodeSettings> {
    let ip = ip.to_string();
    let holds = |node: &&NodeSettings| ip.strip_prefix(&node.pod_network).is_some_and(|rest| rest.starts_with('.'));
    cluster.settings().nodes.iter().find(holds)
}

/// Whether an address is one that Services get.
pub(super) fn in_service_network(cluster: &Cluster, ip: Ipv4Addr) -> bool {
    let ranges = &cluster.settings().ranges;
    Ipv4Net::new(ranges.service_network, ranges.service_prefix).is_ok_and(|net| net.contains(&ip))
}

/// Whether an address is of the network that the nodes are in.
pub(super) fn in_node_network(cluster: &Cluster, ip: Ipv4Addr) -> bool {
    let near =
        |node: &NodeSettings| node.internal_ip.parse().is_ok_and(|own: Ipv4Addr| own.octets()[..3] == ip.octets()[..3]);
    cluster.settings().nodes.iter().any(near)
}

pub(super) fn outside_host(cluster: &Cluster, ip: Ipv4Addr) -> Option<&OutsideHost> {
    cluster.settings().outside.iter().find(|host| host.ip == ip)
}
