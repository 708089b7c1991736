//! kube-proxy: it programs the rules of its node. Its ports are the node's own and are known there.

use super::{Image, Listener, Run, Shell};

/// See the module.
pub(super) struct KubeProxy;

impl Image for KubeProxy {
    fn repository(&self) -> &'static str {
        "kube-proxy"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        Vec::new()
    }

    fn first_lines(&self, _run: &Run<'_>) -> Vec<String> {
        [
            "\"Using iptables proxy\"",
            "\"Successfully retrieved NodeIPs\"",
            "\"kube-proxy running in dual-stack mode\" primary ipFamily=\"IPv4\"",
            "\"Caches are synced\" controller=\"service config\"",
            "\"Caches are synced\" controller=\"endpoint slice config\"",
        ]
        .map(|line| format!("I1123 09:00:01.000000       1 server_linux.go] {line}"))
        .to_vec()
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}
