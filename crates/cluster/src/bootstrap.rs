//! What a cluster holds before anyone uses it.

use api::{Kind, ObjectKey, Value, json};

use crate::Cluster;
use crate::addons::{GatewayController, IngressController};
use crate::apiserver::{Request, Subresource, WriteOptions};
use crate::cluster::{KubeletMode, NodeSettings};
use crate::controllers::{gateway, ingress_nginx};
use crate::kubelet::PodState;

/// Makes namespaces, nodes, the `kubernetes` Service with its endpoints, and cluster DNS.
pub(crate) fn populate(cluster: &mut Cluster) {
    for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
        create(cluster, &api::namespace::KIND, "", json!({"metadata": {"name": name}}));
    }
    let nodes = cluster.settings().nodes.clone();
    let (first, others): (Vec<_>, Vec<_>) = nodes.iter().partition(|node| node.control_plane);
    for node in first {
        create(cluster, &api::node::KIND, "", node_object(node));
    }
    let port = json!([{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 8443}]);
    let labels = json!({"component": "apiserver", "provider": "kubernetes"});
    let spec = json!({"clusterIP": "10.96.0.1", "ports": port});
    create(
        cluster,
        &api::service::KIND,
        "default",
        json!({"metadata": {"name": "kubernetes", "labels": labels}, "spec": spec}),
    );
    if let Some(node) = nodes.iter().find(|node| node.control_plane) {
        let subset = json!({
            "addresses": [{"ip": node.internal_ip}],
            "ports": [{"name": "https", "port": 8443, "protocol": "TCP"}],
        });
        let mirror = json!({"endpointslice.kubernetes.io/skip-mirror": "true"});
        let object = json!({"metadata": {"name": "kubernetes", "labels": mirror}, "subsets": [subset]});
        create(cluster, &api::endpoints::KIND, "default", object);
        let slice = json!({
            "metadata": {"name": "kubernetes", "labels": {api::endpoint_slice::SERVICE_NAME_LABEL: "kubernetes"}},
            "addressType": "IPv4",
            "endpoints": [{"addresses": [node.internal_ip], "conditions": {"ready": true}}],
            "ports": [{"name": "https", "port": 8443, "protocol": "TCP"}],
        });
        create(cluster, &api::endpoint_slice::KIND, "default", slice);
    }
    dns(cluster);
    if cluster.settings().kubelet == KubeletMode::Simulated {
        control_plane(cluster);
        kube_proxy(cluster);
    }
    ingress_class(cluster);
    if cluster.settings().ingress_controller == IngressController::Nginx {
        ingress_nginx::install(cluster);
    }
    if cluster.settings().gateway_controller == GatewayController::NginxFabric {
        gateway::install(cluster);
    }
    settle(cluster);
    // The other nodes join a control plane that runs already, so cluster DNS is on the first node.
    for node in others {
        create(cluster, &api::node::KIND, "", node_object(node));
    }
    settle(cluster);
}

fn settle(cluster: &mut Cluster) {
    if cluster.settings().kubelet == KubeletMode::Manual {
        cluster.settle(1_000_000);
        let pods: Vec<ObjectKey> = cluster
            .list(&api::pod::KIND, None)
            .filter(|pod| !api::pod::is_ready(pod))
            .map(|pod| ObjectKey::new(&api::pod::KIND, pod.namespace(), pod.name()))
            .collect();
        for pod in pods {
            cluster.report_pod(&pod, &PodState::Running { ready: true, restarts: 0 });
        }
    }
    let rest = cluster.settle(60_000_000);
    debug_assert!(rest < 60_000_000, "a fresh cluster comes to rest");
}

/// The class of Ingresses that name none.
fn ingress_class(cluster: &mut Cluster) {
    let class = json!({
        "metadata": {
            "name": "nginx",
            "annotations": {api::ingress_class::DEFAULT_ANNOTATION: "true"},
        },
        "spec": {"controller": "k8s.io/ingress-nginx"},
    });
    create(cluster, &api::ingress_class::KIND, "", class);
}

/// The programs of the control plane: static pods of the first node, which its kubelet shows to the API server.
fn control_plane(cluster: &mut Cluster) {
    let Some(node) = cluster.settings().nodes.iter().find(|node| node.control_plane).cloned() else { return };
    let owner = cluster.store().find(&api::node::KIND, "", &node.name).map(|object| object.uid().to_owned());
    for (name, image) in [
        ("etcd", "registry.k8s.io/etcd:3.6.6-0"),
        ("kube-apiserver", "registry.k8s.io/kube-apiserver:v1.36.2"),
        ("kube-controller-manager", "registry.k8s.io/kube-controller-manager:v1.36.2"),
        ("kube-scheduler", "registry.k8s.io/kube-scheduler:v1.36.2"),
    ] {
        let hash = crate::kubelet::digest(name).get(..32).unwrap_or_default().to_owned();
        let owner = json!([{
            "apiVersion": "v1", "controller": true, "kind": "Node", "name": node.name, "uid": owner,
        }]);
        let metadata = json!({
            "name": format!("{name}-{}", node.name),
            "labels": {"component": name, "tier": "control-plane"},
            "annotations": {"kubernetes.io/config.hash": hash, "kubernetes.io/config.source": "file"},
            "ownerReferences": owner,
        });
        let spec = json!({
            "automountServiceAccountToken": false,
            "containers": [{"name": name, "image": image, "imagePullPolicy": "IfNotPresent"}],
            "hostNetwork": true,
            "nodeName": node.name,
            "tolerations": [{"effect": "NoExecute", "operator": "Exists"}],
        });
        create(cluster, &api::pod::KIND, "kube-system", json!({"metadata": metadata, "spec": spec}));
    }
}

/// kube-proxy on every node.
fn kube_proxy(cluster: &mut Cluster) {
    let labels = json!({"k8s-app": "kube-proxy"});
    let container = json!({
        "name": "kube-proxy", "image": "registry.k8s.io/kube-proxy:v1.36.2", "imagePullPolicy": "IfNotPresent",
        "command": ["/usr/local/bin/kube-proxy", "--config=/var/lib/kube-proxy/config.conf"],
    });
    let spec = json!({
        "containers": [container], "hostNetwork": true, "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"operator": "Exists"}],
    });
    let spec = json!({"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": spec}});
    let object = json!({"metadata": {"name": "kube-proxy", "labels": labels}, "spec": spec});
    create(cluster, &api::daemon_set::KIND, "kube-system", object);
}

/// CoreDNS behind the address that every pod's resolv.conf names.
fn dns(cluster: &mut Cluster) {
    let selector = json!({"k8s-app": "kube-dns"});
    let service = json!({
        "metadata": {"name": "kube-dns", "labels": {
            "k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS",
        }},
        "spec": {"clusterIP": "10.96.0.10", "selector": selector, "ports": [
            {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53},
            {"name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53},
            {"name": "metrics", "port": 9153, "protocol": "TCP", "targetPort": 9153},
        ]},
    });
    create(cluster, &api::service::KIND, "kube-system", service);
    let container = json!({
        "name": "coredns", "image": "registry.k8s.io/coredns/coredns:v1.13.1", "ports": [
            {"name": "dns", "containerPort": 53, "protocol": "UDP"},
            {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
            {"name": "metrics", "containerPort": 9153, "protocol": "TCP"},
        ],
    });
    let template = json!({
        "metadata": {"labels": selector},
        "spec": {
            "containers": [container],
            "dnsPolicy": "Default",
            "nodeSelector": {"kubernetes.io/os": "linux"},
            "tolerations": [{"effect": "NoSchedule", "key": "node-role.kubernetes.io/control-plane"}],
        },
    });
    let deployment = json!({
        "metadata": {"name": "coredns", "labels": selector},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": selector},
            "strategy": {"rollingUpdate": {"maxUnavailable": 1}},
            "template": template,
        },
    });
    create(cluster, &api::deployment::KIND, "kube-system", deployment);
}

/// Creates an object that is known to be valid, with the status that it brings.
pub(crate) fn create(cluster: &mut Cluster, kind: &'static Kind, namespace: &str, object: Value) {
    let options = WriteOptions::typed("kube-apiserver");
    let status = object.get("status").cloned();
    let request = Request::Create { kind, namespace: namespace.into(), object, options: options.clone() };
    let created = cluster.submit(request).expect("the objects of a fresh cluster are valid");
    if let Some(status) = status {
        let name = created.object.name().into();
        let object = json!({"status": status});
        let subresource = Subresource::Status;
        let request = Request::Update { kind, namespace: namespace.into(), name, object, subresource, options };
        cluster.submit(request).expect("the object was made a line ago");
    }
}

fn node_object(node: &NodeSettings) -> Value {
    let mut labels = json!({
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": "linux",
    });
    if node.control_plane
        && let Some(labels) = labels.as_object_mut()
    {
        labels.insert("node-role.kubernetes.io/control-plane".to_owned(), "".into());
        labels.insert("node.kubernetes.io/exclude-from-external-load-balancers".to_owned(), "".into());
    }
    let network = format!("{}.0/24", node.pod_network);
    json!({
        "metadata": {"name": node.name, "labels": labels},
        "spec": {"podCIDR": network, "podCIDRs": [network]},
        "status": {
            "addresses": [
                {"type": "InternalIP", "address": node.internal_ip},
                {"type": "Hostname", "address": node.name},
            ],
            "conditions": [{
                "type": "Ready", "status": "True", "reason": "KubeletReady",
                "message": "kubelet is posting ready status",
            }],
            "capacity": {"cpu": "2", "memory": "6Gi", "pods": node.max_pods.to_string()},
            "allocatable": {"cpu": "2", "memory": "6Gi", "pods": node.max_pods.to_string()},
            "nodeInfo": {
                "kubeletVersion": "v1.36.2", "osImage": "Buildroot 2025.02", "kernelVersion": "6.6.95",
                "containerRuntimeVersion": "containerd://2.1.3", "architecture": "amd64", "operatingSystem": "linux",
            },
        },
    })
}
