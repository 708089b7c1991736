//! ingress-nginx's controller: nginx on ports 80 and 443, which passes on what Ingresses name, and its health on 10254.

use super::{Image, Listener, Run, Shell, Term, Visit, respond};
use crate::network::relay::Relay;
use crate::network::{Certificate, HttpRequest, HttpResponse, ingress};

/// See the module.
pub(super) struct IngressNginx;

impl Image for IngressNginx {
    fn repository(&self) -> &'static str {
        "ingress-nginx/controller"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        [80, 443, 8443, 10_254].map(Listener::tcp).to_vec()
    }

    fn startup(&self, _run: &Run<'_>) -> u64 {
        2_000_000
    }

    fn on_term(&self, _run: &Run<'_>) -> Term {
        Term::Ends { after: 1_000_000, code: 0 }
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        (visit.packet.destination.port == 10_254).then(|| respond::go(visit, request, 200, "ok".to_owned()))
    }

    fn relay(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<Relay> {
        let port = visit.packet.destination.port;
        (port == 443 || (port == 80 && !request.tls)).then(|| ingress::relay(visit, request))
    }

    fn certificate(&self, visit: &Visit<'_>, server: &str) -> Option<Certificate> {
        ingress::certificate(visit, server)
    }

    fn first_lines(&self, _run: &Run<'_>) -> Vec<String> {
        let rule = "-------------------------------------------------------------------------------";
        let lines =
            [rule, "NGINX Ingress controller", "  Release:       v1.14.0", "  nginx version: nginx/1.27.1", "", rule];
        lines.map(str::to_owned).to_vec()
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Busybox)
    }
}
