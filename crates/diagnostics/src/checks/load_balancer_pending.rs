//! A LoadBalancer Service that nothing gives an address: `EXTERNAL-IP <pending>`.

use api::{Kind, Object, Path};
use cluster::addons::LoadBalancerProvider;

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
        let provider = view.cluster.settings().load_balancer;
        // A cloud takes its time.
        if class.is_empty() && provider == LoadBalancerProvider::Cloud {
            return;
        }
        let message = if class.is_empty() && provider != LoadBalancerProvider::None {
            "The pool of addresses for load balancers is used up, so EXTERNAL-IP stays <pending>.".to_owned()
        } else if class.is_empty() {
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
    use cluster::addons::LoadBalancerProvider;
    use cluster::{Cluster, Settings};

    use crate::testing::{lines, of, said, service};

    const CODE: &str = "load-balancer-pending";

    #[test]
    fn an_address_that_does_not_come_is_missed() {
        assert_eq!(lines(CODE, &service("web", "ports: [{port: 80}]")), [""; 0]);
        let said = said(CODE, &service("web", "type: LoadBalancer, ports: [{port: 80, nodePort: 30080}]"));
        assert!(said[0].message.contains("<pending>") && said[0].hint.contains("30080"), "{said:?}");
    }

    #[test]
    fn who_provides_them_decides_what_is_said() {
        let web = service("web", "type: LoadBalancer, ports: [{port: 80}]");
        let api = service("api", "type: LoadBalancer, ports: [{port: 80}]");
        let with = |load_balancer| {
            crate::testing::with(Settings { load_balancer, ..Settings::default() }, &(web.clone() + &api))
        };
        assert!(of(CODE, &with(LoadBalancerProvider::Cloud)).is_empty());
        let only = std::net::Ipv4Addr::new(192, 168, 64, 240);
        let said = of(CODE, &with(LoadBalancerProvider::Pool { first: only, last: only }));
        assert!(said.len() == 1 && said[0].message.contains("used up"), "{said:?}");
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
