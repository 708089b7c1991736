//! The API server as its port shows it: TLS, and answers to those who do not say who they are.

use crate::Cluster;
use crate::network::{Certificate, End, HttpRequest, HttpResponse, Stream};

/// Its certificate, signed by the cluster's own authority.
pub(crate) fn certificate(cluster: &Cluster) -> Certificate {
    let node = cluster.settings().nodes.iter().find(|node| node.control_plane);
    let names = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];
    let mut names: Vec<String> = names.map(str::to_owned).to_vec();
    names.extend(["localhost", "10.96.0.1", "127.0.0.1"].map(str::to_owned));
    names.extend(node.map(|node| node.internal_ip.clone()));
    let now = cluster.now().unix_seconds();
    Certificate {
        valid: (now - 86_400, now + 10 * 365 * 86_400),
        size: 936,
        asks: true,
        ..Certificate::issued("CN=kube-apiserver", "CN=minikubeCA", names)
    }
}

/// What Go's `net/http` says to a request without TLS.
pub(crate) fn plain() -> HttpResponse {
    HttpResponse {
        status: 400,
        reason: "Bad Request".to_owned(),
        headers: Vec::new(),
        body: b"Client sent an HTTP request to an HTTPS server.\n".to_vec(),
    }
}

/// The same as it goes over the wire.
pub(crate) fn plain_stream() -> Stream {
    let text = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
    Stream::once(text.as_bytes().to_vec(), End::Close)
}

/// What it answers to a request. Nobody is logged in by a connection of their own: the anonymous user may read health
/// and version, and nothing else; a token that nobody gave is refused.
pub(crate) fn answer(cluster: &Cluster, request: &HttpRequest) -> HttpResponse {
    let path = request.path();
    let json = "application/json";
    if request.header("Authorization").is_some_and(|value| value.starts_with("Bearer ")) {
        return status(cluster, request, 401, "Unauthorized", "Unauthorized", "");
    }
    match path {
        "/healthz" | "/livez" | "/readyz" => respond(cluster, request, 200, "text/plain; charset=utf-8", "ok"),
        "/version" | "/version/" => respond(cluster, request, 200, json, VERSION),
        _ => {
            let (action, details) = forbidden(request, path);
            let message = format!("User \\\"system:anonymous\\\" cannot {action}");
            let message = match details.as_str() {
                "" => format!("forbidden: {message}"),
                kind => format!("{kind} is forbidden: {message}"),
            };
            let details = match details.as_str() {
                "" => "\n  \"details\": {},".to_owned(),
                kind => format!("\n  \"details\": {{\n    \"kind\": \"{kind}\"\n  }},"),
            };
            status(cluster, request, 403, &message, "Forbidden", &details)
        }
    }
}

/// What the anonymous user wanted, and the kind it concerns, if it is one.
fn forbidden(request: &HttpRequest, path: &str) -> (String, String) {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (group, rest) = match parts.as_slice() {
        ["api", _, rest @ ..] => ("", rest),
        ["apis", group, _, rest @ ..] => (*group, rest),
        _ => ("", &[][..]),
    };
    let (namespace, kind, name) = match rest {
        ["namespaces", namespace, kind, name @ ..] => (Some(*namespace), *kind, name.first()),
        [kind, name @ ..] => (None, *kind, name.first()),
        [] => {
            let verb = if request.method == "HEAD" { "get".to_owned() } else { request.method.to_ascii_lowercase() };
            return (format!("{verb} path \\\"{path}\\\""), String::new());
        }
    };
    let verb = match (request.method.as_str(), name) {
        ("GET" | "HEAD", Some(_)) => "get",
        ("GET" | "HEAD", None) => "list",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", None) => "deletecollection",
        _ => "delete",
    };
    let place = match namespace {
        Some(namespace) => format!(" in the namespace \\\"{namespace}\\\""),
        None => " at the cluster scope".to_owned(),
    };
    let action = format!("{verb} resource \\\"{kind}\\\" in API group \\\"{group}\\\"{place}");
    let full = if group.is_empty() { kind.to_owned() } else { format!("{kind}.{group}") };
    (action, full)
}

/// A `Status` as the API server writes it.
fn status(
    cluster: &Cluster,
    request: &HttpRequest,
    code: u16,
    message: &str,
    reason: &str,
    details: &str,
) -> HttpResponse {
    let body = format!(
        "{{\n  \"kind\": \"Status\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {{}},\n  \"status\": \"Failure\",\n  \
         \"message\": \"{message}\",\n  \"reason\": \"{reason}\",{details}\n  \"code\": {code}\n}}"
    );
    respond(cluster, request, code, "application/json", &body)
}

fn respond(cluster: &Cluster, request: &HttpRequest, status: u16, kind: &str, body: &str) -> HttpResponse {
    let mut headers = vec![
        ("Audit-Id", "5ea0c17e-b191-41a8-ae7e-dff763609f49".to_owned()),
        ("Cache-Control", "no-cache, private".to_owned()),
        ("Content-Type", kind.to_owned()),
        ("X-Content-Type-Options", "nosniff".to_owned()),
    ];
    if status == 403 {
        headers.push(("X-Kubernetes-Pf-Flowschema-Uid", "b48897c8-4ffa-4a00-b0a0-3ef2e7fc4ace".to_owned()));
        headers.push(("X-Kubernetes-Pf-Prioritylevel-Uid", "2c826553-fae3-4315-bf31-2074f3ce60db".to_owned()));
    }
    headers.push(("Date", api::time::format_http_date(cluster.now().unix_seconds())));
    headers.push(("Content-Length", body.len().to_string()));
    HttpResponse {
        status,
        reason: crate::images::reason(status).to_owned(),
        headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        body: if request.method == "HEAD" { Vec::new() } else { body.as_bytes().to_vec() },
    }
}

/// `/version` of Kubernetes 1.36.
const VERSION: &str = r#"{
  "major": "1",
  "minor": "36",
  "emulationMajor": "1",
  "emulationMinor": "36",
  "minCompatibilityMajor": "1",
  "minCompatibilityMinor": "35",
  "gitVersion": "v1.36.2",
  "gitCommit": "98b35193b2ac7a23a673325f5e9b830ecd5ba406",
  "gitTreeState": "clean",
  "buildDate": "2026-06-09T00:00:00Z",
  "goVersion": "go1.26.3",
  "compiler": "gc",
  "platform": "linux/amd64"
}"#;
