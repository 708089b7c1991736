//! Who listens on the nodes themselves: Kubernetes' own components, pods of the host's network, and ports that pods ask
//! their node for (`hostPort`).

use std::sync::Arc;

use api::arrange::Arrange;
use api::{Object, ObjectKey, Path, Value};

use super::{Because, Certificate, HttpResponse, Payload, Protocol, Reply, Socket};
use crate::Cluster;
use crate::apiserver::front;

/// A component of Kubernetes that listens on a node.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Component {
    /// The API server, on a node of the control plane.
    ApiServer,
    /// The kubelet's own API.
    Kubelet,
    /// kube-proxy, which says whether it is well.
    KubeProxy,
    /// kube-proxy on the `healthCheckNodePort` of a Service, with the Service's revision.
    HealthCheck(ObjectKey, u64),
}

/// The port of the API server.
pub(crate) const API_SERVER_PORT: u16 = 8443;
const KUBELET_PORT: u16 = 10_250;
const KUBE_PROXY_PORT: u16 = 10_256;

impl Component {
    /// The process's name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::ApiServer => "kube-apiserver",
            Self::Kubelet => "kubelet",
            Self::KubeProxy | Self::HealthCheck(..) => "kube-proxy",
        }
    }

    /// The field that made it listen.
    pub(crate) fn because(&self) -> Option<Because> {
        let Self::HealthCheck(service, revision) = self else { return None };
        let path = Path::new("spec.healthCheckNodePort");
        Some(Because { object: service.clone(), path, revision: *revision })
    }
}

/// The component that listens on a port of a node.
pub(crate) fn component(cluster: &Cluster, node: &str, protocol: Protocol, port: u16) -> Option<Component> {
    if protocol != Protocol::Tcp {
        return None;
    }
    let settings = cluster.settings().nodes.iter().find(|settings| settings.name == node)?;
    match port {
        API_SERVER_PORT if settings.control_plane => return Some(Component::ApiServer),
        KUBELET_PORT => return Some(Component::Kubelet),
        KUBE_PROXY_PORT => return Some(Component::KubeProxy),
        _ => {}
    }
    let rule = cluster.proxy(node)?.rules().find(|rule| port != 0 && rule.health_check_node_port == port)?;
    Some(Component::HealthCheck(rule.service.clone(), rule.revision))
}

/// The running pod of the host's network on a node that listens on a port.
pub(crate) fn host_pod(cluster: &Cluster, node: &str, protocol: Protocol, port: u16) -> Option<ObjectKey> {
    let pods = cluster.store().on_node(node).filter(|pod| pod.bool(&["spec", "hostNetwork"]));
    let mut keys = pods.map(|pod| ObjectKey::of(&api::pod::KIND, pod));
    keys.find(|key| cluster.local_listener(key, protocol, port).is_some())
}

/// A pod that a port of its node leads to.
pub(crate) struct HostPort {
    pub(crate) pod: ObjectKey,
    pub(crate) to: Socket,
    pub(crate) because: Because,
}

/// The pod that has asked a node for a port. Models the CNI plugin `portmap`.
pub(crate) fn host_port(cluster: &Cluster, node: &str, protocol: Protocol, port: u16) -> Option<HostPort> {
    let here = |pod: &&Arc<Object>| !pod.bool(&["spec", "hostNetwork"]) && !pod.str(&["status", "podIP"]).is_empty();
    cluster.store().on_node(node).filter(here).find_map(|pod| {
        let containers = pod.list(&["spec", "containers"]).iter().enumerate();
        containers.into_iter().find_map(|(at, container)| {
            let ports = container.get("ports").and_then(Value::as_array)?;
            let number = |entry: &Value, field: &str| u16::try_from(entry.get(field)?.as_u64()?).ok();
            let asked = |entry: &&Value| {
                number(entry, "hostPort") == Some(port)
                    && entry.get("protocol").and_then(Value::as_str).unwrap_or("TCP") == protocol.as_str()
            };
            let index = ports.iter().position(|entry| asked(&entry))?;
            let ip = pod.str(&["status", "podIP"]).parse().ok()?;
            let path = Path::new("spec.containers").index(at).child("ports").index(index).child("hostPort");
            let object = ObjectKey::of(&api::pod::KIND, pod);
            Some(HostPort {
                pod: object.clone(),
                to: Socket { ip, port: number(&ports[index], "containerPort")? },
                because: Because { object, path, revision: pod.resource_version() },
            })
        })
    })
}

/// What a component says.
pub(crate) fn answer(cluster: &Cluster, node: &str, component: &Component, payload: &Payload) -> Reply {
    let tls = matches!(component, Component::ApiServer | Component::Kubelet);
    match payload {
        Payload::Connect | Payload::Ping => Reply::Connected,
        Payload::Handshake(_) if tls => Reply::Certificate(certificate(cluster, node, component)),
        Payload::Bytes { data, tls: false } if tls && !data.is_empty() => Reply::Stream(front::plain_stream()),
        Payload::Handshake(_) | Payload::Dns(_) | Payload::Bytes { .. } => Reply::Garbage,
        Payload::Http(request) if request.tls && !tls => Reply::Garbage,
        Payload::Http(request) if tls && !request.tls => Reply::Http(front::plain()),
        Payload::Http(request) => Reply::Http(match component {
            Component::ApiServer => front::answer(cluster, request),
            Component::Kubelet => text(401, "Unauthorized", "Unauthorized"),
            Component::KubeProxy if request.path() == "/healthz" || request.path() == "/livez" => {
                text(200, "OK", "{\"status\":\"ok\"}")
            }
            Component::KubeProxy => text(404, "Not Found", "404 page not found\n"),
            Component::HealthCheck(service, _) => health(cluster, node, service),
        }),
    }
}

/// Models `pkg/proxy/healthcheck/service_health.go` `ServeHTTP`.
fn health(cluster: &Cluster, node: &str, service: &ObjectKey) -> HttpResponse {
    let rules = cluster.proxy(node).into_iter().flat_map(super::Proxy::rules).filter(|rule| rule.service == *service);
    let ready = rules.flat_map(|rule| &rule.endpoints).filter(|backend| backend.ready && *backend.node == *node);
    let mut addresses: Vec<_> = ready.map(|backend| backend.socket.ip).collect();
    addresses.arrange();
    addresses.dedup();
    let count = addresses.len();
    let (namespace, name) = (&service.namespace, &service.name);
    let body = format!(
        "{{\n\t\"service\": {{\n\t\t\"namespace\": \"{namespace}\",\n\t\t\"name\": \"{name}\"\n\t}},\n\t\"localEndpoints\": \
         {count},\n\t\"serviceProxyHealthy\": true\n}}"
    );
    let mut response = if count == 0 { text(503, "Service Unavailable", &body) } else { text(200, "OK", &body) };
    response.set_header("Content-Type", "application/json");
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("X-Load-Balancing-Endpoint-Weight", &count.to_string());
    response
}

fn certificate(cluster: &Cluster, node: &str, component: &Component) -> Certificate {
    if *component == Component::Kubelet {
        let (subject, issuer) = (format!("CN={node}@1795424400"), format!("CN={node}-ca@1795424400"));
        return Certificate::issued(&subject, &issuer, vec![node.to_owned()]);
    }
    front::certificate(cluster)
}

fn text(status: u16, reason: &str, body: &str) -> HttpResponse {
    let headers =
        [("Content-Type", "text/plain; charset=utf-8".to_owned()), ("Content-Length", body.len().to_string())];
    HttpResponse {
        status,
        reason: reason.to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        body: body.as_bytes().to_vec(),
    }
}
