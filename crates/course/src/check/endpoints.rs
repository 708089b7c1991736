//! `endpoints`: which addresses a Service leads to.

use std::sync::Arc;

use cluster::explain::{State, backends, selected};

use super::{Check, Evidence, Judge, Verdict};
use crate::limits;
use crate::read::Node;
use crate::reference::{ObjectRef, is_like};

pub(super) static CHECK: Check =
    Check { name: "endpoints", fields: &["of", "port", "selected", "ready", "pods"], read };

fn read(node: &Node<'_>) -> Arc<dyn Judge> {
    let of = node.need("of").and_then(|of| ObjectRef::read(&of));
    if of.as_ref().is_some_and(|of| of.kind != &api::service::KIND) {
        node.complain("endpoints are those of a Service: write of: service/NAME");
    }
    let port = node.get("port").map(|port| port.number(1, 65_535));
    let ready = node.get("ready").map(|ready| ready.number(0, 1000));
    let selected = node.get("selected").map(|selected| selected.number(0, 1000));
    let pods = node.texts("pods", limits::TITLE);
    if ready.is_none() && selected.is_none() && pods.is_empty() {
        node.complain("say how many pods are selected, how many endpoints are ready, or which pods they are (pods)");
    }
    Arc::new(Endpoints { of, port, selected, ready, pods })
}

#[derive(Debug)]
struct Endpoints {
    of: Option<ObjectRef>,
    port: Option<u64>,
    /// How many pods the selector picks, whatever state they are in.
    selected: Option<u64>,
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
        let picked = selected(evidence.cluster, service).len();
        if self.selected.is_some_and(|wanted| picked as u64 != wanted) {
            return Verdict::of(false, format!("{of} selects {picked} pods"));
        }
        let enough = self.ready.is_none_or(|wanted| ready.len() as u64 == wanted);
        let name = |backend: &cluster::explain::Backend| {
            backend.pod.as_ref().map_or_else(|| backend.ip.clone(), |pod| pod.name.to_string())
        };
        let names: Vec<String> = ready.iter().map(|backend| name(backend)).collect();
        let fit = self.pods.is_empty()
            || (names.iter().all(|name| self.pods.iter().any(|wanted| is_like(wanted, name)))
                && self.pods.iter().all(|wanted| names.iter().any(|name| is_like(wanted, name))));
        if self.ready.is_none() && self.pods.is_empty() {
            return Verdict::of(true, format!("{of} selects {picked} pods"));
        }
        let words = match (names.is_empty(), all.len() - ready.len()) {
            (true, 0) => format!("{of} has no endpoint"),
            (true, _) => format!("{of} has endpoints, but none that is ready and listens"),
            (false, _) => format!("{of} leads to {}", names.join(", ")),
        };
        Verdict::of(enough && fit, words)
    }
}
