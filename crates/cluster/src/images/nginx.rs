//! nginx: the welcome page on port 80, or what a mounted `/etc/nginx/conf.d/default.conf` says.

use super::script::Script;
use super::{Image, Listener, Reference, Run, Shell, Visit};
use crate::network::{Certificate, HttpRequest, HttpResponse};

mod config;

use config::{Act, Server};

/// nginx, in an image of this name and on this port.
pub(super) struct Nginx {
    repository: &'static str,
    port: u16,
}

/// The official image.
pub(super) const NGINX: Nginx = Nginx { repository: "nginx", port: 80 };
/// The one that needs no rights: it cannot have a port below 1024.
pub(super) const UNPRIVILEGED: Nginx = Nginx { repository: "nginxinc/nginx-unprivileged", port: 8080 };

/// The page of nginx 1.21.6 to 1.28: 615 bytes.
const WELCOME: &str = include_str!("nginx_welcome.html");

/// Where its pages are.
const ROOT: &str = "/usr/share/nginx/html";

/// The newest release of each line that images are tagged by, and when its files were made.
const RELEASES: &[(&str, &str)] = &[
    ("1.23", "1.23.4"),
    ("1.24", "1.24.0"),
    ("1.25", "1.25.5"),
    ("1.26", "1.26.3"),
    ("stable", "1.28.0"),
    ("1.27", "1.27.5"),
    ("1.28", "1.28.0"),
];

/// The newest release.
const LATEST: &str = "1.29.3";

/// When the newest release's files were made.
const BUILT: i64 = 1_761_653_110;

impl Image for Nginx {
    fn repository(&self) -> &'static str {
        self.repository
    }

    fn listens(&self, run: &Run<'_>) -> Vec<Listener> {
        // What is mounted is seen by visitors only, so a port that the pod declares is one it may listen on.
        let declared = run.container.get("ports").and_then(api::Value::as_array);
        let port = |port: &api::Value| port.get("containerPort")?.as_u64().and_then(|port| u16::try_from(port).ok());
        let configured = is_configured(run);
        let usual = self.port;
        let own = declared.into_iter().flatten().filter_map(port).filter(|port| configured && *port != usual);
        std::iter::once(usual).chain(own).map(Listener::tcp).collect()
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let (server, act) = server(visit, request.header("Host").unwrap_or_default(), request.path());
        if server.tls && !request.tls {
            return Some(plain_to_tls(visit, &server, request));
        }
        if let Some(Act::Return(status, text)) = &act {
            let text = text.replace("$hostname", visit.run.hostname());
            return Some(match (*status, text.as_str()) {
                (status, "") => refuse(visit, &server, request, status),
                (301 | 302 | 303 | 307 | 308, location) => {
                    let body = error_page(&server.signature(version(visit)), &title(*status), "");
                    respond(visit, &server, request, *status, "text/html", body, &[("Location ", location.to_owned())])
                }
                _ => respond(visit, &server, request, *status, "text/plain", text, &[]),
            });
        }
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return Some(refuse(visit, &server, request, 405));
        }
        let path = if request.path().ends_with('/') {
            format!("{}index.html", request.path())
        } else {
            request.path().to_owned()
        };
        let Some((page, own)) = page(visit, &path) else {
            if page(visit, &format!("{path}/index.html")).is_none() {
                return Some(refuse(visit, &server, request, 404));
            }
            let scheme = if server.tls { "https" } else { "http" };
            let host = request.header("Host").unwrap_or_default();
            let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
            let port = visit.packet.destination.port;
            let port = if matches!(port, 80 | 443) { String::new() } else { format!(":{port}") };
            let location = format!("{scheme}://{name}{port}{}/", request.path());
            let body = error_page(&server.signature(version(visit)), "301 Moved Permanently", "");
            let extra = [("Location", location)];
            return Some(respond(visit, &server, request, 301, "text/html", body, &extra));
        };
        let now = visit.cluster.now().unix_seconds();
        let started = now - i64::try_from(visit.up / 1_000_000).unwrap_or(0);
        let given = visit.run.var("SOURCE_DATE_EPOCH").and_then(|text| text.parse().ok());
        let made = given.unwrap_or(if own { BUILT } else { started });
        // What comes from a server behind stands after the own fields.
        let modified = if act == Some(Act::Pass) { "Last-Modified " } else { "Last-Modified" };
        let extra = [
            (modified, api::time::format_http_date(made)),
            ("ETag", format!("\"{made:x}-{:x}\"", page.len())),
            ("Accept-Ranges", "bytes".to_owned()),
        ];
        Some(respond(visit, &server, request, 200, content_type(&path), page, &extra))
    }

    fn takes(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<u64> {
        let (_, act) = server(visit, request.header("Host").unwrap_or_default(), request.path());
        // It says that nobody answered when it has waited, here for two seconds.
        Some(if matches!(act, Some(Act::Return(504, _))) { 2_000_000 } else { 0 })
    }

    fn malformed(&self, visit: &Visit<'_>) -> Option<HttpResponse> {
        let (server, _) = server(visit, "", "/");
        let closing = closing("");
        Some(refuse(visit, &server, &closing, 400))
    }

    fn certificate(&self, visit: &Visit<'_>, _server: &str) -> Option<Certificate> {
        let (server, _) = server(visit, "", "/");
        let now = visit.cluster.now().unix_seconds();
        let name = server.name.clone();
        server.tls.then(|| Certificate {
            valid: (now - 86_400, now + 10 * 365 * 86_400),
            tls13: false,
            http2: false,
            ..Certificate::self_signed(&format!("CN={name}"), vec![name])
        })
    }

    fn first_lines(&self, _run: &Run<'_>) -> Vec<String> {
        let lines = [
            "/docker-entrypoint.sh: Configuration complete; ready for start up",
            "[notice] 1#1: using the \"epoll\" event method",
            "[notice] 1#1: nginx/1.29.3",
            "[notice] 1#1: start worker processes",
        ];
        lines.map(str::to_owned).to_vec()
    }

    fn access_line(&self, visit: &Visit<'_>, request: &HttpRequest, response: &HttpResponse) -> Option<String> {
        let agent = request.header("User-Agent").unwrap_or("-");
        let date = api::time::format_rfc1123z(visit.cluster.now().unix_seconds());
        let (_, date) = date.split_once(", ")?;
        let date = date.replacen(' ', "/", 2).replacen(' ', ":", 1);
        let from = visit.packet.source.ip;
        Some(format!(
            "{from} - - [{date}] \"{} {} HTTP/1.1\" {} {} \"-\" \"{agent}\" \"-\"",
            request.method,
            request.target,
            response.status,
            response.body.len()
        ))
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Debian)
    }
}

/// Whether a file of the container's own configuration is mounted.
fn is_configured(run: &Run<'_>) -> bool {
    let mounts = run.container.get("volumeMounts").and_then(api::Value::as_array);
    mounts.into_iter().flatten().any(|mount| {
        let path = mount.get("mountPath").and_then(api::Value::as_str).unwrap_or_default();
        path.starts_with("/etc/nginx")
    })
}

/// What the configuration says of the port, the host and the path that were asked for.
fn server(visit: &Visit<'_>, host: &str, path: &str) -> (Server, Option<Act>) {
    let text = visit.mounted("/etc/nginx/conf.d/default.conf").unwrap_or_default();
    config::server(&text, visit.packet.destination.port, host, path)
}

/// The release that the image's tag names.
fn version<'a>(visit: &Visit<'a>) -> &'a str {
    let image = visit.run.container.get("image").and_then(api::Value::as_str).unwrap_or_default();
    let tag = Reference::read(image).tag;
    let number = tag.split('-').next().unwrap_or_default();
    if number.matches('.').count() == 2 {
        // The text of the tag, as long as the container's spec lives.
        return image.rsplit(':').next().and_then(|tag| tag.split('-').next()).unwrap_or(LATEST);
    }
    RELEASES.iter().find(|(line, _)| *line == number).map_or(LATEST, |(_, release)| release)
}

/// The content of a page, and whether it is the image's own.
fn page(visit: &Visit<'_>, path: &str) -> Option<(String, bool)> {
    let file = format!("{ROOT}{path}");
    let written = || {
        let script = Script::with(&visit.run.line(), visit.run.env)?;
        script.file(&file, visit.up).map(str::to_owned)
    };
    let placed = visit.mounted(&file).or_else(written);
    placed.map(|page| (page, false)).or_else(|| (path == "/index.html").then(|| (WELCOME.to_owned(), true)))
}

/// The type of a file by the end of its name, as nginx' `mime.types` has the usual ones.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" | "htm" => "text/html",
        "json" => "application/json",
        "txt" => "text/plain",
        "css" => "text/css",
        "js" => "application/javascript",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "xml" => "text/xml",
        _ => "application/octet-stream",
    }
}

fn closing(host: &str) -> HttpRequest {
    let mut request = HttpRequest::get(host, "/");
    request.headers.push(("Connection".to_owned(), "close".to_owned()));
    request
}

/// A response in nginx' order of fields.
fn respond(
    visit: &Visit<'_>,
    server: &Server,
    request: &HttpRequest,
    status: u16,
    kind: &str,
    body: String,
    extra: &[(&str, String)],
) -> HttpResponse {
    let kept = request.header("Connection").is_none_or(|value| !value.eq_ignore_ascii_case("close"));
    let date = api::time::format_http_date(visit.cluster.now().unix_seconds());
    let mut headers = vec![
        ("Server".to_owned(), server.signature(version(visit))),
        ("Date".to_owned(), date),
        ("Content-Type".to_owned(), kind.to_owned()),
        ("Content-Length".to_owned(), body.len().to_string()),
    ];
    let own = |(name, value): &(&str, String)| (name.trim_end().to_owned(), value.clone());
    let early = |name: &str| matches!(name, "Last-Modified" | "Location");
    headers.extend(extra.iter().filter(|(name, _)| early(name)).map(own));
    headers.push(("Connection".to_owned(), if kept { "keep-alive" } else { "close" }.to_owned()));
    headers.extend(extra.iter().filter(|(name, _)| !early(name)).map(own));
    let body = if request.method == "HEAD" { Vec::new() } else { body.into_bytes() };
    HttpResponse { status, reason: reason(status).to_owned(), headers, body }
}

/// The words after a status, where nginx has its own.
fn reason(status: u16) -> &'static str {
    match status {
        405 => "Not Allowed",
        503 => "Service Temporarily Unavailable",
        504 => "Gateway Time-out",
        308 => "Permanent Redirect",
        _ => super::respond::reason(status),
    }
}

/// Status and words.
fn title(status: u16) -> String {
    format!("{status} {}", reason(status))
}

fn refuse(visit: &Visit<'_>, server: &Server, request: &HttpRequest, status: u16) -> HttpResponse {
    let body = error_page(&server.signature(version(visit)), &title(status), "");
    // After these it trusts the connection no more.
    let broken = matches!(status, 400 | 413 | 414 | 500 | 501);
    let closing = HttpRequest { method: request.method.clone(), ..closing("") };
    respond(visit, server, if broken { &closing } else { request }, status, "text/html", body, &[])
}

/// What it says to plain HTTP where it speaks TLS.
fn plain_to_tls(visit: &Visit<'_>, server: &Server, request: &HttpRequest) -> HttpResponse {
    let text = "The plain HTTP request was sent to HTTPS port";
    let body = error_page(&server.signature(version(visit)), "400 Bad Request", text);
    let mut closing = closing("");
    closing.method.clone_from(&request.method);
    respond(visit, server, &closing, 400, "text/html", body, &[])
}

/// nginx's own page for an error, with a line of explanation or without.
fn error_page(signature: &str, title: &str, explanation: &str) -> String {
    let (head, line) = if explanation.is_empty() {
        (title.to_owned(), String::new())
    } else {
        (format!("400 {explanation}"), format!("<center>{explanation}</center>\r\n"))
    };
    format!(
        "<html>\r\n<head><title>{head}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n{line}\
         <hr><center>{signature}</center>\r\n</body>\r\n</html>\r\n"
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_welcome_page_is_615_bytes() {
        assert_eq!(super::WELCOME.len(), 615);
    }
}
