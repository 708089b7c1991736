//! The virtual servers of the IPVS mode. Models `pkg/proxy/ipvs/proxier.go` `syncProxyRules`.

use std::net::Ipv4Addr;

use api::Path;
use api::arrange::Arrange;

use super::conntrack::{State, conntrack};
use super::plan::Plan;
use crate::Cluster;
use crate::network::proxy::Backend;
use crate::network::{Because, Protocol, Socket};

/// A virtual server: an address that a node takes connections at, and the endpoints that it shares them out to.
#[derive(Clone, PartialEq, Debug)]
pub struct VirtualServer {
    /// Its protocol.
    pub protocol: Protocol,
    /// Its address.
    pub at: Socket,
    /// Seconds for which a client comes back to its endpoint; 0 when it need not.
    pub persistent: u64,
    /// The endpoints with their open and their lately closed connections.
    pub real: Vec<(Socket, usize, usize)>,
    /// The field that made it.
    pub because: Because,
}

/// The virtual servers of a node in the order of their addresses. Empty when there is no such node.
#[must_use]
pub fn virtual_servers(cluster: &Cluster, node: &str) -> Vec<VirtualServer> {
    let Some(proxy) = cluster.proxy(node) else { return Vec::new() };
    let zone = cluster.store().find(&api::node::KIND, "", node);
    let zone = zone.map_or("", |node| node.str(&["metadata", "labels", "topology.kubernetes.io/zone"]));
    let own = cluster.settings().nodes.iter().find(|settings| settings.name == node);
    let own: Vec<Ipv4Addr> = own
        .into_iter()
        .flat_map(|own| [format!("{}.1", own.pod_network), own.internal_ip.clone()])
        .filter_map(|ip| ip.parse().ok())
        .collect();
    let tracked = conntrack(cluster, node);
    let mut found = Vec::new();
    for plan in Plan::all(proxy, node, zone) {
        let rule = plan.rule;
        let port = rule.cluster_socket.port;
        let inside = if rule.internal_local { &plan.local } else { &plan.cluster };
        let outside = if rule.external_local { &plan.local } else { &plan.cluster };
        let mut add = |ip: Ipv4Addr, port: u16, endpoints: &[&Backend], path: Path| {
            let at = Socket { ip, port };
            let count = |to: Socket, open: bool| {
                let met = tracked.iter().filter(|t| t.original.1 == at && t.reply.0 == to);
                met.filter(|t| (t.state == State::Established) == open).count()
            };
            let real = endpoints.iter().map(|b| (b.socket, count(b.socket, true), count(b.socket, false))).collect();
            let because = Because { object: rule.service.clone(), path, revision: rule.revision };
            let persistent = rule.affinity.map_or(0, |micros| micros / 1_000_000);
            found.push(VirtualServer { protocol: rule.protocol, at, persistent, real, because });
        };
        let path = Path::new("spec.ports").index(rule.port_index);
        add(rule.cluster_socket.ip, port, inside, path.clone());
        for ip in &rule.external_ips {
            add(*ip, port, outside, Path::new("spec.externalIPs"));
        }
        for ip in &rule.load_balancer_ips {
            add(*ip, port, outside, Path::new("status.loadBalancer.ingress"));
        }
        if rule.node_port != 0 {
            for ip in &own {
                add(*ip, rule.node_port, outside, path.child("nodePort"));
            }
        }
    }
    found.arrange_by_key(|server| (server.protocol, server.at));
    found
}

/// What `ipvsadm -Ln` prints on a node.
#[must_use]
pub fn ipvsadm(cluster: &Cluster, node: &str) -> String {
    let mut text = String::from(
        "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           \
         Forward Weight ActiveConn InActConn\n",
    );
    for server in virtual_servers(cluster, node) {
        text.push_str(&format!("{:<4} {} rr", server.protocol.as_str(), server.at));
        if server.persistent > 0 {
            text.push_str(&format!(" persistent {}", server.persistent));
        }
        text.push('\n');
        for (real, open, closed) in &server.real {
            text.push_str(&format!("  -> {:<28} {:<7} {:<6} {open:<10} {closed:<10}\n", real.to_string(), "Masq", 1));
        }
    }
    text
}
