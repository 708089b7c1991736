//! One node's kube-proxy: what it has learnt of Services and endpoints, and from when.
//!
//! Models `pkg/proxy`: the proxy hears of a change at once and programs it after a delay. Until then the node's rules
//! are the old ones, which is what a learner sees during a rollout.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

use api::endpoint_slice::SERVICE_NAME_LABEL;
use api::{Object, ObjectKey, Value};

use super::{Protocol, Socket};
use crate::cluster::Work;
use crate::store::{Store, WatchEvent};
use crate::{Cluster, Instant};

/// What a node rewrites.
#[derive(Clone, Debug, Default)]
pub struct Proxy {
    services: BTreeMap<ObjectKey, Arc<Vec<Rule>>>,
    front_doors: BTreeMap<(Protocol, Socket), (ObjectKey, usize)>,
    changed: BTreeSet<ObjectKey>,
    synced: Instant,
}

/// The rules of one port of a Service.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// The Service.
    pub service: ObjectKey,
    /// Its revision when the rule was programmed.
    pub revision: u64,
    /// Which of `spec.ports`.
    pub port_index: usize,
    /// The protocol.
    pub protocol: Protocol,
    /// The Service's address and port.
    pub cluster_socket: Socket,
    /// Its port on every node; 0 when there is none.
    pub node_port: u16,
    /// Where it leads.
    pub endpoints: Vec<Backend>,
}

/// One endpoint as a proxy knows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Backend {
    /// Its address and port.
    pub socket: Socket,
    /// Its pod, if it has one.
    pub pod: Option<ObjectKey>,
    /// On which node; empty when unknown.
    pub node: Arc<str>,
    /// Whether it takes new connections.
    pub ready: bool,
    /// Whether it still answers.
    pub serving: bool,
    /// Whether it is going away.
    pub terminating: bool,
    /// The slice that names it.
    pub slice: ObjectKey,
    /// The slice's revision.
    pub revision: u64,
}

impl Proxy {
    /// The rule for a Service's own address.
    #[must_use]
    pub fn rule_for(&self, protocol: Protocol, to: Socket) -> Option<&Rule> {
        let (service, index) = self.front_doors.get(&(protocol, to))?;
        self.services.get(service)?.get(*index)
    }

    /// The rule for a node port.
    #[must_use]
    pub fn rule_for_node_port(&self, protocol: Protocol, port: u16) -> Option<&Rule> {
        self.rules().find(|rule| rule.protocol == protocol && rule.node_port == port && port != 0)
    }

    /// Whether some Service has this address, whatever the port.
    #[must_use]
    pub fn knows_address(&self, ip: Ipv4Addr) -> Option<&Rule> {
        self.rules().find(|rule| rule.cluster_socket.ip == ip)
    }

    /// All rules, by Service.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.services.values().flat_map(|rules| rules.iter())
    }

    /// When the rules were last brought up to date.
    #[must_use]
    pub fn synced(&self) -> Instant {
        self.synced
    }
}

/// Every node's proxy hears of a change of a Service or of a slice; its rules follow later.
pub(crate) fn notice(cluster: &mut Cluster, event: &WatchEvent) {
    let services: BTreeSet<ObjectKey> = if *event.key.kind == api::service::KIND {
        [event.key.clone()].into()
    } else if *event.key.kind == api::endpoint_slice::KIND {
        let of = |slice: &Object| {
            let name = slice.str(&["metadata", "labels", SERVICE_NAME_LABEL]);
            ObjectKey::new(&api::service::KIND, &event.key.namespace, name)
        };
        event.old.iter().chain([&event.object]).map(|slice| of(slice)).collect()
    } else {
        return;
    };
    let delay = cluster.settings().proxy_delay;
    let nodes: Vec<Arc<str>> = cluster.proxies.keys().cloned().collect();
    for node in nodes {
        if let Some(proxy) = cluster.proxies.get_mut(&node) {
            proxy.changed.extend(services.iter().cloned());
        }
        cluster.schedule(delay, Work::Proxy(node));
    }
}

/// A node programs what it has heard of.
pub(crate) fn sync(cluster: &mut Cluster, node: &Arc<str>) {
    let now = cluster.now();
    let Some(proxy) = cluster.proxies.get_mut(node) else { return };
    for key in std::mem::take(&mut proxy.changed) {
        proxy.front_doors.retain(|_, (service, _)| *service != key);
        let rules = cluster.store.get(&key).map(|service| rules(&cluster.store, &key, service)).unwrap_or_default();
        if rules.is_empty() {
            proxy.services.remove(&key);
            continue;
        }
        for (index, rule) in rules.iter().enumerate() {
            proxy.front_doors.insert((rule.protocol, rule.cluster_socket), (key.clone(), index));
        }
        proxy.services.insert(key, Arc::new(rules));
    }
    proxy.synced = now;
}

/// The rules of a Service as the store has it now. Headless and ExternalName Services have none.
fn rules(store: &Store, key: &ObjectKey, service: &Object) -> Vec<Rule> {
    let Ok(ip) = service.str(&["spec", "clusterIP"]).parse::<Ipv4Addr>() else { return Vec::new() };
    api::service::ports(service)
        .into_iter()
        .enumerate()
        .filter_map(|(port_index, port)| {
            Some(Rule {
                service: key.clone(),
                revision: service.resource_version(),
                port_index,
                protocol: Protocol::of(&port.protocol)?,
                cluster_socket: Socket { ip, port: port.port },
                node_port: port.node_port,
                endpoints: backends(store, key, &port.name),
            })
        })
        .collect()
}

/// The endpoints of one named port of a Service, over all its slices, by address.
fn backends(store: &Store, service: &ObjectKey, port_name: &str) -> Vec<Backend> {
    let mut found = Vec::new();
    for slice in store.list(&api::endpoint_slice::KIND, Some(&service.namespace)) {
        if slice.str(&["metadata", "labels", SERVICE_NAME_LABEL]) != &*service.name {
            continue;
        }
        let named = |port: &&Value| port.get("name").and_then(Value::as_str).unwrap_or_default() == port_name;
        let number = slice.list(&["ports"]).iter().find(named).and_then(|port| port.get("port")?.as_u64());
        let Some(port) = number.and_then(|number| u16::try_from(number).ok()) else { continue };
        let key = ObjectKey::new(&api::endpoint_slice::KIND, &service.namespace, slice.name());
        for endpoint in slice.list(&["endpoints"]) {
            let text = |path: &[&str]| api::object::lookup(endpoint, path).and_then(Value::as_str).unwrap_or_default();
            let condition = |name: &str, absent: bool| {
                api::object::lookup(endpoint, &["conditions", name]).and_then(Value::as_bool).unwrap_or(absent)
            };
            let address = endpoint.get("addresses").and_then(|a| a.get(0)?.as_str()?.parse().ok());
            let Some(ip) = address else { continue };
            let pod = (text(&["targetRef", "kind"]) == "Pod")
                .then(|| ObjectKey::new(&api::pod::KIND, &service.namespace, text(&["targetRef", "name"])));
            found.push(Backend {
                socket: Socket { ip, port },
                pod,
                node: text(&["nodeName"]).into(),
                ready: condition("ready", true),
                serving: condition("serving", true),
                terminating: condition("terminating", false),
                slice: key.clone(),
                revision: slice.resource_version(),
            });
        }
    }
    found.sort_by_key(|backend| backend.socket);
    found
}
