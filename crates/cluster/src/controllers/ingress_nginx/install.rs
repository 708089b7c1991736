//! What minikube's `ingress` addon installs.

use api::{Value, json};

use super::{DEPLOYMENT, NAMESPACE};
use crate::Cluster;
use crate::addons::LoadBalancerProvider;
use crate::bootstrap::create;

/// Installs the namespace, the Deployment and its two Services.
pub(crate) fn install(cluster: &mut Cluster) {
    let labels = json!({"app.kubernetes.io/instance": "ingress-nginx", "app.kubernetes.io/name": "ingress-nginx"});
    let namespace = json!({"metadata": {"name": NAMESPACE, "labels": labels}});
    create(cluster, &api::namespace::KIND, "", namespace);
    let mut labels = labels;
    labels["app.kubernetes.io/component"] = "controller".into();
    let metadata = json!({"name": DEPLOYMENT, "labels": labels});
    create(
        cluster,
        &api::deployment::KIND,
        NAMESPACE,
        json!({"metadata": metadata, "spec": {
            "replicas": 1,
            "minReadySeconds": 0,
            "selector": {"matchLabels": labels},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
            "template": template(&labels),
        }}),
    );
    let balanced = cluster.settings().load_balancer != LoadBalancerProvider::None;
    let http = json!([
        {"appProtocol": "http", "name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"},
        {"appProtocol": "https", "name": "https", "port": 443, "protocol": "TCP", "targetPort": "https"},
    ]);
    let webhook = json!([{"appProtocol": "https", "name": "https-webhook", "port": 443, "targetPort": "webhook"}]);
    let kind = if balanced { "LoadBalancer" } else { "NodePort" };
    for (name, kind, ports) in
        [(DEPLOYMENT.to_owned(), kind, http), (format!("{DEPLOYMENT}-admission"), "ClusterIP", webhook)]
    {
        let spec = json!({"type": kind, "selector": labels, "ports": ports});
        let object = json!({"metadata": {"name": name, "labels": labels}, "spec": spec});
        create(cluster, &api::service::KIND, NAMESPACE, object);
    }
}

fn template(labels: &Value) -> Value {
    let probe = json!({"failureThreshold": 5, "httpGet": {"path": "/healthz", "port": 10254, "scheme": "HTTP"},
        "initialDelaySeconds": 10, "periodSeconds": 10, "successThreshold": 1, "timeoutSeconds": 1});
    let port = |name: &str, number: u16, host: bool| {
        let mut port = json!({"name": name, "containerPort": number, "protocol": "TCP"});
        if host {
            port["hostPort"] = number.into();
        }
        port
    };
    let field = |path: &str| json!({"fieldRef": {"apiVersion": "v1", "fieldPath": path}});
    let container = json!({
        "name": "controller",
        "image": "registry.k8s.io/ingress-nginx/controller:v1.14.0",
        "args": [
            "/nginx-ingress-controller", "--election-id=ingress-nginx-leader", "--controller-class=k8s.io/ingress-nginx",
            "--ingress-class=nginx", "--configmap=$(POD_NAMESPACE)/ingress-nginx-controller",
        ],
        "env": [
            {"name": "POD_NAME", "valueFrom": field("metadata.name")},
            {"name": "POD_NAMESPACE", "valueFrom": field("metadata.namespace")},
        ],
        "lifecycle": {"preStop": {"exec": {"command": ["/wait-shutdown"]}}},
        "livenessProbe": probe,
        "readinessProbe": probe,
        "ports": [port("http", 80, true), port("https", 443, true), port("webhook", 8443, false)],
        "resources": {"requests": {"cpu": "100m", "memory": "90Mi"}},
    });
    json!({"metadata": {"labels": labels}, "spec": {
        "containers": [container],
        "dnsPolicy": "ClusterFirst",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "terminationGracePeriodSeconds": 0,
        "tolerations": [{"effect": "NoSchedule", "key": "node-role.kubernetes.io/master", "operator": "Equal"}],
    }})
}
