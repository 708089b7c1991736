//! The endpoints behind a Service's port, and how each is.

use api::arrange::Arrange;
use api::object::lookup;
use api::service::ServicePort;
use api::{Object, ObjectKey, Value};

use crate::Cluster;
use crate::network::Protocol;

/// One endpoint of one port of a Service.
#[derive(Clone, PartialEq, Debug)]
pub struct Backend {
    /// Its address.
    pub ip: String,
    /// Its port.
    pub port: u16,
    /// Its pod; `None` for an address written by hand.
    pub pod: Option<ObjectKey>,
    /// The node it is on; empty when not known.
    pub node: String,
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

/// The endpoints behind one port of a Service, from its EndpointSlices, by pod and address.
#[must_use]
pub fn backends(cluster: &Cluster, service: &Object, port: &ServicePort) -> Vec<Backend> {
    let slices = cluster.list(&api::endpoint_slice::KIND, Some(service.namespace()));
    let own = slices
        .filter(|slice| slice.str(&["metadata", "labels", api::endpoint_slice::SERVICE_NAME_LABEL]) == service.name());
    let mut found = Vec::new();
    for slice in own {
        let named = |p: &&Value| p.get("name").and_then(Value::as_str).unwrap_or_default() == port.name;
        let number = slice.list(&["ports"]).iter().find(named).and_then(|p| p.get("port")?.as_u64());
        let Some(number) = number.and_then(|n| u16::try_from(n).ok()) else { continue };
        let endpoints = slice.list(&["endpoints"]).iter();
        found.extend(endpoints.filter_map(|endpoint| backend(cluster, service, port, number, endpoint)));
    }
    found.arrange_by(|a, b| (&a.pod, &a.ip).cmp(&(&b.pod, &b.ip)));
    found
}

fn backend(cluster: &Cluster, service: &Object, port: &ServicePort, number: u16, endpoint: &Value) -> Option<Backend> {
    let ip = endpoint.get("addresses")?.get(0)?.as_str()?.to_owned();
    let is = |condition: &str, absent: bool| {
        lookup(endpoint, &["conditions", condition]).and_then(Value::as_bool).unwrap_or(absent)
    };
    let target = lookup(endpoint, &["targetRef", "name"]).and_then(Value::as_str);
    let pod = target.map(|name| ObjectKey::new(&api::pod::KIND, service.namespace(), name));
    let node = endpoint.get("nodeName").and_then(Value::as_str).unwrap_or_default().to_owned();
    let hears = |pod: &ObjectKey| Some(cluster.hears(pod, Protocol::of(&port.protocol)?, number));
    let state = match () {
        () if is("terminating", false) => State::Terminating,
        () if !is("ready", true) => State::NotReady,
        () if pod.as_ref().and_then(hears) == Some(false) => State::Deaf,
        () => State::Ready,
    };
    Some(Backend { ip, port: number, pod, node, state })
}
