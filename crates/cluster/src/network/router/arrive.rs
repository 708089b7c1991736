//! To whoever has the address: a pod, a node, a machine outside, or nobody.

use std::sync::Arc;

use api::{ObjectKey, Path};

use super::address;
use super::{BETWEEN_NODES, FROM_OUTSIDE, LOCAL, Step, Way};
use crate::network::{Action, Because, Outcome, Place, Protocol, Refusal, Reply, node_listeners, outside};

impl Way<'_> {
    /// An address that no rule rewrites any more: a pod's, a node's, or one that nobody has.
    pub(super) fn straight(&mut self) -> Step<Outcome> {
        let to = self.packet.destination;
        if let (true, Place::Pod(own)) = (self.stays_in_pod(), self.place.clone()) {
            return self.arrive(&own, to.ip.is_loopback());
        }
        if to.ip.is_loopback() {
            return self.at_node();
        }
        if let Some(pod) = self.cluster.kubelet.pod_at(to.ip).cloned() {
            return self.deliver_to_pod(&pod);
        }
        let node = address::node_by_ip(self.cluster, to.ip).or_else(|| {
            address::node_of_pod_ip(self.cluster, to.ip).filter(|node| address::gateway(node) == Some(to.ip))
        });
        if let Some(node) = node.map(|node| Arc::<str>::from(node.name.as_str())) {
            self.hide_pod();
            if self.node.as_ref() != Some(&node) {
                self.cross(node)?;
            }
            return self.at_node();
        }
        let proxy = self.node.as_ref().and_then(|node| self.cluster.proxies.get(node));
        if let Some(service) = proxy.and_then(|proxy| proxy.service_at(to.ip)).cloned() {
            return Err(self.no_such_port(service));
        }
        self.leave_cluster()
    }

    fn deliver_to_pod(&mut self, pod: &ObjectKey) -> Step<Outcome> {
        let object = self.cluster.store().get(pod).cloned();
        let node: Arc<str> = object.as_ref().map_or("", |pod| pod.str(&["spec", "nodeName"])).into();
        if self.node.as_ref() != Some(&node) {
            self.cross(node.clone())?;
        }
        self.enter_pod(object.as_deref(), &node)?;
        self.go(Place::Pod(pod.clone()), LOCAL);
        self.arrive(pod, false)
    }

    /// Out of the cluster: to a machine there, or to nobody.
    fn leave_cluster(&mut self) -> Step<Outcome> {
        let to = self.packet.destination.ip;
        if address::cluster_cidr(self.cluster.settings()).contains(&to) {
            return Err(self.lost("no pod has this address (any more), and nobody answers for it", None));
        }
        if address::in_service_network(self.cluster, to) {
            return Err(self.lost("no Service has this address, so no rule rewrites the packet and it is lost", None));
        }
        self.hide_pod();
        if address::outside_host(self.cluster, to).is_some() {
            return Ok(self.at_outside_host());
        }
        if address::in_node_network(self.cluster, to) {
            return Err(self.refused(Refusal::HostUnreachable, None));
        }
        if outside::is_nobodys(to) {
            return Err(self.refused(Refusal::NoRoute, None));
        }
        Err(self.lost("nobody answers at this address", None))
    }

    /// At a machine outside: what its servers say.
    pub(super) fn at_outside_host(&mut self) -> Outcome {
        self.go(Place::Outside, FROM_OUTSIDE);
        self.ask_outside()
    }

    /// What the machine outside that the packet is at says.
    pub(super) fn ask_outside(&mut self) -> Outcome {
        let to = self.packet.destination;
        let date = api::time::format_http_date(self.cluster.now().unix_seconds());
        let reply = address::outside_host(self.cluster, to.ip)
            .and_then(|host| host.answer(self.packet.protocol, to.port, self.payload(), &date));
        match (reply, self.packet.protocol) {
            (_, Protocol::Icmp) => self.pong(63),
            (Some(reply), _) => self.answered(reply, LOCAL),
            (None, _) => self.refused(Refusal::Reset, None),
        }
    }

    /// On a node itself: a pod of the host's network, a port that a pod asked the node for, a component, or nobody.
    pub(super) fn at_node(&mut self) -> Step<Outcome> {
        let node = self.node.clone().unwrap_or_default();
        if self.packet.protocol == Protocol::Icmp {
            let far = self.hops.iter().any(|hop| hop.took == BETWEEN_NODES);
            return Ok(self.pong(if far { 63 } else { 64 }));
        }
        let port = self.packet.destination.port;
        if let Some(found) = node_listeners::host_port(self.cluster, &node, self.packet.protocol, port) {
            let from = self.packet.destination;
            self.packet.destination = found.to;
            self.hop(LOCAL, Action::Track { from, to: found.to }, Some(found.because));
            return self.deliver_to_pod(&found.pod);
        }
        if let Some(pod) = node_listeners::host_pod(self.cluster, &node, self.packet.protocol, port) {
            self.go(Place::Pod(pod.clone()), LOCAL);
            return self.arrive(&pod, self.packet.destination.ip.is_loopback());
        }
        let Some(found) = node_listeners::component(self.cluster, &node, self.packet.protocol, port) else {
            return Err(self.refused(Refusal::Reset, None));
        };
        self.hop(LOCAL, Action::Deliver { container: found.name().to_owned() }, found.because());
        if let Some(outcome) = self.ask_api_server(&found) {
            return Ok(outcome);
        }
        let reply = node_listeners::answer(self.cluster, &node, &found, self.payload());
        Ok(self.answered(reply, LOCAL))
    }

    /// In the pod's network namespace: somebody listens, or the kernel resets.
    pub(super) fn arrive(&mut self, pod: &ObjectKey, by_loopback: bool) -> Step<Outcome> {
        if self.packet.protocol == Protocol::Icmp {
            let far = self.hops.iter().any(|hop| hop.took == BETWEEN_NODES);
            return Ok(self.pong(match (by_loopback, far) {
                (true, _) => 64,
                (false, true) => 62,
                (false, false) => 63,
            }));
        }
        let (protocol, port) = (self.packet.protocol, self.packet.destination.port);
        let revision = self.cluster.store().get(pod).map_or(0, |pod| pod.resource_version());
        let because = |path: Path| Some(Because { object: pod.clone(), path, revision });
        let found = if by_loopback {
            self.cluster.local_listener(pod, protocol, port)
        } else {
            self.cluster.listener(pod, protocol, port)
        };
        let Some((index, container, _)) = found else {
            return Err(self.refused(Refusal::Reset, because(Path::new("spec.containers"))));
        };
        let path = Path::new("spec.containers").index(index).child("image");
        self.hop(LOCAL, Action::Deliver { container: container.clone() }, because(path));
        if let Some(plan) = self.cluster.relay(pod, &container, &self.packet, &self.traffic.payload) {
            return Ok(self.relay(pod, plan));
        }
        let Some((reply, took)) = self.cluster.serve(pod, &container, &self.packet, &self.traffic.payload) else {
            return Err(self.lost("the process took the connection and never answers", None));
        };
        Ok(self.answered(reply, LOCAL + took))
    }

    pub(super) fn pong(&mut self, ttl: u8) -> Outcome {
        self.answered(Reply::Pong { ttl }, LOCAL)
    }
}
