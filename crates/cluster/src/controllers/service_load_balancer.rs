//! The service controller of a cloud: it orders a load balancer for each Service that wants one and gives it back.
//! Models `k8s.io/cloud-provider/controllers/service`.

use api::{Object, ObjectKey, Value, json};

use super::{Controller, availability};
use crate::Cluster;
use crate::addons::LoadBalancerProvider;
use crate::events::Note;
use crate::store::{Change, Store, WatchEvent};

/// See the module.
pub(super) struct ServiceController;

const NAME: &str = "service-controller";

/// What holds a Service back until its load balancer is given back.
const FINALIZER: &str = "service.kubernetes.io/load-balancer-cleanup";

/// Microseconds that the cloud takes for a load balancer, and for a change of one.
const MADE: u64 = 8_000_000;
const CHANGED: u64 = 2_000_000;

/// Fields of a Service that its load balancer depends on. Models `needsUpdate`.
const ORDERED: [&str; 6] = [
    "ports",
    "loadBalancerSourceRanges",
    "sessionAffinity",
    "externalTrafficPolicy",
    "healthCheckNodePort",
    "loadBalancerIP",
];

impl Controller for ServiceController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn delay(&self) -> u64 {
        50_000
    }

    fn concerns(&self, event: &WatchEvent, _store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind != api::service::KIND || &*event.actor == NAME && event.change == Change::Modified {
            return Vec::new();
        }
        let balanced = event.old.iter().chain([&event.object]).any(|s| wants(s) || is_held(s));
        if balanced { vec![event.key.clone()] } else { Vec::new() }
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        if cluster.settings().load_balancer != LoadBalancerProvider::Cloud {
            return;
        }
        let Some(service) = cluster.store().get(key).cloned() else {
            cluster.cloud.release(key);
            return;
        };
        if service.is_terminating() || !wants(&service) {
            give_back(cluster, key, &service);
        } else {
            ensure(cluster, key, &service);
        }
    }
}

/// Whether this controller has a load balancer to provide; a class names another one.
fn wants(service: &Object) -> bool {
    is_load_balancer(service) && service.at(&["spec", "loadBalancerClass"]).is_none()
}

pub(super) fn is_load_balancer(service: &Object) -> bool {
    service.str(&["spec", "type"]) == "LoadBalancer"
}

fn is_held(service: &Object) -> bool {
    service.list(&["metadata", "finalizers"]).iter().any(|name| name == FINALIZER)
}

/// Orders what is wanted and, once the cloud is done, says so.
fn ensure(cluster: &mut Cluster, key: &ObjectKey, service: &Object) {
    let order: String =
        ORDERED.iter().map(|field| service.at(&["spec", field]).map(ToString::to_string).unwrap_or_default()).collect();
    let known = cluster.cloud.get(key).map(|balancer| balancer.order.clone());
    if known.as_ref() != Some(&order) {
        let took = if known.is_none() { MADE } else { CHANGED };
        let ready = cluster.now() + took;
        cluster.cloud.order(key, order, ready);
        cluster.record(service, &Note::normal(NAME, "EnsuringLoadBalancer", "Ensuring load balancer"));
        if !is_held(service) {
            let mut finalizers = service.list(&["metadata", "finalizers"]).to_vec();
            finalizers.push(FINALIZER.into());
            cluster.set_finalizers(key, finalizers, NAME);
        }
    }
    let Some(balancer) = cluster.cloud.get(key).cloned() else {
        let message = "Error syncing load balancer: failed to ensure load balancer: no address is left";
        cluster.record(service, &Note::warning(NAME, "SyncLoadBalancerFailed", message));
        return;
    };
    if balancer.ready > cluster.now() {
        availability::again(cluster, &ServiceController, key, balancer.ready - cluster.now());
        return;
    }
    if cluster.cloud.finish(key) {
        cluster.record(service, &Note::normal(NAME, "EnsuredLoadBalancer", "Ensured load balancer"));
    }
    set_ingress(cluster, key, Some(json!([{"ip": balancer.ip.to_string(), "ipMode": "VIP"}])), NAME);
}

fn give_back(cluster: &mut Cluster, key: &ObjectKey, service: &Object) {
    if cluster.cloud.release(key) {
        cluster.record(service, &Note::normal(NAME, "DeletingLoadBalancer", "Deleting load balancer"));
    } else if !is_held(service) {
        return;
    }
    set_ingress(cluster, key, None, NAME);
    cluster.record(service, &Note::normal(NAME, "DeletedLoadBalancer", "Deleted load balancer"));
    let mut finalizers = service.list(&["metadata", "finalizers"]).to_vec();
    finalizers.retain(|name| name != FINALIZER);
    cluster.set_finalizers(key, finalizers, NAME);
}

/// Writes the addresses of a Service's load balancer, or takes them away.
pub(super) fn set_ingress(cluster: &mut Cluster, key: &ObjectKey, ingress: Option<Value>, actor: &str) {
    let Some(service) = cluster.store().get(key) else { return };
    let mut status = service.at(&["status"]).cloned().unwrap_or_else(|| json!({}));
    status["loadBalancer"] = ingress.map_or_else(|| json!({}), |ingress| json!({"ingress": ingress}));
    cluster.update_status(key, status, &actor.into());
}
