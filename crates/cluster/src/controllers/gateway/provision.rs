//! The nginx of a Gateway: a Deployment and a Service in front of it, both named after Gateway and class.

use api::arrange::Arrange;
use api::{Object, Value, json};

use super::NAME;
use crate::Cluster;
use crate::addons::LoadBalancerProvider;
use crate::controllers::{owned, write};
use crate::network::gateway::GATEWAY_LABEL;

/// The name of a Gateway's Deployment and Service.
pub(crate) fn name_of(gateway: &Object) -> String {
    format!("{}-{}", gateway.name(), gateway.str(&["spec", "gatewayClassName"]))
}

/// Makes what is missing, and follows the ports of the listeners.
pub(super) fn ensure(cluster: &mut Cluster, gateway: &Object) {
    let name = name_of(gateway);
    let labels = json!({
        "app.kubernetes.io/instance": "ngf", "app.kubernetes.io/managed-by": "ngf-nginx",
        "app.kubernetes.io/name": name, GATEWAY_LABEL: gateway.name(),
    });
    let numbers = ports(gateway);
    let metadata = json!({
        "name": name, "labels": labels, "ownerReferences": [owned::reference(&api::gateway::KIND, gateway)],
    });
    if cluster.store().find(&api::deployment::KIND, gateway.namespace(), &name).is_none() {
        let container_ports: Vec<Value> = numbers
            .iter()
            .map(|port| json!({"containerPort": port, "name": format!("port-{port}"), "protocol": "TCP"}))
            .collect();
        let container = json!({
            "name": "nginx", "image": "ghcr.io/nginx/nginx-gateway-fabric/nginx:2.2.1", "ports": container_ports,
            "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8081}, "initialDelaySeconds": 3},
        });
        let template = json!({"metadata": {"labels": labels}, "spec": {"containers": [container]}});
        let spec = json!({"replicas": 1, "selector": {"matchLabels": labels}, "template": template});
        let object = json!({"metadata": metadata, "spec": spec});
        // Refused while the namespace goes, and then there is nothing to provide.
        drop(write::create(cluster, NAME, &api::deployment::KIND, gateway.namespace(), object));
    }
    let wanted: Vec<Value> =
        numbers.iter().map(|port| json!({"name": format!("port-{port}"), "port": port, "targetPort": port})).collect();
    let service = cluster.store().find(&api::service::KIND, gateway.namespace(), &name);
    let known: Vec<u16> =
        service.map(|s| api::service::ports(s).iter().map(|port| port.port).collect()).unwrap_or_default();
    if service.is_none() {
        let spec = json!({
            "type": "LoadBalancer", "externalTrafficPolicy": "Local", "selector": labels, "ports": wanted,
        });
        let object = json!({"metadata": metadata, "spec": spec});
        drop(write::create(cluster, NAME, &api::service::KIND, gateway.namespace(), object));
    } else if known != numbers {
        let key = api::ObjectKey::new(&api::service::KIND, gateway.namespace(), &name);
        write::merge(cluster, NAME, &key, json!({"spec": {"ports": wanted}}));
    }
}

/// The ports of the listeners, each once.
fn ports(gateway: &Object) -> Vec<u16> {
    let listeners = gateway.list(&["spec", "listeners"]).iter();
    let mut ports: Vec<u16> =
        listeners.filter_map(|listener| u16::try_from(listener.get("port")?.as_u64()?).ok()).collect();
    ports.arrange();
    ports.dedup();
    ports
}

/// Whether the Gateway's nginx runs.
pub(super) fn is_up(cluster: &Cluster, gateway: &Object) -> bool {
    let deployment = cluster.store().find(&api::deployment::KIND, gateway.namespace(), &name_of(gateway));
    deployment.is_some_and(|deployment| deployment.int(&["status", "availableReplicas"]).unwrap_or(0) > 0)
}

/// Where the Gateway is reached: the addresses of its load balancer, or its cluster IP where nobody provides one.
pub(super) fn addresses(cluster: &Cluster, gateway: &Object) -> Vec<String> {
    let Some(service) = cluster.store().find(&api::service::KIND, gateway.namespace(), &name_of(gateway)) else {
        return Vec::new();
    };
    if cluster.settings().load_balancer == LoadBalancerProvider::None {
        return vec![service.str(&["spec", "clusterIP"]).to_owned()];
    }
    let ingress = service.list(&["status", "loadBalancer", "ingress"]).iter();
    ingress.filter_map(|one| Some(one.get("ip")?.as_str()?.to_owned())).collect()
}
