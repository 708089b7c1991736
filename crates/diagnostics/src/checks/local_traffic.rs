//! Traffic that stays on its node, and nodes that have no pod to give it to.

use std::collections::BTreeSet;

use api::{Kind, Object, Path};
use cluster::explain::{State, backends};

use super::Check;
use crate::words::listed;
use crate::{Report, View};

pub(super) struct LocalTraffic;

impl Check for LocalTraffic {
    fn code(&self) -> &'static str {
        "local-traffic"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, view: &View<'_>, service: &Object, report: &mut Report<'_>) {
        let is_local = |field: &str| service.str(&["spec", field]) == "Local";
        let outside = is_local("externalTrafficPolicy") && service.str(&["spec", "type"]) == "NodePort";
        let inside = is_local("internalTrafficPolicy") && !api::service::is_headless(service);
        if !outside && !inside {
            return;
        }
        let ports = api::service::ports(service);
        let all = ports.iter().flat_map(|port| backends(view.cluster, service, port));
        let with: BTreeSet<String> =
            all.filter(|b| matches!(b.state, State::Ready | State::Deaf)).map(|b| b.node).collect();
        let nodes = view.cluster.settings().nodes.iter().map(|node| node.name.as_str());
        let without: Vec<&str> = nodes.filter(|node| !with.contains(*node)).collect();
        if with.is_empty() || without.is_empty() {
            return;
        }
        let has = if without.len() == 1 { "has" } else { "have" };
        let names = listed(&without);
        if outside {
            report.hint(
                Path::new("spec.externalTrafficPolicy"),
                format!("{names} {has} no ready pod of this Service, so the node port does not answer there."),
                "Local keeps the client's address and never sends traffic on to another node. Run a pod on every node that \
                 clients use, or choose Cluster.",
            );
        }
        if inside {
            report.hint(
                Path::new("spec.internalTrafficPolicy"),
                format!("{names} {has} no ready pod of this Service, so pods there do not reach it."),
                "Local never sends traffic on to another node. Run a pod on every node, or choose Cluster.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{lines, pod, service};

    fn of(spec: &str) -> Vec<String> {
        let pod = pod("web", "app: web", "nginx").replace("{containers", "{nodeName: minikube-m02, containers");
        lines(
            "local-traffic",
            &(pod + &service("web", &format!("selector: {{app: web}}, {spec}, ports: [{{port: 80}}]"))),
        )
    }

    #[test]
    fn nodes_without_a_pod_are_named() {
        assert_eq!(of("type: NodePort"), [""; 0]);
        assert_eq!(
            of("type: NodePort, externalTrafficPolicy: Local"),
            [
                "spec.externalTrafficPolicy: minikube and minikube-m03 have no ready pod of this Service, so the node port \
              does not answer there."
            ]
        );
        assert_eq!(
            of("internalTrafficPolicy: Local"),
            [
                "spec.internalTrafficPolicy: minikube and minikube-m03 have no ready pod of this Service, so pods there do \
              not reach it."
            ]
        );
    }
}
