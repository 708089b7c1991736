//! Pod addresses: from the node's range, kept while the pod lives.

use std::net::Ipv4Addr;
use std::sync::Arc;

use api::{Object, ObjectKey};

use super::runtime::Runtime;
use crate::Cluster;

/// Knows a pod; another one of the same name before it is forgotten.
pub(super) fn adopt(cluster: &mut Cluster, key: &ObjectKey, pod: &Object) {
    let known = cluster.kubelet.pods.get(key).is_some_and(|runtime| *runtime.uid == *pod.uid());
    if !known {
        release(cluster, key);
        let runtime = Runtime::new(pod, cluster.now());
        cluster.kubelet.pods.insert(key.clone(), Arc::new(runtime));
    }
}

/// Gives a pod its address: the node's own for those on the node's network, else the next free one of the node's
/// range. Addresses are not given again before the range is through.
pub(super) fn assign(cluster: &mut Cluster, key: &ObjectKey, pod: &Object) {
    let node = pod.str(&["spec", "nodeName"]);
    let Some(settings) = cluster.settings().nodes.iter().find(|n| n.name == node).cloned() else { return };
    if cluster.kubelet.pods.get(key).is_none_or(|runtime| runtime.ip.is_some()) {
        return;
    }
    let ip = if pod.bool(&["spec", "hostNetwork"]) {
        settings.internal_ip.parse().ok()
    } else if let Some(ip) = wanted(cluster, pod) {
        cluster.kubelet.addresses.insert(ip, key.clone());
        Some(ip)
    } else {
        let network: Option<Ipv4Addr> = format!("{}.0", settings.pod_network).parse().ok();
        let start = cluster.kubelet.last_address.get(node).copied().unwrap_or(1);
        (1..=253u16).find_map(|step| {
            let last = u8::try_from((u16::from(start) + 251 + step) % 253 + 2).ok()?;
            let [one, two, three, _] = network?.octets();
            let ip = Ipv4Addr::new(one, two, three, last);
            if cluster.kubelet.addresses.contains_key(&ip) {
                return None;
            }
            cluster.kubelet.last_address.insert(node.into(), last);
            cluster.kubelet.addresses.insert(ip, key.clone());
            Some(ip)
        })
    };
    if let Some(runtime) = cluster.kubelet.runtime_mut(key) {
        runtime.ip = ip;
    }
}

/// The address that a pod asks for, if it is free. Models Calico's IPAM.
fn wanted(cluster: &Cluster, pod: &Object) -> Option<Ipv4Addr> {
    let text = pod.str(&["metadata", "annotations", "cni.projectcalico.org/ipAddrs"]);
    let ip = text.trim_matches(['[', ']', '"']).parse().ok()?;
    (!cluster.kubelet.addresses.contains_key(&ip)).then_some(ip)
}

/// Forgets a pod and frees its address.
pub(super) fn release(cluster: &mut Cluster, key: &ObjectKey) {
    let ip = cluster.kubelet.pods.remove(key).and_then(|runtime| runtime.ip);
    if let Some(ip) = ip.filter(|ip| cluster.kubelet.addresses.get(ip) == Some(key)) {
        cluster.kubelet.addresses.remove(&ip);
    }
}
