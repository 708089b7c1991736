//! What the API server says to HTTP requests: objects by their paths, and what it hands on to pods and Services.

use api::{Kind, Reason, Status, Value, json};
use cluster::Cluster;
use cluster::network::{HttpRequest, HttpResponse, Payload, Protocol, Socket, TraceId, Traffic};

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
    if cluster::network::is_passed_on(&request) {
        return proxied(sys, request);
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

/// Hands a request on by the API server's own proxy.
fn proxied(sys: &Sys, request: HttpRequest) -> Answer {
    let from = sys.vantage.clone();
    sys.cluster(|cluster| {
        let (id, response) = cluster.proxy_request(from, request);
        let took = cluster.trace(id).map_or(0, |trace| trace.took());
        Answer { response, trace: Some(id), took: 2 * took }
    })
}
