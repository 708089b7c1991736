//! What NetworkPolicies say, at the sender's pod and at the receiver's.

use std::net::Ipv4Addr;

use api::Object;

use super::address;
use super::{LOCAL, Step, Way};
use crate::network::policy::{self, Direction, Peer};
use crate::network::{Action, Outcome, Vantage};

impl Way<'_> {
    /// What the policies of the sender say.
    pub(super) fn leave_pod(&mut self) -> Step<()> {
        let Vantage::Pod { namespace, name } = &self.traffic.from else { return Ok(()) };
        if self.stays_in_pod() || std::mem::replace(&mut self.left, true) {
            return Ok(());
        }
        let sender = self.cluster.store().find(&api::pod::KIND, namespace, name).cloned();
        let to = self.packet.destination;
        let target = self.cluster.kubelet.pod_at(to.ip).and_then(|key| self.cluster.store().get(key)).cloned();
        match sender {
            Some(sender) => self.filter(Direction::Egress, &sender, to.ip, target.as_deref(), target.as_deref()),
            None => Ok(()),
        }
    }

    /// What the policies of the receiver say. A node may always reach its own pods: their probes come from there.
    pub(super) fn enter_pod(&mut self, pod: Option<&Object>, node: &str) -> Step<()> {
        let ip = self.unmasked.unwrap_or(self.packet.source.ip);
        let own_node = address::node_by_name(self.cluster, node)
            .is_some_and(|node| node.internal_ip.parse() == Ok(ip) || address::gateway(node) == Some(ip));
        let Some(pod) = pod.filter(|_| !own_node) else { return Ok(()) };
        let peer = self.cluster.kubelet.pod_at(ip).and_then(|key| self.cluster.store().get(key)).cloned();
        self.filter(Direction::Ingress, pod, ip, peer.as_deref(), Some(pod))
    }

    fn filter(
        &mut self,
        direction: Direction,
        pod: &Object,
        ip: Ipv4Addr,
        peer: Option<&Object>,
        target: Option<&Object>,
    ) -> Step<()> {
        let same_pod = peer.is_some_and(|peer| peer.uid() == pod.uid());
        if !self.cluster.settings().network_policies || same_pod || pod.bool(&["spec", "hostNetwork"]) {
            return Ok(());
        }
        let wanted = (self.packet.protocol, self.packet.destination.port);
        let verdict = policy::judge(self.cluster.store(), direction, pod, Peer { ip, pod: peer }, target, wanted);
        if verdict.policies.is_empty() {
            return Ok(());
        }
        let allowed = verdict.allowed;
        let action = Action::Filter { direction, allowed, policies: verdict.policies };
        self.hop(LOCAL, action, verdict.because);
        if allowed { Ok(()) } else { Err(Outcome::Lost) }
    }
}
