//! Which endpoints of a rule a packet may be sent to, and why not the others.
//! Models `pkg/proxy/topology.go` `CategorizeEndpoints`.

use super::{Backend, Client, Door, Rule};
use crate::network::{Candidate, Verdict};

/// The endpoints of a rule sorted by what may become of them, for one packet on one node.
#[derive(Clone, PartialEq, Debug)]
pub struct Choice {
    /// Indexes of the endpoints that may be taken.
    pub usable: Vec<usize>,
    /// Why each endpoint may be taken or not; `Eligible` for those that may.
    pub verdicts: Vec<Verdict>,
    /// Whether some endpoint would do if the traffic policy let the packet leave its node: then it is dropped rather
    /// than rejected.
    pub others_elsewhere: bool,
}

impl Choice {
    /// Looks at every endpoint for a packet that came through `door` on a node in a zone. What pods and the node itself
    /// send is never held to the external policy.
    #[must_use]
    pub fn new(rule: &Rule, door: Door, client: Client, node: &str, zone: &str) -> Self {
        let local_only = match door {
            Door::ClusterIp => rule.internal_local,
            Door::NodePort | Door::ExternalIp | Door::LoadBalancer => rule.external_local && client == Client::Other,
        };
        Self::by(rule, local_only, node, zone)
    }

    /// The same for one of the two policies: `Local`, or `Cluster`.
    #[must_use]
    pub fn by(rule: &Rule, local_only: bool, node: &str, zone: &str) -> Self {
        let hinted = hints_apply(rule, node, zone);
        let place = |backend: &Backend| match () {
            () if local_only && &*backend.node != node => Some(Verdict::NotLocal),
            () if !local_only && !hinted(backend) => Some(Verdict::NotHinted),
            () => None,
        };
        let any = |wanted: fn(&Backend) -> bool| rule.endpoints.iter().any(|b| wanted(b) && place(b).is_none());
        let fallback = !any(is_ready) && any(is_draining);
        let verdicts: Vec<Verdict> = rule
            .endpoints
            .iter()
            .map(|backend| {
                let fits = if fallback { is_draining(backend) } else { is_ready(backend) };
                match () {
                    () if !fits && backend.terminating => Verdict::Terminating,
                    () if !fits => Verdict::NotReady,
                    () => place(backend).unwrap_or(Verdict::Eligible),
                }
            })
            .collect();
        let usable: Vec<usize> = (0..verdicts.len()).filter(|&index| verdicts[index] == Verdict::Eligible).collect();
        let alive = |backend: &Backend| is_ready(backend) || is_draining(backend);
        let others_elsewhere = usable.is_empty() && rule.endpoints.iter().any(alive);
        Self { usable, verdicts, others_elsewhere }
    }

    /// Every endpoint with its verdict, the chosen one marked.
    #[must_use]
    pub fn candidates(&self, rule: &Rule, chosen: Option<usize>) -> Vec<Candidate> {
        rule.endpoints
            .iter()
            .zip(&self.verdicts)
            .enumerate()
            .map(|(index, (backend, verdict))| Candidate {
                socket: backend.socket,
                pod: backend.pod.clone(),
                verdict: if chosen == Some(index) { Verdict::Chosen } else { *verdict },
            })
            .collect()
    }
}

fn is_ready(backend: &Backend) -> bool {
    backend.ready
}

/// Ends soon but still answers: taken only when nobody is ready.
fn is_draining(backend: &Backend) -> bool {
    backend.serving && backend.terminating
}

/// Hints count only when every ready endpoint has some and one of them is for this place.
/// Models `topologyModeFromHints`: nodes first, then zones.
fn hints_apply(rule: &Rule, node: &str, zone: &str) -> impl Fn(&Backend) -> bool {
    let ready = || rule.endpoints.iter().filter(|backend| backend.ready);
    let for_node = |backend: &Backend| backend.for_nodes.iter().any(|name| **name == *node);
    let for_zone = |backend: &Backend| backend.for_zones.iter().any(|name| **name == *zone);
    let by_node = ready().all(|backend| !backend.for_nodes.is_empty()) && ready().any(for_node);
    let by_zone = !zone.is_empty() && ready().all(|backend| !backend.for_zones.is_empty()) && ready().any(for_zone);
    let (node, zone) = (node.to_owned(), zone.to_owned());
    move |backend| match (by_node, by_zone) {
        (true, _) => backend.for_nodes.iter().any(|name| **name == *node),
        (false, true) => backend.for_zones.iter().any(|name| **name == *zone),
        (false, false) => true,
    }
}

#[cfg(test)]
mod tests {
    use api::ObjectKey;

    use super::*;
    use crate::network::{Protocol, Socket};

    fn backend(last: u8, node: &str, ready: bool, terminating: bool) -> Backend {
        let slice = ObjectKey::new(&api::endpoint_slice::KIND, "default", "web-abcde");
        Backend {
            socket: Socket { ip: [10, 244, 0, last].into(), port: 80 },
            pod: None,
            node: node.into(),
            ready,
            serving: ready || terminating,
            terminating,
            for_nodes: Vec::new(),
            for_zones: Vec::new(),
            slice,
            revision: 1,
        }
    }

    fn rule(endpoints: Vec<Backend>) -> Rule {
        Rule {
            service: ObjectKey::new(&api::service::KIND, "default", "web"),
            revision: 1,
            port_index: 0,
            port_name: String::new(),
            protocol: Protocol::Tcp,
            cluster_socket: Socket { ip: [10, 96, 0, 9].into(), port: 80 },
            node_port: 30080,
            external_ips: Vec::new(),
            load_balancer_ips: Vec::new(),
            proxied_ips: Vec::new(),
            source_ranges: Vec::new(),
            health_check_node_port: 0,
            internal_local: false,
            external_local: true,
            affinity: None,
            endpoints,
        }
    }

    fn usable(rule: &Rule, door: Door, client: Client, node: &str) -> Vec<usize> {
        Choice::new(rule, door, client, node, "").usable
    }

    #[test]
    fn policies_decide_by_door() {
        let mut rule = rule(vec![backend(1, "a", true, false), backend(2, "b", true, false)]);
        assert_eq!(usable(&rule, Door::ClusterIp, Client::Pod, "a"), [0, 1]);
        assert_eq!(usable(&rule, Door::NodePort, Client::Other, "b"), [1]);
        assert_eq!(usable(&rule, Door::NodePort, Client::Pod, "b"), [0, 1], "a pod is not outside");
        assert_eq!(usable(&rule, Door::NodePort, Client::OwnNode, "b"), [0, 1], "nor is the node itself");
        let nobody = Choice::new(&rule, Door::NodePort, Client::Other, "c", "");
        assert_eq!((nobody.usable.len(), nobody.others_elsewhere), (0, true));
        rule.internal_local = true;
        assert_eq!(usable(&rule, Door::ClusterIp, Client::Pod, "a"), [0]);
    }

    #[test]
    fn draining_endpoints_are_the_last_resort() {
        let draining = backend(1, "a", false, true);
        let rule_with = |second: Backend| rule(vec![draining.clone(), second]);
        assert_eq!(usable(&rule_with(backend(2, "b", true, false)), Door::ClusterIp, Client::Pod, "a"), [1]);
        let none_ready = rule_with(backend(2, "b", false, false));
        let choice = Choice::new(&none_ready, Door::ClusterIp, Client::Pod, "a", "");
        assert_eq!(choice.verdicts, [Verdict::Eligible, Verdict::NotReady]);
        assert!(
            !Choice::new(&rule(vec![backend(2, "b", false, false)]), Door::ClusterIp, Client::Pod, "a", "")
                .others_elsewhere
        );
    }

    #[test]
    fn hints_count_only_when_all_have_them() {
        let hinted =
            |last: u8, node: &str| Backend { for_nodes: vec![node.into()], ..backend(last, node, true, false) };
        let all = rule(vec![hinted(1, "a"), hinted(2, "b")]);
        assert_eq!(
            Choice::new(&all, Door::ClusterIp, Client::Pod, "a", "").verdicts,
            [Verdict::Eligible, Verdict::NotHinted]
        );
        assert_eq!(usable(&all, Door::ClusterIp, Client::Pod, "c"), [0, 1], "no endpoint is meant for c");
        let some = rule(vec![hinted(1, "a"), backend(2, "b", true, false)]);
        assert_eq!(usable(&some, Door::ClusterIp, Client::Pod, "a"), [0, 1]);
    }
}
