//! `endpoints`: which addresses a Service leads to.

use std::sync::Arc;

use cluster::explain::{State, backends};

use super::{Check, Evidence, Judge, Verdict};
use crate::limits;
use crate::read::Node;
use crate::reference::{ObjectRef, is_like};

pub(super) static CHECK: Check = Check { name: "endpoints", fields: &["of", "port", "ready", "pods"], read };

fn read(node: &Node<'_>) -> Arc<dyn Judge> {
    let of = node.need("of").and_then(|of| ObjectRef::read(&of));
    if of.as_ref().is_some_and(|of| of.kind != &api::service::KIND) {
        node.complain("endpoints are those of a Service: write of: service/NAME");
    }
    let port = node.get("port").map(|port| port.number(1, 65_535));
    let ready = node.get("ready").map(|ready| ready.number(0, 1000));
    let pods = node.texts("pods", limits::TITLE);
    if ready.is_none() && pods.is_empty() {
        node.complain("say how many must be ready (ready), or which pods they must be (pods)");
    }
    Arc::new(Endpoints { of, port, ready, pods })
}

#[derive(Debug)]
struct Endpoints {
    of: Option<ObjectRef>,
    port: Option<u64>,
    ready: Option<u64>,
    pods: Vec<String>,
}

impl Judge for Endpoints {
    fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        let Some(of) = &self.of else { return Verdict::default() };
        let Some(service) = of.find(evidence.cluster) else { return Verdict::of(false, format!("there is no {of}")) };
        let ports = api::service::ports(service);
        let port = ports.iter().find(|port| self.port.is_none_or(|wanted| u64::from(port.port) == wanted));
        let Some(port) = port else { return Verdict::of(false, format!("{of} has no such port")) };
        let all = backends(evidence.cluster, service, port);
        let ready: Vec<_> = all.iter().filter(|backend| backend.state == State::Ready).collect();
        let enough = self.ready.is_none_or(|wanted| ready.len() as u64 == wanted);
        let name = |backend: &cluster::explain::Backend| {
            backend.pod.as_ref().map_or_else(|| backend.ip.clone(), |pod| pod.name.to_string())
        };
        let names: Vec<String> = ready.iter().map(|backend| name(backend)).collect();
        let fit = self.pods.is_empty()
            || (names.iter().all(|name| self.pods.iter().any(|wanted| is_like(wanted, name)))
                && self.pods.iter().all(|wanted| names.iter().any(|name| is_like(wanted, name))));
        let words = match (names.is_empty(), all.len() - ready.len()) {
            (true, 0) => format!("{of} has no endpoint"),
            (true, _) => format!("{of} has endpoints, but none that is ready and listens"),
            (false, _) => format!("{of} leads to {}", names.join(", ")),
        };
        Verdict::of(enough && fit, words)
    }
}
