//! What becomes of an HTTPRoute: whether a listener takes it, and whether its backends are there.

use std::sync::Arc;

use api::{Object, ObjectKey, Value, json};

use super::{NAME, is_served};
use crate::Cluster;
use crate::controllers::{Controller, condition};
use crate::network::gateway::CONTROLLER;
use crate::store::{Change, Store, WatchEvent};

/// See the module.
pub(in crate::controllers) struct RouteController;

impl Controller for RouteController {
    fn name(&self) -> &'static str {
        "nginx-gateway-routes"
    }

    fn delay(&self) -> u64 {
        150_000
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        let kind = event.key.kind;
        if *kind == api::http_route::KIND {
            let own = &*event.actor == NAME || event.change == Change::Deleted;
            return if own { Vec::new() } else { vec![event.key.clone()] };
        }
        let concerned = [&api::gateway::KIND, &api::gateway_class::KIND, &api::service::KIND].contains(&kind);
        let spec_changed = event.old.as_ref().is_none_or(|old| old.at(&["spec"]) != event.object.at(&["spec"]));
        if !concerned || (!spec_changed && event.change != Change::Deleted) {
            return Vec::new();
        }
        let routes = store.list(&api::http_route::KIND, None);
        routes.map(|route| ObjectKey::new(&api::http_route::KIND, route.namespace(), route.name())).collect()
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let Some(route) = cluster.store().get(key).cloned() else { return };
        let time = api::time::format_rfc3339(cluster.now().unix_seconds());
        let before = route.list(&["status", "parents"]);
        let mut parents: Vec<Value> = before.iter().filter(|p| p["controllerName"] != CONTROLLER).cloned().collect();
        for reference in route.list(&["spec", "parentRefs"]) {
            let Some(gateway) = parent(cluster, &route, reference).filter(|gateway| is_served(cluster, gateway)) else {
                continue;
            };
            let old = before.iter().find(|p| p["parentRef"] == *reference && p["controllerName"] == CONTROLLER);
            let mut conditions = old.and_then(|old| old["conditions"].as_array()).cloned().unwrap_or_default();
            let (accepted, resolved) = (refusal(cluster, &gateway, &route, reference), unresolved(cluster, &route));
            let accepted = match accepted {
                None => ("Accepted", true, "Accepted", "The Route is accepted"),
                Some((reason, message)) => ("Accepted", false, reason, message),
            };
            let resolved = match &resolved {
                None => ("ResolvedRefs", true, "ResolvedRefs", "All references are resolved"),
                Some((reason, message)) => ("ResolvedRefs", false, *reason, message.as_str()),
            };
            condition::set(&mut conditions, route.generation(), &time, &[accepted, resolved]);
            parents.push(json!({"conditions": conditions, "controllerName": CONTROLLER, "parentRef": reference}));
        }
        if !parents.is_empty() || !before.is_empty() {
            cluster.update_status(key, json!({"parents": parents}), &NAME.into());
        }
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The namespace that a reference of a route means.
fn namespace<'a>(route: &'a Object, reference: &'a Value) -> &'a str {
    Some(text(reference, "namespace")).filter(|name| !name.is_empty()).unwrap_or_else(|| route.namespace())
}

fn parent(cluster: &Cluster, route: &Object, reference: &Value) -> Option<Arc<Object>> {
    if text(reference, "kind") != api::gateway::KIND.kind {
        return None;
    }
    cluster.store().find(&api::gateway::KIND, namespace(route, reference), text(reference, "name")).cloned()
}

/// How many routes a listener has.
pub(super) fn attached(cluster: &Cluster, gateway: &Object, listener: &Value) -> usize {
    let refers = |route: &&Arc<Object>| {
        route.list(&["spec", "parentRefs"]).iter().any(|reference| {
            let here = (namespace(route, reference), text(reference, "name")) == (gateway.namespace(), gateway.name());
            here && names(reference, listener)
                && admits(cluster, gateway, listener, route)
                && shares_host(listener, route)
        })
    };
    cluster.list(&api::http_route::KIND, None).filter(refers).count()
}

/// Whether a reference can mean this listener.
fn names(reference: &Value, listener: &Value) -> bool {
    let section = text(reference, "sectionName");
    let port = reference.get("port").and_then(Value::as_u64);
    (section.is_empty() || section == text(listener, "name"))
        && port.is_none_or(|port| listener.get("port").and_then(Value::as_u64) == Some(port))
}

/// Whether a listener takes routes of the route's namespace.
fn admits(cluster: &Cluster, gateway: &Object, listener: &Value, route: &Object) -> bool {
    match listener.pointer("/allowedRoutes/namespaces/from").and_then(Value::as_str) {
        Some("All") => true,
        Some("Selector") => {
            let selector = listener.pointer("/allowedRoutes/namespaces/selector");
            let selector = selector.and_then(|selector| api::labels::LabelSelector::read(selector).ok());
            let home = cluster.store().find(&api::namespace::KIND, "", route.namespace());
            selector.zip(home).is_some_and(|(selector, home)| selector.matches(home.labels()))
        }
        Some("None") => false,
        _ => route.namespace() == gateway.namespace(),
    }
}

/// Whether some host name is both the listener's and the route's. An asterisk stands for one label or more.
fn shares_host(listener: &Value, route: &Object) -> bool {
    let own = text(listener, "hostname");
    let hosts = route.list(&["spec", "hostnames"]);
    let covers = |wild: &str, name: &str| {
        wild == name || wild.strip_prefix('*').is_some_and(|end| name.len() > end.len() && name.ends_with(end))
    };
    let shares = |host: &str| covers(own, host) || covers(host, own);
    own.is_empty() || hosts.is_empty() || hosts.iter().filter_map(Value::as_str).any(shares)
}

/// Why a Gateway does not take a route: reason and message.
fn refusal(
    cluster: &Cluster,
    gateway: &Object,
    route: &Object,
    reference: &Value,
) -> Option<(&'static str, &'static str)> {
    let mut listeners: Vec<&Value> =
        gateway.list(&["spec", "listeners"]).iter().filter(|listener| names(reference, listener)).collect();
    if listeners.is_empty() {
        return Some(("NoMatchingParent", "The Listener is not found for this parentRef"));
    }
    listeners.retain(|listener| admits(cluster, gateway, listener, route));
    if listeners.is_empty() {
        return Some(("NotAllowedByListeners", "The Route is not allowed by any Listener"));
    }
    listeners.retain(|listener| shares_host(listener, route));
    let message = "The Listener hostname does not match the Route hostnames";
    listeners.is_empty().then_some(("NoMatchingListenerHostname", message))
}

/// The first backend of a route that cannot be used: reason and message.
fn unresolved(cluster: &Cluster, route: &Object) -> Option<(&'static str, String)> {
    for (rule_at, rule) in route.list(&["spec", "rules"]).iter().enumerate() {
        let backends = rule.get("backendRefs").and_then(Value::as_array).into_iter().flatten();
        for (at, backend) in backends.enumerate() {
            let path = format!("spec.rules[{rule_at}].backendRefs[{at}]");
            let (kind, name) = (text(backend, "kind"), text(backend, "name"));
            if kind != "Service" || !text(backend, "group").is_empty() {
                let message = format!("{path}.kind: Unsupported value: \"{kind}\": supported values: \"Service\"");
                return Some(("InvalidKind", message));
            }
            let home = namespace(route, backend);
            if home != route.namespace() {
                let message = format!("Backend ref to Service {home}/{name} not permitted by any ReferenceGrant");
                return Some(("RefNotPermitted", message));
            }
            let Some(service) = cluster.store().find(&api::service::KIND, home, name) else {
                return Some(("BackendNotFound", format!("{path}.name: Not found: \"{name}\"")));
            };
            let port = backend.get("port").and_then(Value::as_u64).unwrap_or(0);
            if api::service::ports(service).iter().all(|known| u64::from(known.port) != port) {
                let message = format!("{path}.port: Not found: no matching port {port} in Service {home}/{name}");
                return Some(("BackendNotFound", message));
            }
        }
    }
    None
}
