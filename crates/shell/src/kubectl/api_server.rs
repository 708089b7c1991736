//! What the API server says to HTTP requests: objects by their paths, and what it hands on to pods and Services.

use api::{Kind, Object, Reason, Status, Value, json};
use cluster::Cluster;
use cluster::network::{
    HttpRequest, HttpResponse, Outcome, Payload, Protocol, Reply, Socket, TraceId, Traffic, Vantage,
};

use crate::network::connect;
use crate::sys::Sys;

/// The port it listens on.
const PORT: u16 = 8443;

/// An answer, and what was sent elsewhere for it.
pub(super) struct Answer {
    /// What it says.
    pub(super) response: HttpResponse,
    /// The way of what was sent elsewhere.
    pub(super) trace: Option<TraceId>,
    /// How many microseconds that took.
    pub(super) took: u64,
}

impl Answer {
    fn of(response: HttpResponse) -> Self {
        Self { response, trace: None, took: 0 }
    }
}

/// A connection to the API server: its way, and how many microseconds there and back take.
pub(super) fn knock(sys: &Sys) -> (TraceId, u64) {
    let to = sys.cluster(|cluster| Socket { ip: address(cluster), port: PORT });
    let traffic = Traffic { from: sys.vantage.clone(), protocol: Protocol::Tcp, to, payload: Payload::Connect };
    let (trace, _, took) = connect::send(sys, traffic);
    (trace, 2 * took)
}

/// The address of the node that it runs on.
fn address(cluster: &Cluster) -> std::net::Ipv4Addr {
    let node = cluster.settings().nodes.iter().find(|node| node.control_plane);
    node.and_then(|node| node.internal_ip.parse().ok()).unwrap_or(std::net::Ipv4Addr::LOCALHOST)
}

/// A plain answer in words.
pub(super) fn text(status: u16, reason: &str, body: &str) -> HttpResponse {
    response(status, reason, "text/plain; charset=utf-8", body)
}

fn response(status: u16, reason: &str, kind: &str, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        reason: reason.to_owned(),
        headers: vec![
            ("Cache-Control".to_owned(), "no-cache, private".to_owned()),
            ("Content-Length".to_owned(), body.len().to_string()),
            ("Content-Type".to_owned(), kind.to_owned()),
        ],
        body: body.as_bytes().to_vec(),
    }
}

/// Answers a request of somebody who may do everything.
pub(super) fn respond(sys: &Sys, request: HttpRequest) -> Answer {
    if let Some(target) = Target::of(request.path()) {
        return proxied(sys, request, &target);
    }
    if request.method != "GET" && request.method != "HEAD" {
        let body = "this playground answers GET only; use kubectl to change something\n";
        return Answer::of(text(501, "Not Implemented", body));
    }
    let path = request.path().to_owned();
    if matches!(path.as_str(), "/healthz" | "/livez" | "/readyz") {
        return Answer::of(text(200, "OK", "ok"));
    }
    // It prints for people where it knows their programs. Models `isPrettyPrint`.
    let agent = request.header("User-Agent").unwrap_or_default();
    let pretty = ["curl", "Wget", "Mozilla/5.0"].iter().any(|known| agent.starts_with(known));
    let print = |value: &Value| if pretty { manifest::to_json(value) } else { manifest::to_json_compact(value) + "\n" };
    Answer::of(match sys.cluster(|cluster| get(cluster, &path)) {
        Ok(value) => response(200, "OK", "application/json", &print(&value)),
        Err(status) => refused(&status, print),
    })
}

/// A refusal as a body. Models `metav1.Status`.
fn refused(status: &Status, print: impl Fn(&Value) -> String) -> HttpResponse {
    let (code, reason) = match status.reason {
        Reason::NotFound => (404, "Not Found"),
        Reason::BadRequest => (400, "Bad Request"),
        _ => (503, "Service Unavailable"),
    };
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": status.message,
        "reason": status.reason.as_str(), "code": code,
    });
    response(code, reason, "application/json", &print(&body))
}

/// What is at a path of the API.
///
/// # Errors
/// When nothing is.
pub(super) fn get(cluster: &Cluster, path: &str) -> Result<Value, Status> {
    let not_found = || Status::new(Reason::NotFound, "the server could not find the requested resource");
    let parts: Vec<&str> = path.split('?').next().unwrap_or(path).split('/').filter(|part| !part.is_empty()).collect();
    let (version, rest) = match parts.as_slice() {
        ["api", "v1", rest @ ..] => ("v1".to_owned(), rest),
        ["apis", group, version, rest @ ..] => (format!("{group}/{version}"), rest),
        _ => return Err(not_found()),
    };
    let kind = |plural: &str| {
        let mut kinds = api::KINDS.iter().copied();
        kinds.find(|kind: &&Kind| kind.plural == plural && kind.api_version() == version).ok_or_else(not_found)
    };
    let one = |kind: &'static Kind, namespace: &str, name: &str| Ok(cluster.get(kind, namespace, name)?.to_value());
    match rest {
        ["namespaces", namespace, plural, name] => one(kind(plural)?, namespace, name),
        ["namespaces", namespace, plural] => Ok(many(cluster, kind(plural)?, Some(namespace))),
        [plural, name] => one(kind(plural)?, "", name),
        [plural] => Ok(many(cluster, kind(plural)?, None)),
        _ => Err(not_found()),
    }
}

fn many(cluster: &Cluster, kind: &'static Kind, namespace: Option<&str>) -> Value {
    let items: Vec<Value> = cluster.list(kind, namespace).map(|object| object.to_value()).collect();
    json!({
        "apiVersion": kind.api_version(), "items": items, "kind": format!("{}List", kind.kind),
        "metadata": {"resourceVersion": cluster.store().revision().to_string()},
    })
}

/// What `/api/v1/namespaces/NAMESPACE/services/NAME:PORT/proxy/PATH` leads to.
struct Target {
    kind: &'static Kind,
    namespace: String,
    tls: bool,
    name: String,
    port: String,
    /// The path behind it; `None` without a slash at its end.
    path: Option<String>,
}

impl Target {
    fn of(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/api/v1/namespaces/")?;
        let (namespace, rest) = rest.split_once('/')?;
        let (plural, rest) = rest.split_once('/')?;
        let kind = match plural {
            "services" => &api::service::KIND,
            "pods" => &api::pod::KIND,
            _ => return None,
        };
        let (id, rest) = rest.split_once("/proxy")?;
        if id.contains('/') || !(rest.is_empty() || rest.starts_with('/')) {
            return None;
        }
        // Models `SplitSchemeNamePort`.
        let parts: Vec<&str> = id.split(':').collect();
        let (scheme, name, port) = match parts.as_slice() {
            [name] => ("", *name, ""),
            [name, port] => ("", *name, *port),
            [scheme, name, port] => (*scheme, *name, *port),
            _ => return None,
        };
        Some(Self {
            kind,
            namespace: namespace.to_owned(),
            tls: scheme == "https",
            name: name.to_owned(),
            port: port.to_owned(),
            path: (!rest.is_empty()).then(|| rest.to_owned()),
        })
    }
}

/// Hands a request on to a pod, or to a pod of a Service: not by the Service's address. Models `ResourceLocation`.
fn proxied(sys: &Sys, mut request: HttpRequest, target: &Target) -> Answer {
    let compact = |value: &Value| manifest::to_json_compact(value) + "\n";
    let Some(path) = &target.path else {
        let mut moved = text(301, "Moved Permanently", "");
        moved.headers.push(("Location".to_owned(), format!("{}/", request.path())));
        return Answer::of(moved);
    };
    let place = sys.cluster(|cluster| {
        let object = cluster.get(target.kind, &target.namespace, &target.name)?;
        let found = if *target.kind == api::pod::KIND {
            of_pod(&object, &target.port)
        } else {
            of_service(cluster, &object, &target.port)
        };
        Ok((found?, address(cluster)))
    });
    let (to, own) = match place {
        Ok(place) => place,
        Err(status) => return Answer::of(refused(&status, compact)),
    };
    let query = request.target.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
    request.target = format!("{path}{query}");
    request.tls = target.tls;
    request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("host"));
    request.headers.insert(0, ("Host".to_owned(), format!("{own}:{PORT}")));
    let from = sys.cluster(|cluster| {
        let node = cluster.settings().nodes.iter().find(|node| node.control_plane);
        node.map(|node| Vantage::Node(node.name.as_str().into()))
    });
    let traffic =
        Traffic { from: from.unwrap_or(Vantage::Laptop), protocol: Protocol::Tcp, to, payload: Payload::Http(request) };
    let (trace, outcome, took) = connect::send(sys, traffic);
    let failed = |why: &str| {
        let message = format!("error trying to reach service: {why}");
        refused(&Status::new(Reason::ServiceUnavailable, message), compact)
    };
    let response = match outcome {
        Outcome::Answered(Reply::Http(response)) => response,
        Outcome::Answered(_) => failed("EOF"),
        Outcome::Refused(_) => failed(&format!("dial tcp {to}: connect: connection refused")),
        Outcome::Lost => failed(&format!("dial tcp {to}: i/o timeout")),
    };
    Answer { response, trace: Some(trace), took: 2 * took }
}

/// Models `pod.ResourceLocation`: the port is the first container's first, if none was named.
fn of_pod(pod: &Object, port: &str) -> Result<Socket, Status> {
    let containers = pod.list(&["spec", "containers"]).iter();
    let mut ports = containers.filter_map(|container| container.get("ports")?.as_array()).flatten();
    let number = match port {
        "" => ports.find_map(|port| port.get("containerPort")?.as_u64()).unwrap_or(80),
        text => text.parse().map_err(|_| Status::bad_request(format!("invalid pod request \"{}\"", pod.name())))?,
    };
    let ip = pod.str(&["status", "podIP"]).parse();
    match (ip, u16::try_from(number)) {
        (Ok(ip), Ok(port)) => Ok(Socket { ip, port }),
        _ => Err(Status::bad_request("address not allowed")),
    }
}

/// Models `service.ResourceLocation`: a ready endpoint of the port of that name or number.
fn of_service(cluster: &Cluster, service: &Object, port: &str) -> Result<Socket, Status> {
    let name = api::field::go_quote(service.name());
    let unavailable = |message: String| Status::new(Reason::ServiceUnavailable, message);
    let mut wanted = port.to_owned();
    if let Ok(number) = port.parse::<i64>() {
        let has_number = |port: &&Value| port.get("port").and_then(Value::as_i64) == Some(number);
        let found = service.list(&["spec", "ports"]).iter().find(has_number);
        let found = found.ok_or_else(|| unavailable(format!("no service port {number} found for service {name}")))?;
        wanted = found.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    }
    let none = || unavailable(format!("no endpoints available for service {name}"));
    let endpoints = cluster.get(&api::endpoints::KIND, service.namespace(), service.name()).map_err(|_| none())?;
    for subset in endpoints.list(&["subsets"]) {
        let list = |field: &str| subset.get(field).and_then(Value::as_array).into_iter().flatten();
        let named = |port: &&Value| port.get("name").and_then(Value::as_str).unwrap_or_default() == wanted;
        let number = list("ports").find(named).and_then(|port| u16::try_from(port.get("port")?.as_u64()?).ok());
        let ip = list("addresses").find_map(|address| address.get("ip")?.as_str()?.parse().ok());
        if let (Some(port), Some(ip)) = (number, ip) {
            return Ok(Socket { ip, port });
        }
    }
    Err(none())
}
