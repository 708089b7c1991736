//! A node port on a cluster whose nodes the learner's machine cannot reach.

use api::{Kind, Object, Path};

use super::Check;
use crate::{Report, View};

pub(super) struct NodePortOutOfReach;

impl Check for NodePortOutOfReach {
    fn code(&self) -> &'static str {
        "node-port-out-of-reach"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, view: &View<'_>, service: &Object, report: &mut Report<'_>) {
        if view.cluster.settings().nodes_reachable || service.str(&["spec", "type"]) != "NodePort" {
            return;
        }
        let Some(port) = api::service::ports(service).into_iter().find(|port| port.node_port != 0) else { return };
        report.hint(
            Path::new("spec.type"),
            format!("Port {} is open on every node, but your laptop has no way to the nodes.", port.node_port),
            format!(
                "These nodes live in a virtual machine, as with Docker Desktop. `minikube service {name}` or `kubectl \
                 port-forward service/{name} 8080:{}` makes a way in.",
                port.port,
                name = service.name()
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use cluster::Settings;

    use crate::testing::{of, service, with};

    #[test]
    fn it_is_said_where_the_nodes_are_out_of_reach() {
        let said = |nodes_reachable, spec: &str| {
            let settings = Settings { nodes_reachable, ..Settings::default() };
            of("node-port-out-of-reach", &with(settings, &service("web", spec)))
        };
        let node_port = "type: NodePort, ports: [{port: 80, nodePort: 30080}]";
        assert!(said(true, node_port).is_empty());
        assert!(said(false, "ports: [{port: 80}]").is_empty());
        let found = said(false, node_port);
        assert!(found[0].message.contains("30080") && found[0].hint.contains("service/web 8080:80"), "{found:?}");
    }
}
