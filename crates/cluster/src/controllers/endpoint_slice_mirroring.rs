//! The mirroring controller: what somebody writes into the Endpoints of a Service without a selector becomes slices,
//! for kube-proxy reads nothing else. Models `pkg/controller/endpointslicemirroring`.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::endpoint_slice::{MANAGED_BY_LABEL, SERVICE_NAME_LABEL};
use api::{Map, Object, ObjectKey, Value, json};

use super::endpoints::LAST_CHANGE;
use super::slices::{Changes, Wanted, identity, or_null};
use super::{Controller, port_order, selected};
use crate::Cluster;
use crate::events::Note;
use crate::store::{Change, Store, WatchEvent};

/// See the module.
pub(super) struct EndpointSliceMirroringController;

const NAME: &str = "endpoint-slice-mirroring-controller";
const OURS: &str = "endpointslicemirroring-controller.k8s.io";

/// The label by which Endpoints ask not to be mirrored.
const SKIP: &str = "endpointslice.kubernetes.io/skip-mirror";

/// Addresses of one subset that are mirrored (`--mirroring-max-endpoints-per-subset`).
const MOST: usize = 1000;

/// An address family and ports: what one slice can hold.
type Place = (&'static str, Vec<Value>);

impl Controller for EndpointSliceMirroringController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        let key = |name: &str| ObjectKey::new(&api::endpoints::KIND, &event.key.namespace, name);
        if *event.key.kind == api::endpoints::KIND {
            return vec![event.key.clone()];
        }
        if *event.key.kind == api::service::KIND {
            let selects = |service: &Object| service.map(&["spec", "selector"]).is_some();
            let switched = event.change != Change::Modified
                || event.old.as_ref().is_some_and(|old| selects(old) != selects(&event.object));
            let key = key(&event.key.name);
            return if switched && store.get(&key).is_some() { vec![key] } else { Vec::new() };
        }
        let was_ours = is_ours(&event.object) || event.old.as_ref().is_some_and(|old| is_ours(old));
        if *event.key.kind == api::endpoint_slice::KIND && was_ours && &*event.actor != NAME {
            return vec![key(event.object.str(&["metadata", "labels", SERVICE_NAME_LABEL]))];
        }
        Vec::new()
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let service = ObjectKey::new(&api::service::KIND, &key.namespace, &key.name);
        let own: Vec<Arc<Object>> =
            cluster.store().slices_of(&service).filter(|slice| is_ours(slice)).cloned().collect();
        let selects = cluster.store().get(&service).is_none_or(|s| s.map(&["spec", "selector"]).is_some());
        let endpoints = cluster
            .store()
            .get(key)
            .filter(|endpoints| !selects && endpoints.str(&["metadata", "labels", SKIP]) != "true");
        let Some(endpoints) = endpoints.cloned() else {
            let changes = Changes { delete: own, ..Changes::default() };
            changes.write(cluster, NAME, &|_| Value::Null);
            return;
        };
        let (desired, skipped) = desired(&endpoints);
        if skipped > 0 {
            let message = format!(
                "A max of {MOST} addresses can be mirrored to EndpointSlices per Endpoints subset. {skipped} addresses \
                 were skipped"
            );
            cluster.record(&endpoints, &Note::warning(NAME, "TooManyAddressesToMirror", message));
        }
        let changes = changes(&endpoints, own, desired);
        changes.write(cluster, NAME, &|wanted| object(&endpoints, wanted));
    }
}

fn is_ours(slice: &Object) -> bool {
    slice.str(&["metadata", "labels", MANAGED_BY_LABEL]) == OURS
}

/// What the subsets say, by what one slice can hold, and how many addresses were too many.
/// Models `newDesiredCalc` and its use.
fn desired(endpoints: &Object) -> (Vec<(Place, Vec<Value>)>, usize) {
    let mut places: Vec<(Place, Vec<Value>)> = Vec::new();
    let mut skipped = 0;
    for subset in endpoints.list(&["subsets"]) {
        let list = |field: &str| subset.get(field).and_then(Value::as_array).into_iter().flatten();
        let mut ports: Vec<Value> = list("ports").map(port).collect();
        port_order::sort_slice(&mut ports);
        let addresses = list("addresses").map(|a| (a, true)).chain(list("notReadyAddresses").map(|a| (a, false)));
        for (count, (address, ready)) in addresses.enumerate() {
            if count >= MOST {
                skipped += 1;
                continue;
            }
            let family = if address["ip"].as_str().is_some_and(|ip| ip.contains(':')) { "IPv6" } else { "IPv4" };
            let place = (family, ports.clone());
            let at = places.iter().position(|(known, _)| *known == place).unwrap_or_else(|| {
                places.push((place, Vec::new()));
                places.len() - 1
            });
            let endpoint = endpoint(address, ready);
            let name = identity(&endpoint);
            // The same address again takes the place of the first.
            places[at].1.retain(|known| identity(known) != name);
            places[at].1.push(endpoint);
        }
    }
    (places, skipped)
}

fn port(port: &Value) -> Value {
    let mut entry = json!({"name": port.get("name").and_then(Value::as_str).unwrap_or_default()});
    for field in ["port", "protocol", "appProtocol"] {
        if let Some(value) = port.get(field) {
            entry[field] = value.clone();
        }
    }
    entry
}

/// Models `addressToEndpoint`.
fn endpoint(address: &Value, ready: bool) -> Value {
    let mut endpoint = json!({"addresses": [address["ip"]], "conditions": {"ready": ready}});
    for field in ["hostname", "nodeName", "targetRef"] {
        if let Some(value) = address.get(field) {
            endpoint[field] = value.clone();
        }
    }
    endpoint
}

/// Models `reconcile` and `reconcileByPortMapping`: one slice for each place.
fn changes(endpoints: &Object, mut own: Vec<Arc<Object>>, desired: Vec<(Place, Vec<Value>)>) -> Changes {
    let mut changes = Changes::default();
    for ((family, ports), list) in desired {
        let fits = |slice: &Arc<Object>| {
            let mut known = slice.list(&["ports"]).to_vec();
            port_order::sort_slice(&mut known);
            slice.str(&["addressType"]) == family && known == ports
        };
        let mut slices: Vec<Arc<Object>> = Vec::new();
        own.retain(|slice| {
            let fits = fits(slice);
            if fits {
                slices.push(slice.clone());
            }
            !fits
        });
        let mut slices = slices.into_iter();
        let first = slices.next();
        changes.delete.extend(slices);
        let same = first.as_ref().is_some_and(|slice| {
            let by_name = |list: &[Value]| -> BTreeMap<String, Value> {
                list.iter().map(|endpoint| (identity(endpoint), endpoint.clone())).collect()
            };
            by_name(slice.list(&["endpoints"])) == by_name(&list)
                && slice.labels() == Some(&labels(endpoints))
                && slice.map(&["metadata", "annotations"]).cloned().unwrap_or_default() == annotations(endpoints)
        });
        if !same {
            let place = if first.is_some() { &mut changes.update } else { &mut changes.create };
            place.push(Wanted { current: first, ports, endpoints: list });
        }
    }
    changes.delete.extend(own);
    changes
}

fn labels(endpoints: &Object) -> Map<String, Value> {
    let mut labels = endpoints.labels().cloned().unwrap_or_default();
    labels.insert(SERVICE_NAME_LABEL.to_owned(), endpoints.name().into());
    labels.insert(MANAGED_BY_LABEL.to_owned(), OURS.into());
    labels
}

fn annotations(endpoints: &Object) -> Map<String, Value> {
    let mut annotations = endpoints.map(&["metadata", "annotations"]).cloned().unwrap_or_default();
    annotations.remove(LAST_CHANGE);
    annotations.remove(api::metadata::LAST_APPLIED);
    annotations
}

/// The whole of a slice. Models `newEndpointSlice`: made anew each time, so only the first has a `generateName`.
fn object(endpoints: &Object, wanted: &Wanted) -> Value {
    let first = wanted.endpoints.first().and_then(|endpoint| endpoint["addresses"][0].as_str());
    let family = if first.is_some_and(|ip| ip.contains(':')) { "IPv6" } else { "IPv4" };
    let mut metadata = json!({
        "labels": labels(endpoints),
        "namespace": endpoints.namespace(),
        "ownerReferences": [super::owned::reference(&api::endpoints::KIND, endpoints)],
    });
    let annotations = annotations(endpoints);
    if !annotations.is_empty() {
        metadata["annotations"] = annotations.into();
    }
    match &wanted.current {
        Some(slice) => {
            metadata["name"] = slice.name().into();
            metadata["resourceVersion"] = slice.str(&["metadata", "resourceVersion"]).into();
        }
        None => metadata["generateName"] = selected::slice_prefix(endpoints.name()).into(),
    }
    json!({
        "addressType": family,
        "endpoints": or_null(&wanted.endpoints),
        "metadata": metadata,
        "ports": or_null(&wanted.ports),
    })
}
