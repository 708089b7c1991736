//! The endpoints controller: one Endpoints object for each Service with a selector.
//! Models `pkg/controller/endpoint/endpoints_controller.go` `syncService` and `pkg/api/v1/endpoints` `RepackSubsets`.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use api::{Map, Object, ObjectKey, Value, json};

use super::{Controller, selected};
use crate::apiserver::Subresource;
use crate::store::{Store, WatchEvent};
use crate::{Cluster, DeleteOptions, Request, WriteOptions};

/// See the module.
pub(super) struct EndpointsController;

/// The label by which others know whose object it is.
const MANAGED_BY: (&str, &str) = ("endpoints.kubernetes.io/managed-by", "endpoint-controller");

/// When the newest change behind it was made.
pub(super) const LAST_CHANGE: &str = "endpoints.kubernetes.io/last-change-trigger-time";

impl Controller for EndpointsController {
    fn name(&self) -> &'static str {
        "endpoint-controller"
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind == api::endpoints::KIND {
            let key = ObjectKey::new(&api::service::KIND, &event.key.namespace, &event.key.name);
            return store.get(&key).map(|_| key).into_iter().collect();
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
        let subsets = subsets(cluster, &service);
        let labels = labels(&service);
        let same = current.as_ref().is_some_and(|current| {
            current.list(&["subsets"]) == subsets.as_slice() && current.labels() == Some(&labels)
        });
        if same {
            return;
        }
        let time = api::time::format_rfc3339(cluster.now().unix_seconds());
        let mut object = json!({"metadata": {
            "name": &*key.name, "namespace": &*key.namespace, "labels": labels, "annotations": {LAST_CHANGE: time},
        }});
        if !subsets.is_empty() {
            object["subsets"] = subsets.into();
        }
        let (kind, namespace, name) = (&api::endpoints::KIND, key.namespace.clone(), key.name.clone());
        let options = WriteOptions::typed(self.name());
        let subresource = Subresource::Main;
        // Refused only while the namespace goes away, and then there is nothing to keep up to date.
        drop(cluster.submit(match current {
            Some(_) => Request::Update { kind, namespace, name, object, subresource, options },
            None => Request::Create { kind, namespace, object, options },
        }));
    }
}

/// The Service's labels and the controller's own; headless Services are marked.
fn labels(service: &Object) -> Map<String, Value> {
    let mut labels = service.labels().cloned().unwrap_or_default();
    labels.remove("service.kubernetes.io/headless");
    if service.str(&["spec", "clusterIP"]) == "None" {
        labels.insert("service.kubernetes.io/headless".to_owned(), "".into());
    }
    labels.insert(MANAGED_BY.0.to_owned(), MANAGED_BY.1.into());
    labels
}

/// Ready and not-ready addresses by the set of ports they offer.
fn subsets(cluster: &Cluster, service: &Object) -> Vec<Value> {
    type Addresses = BTreeMap<Ipv4Addr, Value>;
    let mut by_ports: Vec<(Vec<Value>, Addresses, Addresses)> = Vec::new();
    let publish_all = service.bool(&["spec", "publishNotReadyAddresses"]);
    let ports = api::service::ports(service);
    let headless = service.str(&["spec", "clusterIP"]) == "None";
    for pod in cluster.list(&api::pod::KIND, Some(service.namespace())) {
        if !selected::selects(service, pod) || !selected::can_be_endpoint(pod, publish_all) {
            continue;
        }
        let Ok(ip) = pod.str(&["status", "podIP"]).parse::<Ipv4Addr>() else { continue };
        let mut offered: Vec<Value> = ports
            .iter()
            .filter_map(|port| {
                let number = selected::find_port(pod, port)?;
                let mut entry = json!({"port": number, "protocol": port.protocol});
                if !port.name.is_empty() {
                    entry["name"] = port.name.as_str().into();
                }
                Some(entry)
            })
            .collect();
        offered.sort_by_key(ToString::to_string);
        if offered.is_empty() && !(headless && ports.is_empty()) {
            continue;
        }
        let mut address = json!({"ip": ip.to_string(), "nodeName": pod.str(&["spec", "nodeName"]), "targetRef": selected::target_ref(pod)});
        let hostname = pod.str(&["spec", "hostname"]);
        if !hostname.is_empty() && pod.str(&["spec", "subdomain"]) == service.name() {
            address["hostname"] = hostname.into();
        }
        let at = by_ports.iter().position(|(known, ..)| *known == offered).unwrap_or_else(|| {
            by_ports.push((offered, Addresses::new(), Addresses::new()));
            by_ports.len() - 1
        });
        let (_, ready, not_ready) = &mut by_ports[at];
        let side = if publish_all || api::pod::is_ready(pod) { ready } else { not_ready };
        side.insert(ip, address);
    }
    by_ports
        .into_iter()
        .map(|(ports, ready, not_ready)| {
            let mut subset = Map::new();
            for (field, list) in [("addresses", ready), ("notReadyAddresses", not_ready)] {
                if !list.is_empty() {
                    subset.insert(field.to_owned(), list.into_values().collect());
                }
            }
            if !ports.is_empty() {
                subset.insert("ports".to_owned(), ports.into());
            }
            Value::Object(subset)
        })
        .collect()
}
