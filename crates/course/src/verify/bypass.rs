//! Cheap ways around a task, tried on every exercise.

use std::fmt;

use api::{Object, ObjectKey, Value, json};
use cluster::{Cluster, DeleteOptions, Patch, Request, WriteOptions};

/// A way around a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bypass {
    /// Delete every NetworkPolicy.
    DeletePolicies,
    /// Delete every pod, so that those of workloads come back.
    DeletePods,
    /// Give every pod the labels that Services of its namespace ask for.
    RelabelPods,
    /// Take the selectors away, and write the addresses of all pods down by hand.
    PointAtPods,
}

/// Every way around, by the name that a lesson allows it with.
pub(crate) const BYPASSES: &[(&str, Bypass)] = &[
    ("delete-policies", Bypass::DeletePolicies),
    ("delete-pods", Bypass::DeletePods),
    ("relabel-pods", Bypass::RelabelPods),
    ("point-at-pods", Bypass::PointAtPods),
];

impl fmt::Display for Bypass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = BYPASSES.iter().find(|(_, bypass)| bypass == self).map_or("", |(name, _)| name);
        f.write_str(name)
    }
}

/// Namespaces that are the cluster's own.
const SYSTEM: &[&str] =
    &["kube-system", "kube-public", "kube-node-lease", "ingress-nginx", "nginx-gateway", "metallb-system"];

impl Bypass {
    /// Goes it. Returns whether there was anything to do.
    pub(super) fn take(self, cluster: &mut Cluster) -> bool {
        let requests = match self {
            Self::DeletePolicies => deletions(cluster, &api::network_policy::KIND),
            Self::DeletePods => deletions(cluster, &api::pod::KIND),
            Self::RelabelPods => relabels(cluster),
            Self::PointAtPods => pointers(cluster),
        };
        let any = !requests.is_empty();
        for request in requests {
            // A way that the server bars leads nowhere.
            drop(cluster.submit(request));
        }
        any
    }
}

fn learners<'a>(cluster: &'a Cluster, kind: &'static api::Kind) -> impl Iterator<Item = &'a std::sync::Arc<Object>> {
    cluster.list(kind, None).filter(|object| !SYSTEM.contains(&object.namespace()))
}

fn deletions(cluster: &Cluster, kind: &'static api::Kind) -> Vec<Request> {
    let delete = |object: &std::sync::Arc<Object>| Request::Delete {
        kind,
        namespace: object.namespace().into(),
        name: object.name().into(),
        options: DeleteOptions::by("bypass"),
    };
    learners(cluster, kind).map(delete).collect()
}

fn patch(key: &ObjectKey, change: Value) -> Request {
    Request::Patch {
        kind: key.kind,
        namespace: key.namespace.clone(),
        name: key.name.clone(),
        patch: Patch::Merge(change),
        subresource: cluster::apiserver::Subresource::Main,
        options: WriteOptions::by("bypass"),
    }
}

fn relabels(cluster: &Cluster) -> Vec<Request> {
    let mut requests = Vec::new();
    for pod in learners(cluster, &api::pod::KIND) {
        for service in cluster.list(&api::service::KIND, Some(pod.namespace())) {
            let Some(selector) = service.at(&["spec", "selector"]) else { continue };
            let key = ObjectKey::of(&api::pod::KIND, pod);
            requests.push(patch(&key, json!({"metadata": {"labels": selector}})));
        }
    }
    requests
}

fn pointers(cluster: &Cluster) -> Vec<Request> {
    let mut requests = Vec::new();
    for service in learners(cluster, &api::service::KIND).filter(|service| service.at(&["spec", "selector"]).is_some())
    {
        let namespace = service.namespace();
        let ips = cluster.list(&api::pod::KIND, Some(namespace)).map(|pod| pod.str(&["status", "podIP"]).to_owned());
        let endpoints: Vec<Value> = ips
            .filter(|ip| !ip.is_empty())
            .map(|ip| json!({"addresses": [ip], "conditions": {"ready": true}}))
            .collect();
        let ports: Vec<Value> = api::service::ports(service)
            .iter()
            .map(|port| {
                let number = match &port.target_port {
                    api::service::TargetPort::Number(number) => *number,
                    api::service::TargetPort::Name(_) => port.port,
                };
                json!({"name": port.name, "protocol": port.protocol, "port": number})
            })
            .collect();
        let key = ObjectKey::of(&api::service::KIND, service);
        requests.push(patch(&key, json!({"spec": {"selector": null}})));
        let labels = json!({api::endpoint_slice::SERVICE_NAME_LABEL: service.name()});
        requests.push(Request::Create {
            kind: &api::endpoint_slice::KIND,
            namespace: namespace.into(),
            object: json!({
                "metadata": {"name": format!("{}-by-hand", service.name()), "labels": labels},
                "addressType": "IPv4",
                "endpoints": endpoints,
                "ports": ports,
            }),
            options: WriteOptions::by("bypass"),
        });
    }
    requests
}
