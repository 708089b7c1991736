//! The endpoints controller: one Endpoints object for each Service with a selector.
//! Models `pkg/controller/endpoint/endpoints_controller.go` `syncService` and `pkg/api/v1/endpoints` `RepackSubsets`.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{Map, Object, ObjectKey, Value, json};

use super::{Controller, selected};
use crate::apiserver::Subresource;
use crate::store::{Change, Store, WatchEvent};
use crate::{Cluster, DeleteOptions, Request, WriteOptions};

/// See the module.
pub(super) struct EndpointsController;

/// The label by which others know whose object it is.
const MANAGED_BY: (&str, &str) = ("endpoints.kubernetes.io/managed-by", "endpoint-controller");

/// When the change behind the newest state happened.
pub(super) const LAST_CHANGE: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// Says that not every address is there, and how many there can be.
const OVER_CAPACITY: &str = "endpoints.kubernetes.io/over-capacity";
const CAPACITY: usize = 1000;

/// Addresses by IP, each with whether it is ready.
type Addresses = BTreeMap<String, (bool, Value)>;

impl Controller for EndpointsController {
    fn name(&self) -> &'static str {
        "endpoint-controller"
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
        if service.map(&["spec", "selector"]).is_none() {
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
            |current| Object::new(current.value().clone()),
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
    let ports = api::service::ports(service);
    let headless = service.str(&["spec", "clusterIP"]) == "None";
    let mut pods = selected::pods_of(cluster, service);
    pods.retain(|pod| selected::can_be_endpoint(pod, publish_all));
    let side = |pod: &Object| publish_all || api::pod::is_ready(pod);
    let truncated = pods.len() > CAPACITY;
    if truncated {
        pods.sort_by_key(|pod| !side(pod));
        pods.truncate(CAPACITY);
    }
    let mut by_port: Vec<(Option<Value>, Addresses)> = Vec::new();
    for pod in pods {
        let address = address(service, pod);
        let ip = pod.str(&["status", "podIP"]);
        let mut offered: Vec<Option<Value>> = ports
            .iter()
            .filter_map(|port| {
                let mut entry = json!({"port": selected::find_port(pod, port)?, "protocol": port.protocol});
                if !port.name.is_empty() {
                    entry["name"] = port.name.as_str().into();
                }
                Some(Some(entry))
            })
            .collect();
        if headless && ports.is_empty() {
            offered.push(None);
        }
        for port in offered {
            let at = by_port.iter().position(|(known, _)| *known == port).unwrap_or_else(|| {
                by_port.push((port, Addresses::new()));
                by_port.len() - 1
            });
            by_port[at].1.insert(ip.to_owned(), (side(pod), address.clone()));
        }
    }
    (repack(by_port), truncated)
}

fn address(service: &Object, pod: &Object) -> Value {
    let mut address = json!({
        "ip": pod.str(&["status", "podIP"]),
        "nodeName": pod.str(&["spec", "nodeName"]),
        "targetRef": selected::target_ref(pod),
    });
    let hostname = pod.str(&["spec", "hostname"]);
    if !hostname.is_empty() && pod.str(&["spec", "subdomain"]) == service.name() {
        address["hostname"] = hostname.into();
    }
    address
}

fn repack(by_port: Vec<(Option<Value>, Addresses)>) -> Vec<Value> {
    let mut groups: Vec<(Addresses, Vec<Value>)> = Vec::new();
    for (port, addresses) in by_port {
        match groups.iter_mut().find(|(known, _)| *known == addresses) {
            Some((_, ports)) => ports.extend(port),
            None => groups.push((addresses, port.into_iter().collect())),
        }
    }
    groups
        .into_iter()
        .map(|(addresses, ports)| {
            let (ready, not_ready): (Vec<_>, Vec<_>) = addresses.into_values().partition(|(ready, _)| *ready);
            let mut subset = Map::new();
            for (field, list) in [("addresses", ready), ("notReadyAddresses", not_ready)] {
                if !list.is_empty() {
                    subset.insert(field.to_owned(), list.into_iter().map(|(_, address)| address).collect());
                }
            }
            if !ports.is_empty() {
                subset.insert("ports".to_owned(), ports.into());
            }
            Value::Object(subset)
        })
        .collect()
}
