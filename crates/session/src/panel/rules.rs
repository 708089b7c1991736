//! What a node's kube-proxy wrote into the kernel, rule by rule, each with how often it was met and the object behind it.

use api::ObjectKey;
use cluster::Cluster;
use cluster::cluster::ProxyMode;
use cluster::network::rules::{self, Table};

/// The rules of a node.
#[derive(Clone, PartialEq, Debug)]
pub struct Rules {
    /// The command that prints them on a real node.
    pub command: &'static str,
    /// Each of them.
    pub lines: Vec<RuleLine>,
    /// How many there are that are not shown.
    pub left_out: usize,
}

/// One rule.
#[derive(Clone, PartialEq, Debug)]
pub struct RuleLine {
    /// As the command prints it.
    pub text: String,
    /// How many packets met it, where the kernel counts that.
    pub packets: Option<u64>,
    /// The object that it is there for.
    pub object: Option<ObjectKey>,
}

/// More are not read.
const MOST: usize = 250;

/// The rules of a node. Those that rewrite come first, for that is what a Service is.
#[must_use]
pub fn rules(cluster: &Cluster, node: &str) -> Rules {
    let (command, mut lines) = match cluster.settings().proxy_mode {
        ProxyMode::Iptables => ("iptables-save -c", iptables(cluster, node)),
        ProxyMode::Nftables => ("nft list table ip kube-proxy", nftables(cluster, node)),
        ProxyMode::Ipvs => ("ipvsadm -Ln", ipvs(cluster, node)),
    };
    let left_out = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    Rules { command, lines, left_out }
}

fn iptables(cluster: &Cluster, node: &str) -> Vec<RuleLine> {
    let all = rules::iptables(cluster, node);
    let of = |table: Table| all.iter().filter(move |line| line.table == table);
    let lines = of(Table::Nat).chain(of(Table::Filter));
    lines
        .map(|line| RuleLine {
            text: line.to_string(),
            packets: Some(line.packets),
            object: line.because.as_ref().map(|because| because.object.clone()),
        })
        .collect()
}

fn nftables(cluster: &Cluster, node: &str) -> Vec<RuleLine> {
    let lines = rules::nftables(cluster, node).into_iter();
    lines
        .map(|(text, because)| RuleLine { text, packets: None, object: because.map(|because| because.object) })
        .collect()
}

fn ipvs(cluster: &Cluster, node: &str) -> Vec<RuleLine> {
    let text = rules::ipvsadm(cluster, node);
    text.lines().map(|line| RuleLine { text: line.to_owned(), packets: None, object: None }).collect()
}
