//! kube-proxy: it programs the rules of its node. Its ports are the node's own and are known there.

use super::{Image, Listener, Run, Shell};
use crate::Settings;
use crate::cluster::ProxyMode;

/// See the module.
pub(super) struct KubeProxy;

impl Image for KubeProxy {
    fn repository(&self) -> &'static str {
        "kube-proxy"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        Vec::new()
    }

    /// Models `platformApplyDefaults` and `createProxier` of cmd/kube-proxy/app.
    fn first_lines_in(&self, _run: &Run<'_>, settings: &Settings) -> Vec<String> {
        // iptables is what an empty mode of its configuration means, and it says so.
        let (defaulted, proxier) = match settings.proxy_mode {
            ProxyMode::Iptables => (Some("\"Using iptables proxy\""), "\"Using iptables Proxier\""),
            ProxyMode::Nftables => (None, "\"Using nftables Proxier\""),
            ProxyMode::Ipvs => (None, "\"Using ipvs Proxier\""),
        };
        let lines = [
            "\"Successfully retrieved NodeIPs\"",
            "\"kube-proxy running in dual-stack mode\" primary ipFamily=\"IPv4\"",
            proxier,
            "\"Caches are synced\" controller=\"service config\"",
            "\"Caches are synced\" controller=\"endpoint slice config\"",
        ];
        let line = |line| format!("I1123 09:00:01.000000       1 server_linux.go] {line}");
        defaulted.into_iter().chain(lines).map(line).collect()
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}
