//! Which endpoints and chains a port of a Service has on a node. Models the first part of the loop over Services of
//! `pkg/proxy/iptables/proxier.go` `syncProxyRules`, which the nftables mode shares.

use super::hash;
use crate::network::Proxy;
use crate::network::proxy::{Backend, Choice, Rule};
use api::arrange::Arrange;

/// One port of one Service on one node.
pub(super) struct Plan<'a> {
    pub(super) rule: &'a Rule,
    /// `default/web:http`
    pub(super) label: String,
    /// `tcp`
    pub(super) protocol: String,
    /// What the policy `Cluster` may take from here; empty when it is not in use.
    pub(super) cluster: Vec<&'a Backend>,
    /// What the policy `Local` may take here; empty when it is not in use.
    pub(super) local: Vec<&'a Backend>,
    /// Whether some endpoint would do on some node.
    pub(super) any: bool,
}

impl<'a> Plan<'a> {
    pub(super) fn new(rule: &'a Rule, node: &str, zone: &str) -> Self {
        let pick = |local: bool| {
            let choice = Choice::by(rule, local, node, zone);
            let usable = choice.usable.iter().filter_map(|index| rule.endpoints.get(*index)).collect::<Vec<_>>();
            (usable, choice.others_elsewhere)
        };
        let (cluster, _) = if rule.uses_cluster() { pick(false) } else { (Vec::new(), false) };
        let (local, elsewhere) = if rule.uses_local() { pick(true) } else { (Vec::new(), false) };
        let any = !cluster.is_empty() || !local.is_empty() || elsewhere;
        let protocol = rule.protocol.as_str().to_lowercase();
        Self { rule, label: rule.port_label(), protocol, cluster, local, any }
    }

    /// Every port of every Service that a proxy has programmed, in order of name.
    pub(super) fn all(proxy: &'a Proxy, node: &str, zone: &str) -> Vec<Self> {
        proxy.rules().map(|rule| Self::new(rule, node, zone)).collect()
    }

    /// Whether the ClusterIP leads somewhere from here.
    pub(super) fn has_internal(&self) -> bool {
        self.any && !(self.rule.internal_local && self.local.is_empty())
    }

    /// Whether what comes from outside leads somewhere from here.
    pub(super) fn has_external(&self) -> bool {
        self.any && !(self.rule.external_local && self.local.is_empty())
    }

    /// Whether the chain for what comes from outside is there.
    pub(super) fn uses_external(&self) -> bool {
        self.any && self.rule.is_external()
    }

    /// Whether the load balancer's address has a firewall of its own.
    pub(super) fn uses_firewall(&self) -> bool {
        self.any && !self.rule.load_balancer_ips.is_empty() && !self.rule.source_ranges.is_empty()
    }

    /// The endpoints with a chain: those of both policies, by address.
    pub(super) fn reachable(&self) -> Vec<&'a Backend> {
        let mut all: Vec<&Backend> = self.cluster.iter().chain(&self.local).copied().collect();
        all.arrange_by_key(|backend| backend.socket);
        all.dedup_by_key(|backend| backend.socket);
        all
    }

    /// A chain of iptables: `KUBE-SVC-NPX46M4PTMTKRN6Y`. Models `portProtoHash`.
    pub(super) fn chain(&self, prefix: &str) -> String {
        format!("{prefix}{}", hash::short(&format!("{}{}", self.label, self.protocol), 16))
    }

    /// The chain of an endpoint. Models `servicePortEndpointChainName`.
    pub(super) fn endpoint_chain(&self, backend: &Backend) -> String {
        format!("KUBE-SEP-{}", hash::short(&format!("{}{}{}", self.label, self.protocol, backend.socket), 16))
    }

    /// A chain of nftables: `service-SUSTUHLJ-default/web/tcp/http`. Models `pkg/proxy/nftables` `hashAndTruncate`.
    pub(super) fn nft_chain(&self, prefix: &str) -> String {
        let name = self.nft_name();
        let hashed = hash::short(&name, 8);
        format!("{prefix}{hashed}-{}", name.get(..LONGEST).unwrap_or(&name))
    }

    fn nft_name(&self) -> String {
        let service = &self.rule.service;
        format!("{}/{}/{}/{}", service.namespace, service.name, self.protocol, self.rule.port_name)
    }

    /// The chain or set of an endpoint in nftables, where session affinity needs one.
    pub(super) fn nft_endpoint(&self, prefix: &str, backend: &Backend) -> String {
        let name = format!("{}__{}/{}", self.nft_name(), backend.socket.ip, backend.socket.port);
        let hashed = hash::short(&name, 8);
        format!("{prefix}{hashed}-{}", name.get(..LONGEST).unwrap_or(&name))
    }
}

/// How much of a name stays in a chain's name.
const LONGEST: usize = 218;
