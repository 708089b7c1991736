//! One node's kube-proxy: what it has learnt of Services and endpoints, and from when.
//!
//! Models `pkg/proxy`: the proxy hears of a change at once and programs it after a delay. Until then the node's rules
//! are the old ones, which is what a learner sees during a rollout.

mod choice;
mod rule;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::ops::Deref;
use std::sync::Arc;

use api::endpoint_slice::SERVICE_NAME_LABEL;
use api::{Object, ObjectKey};

use super::{Protocol, Socket};
use crate::cluster::Work;
use crate::store::{Store, WatchEvent};
use crate::{Cluster, Instant};

pub use choice::Choice;
pub use rule::{Backend, Rule};

/// The way by which a packet meets a Service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Door {
    /// The Service's own address.
    ClusterIp,
    /// A port of a node.
    NodePort,
    /// One of `spec.externalIPs`.
    ExternalIp,
    /// The load balancer's address.
    LoadBalancer,
}

/// Whose a packet is, as a node's rules tell from its source address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Client {
    /// Some pod's, of whatever node.
    Pod,
    /// This node's own.
    OwnNode,
    /// Anybody else's.
    Other,
}

/// A rule that a destination met, and the door by which it came.
#[derive(Clone, Debug)]
pub struct Met {
    rules: Arc<Vec<Rule>>,
    index: usize,
    /// By which door.
    pub door: Door,
}

impl Deref for Met {
    type Target = Rule;

    fn deref(&self) -> &Rule {
        &self.rules[self.index]
    }
}

impl Met {
    /// Whether the node puts its own address in place of the sender's, whatever the endpoint.
    /// Models the KUBE-MARK-MASQ jumps of `pkg/proxy/iptables`.
    #[must_use]
    pub fn masquerades(&self, client: Client) -> bool {
        match self.door {
            Door::ClusterIp => client != Client::Pod,
            _ if self.external_local => client == Client::OwnNode,
            _ => true,
        }
    }
}

/// What a node rewrites.
#[derive(Clone, Debug, Default)]
pub struct Proxy {
    services: BTreeMap<ObjectKey, Programmed>,
    doors: BTreeMap<(Protocol, Socket), (ObjectKey, usize, Door)>,
    node_ports: BTreeMap<(Protocol, u16), (ObjectKey, usize)>,
    addresses: BTreeMap<Ipv4Addr, ObjectKey>,
    affinity: BTreeMap<(ObjectKey, usize, Ipv4Addr), (Socket, Instant)>,
    /// How often each virtual server of IPVS has chosen: it goes round.
    turns: BTreeMap<(ObjectKey, usize, Door), usize>,
    changed: BTreeSet<ObjectKey>,
    synced: Instant,
}

/// The rules of one Service, and since when the node has them.
#[derive(Clone, Debug)]
struct Programmed {
    rules: Arc<Vec<Rule>>,
    since: Instant,
}

impl Proxy {
    /// The rule that a destination meets; `is_own` says whether it is an address of the node itself, which takes node
    /// ports.
    #[must_use]
    pub fn find(&self, protocol: Protocol, to: Socket, is_own: bool) -> Option<Met> {
        let (service, index, door) = match self.doors.get(&(protocol, to)) {
            Some((service, index, door)) => (service, *index, *door),
            None => {
                let (service, index) = self.node_ports.get(&(protocol, to.port)).filter(|_| is_own)?;
                (service, *index, Door::NodePort)
            }
        };
        let rules = self.services.get(service)?.rules.clone();
        (index < rules.len()).then_some(Met { rules, index, door })
    }

    /// The rule whose load balancer has an address that nodes take nothing for (`ipMode: Proxy`).
    #[must_use]
    pub fn find_proxied(&self, protocol: Protocol, to: Socket) -> Option<Met> {
        let fits = |rule: &Rule| {
            rule.protocol == protocol && rule.cluster_socket.port == to.port && rule.proxied_ips.contains(&to.ip)
        };
        self.services.values().find_map(|programmed| {
            let index = programmed.rules.iter().position(fits)?;
            Some(Met { rules: programmed.rules.clone(), index, door: Door::LoadBalancer })
        })
    }

    /// Since when the node has the rules of a Service.
    #[must_use]
    pub fn since(&self, service: &ObjectKey) -> Option<Instant> {
        self.services.get(service).map(|programmed| programmed.since)
    }

    /// The earliest moment at which some rule that the node has was written.
    pub(crate) fn oldest(&self) -> Instant {
        self.services.values().map(|programmed| programmed.since).min().unwrap_or(self.synced)
    }

    /// Which of so many endpoints a virtual server of IPVS takes next.
    pub(crate) fn take_turn(&mut self, rule: &Rule, door: Door, among: usize) -> usize {
        let turn = self.turns.entry((rule.service.clone(), rule.port_index, door)).or_default();
        *turn += 1;
        (*turn - 1) % among.max(1)
    }

    /// The Service that has an address, whatever the port.
    #[must_use]
    pub fn service_at(&self, ip: Ipv4Addr) -> Option<&ObjectKey> {
        self.addresses.get(&ip)
    }

    /// All rules, by Service.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.services.values().flat_map(|programmed| programmed.rules.iter())
    }

    /// When the rules were last brought up to date.
    #[must_use]
    pub fn synced(&self) -> Instant {
        self.synced
    }

    /// The endpoint a client was sent to before, if the rule remembers clients and it was not too long ago.
    #[must_use]
    pub fn remembered(&self, rule: &Rule, client: Ipv4Addr, now: Instant) -> Option<Socket> {
        let timeout = rule.affinity?;
        let (socket, used) = self.affinity.get(&(rule.service.clone(), rule.port_index, client))?;
        (now - *used <= timeout).then_some(*socket)
    }

    /// Remembers where a client was sent.
    pub(crate) fn remember(&mut self, rule: &Rule, client: Ipv4Addr, socket: Socket, now: Instant) {
        if rule.affinity.is_some() {
            self.affinity.insert((rule.service.clone(), rule.port_index, client), (socket, now));
        }
    }

    /// Takes the rules of a Service away.
    fn forget(&mut self, key: &ObjectKey) {
        let Some(Programmed { rules, .. }) = self.services.remove(key) else { return };
        for rule in rules.iter() {
            for (socket, _) in doors(rule) {
                self.doors.remove(&(rule.protocol, socket));
                self.addresses.remove(&socket.ip);
            }
            self.node_ports.remove(&(rule.protocol, rule.node_port));
        }
    }

    fn learn(&mut self, key: &ObjectKey, rules: Arc<Vec<Rule>>, since: Instant) {
        for (index, rule) in rules.iter().enumerate() {
            for (socket, door) in doors(rule) {
                self.doors.insert((rule.protocol, socket), (key.clone(), index, door));
                self.addresses.insert(socket.ip, key.clone());
            }
            if rule.node_port != 0 {
                self.node_ports.insert((rule.protocol, rule.node_port), (key.clone(), index));
            }
        }
        self.services.insert(key.clone(), Programmed { rules, since });
    }
}

/// The rules of Services as of one revision of the store: nodes that program them at the same moment share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Compiled {
    revision: u64,
    services: BTreeMap<ObjectKey, Arc<Vec<Rule>>>,
}

impl Compiled {
    fn rules(&mut self, store: &Store, key: &ObjectKey) -> Arc<Vec<Rule>> {
        if self.revision != store.revision() {
            self.revision = store.revision();
            self.services.clear();
        }
        if let Some(rules) = self.services.get(key) {
            return rules.clone();
        }
        let rules = store.get(key).map(|service| rule::rules(store, key, service)).unwrap_or_default();
        let rules = Arc::new(rules);
        self.services.insert(key.clone(), rules.clone());
        rules
    }
}

/// The addresses at which a rule is met, its node port aside.
fn doors(rule: &Rule) -> impl Iterator<Item = (Socket, Door)> {
    let port = rule.cluster_socket.port;
    let at = move |door: Door| move |ip: &Ipv4Addr| (Socket { ip: *ip, port }, door);
    let external = rule.external_ips.iter().map(at(Door::ExternalIp));
    let balancer = rule.load_balancer_ips.iter().map(at(Door::LoadBalancer));
    std::iter::once((rule.cluster_socket, Door::ClusterIp)).chain(external).chain(balancer)
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
    let changed = std::mem::take(&mut proxy.changed);
    // First all that is no longer so: a port or an address that one Service gave back may be another's by now.
    for key in &changed {
        proxy.forget(key);
    }
    for key in changed {
        let rules = cluster.compiled.rules(&cluster.store, &key);
        if !rules.is_empty() {
            proxy.learn(&key, rules, now);
        }
    }
    proxy.synced = now;
}
