//! Servers that tell what a request looked like when it arrived: jmalloc/echo-server (which minikube's guides use under
//! the name of kicbase) and Kubernetes' old echoserver.

use std::fmt::Write;

use super::{Image, Listener, Run, Shell, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};
use api::arrange::Arrange;

/// jmalloc/echo-server, under one of its names.
pub(super) struct EchoServer(&'static str);

/// Under its author's name.
pub(super) const JMALLOC: EchoServer = EchoServer("jmalloc/echo-server");
/// As minikube's guides have it.
pub(super) const KICBASE: EchoServer = EchoServer("kicbase/echo-server");

/// The echoserver of Kubernetes' older guides: nginx with a script.
pub(super) struct OldEchoServer;

impl Image for EchoServer {
    fn repository(&self) -> &'static str {
        self.0
    }

    fn listens(&self, run: &Run<'_>) -> Vec<Listener> {
        vec![Listener::tcp(run.var("PORT").and_then(|port| port.parse().ok()).unwrap_or(8080))]
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let mut body = format!(
            "Request served by {}\n\n{} {} {}\n\n",
            visit.run.hostname(),
            "HTTP/1.1",
            request.method,
            request.target
        );
        let (host, mut others): (Vec<_>, Vec<_>) =
            request.headers.iter().partition(|(name, _)| name.eq_ignore_ascii_case("host"));
        others.arrange();
        for (name, value) in host.into_iter().chain(others) {
            // Writing to a String cannot fail.
            let _ = writeln!(body, "{name}: {value}");
        }
        Some(respond::go(visit, request, 200, body))
    }

    fn first_lines(&self, run: &Run<'_>) -> Vec<String> {
        vec![format!("Echo server listening on port {}.", self.listens(run).first().map_or(8080, |l| l.port))]
    }

    fn access_line(&self, visit: &Visit<'_>, request: &HttpRequest, _response: &HttpResponse) -> Option<String> {
        Some(format!("{} | {} {}", visit.packet.source, request.method, request.target))
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}

impl Image for OldEchoServer {
    fn repository(&self) -> &'static str {
        "echoserver"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        [8080, 8443].map(Listener::tcp).to_vec()
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let host = request.header("Host").unwrap_or_default();
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let mut body = format!(
            "\n\nHostname: {}\n\nPod Information:\n\t-no pod information available-\n\nServer values:\n\tserver_version=nginx: \
             1.13.3 - lua: 10008\n\nRequest Information:\n\tclient_address={}\n\tmethod={}\n\treal path={}\n\tquery={query}\n\t\
             request_version=1.1\n\trequest_scheme=http\n\trequest_uri=http://{host}:8080{path}\n\nRequest Headers:\n",
            visit.run.hostname(),
            visit.packet.source.ip,
            request.method,
            request.target
        );
        let mut headers: Vec<String> =
            request.headers.iter().map(|(name, value)| format!("\t{}={value}\n", name.to_lowercase())).collect();
        headers.arrange();
        headers.iter().for_each(|line| body.push_str(line));
        body.push_str("\nRequest Body:\n\t-no body in request-\n\n");
        Some(respond::go(visit, request, 200, body))
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Busybox)
    }
}
