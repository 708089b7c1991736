//! CoreDNS: cluster DNS. It has no shell.

use super::{Image, Listener, Run, Shell, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};

/// See the module.
pub(super) struct CoreDns;

/// The image whose process answers DNS questions.
pub(super) const REPOSITORY: &str = "coredns/coredns";

impl Image for CoreDns {
    fn repository(&self) -> &'static str {
        REPOSITORY
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        vec![Listener::udp(53), Listener::tcp(53), Listener::tcp(8080), Listener::tcp(8181), Listener::tcp(9153)]
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let port = visit.packet.destination.port;
        matches!(port, 8080 | 8181).then(|| respond::go(visit, request, 200, "OK".to_owned()))
    }

    fn first_lines(&self, _run: &Run<'_>) -> Vec<String> {
        [".:53", "CoreDNS-1.13.1", "linux/amd64, go1.25.2, 1db4568"].map(str::to_owned).to_vec()
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}
