//! luksa/kubia: the little Node.js server of a well-known book. It says which pod was hit, on port 8080.

use super::{Image, Listener, Run, Shell, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};

/// See the module.
pub(super) struct Kubia;

impl Image for Kubia {
    fn repository(&self) -> &'static str {
        "luksa/kubia"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        vec![Listener::tcp(8080)]
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let body = format!("You've hit {}\n", visit.run.hostname());
        let date = api::time::format_http_date(visit.cluster.now().unix_seconds());
        let headers =
            [("Date", date), ("Connection", "keep-alive".to_owned()), ("Content-Length", body.len().to_string())];
        Some(respond::plain(request, 200, &headers, body))
    }

    fn first_lines(&self, _run: &Run<'_>) -> Vec<String> {
        vec!["Kubia server starting...".to_owned()]
    }

    fn access_line(&self, visit: &Visit<'_>, _request: &HttpRequest, _response: &HttpResponse) -> Option<String> {
        Some(format!("Received request from ::ffff:{}", visit.packet.source.ip))
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Debian)
    }
}
