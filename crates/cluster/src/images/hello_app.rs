//! google-samples/hello-app: greets with its version and its pod's name.

use super::{Image, Listener, Reference, Run, Shell, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};

/// See the module.
pub(super) struct HelloApp;

impl Image for HelloApp {
    fn repository(&self) -> &'static str {
        "google-samples/hello-app"
    }

    fn listens(&self, run: &Run<'_>) -> Vec<Listener> {
        vec![Listener::tcp(run.var("PORT").and_then(|port| port.parse().ok()).unwrap_or(8080))]
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let image = visit.run.container.get("image").and_then(api::Value::as_str).unwrap_or_default();
        let version = if Reference::read(image).tag.starts_with('2') { "2.0.0" } else { "1.0.0" };
        let body = format!("Hello, world!\nVersion: {version}\nHostname: {}\n", visit.run.hostname());
        Some(respond::go(visit, request, 200, body))
    }

    fn access_line(&self, _visit: &Visit<'_>, request: &HttpRequest, _response: &HttpResponse) -> Option<String> {
        Some(format!("Serving request: {}", request.path()))
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}
