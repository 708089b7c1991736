//! A LoadBalancer Service that nothing gives an address: `EXTERNAL-IP <pending>`.

use api::{Kind, Object, Path};

use super::Check;
use crate::{Report, View};

pub(super) struct LoadBalancerPending;

impl Check for LoadBalancerPending {
    fn code(&self) -> &'static str {
        "load-balancer-pending"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, view: &View<'_>, service: &Object, report: &mut Report<'_>) {
        let wanted = service.str(&["spec", "type"]) == "LoadBalancer";
        let given = !service.list(&["status", "loadBalancer", "ingress"]).is_empty();
        if !wanted || given || view.is_young(service) {
            return;
        }
        let class = service.str(&["spec", "loadBalancerClass"]);
        let message = if class.is_empty() {
            "Nothing in this cluster provides load balancers, so EXTERNAL-IP stays <pending>.".to_owned()
        } else {
            format!("Nothing in this cluster provides load balancers of class {class}, so EXTERNAL-IP stays <pending>.")
        };
        let ports = api::service::ports(service);
        let hint = match ports.iter().find(|port| port.node_port != 0) {
            Some(port) => format!(
                "A cloud, MetalLB or minikube tunnel would give an address. Port {} of every node works meanwhile.",
                port.node_port
            ),
            None => "A cloud, MetalLB or minikube tunnel would give an address.".to_owned(),
        };
        report.warn(Path::new("spec.type"), message, hint);
    }
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::testing::{lines, of, said, service};

    const CODE: &str = "load-balancer-pending";

    #[test]
    fn an_address_that_does_not_come_is_missed() {
        assert_eq!(lines(CODE, &service("web", "ports: [{port: 80}]")), [""; 0]);
        let said = said(CODE, &service("web", "type: LoadBalancer, ports: [{port: 80, nodePort: 30080}]"));
        assert!(said[0].message.contains("<pending>") && said[0].hint.contains("30080"), "{said:?}");
    }

    #[test]
    fn a_new_service_may_still_get_one() {
        let mut cluster = Cluster::default();
        let kind = &api::service::KIND;
        let object =
            api::json!({"metadata": {"name": "web"}, "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}});
        let options = cluster::WriteOptions::by("test");
        cluster.submit(cluster::Request::Create { kind, namespace: "default".into(), object, options }).unwrap();
        assert_eq!(of(CODE, &cluster), []);
    }
}
