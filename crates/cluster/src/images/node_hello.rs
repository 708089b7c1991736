//! google-samples/node-hello: "Hello Kubernetes!" on port 8080.

use super::{Image, Listener, Run, Shell, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};

/// See the module.
pub(super) struct NodeHello;

impl Image for NodeHello {
    fn repository(&self) -> &'static str {
        "google-samples/node-hello"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        vec![Listener::tcp(8080)]
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let body = "Hello Kubernetes!".to_owned();
        let date = api::time::format_http_date(visit.cluster.now().unix_seconds());
        let headers =
            [("Date", date), ("Connection", "keep-alive".to_owned()), ("Content-Length", body.len().to_string())];
        Some(respond::plain(request, 200, &headers, body))
    }

    fn access_line(&self, _visit: &Visit<'_>, request: &HttpRequest, _response: &HttpResponse) -> Option<String> {
        Some(format!("Received request for URL: {}", request.target))
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Debian)
    }
}
