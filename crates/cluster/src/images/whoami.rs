//! traefik/whoami: says who it is and what the request looked like when it arrived.

use super::{Image, Listener, Run, Shell, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};
use api::arrange::Arrange;

/// See the module.
pub(super) struct Whoami;

impl Image for Whoami {
    fn repository(&self) -> &'static str {
        "traefik/whoami"
    }

    fn listens(&self, run: &Run<'_>) -> Vec<Listener> {
        let port = run.flag("port").or_else(|| run.var("WHOAMI_PORT_NUMBER"));
        vec![Listener::tcp(port.and_then(|port| port.parse().ok()).unwrap_or(80))]
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        if request.path() == "/health" {
            return Some(respond::go(visit, request, 200, String::new()));
        }
        let mut body = String::new();
        if let Some(name) = visit.run.flag("name").or_else(|| visit.run.var("WHOAMI_NAME")) {
            body.push_str(&format!("Name: {name}\n"));
        }
        let ip = visit.packet.destination.ip;
        body.push_str(&format!("Hostname: {}\nIP: 127.0.0.1\nIP: ::1\nIP: {ip}\n", visit.run.hostname()));
        body.push_str(&format!("RemoteAddr: {}\n", visit.packet.source));
        body.push_str(&format!("{} {} HTTP/1.1\n", request.method, request.target));
        let (host, mut others): (Vec<_>, Vec<_>) =
            request.headers.iter().partition(|(name, _)| name.eq_ignore_ascii_case("host"));
        others.arrange();
        for (name, value) in host.into_iter().chain(others) {
            body.push_str(&format!("{name}: {value}\n"));
        }
        body.push('\n');
        Some(respond::go(visit, request, 200, body))
    }

    fn first_lines(&self, run: &Run<'_>) -> Vec<String> {
        let port = self.listens(run).first().map_or(80, |listener| listener.port);
        vec![format!("Starting up on port {port}")]
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}
