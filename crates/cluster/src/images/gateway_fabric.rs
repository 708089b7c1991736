//! NGINX Gateway Fabric's controller: it configures the nginx of each Gateway. Its own process only tells of its health.

use super::{Image, Listener, Run, Shell, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};

/// See the module.
pub(super) struct GatewayFabric;

impl Image for GatewayFabric {
    fn repository(&self) -> &'static str {
        "nginx/nginx-gateway-fabric"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        [8443, 8081, 9113].map(Listener::tcp).to_vec()
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        Some(respond::go(visit, request, 200, String::new()))
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}
