//! What a node knows of one port of a Service, made from the Service and its slices.

use std::net::Ipv4Addr;
use std::sync::Arc;

use api::arrange::Arrange;
use api::{Object, ObjectKey, Value};
use ipnet::Ipv4Net;

use crate::network::{Protocol, Socket};
use crate::store::Store;

/// The rules of one port of a Service.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// The Service.
    pub service: ObjectKey,
    /// Its revision when the rule was programmed.
    pub revision: u64,
    /// Which of `spec.ports`.
    pub port_index: usize,
    /// The name of the port; empty when it is the only one.
    pub port_name: String,
    /// The protocol.
    pub protocol: Protocol,
    /// The Service's address and port.
    pub cluster_socket: Socket,
    /// Its port on every node; 0 when there is none.
    pub node_port: u16,
    /// `spec.externalIPs`.
    pub external_ips: Vec<Ipv4Addr>,
    /// The addresses its load balancer has got, as far as nodes take packets to them (`ipMode: VIP`).
    pub load_balancer_ips: Vec<Ipv4Addr>,
    /// Those that nodes leave to the load balancer itself (`ipMode: Proxy`).
    pub proxied_ips: Vec<Ipv4Addr>,
    /// `spec.loadBalancerSourceRanges`; empty lets everybody in.
    pub source_ranges: Vec<Ipv4Net>,
    /// Where each node tells a load balancer whether it has endpoints; 0 when it does not.
    pub health_check_node_port: u16,
    /// Whether traffic from inside stays on its node (`internalTrafficPolicy: Local`).
    pub internal_local: bool,
    /// Whether traffic from outside stays on its node (`externalTrafficPolicy: Local`).
    pub external_local: bool,
    /// Microseconds for which a client comes back to its endpoint (`sessionAffinity: ClientIP`).
    pub affinity: Option<u64>,
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
    /// The nodes it is meant for (`hints.forNodes`); empty for all.
    pub for_nodes: Vec<Arc<str>>,
    /// The zones it is meant for (`hints.forZones`); empty for all.
    pub for_zones: Vec<Arc<str>>,
    /// The slice that names it.
    pub slice: ObjectKey,
    /// The slice's revision.
    pub revision: u64,
}

impl Rule {
    /// Whether it is met from outside at all. Models `pkg/proxy/serviceport.go` `ExternallyAccessible`.
    #[must_use]
    pub fn is_external(&self) -> bool {
        self.node_port != 0 || !self.load_balancer_ips.is_empty() || !self.external_ips.is_empty()
    }

    /// Whether some of its traffic may go to any node. Models `UsesClusterEndpoints`.
    #[must_use]
    pub fn uses_cluster(&self) -> bool {
        !self.internal_local || (self.is_external() && !self.external_local)
    }

    /// Whether some of its traffic stays on its node. Models `UsesLocalEndpoints`.
    #[must_use]
    pub fn uses_local(&self) -> bool {
        self.internal_local || (self.external_local && self.is_external())
    }

    /// The Service and its port as kube-proxy writes them into comments: `default/web:http`.
    #[must_use]
    pub fn port_label(&self) -> String {
        let (namespace, name) = (&self.service.namespace, &self.service.name);
        let colon = if self.port_name.is_empty() { "" } else { ":" };
        format!("{namespace}/{name}{colon}{}", self.port_name)
    }
}

/// The rules of a Service as the store has it now. Headless and ExternalName Services have none.
pub(super) fn rules(store: &Store, key: &ObjectKey, service: &Object) -> Vec<Rule> {
    let Ok(ip) = service.str(&["spec", "clusterIP"]).parse::<Ipv4Addr>() else { return Vec::new() };
    let addresses = |list: &[Value], field: Option<&str>| -> Vec<Ipv4Addr> {
        let text = |value: &Value| field.map_or(Some(value), |field| value.get(field))?.as_str()?.parse().ok();
        list.iter().filter_map(text).collect()
    };
    let seconds = service.int(&["spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds"]).unwrap_or(10_800);
    let sticky = service.str(&["spec", "sessionAffinity"]) == "ClientIP";
    let balanced = service.str(&["spec", "type"]) == "LoadBalancer";
    let ingress = if balanced { service.list(&["status", "loadBalancer", "ingress"]) } else { &[] };
    let mode = |proxied: bool| {
        let fits = move |entry: &&Value| entry.get("ipMode").is_some_and(|mode| mode == "Proxy") == proxied;
        addresses(&ingress.iter().filter(fits).cloned().collect::<Vec<_>>(), Some("ip"))
    };
    let ranges = if balanced { service.list(&["spec", "loadBalancerSourceRanges"]) } else { &[] };
    let ranges = || ranges.iter().filter_map(|range| range.as_str()?.trim().parse().ok()).collect();
    let health = service.int(&["spec", "healthCheckNodePort"]).and_then(|port| u16::try_from(port).ok()).unwrap_or(0);
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
                external_ips: addresses(service.list(&["spec", "externalIPs"]), None),
                load_balancer_ips: mode(false),
                proxied_ips: mode(true),
                source_ranges: ranges(),
                health_check_node_port: health,
                internal_local: service.str(&["spec", "internalTrafficPolicy"]) == "Local",
                external_local: service.str(&["spec", "externalTrafficPolicy"]) == "Local",
                affinity: sticky.then(|| u64::try_from(seconds).unwrap_or(0) * 1_000_000),
                endpoints: backends(store, key, &port.name),
                port_name: port.name,
            })
        })
        .collect()
}

/// The endpoints of one named port of a Service, over all its slices, by address.
fn backends(store: &Store, service: &ObjectKey, port_name: &str) -> Vec<Backend> {
    let mut found = Vec::new();
    for slice in store.slices_of(service) {
        let named = |port: &&Value| port.get("name").and_then(Value::as_str).unwrap_or_default() == port_name;
        let number = slice.list(&["ports"]).iter().find(named).and_then(|port| port.get("port")?.as_u64());
        let Some(port) = number.and_then(|number| u16::try_from(number).ok()) else { continue };
        let key = ObjectKey::new(&api::endpoint_slice::KIND, &service.namespace, slice.name());
        found.extend(slice.list(&["endpoints"]).iter().filter_map(|endpoint| backend(endpoint, port, &key, slice)));
    }
    found.arrange_by_key(|backend| backend.socket);
    found.dedup_by_key(|backend| backend.socket);
    found
}

fn backend(endpoint: &Value, port: u16, slice: &ObjectKey, object: &Object) -> Option<Backend> {
    let text = |path: &[&str]| api::object::lookup(endpoint, path).and_then(Value::as_str).unwrap_or_default();
    let condition = |name: &str, absent: bool| {
        api::object::lookup(endpoint, &["conditions", name]).and_then(Value::as_bool).unwrap_or(absent)
    };
    let hints = |field: &str| -> Vec<Arc<str>> {
        let list = api::object::lookup(endpoint, &["hints", field]).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(|hint| hint.get("name")?.as_str().map(Into::into)).collect()
    };
    let ip = endpoint.get("addresses")?.get(0)?.as_str()?.parse().ok()?;
    let pod = (text(&["targetRef", "kind"]) == "Pod")
        .then(|| ObjectKey::new(&api::pod::KIND, &slice.namespace, text(&["targetRef", "name"])));
    let ready = condition("ready", true);
    Some(Backend {
        socket: Socket { ip, port },
        pod,
        node: text(&["nodeName"]).into(),
        ready,
        serving: condition("serving", ready),
        terminating: condition("terminating", false),
        for_nodes: hints("forNodes"),
        for_zones: hints("forZones"),
        slice: slice.clone(),
        revision: object.resource_version(),
    })
}
