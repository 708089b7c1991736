//! What a cluster holds before anyone uses it.

use api::{Kind, ObjectKey, Value, json};

use crate::addons::{GatewayController, IngressController};
use crate::apiserver::{Request, Subresource, WriteOptions};
use crate::cluster::{KubeletMode, NodeSettings};
use crate::controllers::{gateway, ingress_nginx};
use crate::kubelet::PodState;
use crate::{Cluster, Instant};

/// What makes a cluster that is [off](Cluster::off) run, step by step: a front end that has to answer in between does them one at
/// a time.
#[derive(Clone, Default, Debug)]
pub struct Boot {
    /// How many of [`STEPS`] are done.
    done: usize,
    /// Until when time may pass in this one.
    until: Option<Instant>,
}

enum Step {
    Make(fn(&mut Cluster)),
    /// Lets time pass until nothing is left to do, but not more than this, in microseconds.
    Settle(u64),
}

/// The longest that a fresh cluster may take to come to rest, in microseconds.
const REST: u64 = 60_000_000;

const STEPS: [Step; 15] = [
    Step::Make(namespaces),
    Step::Make(|cluster| nodes(cluster, true)),
    Step::Make(kubernetes),
    Step::Make(dns),
    Step::Make(control_plane),
    Step::Make(kube_proxy),
    Step::Make(ingress),
    Step::Make(gateways),
    Step::Settle(1_000_000),
    Step::Make(report_pods),
    Step::Settle(REST),
    // The other nodes join a control plane that runs already, so cluster DNS is on the first node.
    Step::Make(|cluster| nodes(cluster, false)),
    Step::Settle(1_000_000),
    Step::Make(report_pods),
    Step::Settle(REST),
];

impl Boot {
    /// Does the next step; `false` when none was left.
    pub fn step(&mut self, cluster: &mut Cluster) -> bool {
        match STEPS.get(self.done) {
            Some(Step::Make(make)) => make(cluster),
            Some(Step::Settle(limit)) => {
                let until = *self.until.get_or_insert(cluster.now() + *limit);
                if cluster.poll_next(until) {
                    return true;
                }
                debug_assert!(*limit < REST || cluster.now() < until, "a fresh cluster comes to rest");
                self.until = None;
            }
            None => return false,
        }
        self.done += 1;
        true
    }
}

/// Where kubelets do nothing by themselves, has every pod run.
fn report_pods(cluster: &mut Cluster) {
    if cluster.settings().kubelet == KubeletMode::Simulated {
        return;
    }
    let pods: Vec<ObjectKey> = cluster
        .list(&api::pod::KIND, None)
        .filter(|pod| !api::pod::is_ready(pod))
        .map(|pod| ObjectKey::new(&api::pod::KIND, pod.namespace(), pod.name()))
        .collect();
    for pod in pods {
        cluster.report_pod(&pod, &PodState::Running { ready: true, restarts: 0 });
    }
}

fn namespaces(cluster: &mut Cluster) {
    for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
        create(cluster, &api::namespace::KIND, "", json!({"metadata": {"name": name}}));
    }
}

fn nodes(cluster: &mut Cluster, control_plane: bool) {
    for node in cluster.settings().nodes.clone().iter().filter(|node| node.control_plane == control_plane) {
        create(cluster, &api::node::KIND, "", node_object(node));
    }
}

/// The Service that leads to the API server, which writes its endpoints itself.
fn kubernetes(cluster: &mut Cluster) {
    let port = json!([{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 8443}]);
    let labels = json!({"component": "apiserver", "provider": "kubernetes"});
    let spec = json!({"clusterIP": "10.96.0.1", "ports": port});
    create(
        cluster,
        &api::service::KIND,
        "default",
        json!({"metadata": {"name": "kubernetes", "labels": labels}, "spec": spec}),
    );
    let Some(node) = cluster.settings().nodes.iter().find(|node| node.control_plane) else { return };
    let address = node.internal_ip.clone();
    let ports = json!([{"name": "https", "port": 8443, "protocol": "TCP"}]);
    let mirror = json!({"endpointslice.kubernetes.io/skip-mirror": "true"});
    let subset = json!({"addresses": [{"ip": address}], "ports": ports});
    let object = json!({"metadata": {"name": "kubernetes", "labels": mirror}, "subsets": [subset]});
    create(cluster, &api::endpoints::KIND, "default", object);
    let slice = json!({
        "metadata": {"name": "kubernetes", "labels": {api::endpoint_slice::SERVICE_NAME_LABEL: "kubernetes"}},
        "addressType": "IPv4",
        "endpoints": [{"addresses": [address], "conditions": {"ready": true}}],
        "ports": ports,
    });
    create(cluster, &api::endpoint_slice::KIND, "default", slice);
}

fn ingress(cluster: &mut Cluster) {
    ingress_class(cluster);
    if cluster.settings().ingress_controller == IngressController::Nginx {
        ingress_nginx::install(cluster);
    }
}

fn gateways(cluster: &mut Cluster) {
    if cluster.settings().gateway_controller == GatewayController::NginxFabric {
        gateway::install(cluster);
    }
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
/// Static pods, where there are kubelets to run them.
fn control_plane(cluster: &mut Cluster) {
    if cluster.settings().kubelet == KubeletMode::Manual {
        return;
    }
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
    if cluster.settings().kubelet == KubeletMode::Manual {
        return;
    }
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
