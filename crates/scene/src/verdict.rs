//! Whether a Service leads anywhere, and why not: the reasons of the diagram and of its text twin.

use api::arrange::Arrange;
use api::service::{ServicePort, TargetPort};
use api::{Object, ObjectKey};
use cluster::explain::{self, Backend, State};

use crate::look::{Look, display_name};
use crate::{FigureId, Tone};

/// The tone to show an endpoint in.
#[must_use]
pub fn tone(state: State) -> Tone {
    match state {
        State::Ready => Tone::Good,
        State::Deaf => Tone::Bad,
        State::NotReady => Tone::Waiting,
        State::Terminating => Tone::Leaving,
    }
}

/// Whether a Service leads anywhere, in one sentence without its name.
#[must_use]
pub fn of_service(look: &Look<'_>, service: &Object) -> (Tone, String) {
    if service.str(&["spec", "type"]) == "ExternalName" {
        return (Tone::Plain, format!("another name for {}", service.str(&["spec", "externalName"])));
    }
    let ports = api::service::ports(service);
    let all: Vec<Backend> = ports.iter().flat_map(|port| look.backends(service, port)).collect();
    if all.is_empty() {
        return nobody(look, service, &ports);
    }
    if let Some(deaf) = all.iter().find(|backend| backend.state == State::Deaf) {
        let pod = deaf.pod.as_ref().map_or(deaf.ip.as_str(), |pod| &pod.name);
        return (Tone::Bad, format!("nothing listens on {} in pod {pod}", deaf.port));
    }
    let addresses = |wanted: &dyn Fn(State) -> bool| {
        let mut ips: Vec<&str> = all.iter().filter(|b| wanted(b.state)).map(|b| b.ip.as_str()).collect();
        ips.arrange();
        ips.dedup();
        ips.len()
    };
    let (ready, total) = (addresses(&|state| state == State::Ready), addresses(&|_| true));
    match ready {
        0 => (Tone::Waiting, format!("0 of {total} endpoints ready")),
        _ if ready == total && total == 1 => (Tone::Good, "1 endpoint, ready".to_owned()),
        _ if ready == total => (Tone::Good, format!("{total} endpoints, all ready")),
        _ => (Tone::Waiting, format!("{ready} of {total} endpoints ready")),
    }
}

/// Why there is no endpoint.
fn nobody(look: &Look<'_>, service: &Object, ports: &[ServicePort]) -> (Tone, String) {
    if service.map(&["spec", "selector"]).is_none() {
        return (Tone::Waiting, "no selector, and no endpoints written by hand".to_owned());
    }
    if look.options.quiet {
        return (Tone::Bad, "no endpoints".to_owned());
    }
    let picked = explain::selected(look.cluster, service);
    let Some(pod) = picked.first() else {
        let near =
            explain::nearest(look.cluster, service).map_or_else(|| "there are no pods".to_owned(), |miss| miss.words());
        return (Tone::Bad, format!("no endpoints: {near}"));
    };
    let named = ports.iter().find_map(|port| match &port.target_port {
        TargetPort::Name(name) => Some(name),
        TargetPort::Number(_) => None,
    });
    let with_address = picked.iter().any(|pod| !pod.str(&["status", "podIP"]).is_empty());
    match named {
        Some(name) if with_address => {
            (Tone::Bad, format!("no endpoints: pod {} has no port named {name}", display_name(pod)))
        }
        _ => (Tone::Waiting, format!("no endpoints yet: pod {} is {}", display_name(pod), pod_state(pod).1)),
    }
}

/// A pod's state as a tone and the word that `kubectl get` has for it.
#[must_use]
pub fn pod_state(pod: &Object) -> (Tone, String) {
    let column = api::pod::KIND.columns.iter().find(|column| column.name == "STATUS");
    let word = column.map(|column| (column.cell)(pod, api::kind::Now(0))).unwrap_or_default();
    let tone = match () {
        () if pod.is_terminating() => Tone::Leaving,
        () if word == "Running" && api::pod::is_ready(pod) => Tone::Good,
        () if matches!(word.as_str(), "Completed" | "Succeeded") => Tone::Plain,
        () if matches!(word.as_str(), "Pending" | "ContainerCreating" | "Running" | "PodInitializing") => Tone::Waiting,
        () => Tone::Bad,
    };
    (tone, word)
}

/// The figure a backend is drawn at.
#[must_use]
pub fn figure_of(look: &Look<'_>, backend: &Backend) -> FigureId {
    if let Some(pod) = &backend.pod {
        return FigureId::of(pod);
    }
    let node = look.cluster.settings().nodes.iter().find(|node| node.internal_ip == backend.ip);
    node.map_or_else(FigureId::outside, |node| FigureId::of(&ObjectKey::new(&api::node::KIND, "", &node.name)))
}
