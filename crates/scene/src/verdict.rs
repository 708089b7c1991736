//! Whether a Service leads anywhere, and why not: the reasons of the diagram and of its text twin.

use std::sync::Arc;

use api::service::{ServicePort, TargetPort};
use api::{Object, ObjectKey, Value, labels};
use cluster::network::Protocol;

use crate::look::{Look, display_name, key_of};
use crate::{FigureId, Tone};

/// One endpoint of one port of a Service.
#[derive(Clone, PartialEq, Debug)]
pub struct Backend {
    /// Its address.
    pub ip: String,
    /// Its port.
    pub port: u16,
    /// Its pod.
    pub pod: Option<ObjectKey>,
    /// How it is.
    pub state: State,
}

/// How an endpoint is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It takes new connections.
    Ready,
    /// It is ready, but no process listens on the port: connections are refused.
    Deaf,
    /// Its pod is not ready: it gets no new connections.
    NotReady,
    /// Its pod is going away.
    Terminating,
}

impl State {
    /// The tone to show it in.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self {
            Self::Ready => Tone::Good,
            Self::Deaf => Tone::Bad,
            Self::NotReady => Tone::Waiting,
            Self::Terminating => Tone::Leaving,
        }
    }

    /// It in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Deaf => "refuses: nothing listens on that port",
            Self::NotReady => "not ready, gets no traffic",
            Self::Terminating => "terminating",
        }
    }
}

/// A pod that a selector almost picks.
#[derive(Clone, PartialEq, Debug)]
pub struct NearMiss {
    /// The pod.
    pub pod: ObjectKey,
    /// What it lacks: the label's key, the value that is wanted, the value it has.
    pub lacks: Vec<(String, String, Option<String>)>,
}

impl NearMiss {
    /// In words: `pod web has app=wbe, not app=web`.
    #[must_use]
    pub fn words(&self) -> String {
        let parts: Vec<String> = self
            .lacks
            .iter()
            .map(|(key, wanted, has)| match has {
                Some(has) => format!("{key}={has}, not {key}={wanted}"),
                None => format!("no label {key}, wanted {key}={wanted}"),
            })
            .collect();
        format!("pod {} has {}", self.pod.name, parts.join("; "))
    }
}

/// The endpoints behind one port of a Service, from its EndpointSlices, by address.
#[must_use]
pub fn backends(look: &Look<'_>, service: &Object, port: &ServicePort) -> Vec<Backend> {
    let slices = look.cluster.list(&api::endpoint_slice::KIND, Some(service.namespace()));
    let own = slices
        .filter(|slice| slice.str(&["metadata", "labels", api::endpoint_slice::SERVICE_NAME_LABEL]) == service.name());
    let mut found = Vec::new();
    for slice in own {
        let named = |p: &&Value| p.get("name").and_then(Value::as_str).unwrap_or_default() == port.name;
        let number = slice.list(&["ports"]).iter().find(named).and_then(|p| p.get("port")?.as_u64());
        let Some(number) = number.and_then(|n| u16::try_from(n).ok()) else { continue };
        for endpoint in slice.list(&["endpoints"]) {
            found.extend(backend(look, service, port, number, endpoint));
        }
    }
    found.sort_by(|a, b| (&a.pod, &a.ip).cmp(&(&b.pod, &b.ip)));
    found
}

fn backend(look: &Look<'_>, service: &Object, port: &ServicePort, number: u16, endpoint: &Value) -> Option<Backend> {
    let ip = endpoint.get("addresses")?.get(0)?.as_str()?.to_owned();
    let is = |condition: &str, absent: bool| {
        api::object::lookup(endpoint, &["conditions", condition]).and_then(Value::as_bool).unwrap_or(absent)
    };
    let target = api::object::lookup(endpoint, &["targetRef", "name"]).and_then(Value::as_str);
    let pod = target.map(|name| ObjectKey::new(&api::pod::KIND, service.namespace(), name));
    let hears = |pod: &ObjectKey| {
        let object = look.cluster.store().get(pod)?;
        Some(look.hears(object, Protocol::of(&port.protocol)?, number))
    };
    let state = match () {
        () if is("terminating", false) => State::Terminating,
        () if !is("ready", true) => State::NotReady,
        () if pod.as_ref().and_then(hears) == Some(false) => State::Deaf,
        () => State::Ready,
    };
    Some(Backend { ip, port: number, pod, state })
}

/// The pods that a Service's selector picks, whatever state they are in.
#[must_use]
pub fn selected<'a>(look: &Look<'a>, service: &Object) -> Vec<&'a Arc<Object>> {
    let Some(selector) = service.map(&["spec", "selector"]) else { return Vec::new() };
    look.cluster
        .list(&api::pod::KIND, Some(service.namespace()))
        .filter(|pod| labels::matches_equality(selector, pod.labels()))
        .collect()
}

/// The pod that comes nearest to a selector that picks none: most labels met, then most keys known.
#[must_use]
pub fn nearest(look: &Look<'_>, service: &Object) -> Option<NearMiss> {
    let selector = service.string_map(&["spec", "selector"]);
    let pods = look.pods().filter(|pod| pod.namespace() == service.namespace());
    let measured = pods.map(|pod| {
        let labels = pod.string_map(&["metadata", "labels"]);
        let met = selector.iter().filter(|(key, value)| labels.get(*key) == Some(*value)).count();
        let known = selector.keys().filter(|key| labels.contains_key(*key)).count();
        let lacks = selector.iter().filter(|(key, value)| labels.get(*key) != Some(*value));
        let lacks = lacks
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned(), labels.get(key).map(|has| (*has).to_owned())));
        ((met, known), NearMiss { pod: key_of(&api::pod::KIND, pod), lacks: lacks.collect() })
    });
    // The first of equals: lists are by name.
    measured
        .fold(None, |best: Option<((usize, usize), NearMiss)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, miss)| miss)
}

/// Whether a Service leads anywhere, in one sentence without its name.
#[must_use]
pub fn of_service(look: &Look<'_>, service: &Object) -> (Tone, String) {
    if service.str(&["spec", "type"]) == "ExternalName" {
        return (Tone::Plain, format!("another name for {}", service.str(&["spec", "externalName"])));
    }
    let ports = api::service::ports(service);
    let all: Vec<Backend> = ports.iter().flat_map(|port| backends(look, service, port)).collect();
    if all.is_empty() {
        return nobody(look, service, &ports);
    }
    if let Some(deaf) = all.iter().find(|backend| backend.state == State::Deaf) {
        let pod = deaf.pod.as_ref().map_or(deaf.ip.as_str(), |pod| &pod.name);
        return (Tone::Bad, format!("nothing listens on {} in pod {pod}", deaf.port));
    }
    let addresses = |wanted: &dyn Fn(State) -> bool| {
        let mut ips: Vec<&str> = all.iter().filter(|b| wanted(b.state)).map(|b| b.ip.as_str()).collect();
        ips.sort_unstable();
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
    let picked = selected(look, service);
    let Some(pod) = picked.first() else {
        let near = nearest(look, service).map_or_else(|| "there are no pods".to_owned(), |miss| miss.words());
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
