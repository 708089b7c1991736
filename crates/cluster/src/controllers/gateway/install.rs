//! What is there before any Gateway: the controller's namespace and Deployment, and its class.

use api::json;

use crate::Cluster;
use crate::bootstrap::create;
use crate::network::gateway::CONTROLLER;

const NAMESPACE: &str = "nginx-gateway";
const DEPLOYMENT: &str = "ngf-nginx-gateway-fabric";

/// Installs NGINX Gateway Fabric as its Helm chart does.
pub(crate) fn install(cluster: &mut Cluster) {
    create(cluster, &api::namespace::KIND, "", json!({"metadata": {"name": NAMESPACE}}));
    let labels = json!({"app.kubernetes.io/instance": "ngf", "app.kubernetes.io/name": "nginx-gateway-fabric"});
    let container = json!({
        "name": "nginx-gateway", "image": "ghcr.io/nginx/nginx-gateway-fabric:2.2.1",
        "args": ["controller", format!("--gateway-ctlr-name={CONTROLLER}"), "--gatewayclass=nginx"],
        "ports": [{"name": "agent-grpc", "containerPort": 8443}, {"name": "health", "containerPort": 8081}],
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": "health"}, "initialDelaySeconds": 3},
    });
    let template = json!({"metadata": {"labels": labels}, "spec": {"containers": [container]}});
    let spec = json!({"replicas": 1, "selector": {"matchLabels": labels}, "template": template});
    let object = json!({"metadata": {"name": DEPLOYMENT, "labels": labels}, "spec": spec});
    create(cluster, &api::deployment::KIND, NAMESPACE, object);
    let class = json!({"metadata": {"name": "nginx", "labels": labels}, "spec": {"controllerName": CONTROLLER}});
    create(cluster, &api::gateway_class::KIND, "", class);
}
