//! The endpointslice controller: slices of up to a hundred endpoints for each Service with a selector.
//! Models `k8s.io/endpointslice` `Reconciler.Reconcile`.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::arrange::Arrange;
use api::endpoint_slice::{MANAGED_BY_LABEL, SERVICE_NAME_LABEL};
use api::object::lookup;
use api::{Map, Object, ObjectKey, Value, json};

use super::endpoints::{LAST_CHANGE, annotate};
use super::slices::{Changes, Wanted, identity, or_null};
use super::{Controller, port_order, selected, slice_endpoint};
use crate::Cluster;
use crate::store::{Store, WatchEvent};

/// See the module.
pub(super) struct EndpointSliceController;

/// Endpoints in one slice (`--max-endpoints-per-slice`).
const MOST: usize = 100;

const NAME: &str = "endpointslice-controller";
const OURS: &str = "endpointslice-controller.k8s.io";

/// The endpoints that have the same ports.
struct Group {
    ports: Vec<Value>,
    endpoints: Vec<Value>,
}

impl Controller for EndpointSliceController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn delay(&self) -> u64 {
        selected::DELAY
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind == api::endpoint_slice::KIND {
            let was_ours = is_ours(&event.object) || event.old.as_ref().is_some_and(|old| is_ours(old));
            let name = event.object.str(&["metadata", "labels", SERVICE_NAME_LABEL]);
            let key = ObjectKey::new(&api::service::KIND, &event.key.namespace, name);
            return if was_ours && &*event.actor != NAME { vec![key] } else { Vec::new() };
        }
        selected::services_of(event, store)
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let own: Vec<Arc<Object>> = cluster.store().slices_of(key).filter(|slice| is_ours(slice)).cloned().collect();
        let Some(service) = cluster.store().get(key).cloned() else {
            let changes = Changes { delete: own, ..Changes::default() };
            changes.write(cluster, NAME, &|_| Value::Null);
            return;
        };
        let skip = service.map(&["spec", "selector"]).is_none() || service.str(&["spec", "type"]) == "ExternalName";
        if skip {
            return;
        }
        let labels = labels(&service);
        let groups = groups(cluster, &service);
        let changed = changed(cluster, &service, &own);
        let time = selected::trigger_time(&service, own.is_empty(), &changed);
        let mut changes = changes(&service, &own, groups, &labels);
        if service.is_terminating() {
            changes.create.clear();
        }
        changes.write(cluster, NAME, &|wanted| object(&service, wanted, &labels, time.clone()));
    }
}

fn is_ours(slice: &Object) -> bool {
    slice.str(&["metadata", "labels", MANAGED_BY_LABEL]) == OURS
}

/// The endpoints that a Service should have, by the ports they offer.
fn groups(cluster: &Cluster, service: &Object) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let ports = selected::endpoint_ports(service);
    for pod in selected::pods_of(cluster, service).into_iter().filter(|pod| selected::can_be_endpoint(pod, true)) {
        let mut offered: Vec<Value> = ports.iter().filter_map(|port| port.offered_by(pod, true)).collect();
        port_order::sort_slice(&mut offered);
        let at = groups.iter().position(|group| group.ports == offered).unwrap_or_else(|| {
            groups.push(Group { ports: offered, endpoints: Vec::new() });
            groups.len() - 1
        });
        groups[at].endpoints.extend(slice_endpoint::of(cluster, service, pod));
    }
    groups
}

/// Models `Reconciler.reconcileByAddressType`.
fn changes(service: &Object, own: &[Arc<Object>], groups: Vec<Group>, labels: &Map<String, Value>) -> Changes {
    let is_owned = |slice: &Object| {
        let owners = slice.list(&["metadata", "ownerReferences"]);
        owners.iter().any(|owner| owner.get("uid").is_some_and(|uid| uid == service.uid()))
    };
    let (mut left, delete): (Vec<_>, Vec<_>) = own.iter().cloned().partition(|slice| is_owned(slice));
    let mut changes = Changes { delete, ..Changes::default() };
    for group in groups {
        let mut slices = Vec::new();
        left.retain(|slice| {
            let fits = ports_of(slice) == group.ports;
            if fits {
                slices.push(slice.clone());
            }
            !fits
        });
        place(group, slices, labels, &mut changes);
    }
    changes.delete.extend(left);
    let none_left = changes.delete.len() == own.len() && changes.create.is_empty();
    if none_left {
        // A Service always has a slice, if only an empty one.
        let empty = |slice: &Object| {
            ports_of(slice).is_empty()
                && slice.list(&["endpoints"]).is_empty()
                && is_owned(slice)
                && slice.labels() == Some(labels)
        };
        match changes.delete.as_slice() {
            [only] if empty(only) => changes.delete.clear(),
            _ => changes.create.push(Wanted { current: None, ports: Vec::new(), endpoints: Vec::new() }),
        }
    }
    changes
}

fn ports_of(slice: &Object) -> Vec<Value> {
    let mut ports = slice.list(&["ports"]).to_vec();
    port_order::sort_slice(&mut ports);
    ports
}

/// Endpoints stay in the slice they are in; new ones fill slices that change anyway, then one that has room for all of
/// them, and then new slices. Models `Reconciler.reconcileByPortMapping`.
fn place(group: Group, slices: Vec<Arc<Object>>, labels: &Map<String, Value>, changes: &mut Changes) {
    let order: Vec<String> = group.endpoints.iter().map(identity).collect();
    let mut desired: BTreeMap<&str, Value> = order.iter().map(String::as_str).zip(group.endpoints).collect();
    let (mut updated, mut unchanged): (Vec<Wanted>, Vec<Wanted>) = (Vec::new(), Vec::new());
    for slice in slices {
        let before = slice.list(&["endpoints"]);
        let kept: Vec<Value> = before.iter().filter_map(|old| desired.remove(identity(old).as_str())).collect();
        let same = kept.as_slice() == before;
        let relabelled = slice.labels() != Some(labels);
        if kept.is_empty() && !before.is_empty() {
            changes.delete.push(slice);
            continue;
        }
        let list = if same && !relabelled { &mut unchanged } else { &mut updated };
        list.push(Wanted { current: Some(slice), ports: group.ports.clone(), endpoints: kept });
    }
    let mut rest: Vec<Value> = order.iter().filter_map(|name| desired.remove(name.as_str())).collect();
    updated.arrange_by_key(|wanted| std::cmp::Reverse(wanted.endpoints.len()));
    for wanted in &mut updated {
        let room = MOST.saturating_sub(wanted.endpoints.len()).min(rest.len());
        wanted.endpoints.extend(rest.drain(..room));
    }
    while !rest.is_empty() {
        let fits = |wanted: &Wanted| rest.len() < MOST && wanted.endpoints.len() + rest.len() <= MOST;
        let fullest =
            (0..unchanged.len()).filter(|at| fits(&unchanged[*at])).max_by_key(|at| unchanged[*at].endpoints.len());
        let mut wanted = match fullest {
            Some(at) => unchanged.remove(at),
            None => Wanted { current: None, ports: group.ports.clone(), endpoints: Vec::new() },
        };
        let room = (MOST - wanted.endpoints.len()).min(rest.len());
        wanted.endpoints.extend(rest.drain(..room));
        let list = if wanted.current.is_some() { &mut updated } else { &mut changes.create };
        list.push(wanted);
    }
    changes.update.extend(updated);
}

fn uid(endpoint: &Value) -> &str {
    lookup(endpoint, &["targetRef", "uid"]).and_then(Value::as_str).unwrap_or_default()
}

/// The pods whose readiness differs from what the slices say.
fn changed<'a>(cluster: &'a Cluster, service: &Object, own: &[Arc<Object>]) -> Vec<&'a Object> {
    let serving = |endpoint: &Value| lookup(endpoint, &["conditions", "serving"]).and_then(Value::as_bool);
    let listed = own.iter().flat_map(|slice| slice.list(&["endpoints"]));
    let before: BTreeMap<&str, Option<bool>> = listed.map(|endpoint| (uid(endpoint), serving(endpoint))).collect();
    let pods = selected::pods_of(cluster, service).into_iter().filter(|pod| selected::can_be_endpoint(pod, true));
    let same = |pod: &Object| before.get(pod.uid()) == Some(&Some(api::pod::is_ready(pod)));
    pods.map(|pod| &**pod).filter(|pod| !same(pod)).collect()
}

/// The whole of a slice.
fn object(service: &Object, wanted: &Wanted, labels: &Map<String, Value>, time: Option<String>) -> Value {
    let mut object = wanted.current.as_deref().map_or_else(|| Object::new(fresh(service)), Object::clone);
    object.set(&["metadata", "labels"], labels.clone());
    annotate(&mut object, LAST_CHANGE, time);
    object.set(&["endpoints"], or_null(&wanted.endpoints));
    object.set(&["ports"], or_null(&wanted.ports));
    object.into_value()
}

fn labels(service: &Object) -> Map<String, Value> {
    let mut labels = selected::inherited_labels(service);
    labels.insert(SERVICE_NAME_LABEL.to_owned(), service.name().into());
    labels.insert(MANAGED_BY_LABEL.to_owned(), OURS.into());
    labels
}

fn fresh(service: &Object) -> Value {
    json!({
        "addressType": "IPv4",
        "metadata": {
            "generateName": selected::slice_prefix(service.name()),
            "namespace": service.namespace(),
            "ownerReferences": [super::owned::reference(&api::service::KIND, service)],
        },
    })
}
