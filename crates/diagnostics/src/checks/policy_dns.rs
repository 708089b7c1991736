//! A NetworkPolicy that limits what pods send and forgets that names have to be resolved first.

use api::{Kind, Object, ObjectKey, Path};
use cluster::explain;
use cluster::network::Protocol;
use cluster::network::policy::{Direction, Peer, judge};

use super::Check;
use crate::view::name;
use crate::{Report, View};

const PORT: u16 = 53;

pub(super) struct PolicyDns;

impl Check for PolicyDns {
    fn code(&self) -> &'static str {
        "policy-dns"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::network_policy::KIND
    }

    fn check(&self, view: &View<'_>, policy: &Object, report: &mut Report<'_>) {
        let store = view.cluster.store();
        let Some(service) = store.find(&api::service::KIND, "kube-system", "kube-dns") else { return };
        let servers = explain::selected(view.cluster, service);
        let Some((server, ip)) =
            servers.iter().find_map(|pod| Some((*pod, pod.str(&["status", "podIP"]).parse().ok()?)))
        else {
            return;
        };
        let key = ObjectKey::of(&api::network_policy::KIND, policy);
        for pod in view.policed(policy) {
            let cut = |protocol: Protocol| {
                let peer = Peer { ip, pod: Some(server.as_ref()) };
                let verdict = judge(store, Direction::Egress, pod, peer, Some(server), (protocol, PORT));
                // Of several policies that select the pod, the first speaks for all.
                !verdict.allowed && verdict.policies.first() == Some(&key)
            };
            let source = view.source(pod);
            let words = format!("{} is selected", name(&source.object));
            let path = Path::new("spec.egress");
            let hint =
                "Allow egress to the pods with k8s-app: kube-dns in namespace kube-system, ports UDP 53 and TCP 53.";
            let diagnostic = match (cut(Protocol::Udp), cut(Protocol::Tcp)) {
                (true, _) => {
                    report.warn(path, format!("Pod {} cannot ask DNS: no name resolves in it.", pod.name()), hint)
                }
                (false, true) => report.hint(
                    path,
                    format!("Pod {} can ask DNS over UDP only; long answers come over TCP.", pod.name()),
                    hint,
                ),
                (false, false) => continue,
            };
            diagnostic.related(source.object.clone(), source.path("metadata.labels"), words);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{lines, pod, policy};

    fn of(policies: &str) -> Vec<String> {
        lines("policy-dns", &(pod("web", "app: web", "nginx") + policies))
    }

    fn to_dns(ports: &str) -> String {
        policy(
            "dns",
            &format!(
                "podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{{namespaceSelector: {{}}, podSelector: \
                 {{matchLabels: {{k8s-app: kube-dns}}}}}}], ports: [{ports}]}}]"
            ),
        )
    }

    #[test]
    fn names_have_to_be_resolved() {
        let deny = policy("deny", "podSelector: {}, policyTypes: [Egress]");
        assert_eq!(of(&deny), ["spec.egress: Pod web cannot ask DNS: no name resolves in it."]);
        let both = to_dns("{port: 53, protocol: UDP}, {port: 53, protocol: TCP}");
        assert_eq!(of(&(deny + &both)), [""; 0]);
        assert_eq!(
            of(&to_dns("{port: 53, protocol: UDP}")),
            ["spec.egress: Pod web can ask DNS over UDP only; long answers come over TCP."]
        );
    }

    #[test]
    fn what_pods_receive_does_not_matter() {
        assert_eq!(of(&policy("deny", "podSelector: {}, policyTypes: [Ingress]")), [""; 0]);
        assert_eq!(of(&policy("other", "podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]")), [""; 0]);
    }
}
