//! What cluster DNS answers. Models CoreDNS with its `kubernetes` plugin (ttl 30, `pods insecure`).

use std::net::Ipv4Addr;
use std::sync::Arc;

use api::{ObjectKey, Value};

use crate::store::Store;

/// The domain of the cluster.
pub const CLUSTER_DOMAIN: &str = "cluster.local";

/// A question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The full name without its last dot, in lower case.
    pub name: Arc<str>,
    /// What is asked for.
    pub record: Record,
}

/// The types of record that clients ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Record {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses; this cluster has none.
    Aaaa,
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The addresses, and the object behind them.
    Addresses(Vec<Ipv4Addr>, Option<ObjectKey>),
    /// The name is another's.
    Alias(Arc<str>),
    /// The name is there, but not with this type.
    NoData,
    /// There is no such name (`NXDOMAIN`).
    NoSuchName,
}

/// Answers from the API server's objects, as the `kubernetes` plugin does.
#[must_use]
pub fn answer(store: &Store, question: &Question) -> Answer {
    let Some(inside) = question.name.strip_suffix(CLUSTER_DOMAIN).and_then(|rest| rest.strip_suffix(".svc.")) else {
        return Answer::NoSuchName;
    };
    let labels: Vec<&str> = inside.split('.').collect();
    let (host, name, namespace) = match labels.as_slice() {
        [name, namespace] => (None, *name, *namespace),
        [host, name, namespace] => (Some(*host), *name, *namespace),
        _ => return Answer::NoSuchName,
    };
    let Some(service) = store.find(&api::service::KIND, namespace, name) else { return Answer::NoSuchName };
    let key = ObjectKey::new(&api::service::KIND, namespace, name);
    if service.str(&["spec", "type"]) == "ExternalName" {
        return Answer::Alias(service.str(&["spec", "externalName"]).into());
    }
    let addresses = match (service.str(&["spec", "clusterIP"]).parse(), host) {
        (Ok(ip), None) => vec![ip],
        (Ok(_), Some(_)) => return Answer::NoSuchName,
        (Err(_), host) => headless(store, &key, host),
    };
    match (addresses.is_empty(), question.record) {
        (true, _) => Answer::NoSuchName,
        (false, Record::Aaaa) => Answer::NoData,
        (false, Record::A) => Answer::Addresses(addresses, Some(key)),
    }
}

/// The ready addresses behind a headless Service, or the one of a host name.
fn headless(store: &Store, service: &ObjectKey, host: Option<&str>) -> Vec<Ipv4Addr> {
    let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    store
        .list(&api::endpoint_slice::KIND, Some(&service.namespace))
        .filter(|s| s.str(&["metadata", "labels", api::endpoint_slice::SERVICE_NAME_LABEL]) == &*service.name)
        .flat_map(|slice| slice.list(&["endpoints"]))
        .filter(|e| api::object::lookup(e, &["conditions", "ready"]).and_then(Value::as_bool).unwrap_or(true))
        .filter(|endpoint| host.is_none_or(|host| text(endpoint, "hostname") == host))
        .filter_map(|endpoint| endpoint.get("addresses")?.get(0)?.as_str()?.parse().ok())
        .collect()
}
