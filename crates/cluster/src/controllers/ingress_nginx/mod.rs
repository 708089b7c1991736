//! ingress-nginx: it claims the Ingresses of its classes, says that it configures them, and writes where it is reached.
//! Models `kubernetes/ingress-nginx` `internal/ingress/controller/store` and `internal/ingress/status`.

mod install;
mod status;

use std::sync::Arc;

use api::{Object, ObjectKey};

use super::Controller;
use crate::Cluster;
use crate::addons::IngressController;
use crate::events::Note;
use crate::network;
use crate::store::{Change, Store, WatchEvent};

pub(crate) use install::install;
pub(super) use status::IngressStatus;

/// See the module.
pub(super) struct IngressNginx;

const NAME: &str = "nginx-ingress-controller";

/// Where it is installed, and under which name.
const NAMESPACE: &str = "ingress-nginx";
const DEPLOYMENT: &str = "ingress-nginx-controller";

impl Controller for IngressNginx {
    fn name(&self) -> &'static str {
        NAME
    }

    fn delay(&self) -> u64 {
        200_000
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        let told = event.old.as_ref().is_some_and(|old| old.generation() == event.object.generation());
        if *event.key.kind == api::ingress::KIND {
            return if told || event.change == Change::Deleted { Vec::new() } else { vec![event.key.clone()] };
        }
        if came_up(event) { all(store) } else { Vec::new() }
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(ingress) = cluster.store().get(key).cloned() else { return };
        if is_claimed(cluster, &ingress) && ready_pods(cluster).next().is_some() {
            cluster.record(&ingress, &Note::normal(NAME, "Sync", "Scheduled for sync"));
        }
    }
}

/// Whether the controller is installed and serves an Ingress.
fn is_claimed(cluster: &Cluster, ingress: &Object) -> bool {
    cluster.settings().ingress_controller == IngressController::Nginx
        && network::ingress::serves(cluster.store(), ingress)
}

/// The pods of the controller that are ready to serve.
fn ready_pods(cluster: &Cluster) -> impl Iterator<Item = &Arc<Object>> {
    cluster
        .list(&api::pod::KIND, Some(NAMESPACE))
        .filter(|pod| pod.name().starts_with(DEPLOYMENT) && api::pod::is_ready(pod) && !pod.is_terminating())
}

/// Whether an event is a pod of the controller becoming ready.
fn came_up(event: &WatchEvent) -> bool {
    let ready = |object: &Object| api::pod::is_ready(object);
    *event.key.kind == api::pod::KIND
        && &*event.key.namespace == NAMESPACE
        && ready(&event.object)
        && event.old.as_ref().is_none_or(|old| !ready(old))
}

fn all(store: &Store) -> Vec<ObjectKey> {
    let ingresses = store.list(&api::ingress::KIND, None);
    ingresses.map(|ingress| ObjectKey::new(&api::ingress::KIND, ingress.namespace(), ingress.name())).collect()
}
