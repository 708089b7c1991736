//! MetalLB: addresses for load balancers on bare metal, from a pool, announced by one node.
//! Models `go.universe.tf/metallb` `controller/service.go` `convergeBalancer` and `speaker/layer2_controller.go`.

use std::net::Ipv4Addr;

use api::{Object, ObjectKey, Value, json};

use super::service_load_balancer::{is_load_balancer, set_ingress};
use super::{Controller, write};
use crate::Cluster;
use crate::addons::LoadBalancerProvider;
use crate::events::Note;
use crate::store::{Change, Store, WatchEvent};

/// See the module.
pub(super) struct MetalLb;

const NAME: &str = "metallb-controller";
const SPEAKER: &str = "metallb-speaker";

/// The annotation that asks for an address, and the one that tells of which pool it is.
const WISH: &str = "metallb.io/loadBalancerIPs";
const FROM_POOL: &str = "metallb.io/ip-allocated-from-pool";
const POOL: &str = "default";

impl Controller for MetalLb {
    fn name(&self) -> &'static str {
        NAME
    }

    fn delay(&self) -> u64 {
        100_000
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind != api::service::KIND || &*event.actor == NAME {
            return Vec::new();
        }
        let was = event.old.as_ref().is_some_and(|old| is_load_balancer(old));
        let is = is_load_balancer(&event.object) && event.change != Change::Deleted;
        let mut keys = if was || is { vec![event.key.clone()] } else { Vec::new() };
        if was && !is {
            // Its address may be what others wait for.
            let waits = |s: &&std::sync::Arc<Object>| is_load_balancer(s) && address_of(s).is_none();
            let waiting = store.list(&api::service::KIND, None).filter(waits);
            keys.extend(waiting.map(|s| ObjectKey::new(&api::service::KIND, s.namespace(), s.name())));
        }
        keys
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let LoadBalancerProvider::Pool { first, last } = cluster.settings().load_balancer else { return };
        let Some(service) = cluster.store().get(key).cloned().filter(|s| !s.is_terminating()) else { return };
        if !is_load_balancer(&service) || service.at(&["spec", "loadBalancerClass"]).is_some() {
            if service.annotation(FROM_POOL).is_some() {
                set_ingress(cluster, key, None, NAME);
                write::merge(cluster, NAME, key, json!({"metadata": {"annotations": {FROM_POOL: null}}}));
            }
            return;
        }
        let wish = wish(&service);
        let pool = u32::from(first)..=u32::from(last);
        let kept = address_of(&service).filter(|ip| pool.contains(&u32::from(*ip)));
        if kept.is_some_and(|ip| wish.as_ref().is_none_or(|wish| *wish == ip.to_string())) {
            return;
        }
        match allocate(cluster, key, &pool, wish.as_deref()) {
            Ok(ip) => assign(cluster, key, &service, ip),
            Err(why) => {
                let message = format!("Failed to allocate IP for \"{}/{}\": {why}", key.namespace, key.name);
                cluster.record(&service, &Note::warning(NAME, "AllocationFailed", message));
            }
        }
    }
}

/// The address a Service asks for.
fn wish(service: &Object) -> Option<String> {
    let field = Some(service.str(&["spec", "loadBalancerIP"])).filter(|ip| !ip.is_empty());
    service.annotation(WISH).or(field).map(str::to_owned)
}

fn address_of(service: &Object) -> Option<Ipv4Addr> {
    service.list(&["status", "loadBalancer", "ingress"]).first()?.get("ip").and_then(Value::as_str)?.parse().ok()
}

fn allocate(
    cluster: &Cluster,
    key: &ObjectKey,
    pool: &std::ops::RangeInclusive<u32>,
    wish: Option<&str>,
) -> Result<Ipv4Addr, String> {
    let others =
        cluster.list(&api::service::KIND, None).filter(|s| (s.namespace(), s.name()) != (&key.namespace, &key.name));
    let taken: Vec<(Ipv4Addr, String)> = others
        .filter(|service| is_load_balancer(service))
        .filter_map(|service| Some((address_of(service)?, format!("{}/{}", service.namespace(), service.name()))))
        .collect();
    let owner = |ip: Ipv4Addr| taken.iter().find(|(known, _)| *known == ip).map(|(_, owner)| owner);
    if let Some(wish) = wish {
        let allowed = wish.parse::<Ipv4Addr>().ok().filter(|ip| pool.contains(&u32::from(*ip)));
        let ip = allowed.ok_or_else(|| format!("[\"{wish}\"] is not allowed in config"))?;
        return match owner(ip) {
            None => Ok(ip),
            Some(owner) => Err(format!(
                "can't change sharing key for \"{}/{}\", address also in use by {owner}",
                key.namespace, key.name
            )),
        };
    }
    pool.clone().map(Ipv4Addr::from).find(|ip| owner(*ip).is_none()).ok_or_else(|| "no available IPs".to_owned())
}

fn assign(cluster: &mut Cluster, key: &ObjectKey, service: &Object, ip: Ipv4Addr) {
    cluster.record(service, &Note::normal(NAME, "IPAllocated", format!("Assigned IP [\"{ip}\"]")));
    write::merge(cluster, NAME, key, json!({"metadata": {"annotations": {FROM_POOL: POOL}}}));
    set_ingress(cluster, key, Some(json!([{"ip": ip.to_string(), "ipMode": "VIP"}])), NAME);
    if let Some(node) = announcer(cluster, ip) {
        let message = format!("announcing from node \"{node}\" with protocol \"layer2\"");
        cluster.record(service, &Note::normal(SPEAKER, "nodeAssigned", message));
    }
}

/// The node that answers for an address: one that is up, chosen by the address, so that addresses spread.
fn announcer(cluster: &Cluster, ip: Ipv4Addr) -> Option<String> {
    let nodes = cluster.list(&api::node::KIND, None).filter(|node| api::pod::has_condition(node, "Ready"));
    nodes.map(|node| node.name().to_owned()).min_by_key(|name| crate::kubelet::digest(&format!("{name}#{ip}")))
}
