//! The endpointslice controller: slices of up to a hundred endpoints for each Service with a selector.
//! Models `k8s.io/endpointslice` `Reconciler.Reconcile`.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::endpoint_slice::SERVICE_NAME_LABEL;
use api::object::lookup;
use api::{Map, Object, ObjectKey, Value, json};

use super::endpoints::{LAST_CHANGE, annotate};
use super::{Controller, selected, slice_endpoint};
use crate::apiserver::Subresource;
use crate::store::{Store, WatchEvent};
use crate::{Cluster, DeleteOptions, Request, WriteOptions};

/// See the module.
pub(super) struct EndpointSliceController;

/// The label that says whose slice it is, and its value for this controller.
pub(super) const MANAGED_BY: (&str, &str) =
    ("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");

/// Endpoints in one slice (`--max-endpoints-per-slice`).
const MOST: usize = 100;

const NAME: &str = "endpointslice-controller";

/// The content of a slice: its ports and its endpoints.
type Content = (Value, Vec<Value>);

impl Controller for EndpointSliceController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind == api::endpoint_slice::KIND {
            let name = event.object.str(&["metadata", "labels", SERVICE_NAME_LABEL]);
            let others = is_ours(&event.object) && &*event.actor != NAME;
            let key = ObjectKey::new(&api::service::KIND, &event.key.namespace, name);
            return if others { vec![key] } else { Vec::new() };
        }
        selected::services_of(event, store)
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let own: Vec<Arc<Object>> = cluster.store().slices_of(key).filter(|slice| is_ours(slice)).cloned().collect();
        let Some(service) = cluster.store().get(key).cloned() else {
            own.iter().for_each(|slice| delete(cluster, key, slice));
            return;
        };
        let skip = service.map(&["spec", "selector"]).is_none() || service.str(&["spec", "type"]) == "ExternalName";
        if skip {
            return;
        }
        let wanted = place(cluster, &service, &own);
        let changed = changed(cluster, &service, &own);
        let time = selected::trigger_time(&service, own.is_empty(), &changed);
        for (slot, (ports, endpoints)) in wanted {
            write(cluster, &service, slot.map(|at| &own[at]), ports, endpoints, time.clone());
        }
        for (at, slice) in own.iter().enumerate() {
            let kept = cluster.store().find(&api::endpoint_slice::KIND, &key.namespace, slice.name());
            let stale = kept.is_some_and(|kept| kept.list(&["endpoints"]).is_empty());
            let only = at == 0 && own.iter().skip(1).all(|other| other.list(&["endpoints"]).is_empty());
            if stale && !only && cluster.store().slices_of(key).filter(|slice| is_ours(slice)).count() > 1 {
                delete(cluster, key, slice);
            }
        }
    }
}

fn is_ours(slice: &Object) -> bool {
    slice.str(&["metadata", "labels", MANAGED_BY.0]) == MANAGED_BY.1
}

/// What each slice should hold: endpoints stay in the slice they are in, new ones fill the slices of their ports, and
/// what does not fit goes into new slices. A Service always has a slice, if only an empty one.
fn place(cluster: &Cluster, service: &Object, own: &[Arc<Object>]) -> Vec<(Option<usize>, Content)> {
    let mut groups: Vec<(Value, BTreeMap<String, Value>)> = Vec::new();
    let ports = api::service::ports(service);
    for pod in selected::pods_of(cluster, service).into_iter().filter(|pod| selected::can_be_endpoint(pod, true)) {
        let offered: Vec<Value> = ports
            .iter()
            .filter_map(|port| {
                let number = selected::find_port(pod, port)?;
                Some(json!({"name": port.name, "port": number, "protocol": port.protocol}))
            })
            .collect();
        let offered = if offered.is_empty() { Value::Null } else { offered.into() };
        let at = groups.iter().position(|(known, _)| *known == offered).unwrap_or_else(|| {
            groups.push((offered, BTreeMap::new()));
            groups.len() - 1
        });
        groups[at].1.insert(pod.uid().to_owned(), slice_endpoint::of(cluster, service, pod));
    }
    let mut wanted: Vec<(Option<usize>, Content)> = Vec::new();
    for (at, slice) in own.iter().enumerate() {
        let ports = slice.at(&["ports"]).cloned().unwrap_or_default();
        let group = groups.iter_mut().find(|(known, _)| *known == ports);
        let endpoints = group.map_or_else(Vec::new, |(_, group)| {
            slice.list(&["endpoints"]).iter().filter_map(|endpoint| group.remove(uid(endpoint))).collect()
        });
        wanted.push((Some(at), (ports, endpoints)));
    }
    for (ports, group) in groups {
        let mut rest = group.into_values();
        let mut slots = wanted.iter_mut().filter(|(_, (known, endpoints))| *known == ports && !endpoints.is_empty());
        if let Some((_, (_, endpoints))) = slots.find(|(_, (_, endpoints))| endpoints.len() < MOST) {
            let free = MOST - endpoints.len();
            endpoints.extend(rest.by_ref().take(free));
        }
        let rest: Vec<Value> = rest.collect();
        for chunk in rest.chunks(MOST) {
            // A slice that would become empty is taken over rather than deleted.
            let empty = wanted.iter_mut().find(|(_, (_, endpoints))| endpoints.is_empty());
            match empty {
                Some((_, content)) => *content = (ports.clone(), chunk.to_vec()),
                None => wanted.push((None, (ports.clone(), chunk.to_vec()))),
            }
        }
    }
    if wanted.iter().all(|(_, (_, endpoints))| endpoints.is_empty()) {
        wanted.truncate(1);
        if wanted.is_empty() {
            wanted.push((None, (Value::Null, Vec::new())));
        }
        wanted.iter_mut().for_each(|(_, (ports, _))| *ports = Value::Null);
    }
    wanted
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

/// Writes one slice if it is not as it should be.
fn write(
    cluster: &mut Cluster,
    service: &Object,
    own: Option<&Arc<Object>>,
    ports: Value,
    endpoints: Vec<Value>,
    time: Option<String>,
) {
    let labels = labels(service);
    let endpoints = if endpoints.is_empty() { Value::Null } else { endpoints.into() };
    let same = own.is_some_and(|own| {
        own.at(&["endpoints"]).unwrap_or(&Value::Null) == &endpoints
            && own.at(&["ports"]).unwrap_or(&Value::Null) == &ports
            && own.labels() == Some(&labels)
    });
    if same {
        return;
    }
    let mut object = own.map_or_else(|| Object::new(fresh(service)), |own| Object::new(own.value().clone()));
    object.set(&["metadata", "labels"], labels);
    annotate(&mut object, LAST_CHANGE, time);
    object.set(&["endpoints"], endpoints);
    object.set(&["ports"], ports);
    let (kind, namespace) = (&api::endpoint_slice::KIND, service.namespace().into());
    let (object, options) = (object.into_value(), WriteOptions::typed(NAME));
    // Refused only while the namespace goes away, and then there is nothing to keep up to date.
    drop(cluster.submit(match own {
        Some(own) => {
            let (name, subresource) = (own.name().into(), Subresource::Main);
            Request::Update { kind, namespace, name, object, subresource, options }
        }
        None => Request::Create { kind, namespace, object, options },
    }));
}

fn delete(cluster: &mut Cluster, service: &ObjectKey, slice: &Object) {
    let (kind, namespace, name) = (&api::endpoint_slice::KIND, service.namespace.clone(), slice.name().into());
    drop(cluster.submit(Request::Delete { kind, namespace, name, options: DeleteOptions::by(NAME) }));
}

fn labels(service: &Object) -> Map<String, Value> {
    let mut labels = selected::inherited_labels(service);
    labels.insert(SERVICE_NAME_LABEL.to_owned(), service.name().into());
    labels.insert(MANAGED_BY.0.to_owned(), MANAGED_BY.1.into());
    labels
}

fn fresh(service: &Object) -> Value {
    json!({
        "addressType": "IPv4",
        "metadata": {
            "generateName": format!("{}-", service.name()),
            "ownerReferences": [super::owned::reference(&api::service::KIND, service)],
        },
    })
}
