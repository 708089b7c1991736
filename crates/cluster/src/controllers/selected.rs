//! What the two endpoints controllers share: which pods a Service selects and which ports they offer.

use std::sync::Arc;

use api::service::{ServicePort, TargetPort};
use api::{Map, Object, ObjectKey, Value, json};

use crate::Cluster;
use crate::store::{Change, Store, WatchEvent};

/// Microseconds from a change to the endpoints controllers looking at it: they follow more closely than those who make
/// pods, so of several pods that go one by one they see each.
pub(super) const DELAY: u64 = 2_000;

/// The Services that an event may concern: the Service itself, or those that select the pod now or did before.
pub(super) fn services_of(event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
    if *event.key.kind == api::service::KIND {
        return vec![event.key.clone()];
    }
    if *event.key.kind != api::pod::KIND || !matters(event) {
        return Vec::new();
    }
    let labels_of = |object: &Object| store.services_selecting(&event.key.namespace, object.labels());
    let mut found = labels_of(&event.object);
    if let Some(old) = event.old.as_ref().filter(|old| !old.same(&event.object, &["metadata", "labels"])) {
        found.extend(labels_of(old));
    }
    let namespace = &event.key.namespace;
    let key = |service: &Arc<Object>| ObjectKey {
        kind: &api::service::KIND,
        namespace: namespace.clone(),
        name: service.name().into(),
    };
    found.into_iter().map(key).collect()
}

/// The pods a Service selects; none for a Service without a selector.
pub(crate) fn pods_of<'a>(cluster: &'a Cluster, service: &Object) -> Vec<&'a Arc<Object>> {
    let selector = service.map(&["spec", "selector"]);
    selector.map(|s| cluster.store().labelled(&api::pod::KIND, service.namespace(), s)).unwrap_or_default()
}

/// Whether a change of a pod can change what stands behind Services. Models `podChanged` of `k8s.io/endpointslice`.
fn matters(event: &WatchEvent) -> bool {
    let Some(old) = &event.old else { return true };
    let new = &event.object;
    let same = |path: &[&str]| old.same(new, path);
    event.change == Change::Deleted
        || !same(&["metadata", "labels"])
        || !same(&["metadata", "deletionTimestamp"])
        || !same(&["status", "podIP"])
        || !same(&["status", "phase"])
        || !same(&["spec", "nodeName"])
        || !same(&["spec", "hostname"])
        || !same(&["spec", "subdomain"])
        || api::pod::is_ready(old) != api::pod::is_ready(new)
}

/// The time of the change behind a new state of a Service's endpoints: the Service's creation while there is nothing
/// yet, then the earliest of the times at which pods that were not counted so before became ready or not.
/// Models `TriggerTimeTracker.ComputeEndpointLastChangeTriggerTime`, from what is stored instead of from memory.
pub(super) fn trigger_time(service: &Object, first: bool, changed: &[&Object]) -> Option<String> {
    let ready = |pod: &&Object| {
        let conditions = pod.list(&["status", "conditions"]);
        let ready = conditions.iter().find(|c| c.get("type").is_some_and(|t| t == "Ready"))?;
        ready.get("lastTransitionTime")?.as_str().map(str::to_owned)
    };
    if first {
        return Some(service.creation_timestamp().to_owned());
    }
    changed.iter().filter_map(ready).min()
}

/// The port of a pod that a Service's port leads to; `None` when its name is nobody's.
/// Models `podutil.FindPort`: numbers pass, names are looked up by protocol.
pub(crate) fn find_port(pod: &Object, port: &ServicePort) -> Option<u16> {
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

/// A port of a Service as its endpoints have it.
pub(super) struct EndpointPort {
    port: ServicePort,
    app_protocol: Option<Value>,
}

/// The ports of a Service as its endpoints have them.
pub(super) fn endpoint_ports(service: &Object) -> Vec<EndpointPort> {
    let specs = service.list(&["spec", "ports"]).iter();
    let ports = api::service::ports(service).into_iter().zip(specs);
    ports.map(|(port, spec)| EndpointPort { port, app_protocol: spec.get("appProtocol").cloned() }).collect()
}

impl EndpointPort {
    /// The port at which a pod offers it; `None` when it does not. `named`: with a name even where that is empty.
    pub(super) fn offered_by(&self, pod: &Object, named: bool) -> Option<Value> {
        let mut entry = json!({"port": find_port(pod, &self.port)?, "protocol": self.port.protocol});
        if named || !self.port.name.is_empty() {
            entry["name"] = self.port.name.as_str().into();
        }
        if let Some(protocol) = &self.app_protocol {
            entry["appProtocol"] = protocol.clone();
        }
        Some(entry)
    }
}

/// What the names of the slices of a Service or of Endpoints begin with. Models `getEndpointSlicePrefix`.
pub(super) fn slice_prefix(name: &str) -> String {
    format!("{name}-")
}

/// The labels that a Service hands on to its endpoints: its own, and a mark when it is headless.
pub(super) fn inherited_labels(service: &Object) -> Map<String, Value> {
    const HEADLESS: &str = "service.kubernetes.io/headless";
    let mut labels = service.labels().cloned().unwrap_or_default();
    labels.remove(HEADLESS);
    if service.str(&["spec", "clusterIP"]) == "None" {
        labels.insert(HEADLESS.to_owned(), "".into());
    }
    labels
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
