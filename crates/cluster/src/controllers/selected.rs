//! What the two endpoints controllers share: which pods a Service selects and which ports they offer.

use api::service::{ServicePort, TargetPort};
use api::{Object, ObjectKey, Value, json, labels};

use crate::store::{Store, WatchEvent};

/// The Services that an event may concern: the Service itself, or those that select the pod now or did before.
pub(super) fn services_of(event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
    if *event.key.kind == api::service::KIND {
        return vec![event.key.clone()];
    }
    if *event.key.kind != api::pod::KIND {
        return Vec::new();
    }
    store
        .list(&api::service::KIND, Some(&event.key.namespace))
        .filter(|service| {
            selects(service, &event.object) || event.old.as_ref().is_some_and(|old| selects(service, old))
        })
        .map(|service| ObjectKey::new(&api::service::KIND, service.namespace(), service.name()))
        .collect()
}

/// Whether a Service has a selector that the pod's labels meet.
pub(super) fn selects(service: &Object, pod: &Object) -> bool {
    service.map(&["spec", "selector"]).is_some_and(|selector| labels::matches_equality(selector, pod.labels()))
}

/// The port of a pod that a Service's port leads to; `None` when its name is nobody's.
/// Models `podutil.FindPort`: numbers pass, names are looked up by protocol.
pub(super) fn find_port(pod: &Object, port: &ServicePort) -> Option<u16> {
    let name = match &port.target_port {
        TargetPort::Number(number) => return Some(*number),
        TargetPort::Name(name) => name.as_str(),
    };
    let restartable = pod
        .list(&["spec", "initContainers"])
        .iter()
        .filter(|container| container.get("restartPolicy").is_some_and(|policy| policy == "Always"));
    pod.list(&["spec", "containers"])
        .iter()
        .chain(restartable)
        .flat_map(|container| container.get("ports").and_then(Value::as_array).into_iter().flatten())
        .find(|p| p.get("name").is_some_and(|n| n == name) && p.get("protocol").is_some_and(|p| *p == *port.protocol))
        .and_then(|p| p.get("containerPort")?.as_u64())
        .and_then(|number| u16::try_from(number).ok())
}

/// The reference from an endpoint to its pod.
pub(super) fn target_ref(pod: &Object) -> Value {
    json!({"kind": "Pod", "name": pod.name(), "namespace": pod.namespace(), "uid": pod.uid()})
}

/// Whether a pod can be an endpoint at all. Models `endpointslice.ShouldPodBeInEndpoints`.
pub(super) fn can_be_endpoint(pod: &Object, include_terminating: bool) -> bool {
    let ended = matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed");
    !ended && !pod.str(&["status", "podIP"]).is_empty() && (include_terminating || !pod.is_terminating())
}
