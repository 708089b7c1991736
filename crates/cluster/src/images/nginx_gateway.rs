//! NGINX Gateway Fabric: nginx on the ports of Gateways' listeners, which passes on what HTTPRoutes name.

use super::{Image, Listener, Run, Shell, Term, Visit, respond};
use crate::network::relay::Relay;
use crate::network::{Certificate, HttpRequest, HttpResponse, gateway};

/// The data plane: nginx itself.
pub(super) struct NginxGateway;

/// Where it tells whether it is well.
const HEALTH: u16 = 8081;

impl Image for NginxGateway {
    fn repository(&self) -> &'static str {
        "nginx/nginx-gateway-fabric/nginx"
    }

    fn listens(&self, run: &Run<'_>) -> Vec<Listener> {
        let ports = run.container.get("ports").and_then(api::Value::as_array);
        let number = |port: &api::Value| u16::try_from(port.get("containerPort")?.as_u64()?).ok();
        let mut listeners: Vec<Listener> = ports.into_iter().flatten().filter_map(number).map(Listener::tcp).collect();
        if listeners.is_empty() {
            listeners = [80, 443].map(Listener::tcp).to_vec();
        }
        if !listeners.contains(&Listener::tcp(HEALTH)) {
            listeners.push(Listener::tcp(HEALTH));
        }
        listeners
    }

    fn on_term(&self, _run: &Run<'_>) -> Term {
        Term::Ends { after: 1_000_000, code: 0 }
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        (visit.packet.destination.port == HEALTH).then(|| respond::go(visit, request, 200, "OK".to_owned()))
    }

    fn relay(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<Relay> {
        let serves = visit.packet.destination.port != HEALTH && (!request.tls || gateway::speaks_tls(visit));
        serves.then(|| gateway::relay(visit, request))
    }

    fn certificate(&self, visit: &Visit<'_>, server: &str) -> Option<Certificate> {
        gateway::certificate(visit, server)
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}
