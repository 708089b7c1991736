//! nginx with its default configuration: the welcome page on port 80.

use super::script::Script;
use super::{Image, Listener, Run, Shell, Visit};
use crate::network::{HttpRequest, HttpResponse};

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

const SERVER: &str = "nginx/1.29.3";

impl Image for Nginx {
    fn repository(&self) -> &'static str {
        self.repository
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        vec![Listener::tcp(self.port)]
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let path = if request.path() == "/" { "/index.html" } else { request.path() };
        let file = format!("{ROOT}{path}");
        let written = Script::with(&visit.run.line(), visit.run.env);
        let written = written.and_then(|script| script.file(&file, visit.up).map(str::to_owned));
        let own = (path == "/index.html").then(|| WELCOME.to_owned());
        let page = visit.mounted(&file).or(written).or(own);
        let found = page.is_some();
        let allowed = matches!(request.method.as_str(), "GET" | "HEAD");
        let (status, reason) = match (found, allowed) {
            (true, true) => (200, "OK"),
            (true, false) => (405, "Not Allowed"),
            (false, _) => (404, "Not Found"),
        };
        let body = page.filter(|_| status == 200).unwrap_or_else(|| error_page(status, reason));
        let date = api::time::format_http_date(visit.cluster.now().unix_seconds());
        let mut headers = vec![
            ("Server", SERVER.to_owned()),
            ("Date", date),
            ("Content-Type", "text/html".to_owned()),
            ("Content-Length", body.len().to_string()),
        ];
        if status == 200 {
            headers.push(("Last-Modified", "Tue, 28 Oct 2025 12:05:10 GMT".to_owned()));
        }
        let kept = request.header("Connection").is_none_or(|value| !value.eq_ignore_ascii_case("close"));
        headers.push(("Connection", if kept { "keep-alive" } else { "close" }.to_owned()));
        if status == 200 {
            headers.push(("ETag", format!("\"6900b176-{:x}\"", body.len())));
            headers.push(("Accept-Ranges", "bytes".to_owned()));
        }
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let body = if request.method == "HEAD" { Vec::new() } else { body.into_bytes() };
        Some(HttpResponse { status, reason: reason.to_owned(), headers, body })
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

/// nginx's own page for an error.
fn error_page(status: u16, reason: &str) -> String {
    format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n<center><h1>{status} {reason}</h1></center>\r\n\
         <hr><center>{SERVER}</center>\r\n</body>\r\n</html>\r\n"
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_welcome_page_is_615_bytes() {
        assert_eq!(super::WELCOME.len(), 615);
    }
}
