//! agnhost, the test image of Kubernetes itself: `netexec`, `serve-hostname`, `pause`.

use super::{Image, Listener, Run, Shell, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};

/// See the module.
pub(super) struct Agnhost {
    repository: &'static str,
    /// The program of an image that has one only.
    only: Option<&'static str>,
}

/// The whole collection.
pub(super) const AGNHOST: Agnhost = Agnhost { repository: "e2e-test-images/agnhost", only: None };
/// What its `serve-hostname` was before: the image of the guide to debugging Services.
pub(super) const SERVE_HOSTNAME: Agnhost = Agnhost { repository: "serve_hostname", only: Some("serve-hostname") };

impl Agnhost {
    fn program<'a>(&self, run: &Run<'a>) -> &'a str {
        self.only.unwrap_or_else(|| program(run))
    }
}

fn program<'a>(run: &Run<'a>) -> &'a str {
    let words = |field: &str| run.container.get(field).and_then(api::Value::as_array).into_iter().flatten();
    let line = words("command").chain(words("args")).filter_map(api::Value::as_str);
    line.map(|word| word.trim_start_matches('/')).find(|word| *word != "agnhost").unwrap_or("pause")
}

fn port(run: &Run<'_>, flag: &str, usual: u16) -> u16 {
    run.flag(flag).and_then(|port| port.parse().ok()).unwrap_or(usual)
}

/// The value of a parameter of the query.
fn parameter<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let (_, query) = request.target.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

impl Image for Agnhost {
    fn repository(&self) -> &'static str {
        self.repository
    }

    fn listens(&self, run: &Run<'_>) -> Vec<Listener> {
        match self.program(run) {
            "netexec" => vec![Listener::tcp(port(run, "http-port", 8080)), Listener::udp(port(run, "udp-port", 8081))],
            "serve-hostname" => vec![Listener::tcp(port(run, "port", 9376))],
            _ => Vec::new(),
        }
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let hostname = visit.run.hostname().to_owned();
        if self.program(&visit.run) == "serve-hostname" {
            return Some(respond::go(visit, request, 200, hostname));
        }
        let (status, body) = match request.path() {
            "/hostname" | "/hostName" => (200, hostname),
            "/clientip" => (200, visit.packet.source.to_string()),
            "/echo" => {
                let code = parameter(request, "code").and_then(|code| code.parse().ok()).unwrap_or(200);
                (code, parameter(request, "msg").unwrap_or_default().to_owned())
            }
            "/healthz" | "/readyz" => (200, String::new()),
            "/" => {
                let now = api::time::format_rfc3339(visit.cluster.now().unix_seconds());
                (200, format!("NOW: {}", now.replace('T', " ").replace('Z', " +0000 UTC")))
            }
            _ => (404, "404 page not found\n".to_owned()),
        };
        Some(respond::go(visit, request, status, body))
    }

    fn first_lines(&self, run: &Run<'_>) -> Vec<String> {
        match self.program(run) {
            "netexec" => vec![format!("Started HTTP server on port {}", port(run, "http-port", 8080))],
            "serve-hostname" => vec![format!("Serving on port {}.", port(run, "port", 9376))],
            _ => vec!["Paused".to_owned()],
        }
    }

    fn tools(&self) -> &'static [&'static str] {
        &["curl", "dig", "host", "ip", "nc", "nslookup", "ss"]
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Busybox)
    }
}
