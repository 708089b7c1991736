//! NGINX Gateway Fabric: it accepts its class, gives each Gateway an nginx of its own, and says which routes it serves.
//! Models `nginx/nginx-gateway-fabric` `internal/controller/state/conditions` and `provisioner`.
//!
//! - [`install`]: what is there before any Gateway
//! - [`provision`]: the Deployment and the Service of a Gateway
//! - [`route`]: what becomes of an HTTPRoute

mod install;
mod provision;
mod route;

use api::{Object, ObjectKey, Value, json};

use super::{Controller, condition};
use crate::Cluster;
use crate::addons;
use crate::network::gateway::CONTROLLER;
use crate::store::{Change, Store, WatchEvent};

pub(crate) use install::install;
pub(super) use route::RouteController;

/// See the module.
pub(super) struct GatewayController;

const NAME: &str = "nginx-gateway";

impl Controller for GatewayController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn delay(&self) -> u64 {
        100_000
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        let kind = event.key.kind;
        let own = &*event.actor == NAME && event.change == Change::Modified;
        if *kind == api::gateway_class::KIND {
            let mut keys = if own { Vec::new() } else { vec![event.key.clone()] };
            keys.extend(gateways(store));
            return keys;
        }
        if *kind == api::gateway::KIND {
            return if own { Vec::new() } else { vec![event.key.clone()] };
        }
        if *kind == api::http_route::KIND {
            // The number of attached routes changes.
            return gateways(store).collect();
        }
        if *kind == api::service::KIND || *kind == api::deployment::KIND {
            return super::owned::controller_key(&event.object, &api::gateway::KIND).into_iter().collect();
        }
        Vec::new()
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(object) = cluster.store().get(key).cloned() else { return };
        if *key.kind == api::gateway_class::KIND {
            class(cluster, key, &object);
        } else if is_served(cluster, &object) && !object.is_terminating() {
            provision::ensure(cluster, &object);
            gateway(cluster, key, &object);
        }
    }
}

fn gateways(store: &Store) -> impl Iterator<Item = ObjectKey> {
    let all = store.list(&api::gateway::KIND, None);
    all.map(|gateway| ObjectKey::new(&api::gateway::KIND, gateway.namespace(), gateway.name()))
}

/// Whether a Gateway is of a class that the installed controller serves.
pub(crate) fn is_served(cluster: &Cluster, gateway: &Object) -> bool {
    let class = cluster.store().find(&api::gateway_class::KIND, "", gateway.str(&["spec", "gatewayClassName"]));
    cluster.settings().gateway_controller == addons::GatewayController::NginxFabric
        && class.is_some_and(|class| class.str(&["spec", "controllerName"]) == CONTROLLER)
}

fn class(cluster: &mut Cluster, key: &ObjectKey, class: &Object) {
    let installed = cluster.settings().gateway_controller == addons::GatewayController::NginxFabric;
    if !installed || class.str(&["spec", "controllerName"]) != CONTROLLER {
        return;
    }
    let time = api::time::format_rfc3339(cluster.now().unix_seconds());
    let mut conditions = class.list(&["status", "conditions"]).to_vec();
    condition::set(
        &mut conditions,
        class.generation(),
        &time,
        &[
            ("Accepted", true, "Accepted", "The GatewayClass is accepted"),
            ("SupportedVersion", true, "SupportedVersion", "The Gateway API CRD versions are supported"),
        ],
    );
    cluster.update_status(key, json!({"conditions": conditions}), &NAME.into());
}

/// Accepted and programmed, with the addresses of its Service and the state of every listener.
fn gateway(cluster: &mut Cluster, key: &ObjectKey, gateway: &Object) {
    let time = api::time::format_rfc3339(cluster.now().unix_seconds());
    let generation = gateway.generation();
    let up = provision::is_up(cluster, gateway);
    let mut conditions = gateway.list(&["status", "conditions"]).to_vec();
    let waiting = "The Gateway is not programmed yet: its nginx is not running";
    let programmed = ("Programmed", true, "Programmed", "The Gateway is programmed");
    let programmed = if up { programmed } else { ("Programmed", false, "Pending", waiting) };
    let accepted = ("Accepted", true, "Accepted", "The Gateway is accepted");
    condition::set(&mut conditions, generation, &time, &[accepted, programmed]);
    let before = gateway.list(&["status", "listeners"]);
    let listeners: Vec<Value> = gateway
        .list(&["spec", "listeners"])
        .iter()
        .map(|listener| {
            let name = listener.get("name").cloned().unwrap_or_default();
            let old = before.iter().find(|old| old["name"] == name);
            let mut conditions = old.and_then(|old| old["conditions"].as_array()).cloned().unwrap_or_default();
            condition::set(
                &mut conditions,
                generation,
                &time,
                &[
                    ("Accepted", true, "Accepted", "The Listener is accepted"),
                    ("Programmed", true, "Programmed", "The Listener is programmed"),
                    ("ResolvedRefs", true, "ResolvedRefs", "All references are resolved"),
                    ("Conflicted", false, "NoConflicts", "No conflicts"),
                ],
            );
            json!({
                "attachedRoutes": route::attached(cluster, gateway, listener), "conditions": conditions, "name": name,
                "supportedKinds": [{"group": api::http_route::KIND.group, "kind": api::http_route::KIND.kind}],
            })
        })
        .collect();
    let mut status = json!({"conditions": conditions, "listeners": listeners});
    let addresses: Vec<Value> = provision::addresses(cluster, gateway)
        .into_iter()
        .map(|ip| json!({"type": "IPAddress", "value": ip}))
        .collect();
    if !addresses.is_empty() {
        status["addresses"] = addresses.into();
    }
    cluster.update_status(key, status, &NAME.into());
}
