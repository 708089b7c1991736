//! The endpoints of a Service's port, as a proxy that watches EndpointSlices has them: it goes to them past kube-proxy.

use api::arrange::Arrange;
use api::{ObjectKey, Value};

use super::{Candidate, Socket, Verdict};
use crate::store::Store;

/// A port of a Service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Port<'a> {
    /// By its number.
    Number(u16),
    /// By its name.
    Name(&'a str),
}

/// Every endpoint of a port that takes traffic; none when the Service or the port is not there.
pub(crate) fn ready(store: &Store, key: &ObjectKey, port: Port<'_>) -> Vec<Candidate> {
    let Some(service) = store.get(key) else { return Vec::new() };
    let mut ports = api::service::ports(service).into_iter();
    let known = ports.find(|known| match port {
        Port::Number(number) => known.port == number,
        Port::Name(name) => known.name == name,
    });
    let Some(known) = known else { return Vec::new() };
    let mut found = Vec::new();
    for slice in store.slices_of(key) {
        let named = |entry: &&Value| entry.get("name").and_then(Value::as_str).unwrap_or_default() == known.name;
        let number = slice.list(&["ports"]).iter().find(named).and_then(|entry| entry.get("port")?.as_u64());
        let Some(number) = number.and_then(|number| u16::try_from(number).ok()) else { continue };
        found.extend(
            slice.list(&["endpoints"]).iter().filter_map(|endpoint| candidate(endpoint, &key.namespace, number)),
        );
    }
    found.arrange_by_key(|candidate: &Candidate| candidate.socket);
    found.dedup_by_key(|candidate| candidate.socket);
    found.retain(|candidate| candidate.verdict == Verdict::Eligible);
    found
}

/// An endpoint of a slice, with what speaks against it.
pub(crate) fn candidate(endpoint: &Value, namespace: &str, port: u16) -> Option<Candidate> {
    let ip = endpoint.get("addresses")?.get(0)?.as_str()?.parse().ok()?;
    let text = |path: &[&str]| api::object::lookup(endpoint, path).and_then(Value::as_str);
    let name = text(&["targetRef", "name"]).filter(|_| text(&["targetRef", "kind"]) == Some("Pod"));
    let ready = api::object::lookup(endpoint, &["conditions", "ready"]).and_then(Value::as_bool).unwrap_or(true);
    Some(Candidate {
        socket: Socket { ip, port },
        pod: name.map(|name| ObjectKey::new(&api::pod::KIND, namespace, name)),
        verdict: if ready { Verdict::Eligible } else { Verdict::NotReady },
    })
}
