//! The API server as a proxy (`/api/v1/namespaces/NS/services/NAME/proxy/PATH`), and the tunnel of port-forward.

use std::net::Ipv4Addr;
use std::sync::Arc;

use api::arrange::Arrange;
use api::status::Reason;
use api::{Object, ObjectKey, Status, Value};

use super::{LOCAL, Way};
use crate::Cluster;
use crate::network::backends::candidate;
use crate::network::node_listeners::{API_SERVER_PORT, Component};
use crate::network::{
    Action, Candidate, HttpRequest, HttpResponse, Outcome, Payload, Place, Protocol, Refusal, Reply, Socket, Trace,
    TraceId, Traffic, Vantage, Verdict,
};

/// Microseconds after which the API server stops waiting for a connection.
const DIAL_TIMEOUT: u64 = 30_000_000;

impl Cluster {
    /// Sends a request to the API server for it to pass on: `target` is
    /// `/api/v1/namespaces/NS/{services|pods}/[scheme:]NAME[:port]/proxy[/PATH]`. Returns the trace and the answer, which is a
    /// `Status` in JSON when the API server itself has something to say, as for `kubectl get --raw`.
    pub fn proxy_request(&mut self, from: Vantage, mut request: HttpRequest) -> (TraceId, HttpResponse) {
        let node = self.settings().nodes.iter().find(|node| node.control_plane);
        let ip = node.and_then(|node| node.internal_ip.parse().ok()).unwrap_or(Ipv4Addr::UNSPECIFIED);
        let to = Socket { ip, port: API_SERVER_PORT };
        request.tls = true;
        request.set_header("Host", &to.to_string());
        request.set_header("Authorization", "Bearer");
        let id = self.send(Traffic { from, protocol: Protocol::Tcp, to, payload: Payload::Http(request) });
        let outcome = self.trace(id).map(|trace| trace.outcome.clone());
        let response = match outcome {
            Some(Outcome::Answered(Reply::Http(response))) => response,
            _ => refusal(&Status::new(Reason::ServiceUnavailable, "the API server does not answer"), false),
        };
        (id, response)
    }

    /// Sends something through the tunnel of `kubectl port-forward` to a port of a pod. The tunnel ends in the pod's network
    /// namespace, so what listens on 127.0.0.1 only is reached as well, and no Service, rule or policy is in the way.
    pub fn port_forward(&mut self, pod: &ObjectKey, port: u16, payload: Payload) -> TraceId {
        let to = Socket { ip: Ipv4Addr::LOCALHOST, port };
        let traffic = Traffic { from: Vantage::Laptop, protocol: Protocol::Tcp, to, payload };
        self.keep_trace(|cluster, id| {
            let at = cluster.now();
            let mut way = Way::start(cluster, &traffic);
            let outcome = way.tunnel(pod);
            let hops = way.hops;
            Trace { id, at, hops, outcome, traffic: traffic.clone() }
        })
    }
}

impl Way<'_> {
    /// By way of the API server and the pod's kubelet into the pod.
    fn tunnel(&mut self, pod: &ObjectKey) -> Outcome {
        self.hop(LOCAL, Action::Send, None);
        let control = self.cluster.settings().nodes.iter().find(|node| node.control_plane);
        let control: Arc<str> = control.map_or("", |node| node.name.as_str()).into();
        let Some(node) = self.cluster.store().get(pod).map(|pod| Arc::<str>::from(pod.str(&["spec", "nodeName"])))
        else {
            return self.refused(Refusal::Closed, None);
        };
        self.go(Place::Node(control.clone()), super::FROM_OUTSIDE);
        if control != node
            && let Err(outcome) = self.cross(node)
        {
            return outcome;
        }
        self.packet.source.ip = Ipv4Addr::LOCALHOST;
        self.go(Place::Pod(pod.clone()), LOCAL);
        match self.arrive(pod, true) {
            Ok(outcome) | Err(outcome) => outcome,
        }
    }

    /// What the API server makes of a request that it is to pass on; `None` when it is not.
    pub(super) fn ask_api_server(&mut self, component: &Component) -> Option<Outcome> {
        let Payload::Http(request) = self.payload() else { return None };
        let asked = Asked::read(request).filter(|_| *component == Component::ApiServer && request.tls)?;
        let mut request = request.clone();
        if request.header("Authorization").is_none() {
            let (resource, id, namespace) = (asked.resource, &asked.id, &asked.namespace);
            let message = format!(
                "{resource} \"{id}\" is forbidden: User \"system:anonymous\" cannot get resource \"{resource}/proxy\" in API \
                 group \"\" in the namespace \"{namespace}\""
            );
            return Some(self.says(&Status::new(Reason::Forbidden, message), LOCAL));
        }
        let Some(path) = asked.path else {
            let location = format!("{}/", request.target.split('?').next().unwrap_or_default());
            let headers = vec![("Location".to_owned(), location), ("Content-Length".to_owned(), "0".to_owned())];
            let reason = "Moved Permanently".to_owned();
            let response = as_server(HttpResponse { status: 301, reason, headers, body: Vec::new() }, self.cluster);
            return Some(self.answered(Reply::Http(response), LOCAL));
        };
        let located = if asked.resource == "services" {
            locate_service(self.cluster, &asked.namespace, &asked.id)
        } else {
            locate_pod(self.cluster, &asked.namespace, &asked.id)
        };
        let (tls, to, candidates) = match located {
            Ok(found) => found,
            Err(status) => return Some(self.says(&status, LOCAL)),
        };
        let words = format!("proxy of {} {}", asked.resource, asked.id);
        self.hop(LOCAL, Action::Relay { words, to, candidates }, None);
        (request.target, request.tls) = (path, tls);
        request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("Authorization"));
        request.set_header("Host", &to.to_string());
        let node = self.node.clone().unwrap_or_default();
        let (from, payload) = (Vantage::Node(node.clone()), Payload::Http(request));
        let outcome = self.ask_from_node(&node, &Traffic { from, protocol: Protocol::Tcp, to, payload });
        let trouble = match outcome {
            Outcome::Answered(Reply::Http(response)) => {
                let response = as_server(response, self.cluster);
                return Some(self.answered(Reply::Http(response), LOCAL));
            }
            Outcome::Answered(_) if tls => "tls: first record does not look like a TLS handshake".to_owned(),
            Outcome::Answered(_) | Outcome::Refused(Refusal::Closed) => "EOF".to_owned(),
            Outcome::Refused(Refusal::HostUnreachable) => format!("dial tcp {to}: connect: no route to host"),
            Outcome::Refused(_) => format!("dial tcp {to}: connect: connection refused"),
            Outcome::Lost => format!("dial tcp {to}: i/o timeout"),
        };
        let waited = if trouble.ends_with("timeout") { DIAL_TIMEOUT } else { LOCAL };
        let message = format!("error trying to reach service: {trouble}");
        Some(self.says(&Status::new(Reason::ServiceUnavailable, message), waited))
    }

    fn says(&mut self, status: &Status, took: u64) -> Outcome {
        // It prints for people where it knows their programs. Models `isPrettyPrint`.
        let agent = match self.payload() {
            Payload::Http(request) => request.header("User-Agent").unwrap_or_default(),
            _ => "",
        };
        let pretty = ["curl", "Wget", "Mozilla/5.0"].iter().any(|known| agent.starts_with(known));
        let response = as_server(refusal(status, pretty), self.cluster);
        self.answered(Reply::Http(response), took)
    }
}

/// An answer with the API server's own fields, in the order in which Go's `net/http` writes them: by name, and what it
/// adds itself at the end.
fn as_server(mut response: HttpResponse, cluster: &Cluster) -> HttpResponse {
    let length = response.header("Content-Length").map(str::to_owned);
    response.headers.retain(|(name, _)| !["content-length", "connection"].contains(&&*name.to_ascii_lowercase()));
    response.set_header("Audit-Id", "5ea0c17e-b191-41a8-ae7e-dff763609f49");
    response.set_header("Cache-Control", "no-cache, private");
    response.headers.arrange_by_key(|(name, _)| name.to_ascii_lowercase());
    if let Some(length) = length {
        response.set_header("Content-Length", &length);
    }
    if response.header("Date").is_none() {
        response.set_header("Date", &api::time::format_http_date(cluster.now().unix_seconds()));
    }
    response
}

/// Whether a request to the API server is one that it passes on to a pod or a Service.
#[must_use]
pub fn is_passed_on(request: &HttpRequest) -> bool {
    Asked::read(request).is_some()
}

/// A request for somebody behind the API server.
struct Asked {
    namespace: String,
    /// `services` or `pods`.
    resource: &'static str,
    id: String,
    /// What to ask there, with the query; `None` when the slash after `proxy` is missing.
    path: Option<String>,
}

impl Asked {
    fn read(request: &HttpRequest) -> Option<Self> {
        let rest = request.target.strip_prefix("/api/v1/namespaces/")?;
        let mut parts = rest.splitn(4, '/');
        let (namespace, resource, id, last) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let resource = ["services", "pods"].into_iter().find(|known| *known == resource)?;
        let path = match last.strip_prefix("proxy")? {
            "" => None,
            rest if rest.starts_with('/') => Some(rest.to_owned()),
            rest if rest.starts_with('?') => None,
            _ => return None,
        };
        Some(Self { namespace: namespace.to_owned(), resource, id: id.to_owned(), path })
    }
}

type Located = (bool, Socket, Vec<Candidate>);

/// Takes `[scheme:]name[:port]` apart: whether it is `https`, the name and the port.
/// Models apimachinery `pkg/util/net` `SplitSchemeNamePort`.
fn split(id: &str) -> Option<(bool, &str, &str)> {
    let parts: Vec<&str> = id.split(':').collect();
    let (scheme, name, port) = match parts[..] {
        [name] => ("", name, ""),
        [name, port] => ("", name, port),
        [scheme @ ("" | "http" | "https"), name, port] => (scheme, name, port),
        _ => return None,
    };
    (!name.is_empty()).then_some((scheme == "https", name, port))
}

/// Models `pkg/registry/core/service/storage` `ResourceLocation`: an endpoint of the Service that is a pod's, at the port
/// of the name that was asked for.
fn locate_service(cluster: &mut Cluster, namespace: &str, id: &str) -> Result<Located, Status> {
    let invalid = || Status::new(Reason::BadRequest, format!("invalid service request \"{id}\""));
    let (tls, name, port) = split(id).ok_or_else(invalid)?;
    let key = ObjectKey::new(&api::service::KIND, namespace, name);
    let mut port = port.to_owned();
    if let Ok(number) = port.parse::<i64>() {
        let service = cluster.get(&api::service::KIND, namespace, name)?;
        let found = api::service::ports(&service).into_iter().find(|known| i64::from(known.port) == number);
        port = found.map(|known| known.name).ok_or_else(|| {
            let words = format!("no service port {number} found for service \"{name}\"");
            Status::new(Reason::ServiceUnavailable, words)
        })?;
    }
    let slices: Vec<Arc<Object>> = cluster.store().slices_of(&key).cloned().collect();
    if slices.is_empty() {
        return Err(Status::not_found(&api::service::KIND, name));
    }
    let mut candidates: Vec<Candidate> = Vec::new();
    for slice in &slices {
        let named = |entry: &&Value| entry.get("name").and_then(Value::as_str).unwrap_or_default() == port;
        let number = slice.list(&["ports"]).iter().find(named).and_then(|entry| entry.get("port")?.as_u64());
        let Some(number) = number.and_then(|number| u16::try_from(number).ok()) else { continue };
        let found = slice.list(&["endpoints"]).iter().filter_map(|endpoint| candidate(endpoint, namespace, number));
        // Only those of pods count.
        candidates.extend(found.filter(|candidate| candidate.pod.is_some()));
    }
    candidates.arrange_by_key(|candidate| candidate.socket);
    let usable: Vec<usize> = (0..candidates.len()).filter(|&at| candidates[at].verdict == Verdict::Eligible).collect();
    let Some(chosen) = cluster.rng.pick(&usable).copied() else {
        let words = format!("no endpoints available for service \"{id}\"");
        return Err(Status::new(Reason::ServiceUnavailable, words));
    };
    candidates[chosen].verdict = Verdict::Chosen;
    Ok((tls, candidates[chosen].socket, candidates))
}

/// Models `pkg/registry/core/pod` `ResourceLocation`: the pod's address, at its first declared port when none is named.
fn locate_pod(cluster: &mut Cluster, namespace: &str, id: &str) -> Result<Located, Status> {
    let invalid = || Status::new(Reason::BadRequest, format!("invalid pod request \"{id}\""));
    let (tls, name, port) = split(id).ok_or_else(invalid)?;
    let pod = cluster.get(&api::pod::KIND, namespace, name)?;
    let containers = pod.list(&["spec", "containers"]).iter();
    let declared =
        containers.filter_map(|c| c.get("ports")?.as_array()?.first()?.get("containerPort")?.as_u64()).next();
    let usual = declared.and_then(|port| u16::try_from(port).ok()).unwrap_or(if tls { 443 } else { 80 });
    let ip = pod.str(&["status", "podIP"]).parse();
    let ip = ip.map_err(|_| Status::new(Reason::BadRequest, "address not allowed"))?;
    let port = if port.is_empty() { Some(usual) } else { port.parse().ok() };
    let port = port.ok_or_else(|| {
        let words = format!("error trying to reach service: dial tcp: lookup tcp/{id}: unknown port");
        Status::new(Reason::ServiceUnavailable, words)
    })?;
    let socket = Socket { ip, port };
    let pod = Some(ObjectKey::of(&api::pod::KIND, &pod));
    Ok((tls, socket, vec![Candidate { socket, pod, verdict: Verdict::Chosen }]))
}

/// A `Status` as the API server sends it.
fn refusal(status: &Status, pretty: bool) -> HttpResponse {
    let quoted = |text: &str| Value::from(text).to_string();
    let details = if status.subject.is_empty() {
        String::new()
    } else {
        let (name, kind) = (quoted(&status.name), quoted(&status.subject));
        format!("  \"details\": {{\n    \"name\": {name},\n    \"kind\": {kind}\n  }},\n")
    };
    let body = format!(
        "{{\n  \"kind\": \"Status\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {{}},\n  \"status\": \"Failure\",\n  \
         \"message\": {},\n  \"reason\": \"{}\",\n{details}  \"code\": {}\n}}",
        quoted(&status.message),
        status.reason.as_str(),
        status.reason.code(),
    );
    // Nothing in it but the message has a space, so it is made compact by its lines.
    let compact = |body: String| {
        let lines = body.lines().map(|line| line.trim().replacen("\": ", "\":", 1));
        lines.collect::<String>() + "\n"
    };
    let body = if pretty { body } else { compact(body) };
    let headers = [("Content-Type", "application/json".to_owned()), ("Content-Length", body.len().to_string())];
    let code = status.reason.code();
    HttpResponse {
        status: code,
        reason: crate::images::reason(code).to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        body: body.into_bytes(),
    }
}
