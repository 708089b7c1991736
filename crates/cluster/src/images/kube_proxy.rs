//! kube-proxy: it programs the rules of its node; the process itself only tells of its health.

use super::{Image, Listener, Run, Shell, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};

/// See the module.
pub(super) struct KubeProxy;

impl Image for KubeProxy {
    fn repository(&self) -> &'static str {
        "kube-proxy"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        vec![Listener::tcp(10256), Listener { localhost_only: true, ..Listener::tcp(10249) }]
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        Some(respond::go(visit, request, 200, "ok".to_owned()))
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}
