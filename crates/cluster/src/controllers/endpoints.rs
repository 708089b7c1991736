//! The endpoints controller: one Endpoints object for each Service with a selector.
//! Models `pkg/controller/endpoint/endpoints_controller.go` `syncService` and `pkg/api/v1/endpoints` `RepackSubsets`.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::endpoints::MANAGED_BY;
use api::{Map, Object, ObjectKey, Value, json};

use super::{Controller, port_order, selected};
use crate::apiserver::Subresource;
use crate::store::{Change, Store, WatchEvent};
use crate::{Cluster, DeleteOptions, Request, WriteOptions};

/// See the module.
pub(super) struct EndpointsController;

/// When the change behind the newest state happened.
pub(super) const LAST_CHANGE: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// Says that not every address is there, and how many there can be.
const OVER_CAPACITY: &str = "endpoints.kubernetes.io/over-capacity";
const CAPACITY: usize = 1000;

/// Addresses by IP and uid of the pod, each with whether it is ready.
type Addresses = BTreeMap<(String, String), (bool, Value)>;

impl Controller for EndpointsController {
    fn name(&self) -> &'static str {
        "endpoint-controller"
    }

    fn delay(&self) -> u64 {
        selected::DELAY
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind == api::endpoints::KIND {
            let others = event.change == Change::Deleted || &*event.actor != self.name();
            let key = ObjectKey::new(&api::service::KIND, &event.key.namespace, &event.key.name);
            return store.get(&key).filter(|_| others).map(|_| key).into_iter().collect();
        }
        selected::services_of(event, store)
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let current = cluster.store().find(&api::endpoints::KIND, &key.namespace, &key.name).cloned();
        let Some(service) = cluster.store().get(key).cloned() else {
            if current.is_some() {
                let options = DeleteOptions::by(self.name());
                let (kind, namespace, name) = (&api::endpoints::KIND, key.namespace.clone(), key.name.clone());
                drop(cluster.submit(Request::Delete { kind, namespace, name, options }));
            }
            return;
        };
        let external = service.str(&["spec", "type"]) == "ExternalName";
        if external || service.map(&["spec", "selector"]).is_none() {
            return;
        }
        let (subsets, truncated) = subsets(cluster, &service);
        let labels = labels(&service);
        let had_capacity = |current: &Object| current.at(&["metadata", "annotations", OVER_CAPACITY]).is_none();
        let same = current.as_ref().is_some_and(|current| {
            current.list(&["subsets"]) == subsets.as_slice()
                && current.labels() == Some(&labels)
                && had_capacity(current) != truncated
        });
        if same {
            return;
        }
        let mut object = current.as_ref().map_or_else(
            || Object::new(json!({"metadata": {"name": &*key.name, "namespace": &*key.namespace}})),
            |current| Object::clone(current),
        );
        object.set(&["metadata", "labels"], labels);
        let changed = changed(cluster, &service, current.as_deref());
        annotate(&mut object, LAST_CHANGE, selected::trigger_time(&service, current.is_none(), &changed));
        annotate(&mut object, OVER_CAPACITY, truncated.then(|| "truncated".to_owned()));
        object.remove(&["subsets"]);
        if !subsets.is_empty() {
            object.set(&["subsets"], subsets);
        }
        let (kind, namespace, name) = (&api::endpoints::KIND, key.namespace.clone(), key.name.clone());
        let (options, subresource) = (WriteOptions::typed(self.name()), Subresource::Main);
        let object = object.into_value();
        // Refused only while the namespace goes away, and then there is nothing to keep up to date.
        drop(cluster.submit(match current {
            Some(_) => Request::Update { kind, namespace, name, object, subresource, options },
            None => Request::Create { kind, namespace, object, options },
        }));
    }
}

/// Sets an annotation, or takes it away; the last one takes the map with it.
pub(super) fn annotate(object: &mut Object, name: &str, value: Option<String>) {
    match value {
        Some(value) => object.set(&["metadata", "annotations", name], value),
        None => drop(object.remove(&["metadata", "annotations", name])),
    }
    if object.map(&["metadata", "annotations"]).is_some_and(Map::is_empty) {
        object.remove(&["metadata", "annotations"]);
    }
}

/// The Service's labels and the controller's own; headless Services are marked.
fn labels(service: &Object) -> Map<String, Value> {
    let mut labels = selected::inherited_labels(service);
    labels.insert(MANAGED_BY.0.to_owned(), MANAGED_BY.1.into());
    labels
}

/// The pods that stand in the Service's endpoints now and did not, or not on the same side, before.
fn changed<'a>(cluster: &'a Cluster, service: &Object, current: Option<&Object>) -> Vec<&'a Object> {
    let mut before: BTreeMap<&str, bool> = BTreeMap::new();
    for subset in current.map(|current| current.list(&["subsets"])).unwrap_or_default() {
        for (field, ready) in [("addresses", true), ("notReadyAddresses", false)] {
            for address in subset.get(field).and_then(Value::as_array).into_iter().flatten() {
                let uid = api::object::lookup(address, &["targetRef", "uid"]).and_then(Value::as_str);
                before.insert(uid.unwrap_or_default(), ready);
            }
        }
    }
    let publish_all = service.bool(&["spec", "publishNotReadyAddresses"]);
    let stands = |pod: &&Arc<Object>| selected::can_be_endpoint(pod, publish_all);
    let side = |pod: &Object| publish_all || api::pod::is_ready(pod);
    let pods = selected::pods_of(cluster, service).into_iter().filter(stands);
    pods.map(|pod| &**pod).filter(|pod| before.get(pod.uid()) != Some(&side(pod))).collect()
}

/// The subsets of a Service, and whether addresses were left out. Ports that stand at the same addresses share one.
fn subsets(cluster: &Cluster, service: &Object) -> (Vec<Value>, bool) {
    let publish_all = service.bool(&["spec", "publishNotReadyAddresses"]);
    let ports = selected::endpoint_ports(service);
    let headless = service.str(&["spec", "clusterIP"]) == "None";
    let pods = selected::pods_of(cluster, service).into_iter();
    let mut by_port: Vec<(Option<Value>, Addresses)> = Vec::new();
    for pod in pods.filter(|pod| selected::can_be_endpoint(pod, publish_all)) {
        let ready = publish_all || api::pod::is_ready(pod);
        let who = (pod.str(&["status", "podIP"]).to_owned(), pod.uid().to_owned());
        let address = address(service, pod);
        let mut offered: Vec<Option<Value>> =
            ports.iter().filter_map(|port| port.offered_by(pod, false)).map(Some).collect();
        if headless && ports.is_empty() {
            offered.push(None);
        }
        for port in offered {
            let at = by_port.iter().position(|(known, _)| *known == port).unwrap_or_else(|| {
                by_port.push((port, Addresses::new()));
                by_port.len() - 1
            });
            by_port[at].1.insert(who.clone(), (ready, address.clone()));
        }
    }
    let mut subsets = repack(by_port);
    let truncated = truncate(&mut subsets);
    (subsets.into_iter().map(Subset::into_value).collect(), truncated)
}

/// Leaves out addresses beyond the capacity, those that are not ready first, from each subset its share.
/// Models `truncateEndpoints`.
fn truncate(subsets: &mut [Subset]) -> bool {
    let ready: usize = subsets.iter().map(|subset| subset.ready.len()).sum();
    let total = ready + subsets.iter().map(|subset| subset.not_ready.len()).sum::<usize>();
    if total <= CAPACITY {
        return false;
    }
    let crowded = ready > CAPACITY;
    let (most, total) = if crowded { (CAPACITY, ready) } else { (CAPACITY - ready, total - ready) };
    let mut left = most;
    for subset in subsets {
        if crowded {
            subset.not_ready.clear();
        }
        let list = if crowded { &mut subset.ready } else { &mut subset.not_ready };
        list.truncate((list.len() * most).div_ceil(total).min(left));
        left -= list.len();
    }
    true
}

fn address(service: &Object, pod: &Object) -> Value {
    let mut address = json!({
        "ip": pod.str(&["status", "podIP"]),
        "nodeName": pod.str(&["spec", "nodeName"]),
    });
    address["targetRef"] = selected::target_ref(pod);
    let hostname = pod.str(&["spec", "hostname"]);
    if !hostname.is_empty() && pod.str(&["spec", "subdomain"]) == service.name() {
        address["hostname"] = hostname.into();
    }
    address
}

/// Addresses that offer the same ports.
struct Subset {
    ready: Vec<Value>,
    not_ready: Vec<Value>,
    ports: Vec<Value>,
}

impl Subset {
    fn into_value(self) -> Value {
        let lists = [("addresses", self.ready), ("notReadyAddresses", self.not_ready), ("ports", self.ports)];
        lists
            .into_iter()
            .filter(|(_, list)| !list.is_empty())
            .map(|(field, list)| (field.to_owned(), Value::from(list)))
            .collect()
    }
}

/// Models `pkg/api/v1/endpoints` `RepackSubsets`.
fn repack(by_port: Vec<(Option<Value>, Addresses)>) -> Vec<Subset> {
    let mut groups: Vec<(Addresses, Vec<Value>)> = Vec::new();
    for (port, addresses) in by_port {
        match groups.iter_mut().find(|(known, _)| *known == addresses) {
            Some((_, ports)) => ports.extend(port),
            None => groups.push((addresses, port.into_iter().collect())),
        }
    }
    let subset = |(addresses, mut ports): (Addresses, Vec<Value>)| {
        port_order::sort_subset(&mut ports);
        let (ready, not_ready): (Vec<_>, Vec<_>) = addresses.into_values().partition(|(ready, _)| *ready);
        let plain = |list: Vec<(bool, Value)>| list.into_iter().map(|(_, address)| address).collect();
        Subset { ready: plain(ready), not_ready: plain(not_ready), ports }
    };
    groups.into_iter().map(subset).collect()
}
