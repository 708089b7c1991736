//! Where the controller is reached, written to its Ingresses once a minute. Models `internal/ingress/status`.

use api::arrange::Arrange;
use api::{ObjectKey, Value, json};

use super::{DEPLOYMENT, NAME, NAMESPACE, all, came_up, is_claimed, ready_pods};
use crate::Cluster;
use crate::controllers::{Controller, availability};
use crate::store::{Change, Store, WatchEvent};

/// See the module.
pub(in crate::controllers) struct IngressStatus;

/// Microseconds between two looks (`--status-update-interval`).
const INTERVAL: u64 = 60_000_000;

impl Controller for IngressStatus {
    fn name(&self) -> &'static str {
        "nginx-ingress-status"
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind == api::ingress::KIND {
            let own = &*event.actor == NAME || event.change == Change::Deleted;
            return if own { Vec::new() } else { vec![event.key.clone()] };
        }
        let own_service = *event.key.kind == api::service::KIND && &*event.key.namespace == NAMESPACE;
        if came_up(event) || own_service { all(store) } else { Vec::new() }
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(ingress) = cluster.store().get(key).cloned() else { return };
        if !is_claimed(cluster, &ingress) {
            return;
        }
        let wanted = addresses(cluster);
        if wanted.is_empty() || ingress.list(&["status", "loadBalancer", "ingress"]) == wanted {
            return;
        }
        let over = cluster.now().0 % INTERVAL;
        if over > 0 {
            availability::again(cluster, &Self, key, INTERVAL - over);
            return;
        }
        cluster.update_status(key, json!({"loadBalancer": {"ingress": wanted}}), &NAME.into());
    }
}

/// The addresses of the controller's load balancer if it has one, else those of the nodes that it runs on.
fn addresses(cluster: &Cluster) -> Vec<Value> {
    let service = cluster.store().find(&api::service::KIND, NAMESPACE, DEPLOYMENT);
    if let Some(service) = service.filter(|service| service.str(&["spec", "type"]) == "LoadBalancer") {
        let ingress = service.list(&["status", "loadBalancer", "ingress"]).iter();
        return ingress.filter_map(|one| Some(json!({"ip": one.get("ip")?}))).collect();
    }
    let mut ips: Vec<&str> = ready_pods(cluster).map(|pod| pod.str(&["status", "hostIP"])).collect();
    ips.arrange();
    ips.dedup();
    ips.into_iter().map(|ip| json!({"ip": ip})).collect()
}
