//! The endpointslice controller: slices of up to a hundred endpoints for each Service with a selector.
//! Models `k8s.io/endpointslice` `Reconciler.Reconcile`.

use std::sync::Arc;

use api::endpoint_slice::SERVICE_NAME_LABEL;
use api::{Map, Object, ObjectKey, Value, json};

use super::endpoints::LAST_CHANGE;
use super::{Controller, selected};
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

impl Controller for EndpointSliceController {
    fn name(&self) -> &'static str {
        "endpointslice-controller"
    }

    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey> {
        if *event.key.kind == api::endpoint_slice::KIND {
            let name = event.object.str(&["metadata", "labels", SERVICE_NAME_LABEL]);
            return vec![ObjectKey::new(&api::service::KIND, &event.key.namespace, name)];
        }
        selected::services_of(event, store)
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        let own: Vec<Arc<Object>> = slices_of(cluster, key).filter(|slice| is_ours(slice)).cloned().collect();
        let wanted = match cluster.store().get(key).cloned() {
            Some(service) if service.map(&["spec", "selector"]).is_some() => wanted(cluster, &service),
            Some(_) => return,
            None => Vec::new(),
        };
        let options = WriteOptions::typed(self.name());
        for index in 0..wanted.len().max(own.len()) {
            let (kind, namespace) = (&api::endpoint_slice::KIND, key.namespace.clone());
            let request = match (wanted.get(index), own.get(index)) {
                (Some(wanted), Some(own)) => {
                    if same(own, wanted) {
                        continue;
                    }
                    let mut object = Object::new(own.value().clone());
                    for (field, value) in wanted.as_object().into_iter().flatten() {
                        if field != "metadata" {
                            object.set(&[field], value.clone());
                        }
                    }
                    for path in [["metadata", "labels"], ["metadata", "annotations"]] {
                        object.set(&path, wanted[path[0]][path[1]].clone());
                    }
                    let (name, subresource) = (own.name().into(), Subresource::Main);
                    let object = object.into_value();
                    Request::Update { kind, namespace, name, object, subresource, options: options.clone() }
                }
                (Some(wanted), None) => {
                    Request::Create { kind, namespace, object: wanted.clone(), options: options.clone() }
                }
                (None, Some(own)) => {
                    let name = own.name().into();
                    Request::Delete { kind, namespace, name, options: DeleteOptions::by(self.name()) }
                }
                (None, None) => continue,
            };
            // Refused only while the namespace goes away, and then there is nothing to keep up to date.
            drop(cluster.submit(request));
        }
    }
}

/// The slices that carry a Service's name, whoever made them.
pub(crate) fn slices_of<'a>(cluster: &'a Cluster, service: &ObjectKey) -> impl Iterator<Item = &'a Arc<Object>> {
    let name = service.name.clone();
    cluster
        .list(&api::endpoint_slice::KIND, Some(&service.namespace))
        .filter(move |slice| slice.str(&["metadata", "labels", SERVICE_NAME_LABEL]) == &*name)
}

fn is_ours(slice: &Object) -> bool {
    slice.str(&["metadata", "labels", MANAGED_BY.0]) == MANAGED_BY.1
}

fn same(own: &Object, wanted: &Value) -> bool {
    ["endpoints", "ports"].iter().all(|field| own.at(&[field]) == wanted.get(*field))
        && own.at(&["metadata", "labels"]) == wanted["metadata"].get("labels")
}

/// The slices a Service should have: pods with the same ports share one. A Service always has at least one.
fn wanted(cluster: &Cluster, service: &Object) -> Vec<Value> {
    let mut groups: Vec<(Vec<Value>, Vec<Value>)> = Vec::new();
    let ports = api::service::ports(service);
    for pod in cluster.list(&api::pod::KIND, Some(service.namespace())) {
        if !selected::selects(service, pod) || !selected::can_be_endpoint(pod, true) {
            continue;
        }
        let offered: Vec<Value> = ports
            .iter()
            .filter_map(|port| {
                let number = selected::find_port(pod, port)?;
                Some(json!({"name": port.name, "port": number, "protocol": port.protocol}))
            })
            .collect();
        let at = groups.iter().position(|(known, _)| *known == offered).unwrap_or_else(|| {
            groups.push((offered, Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(endpoint(service, pod));
    }
    if groups.is_empty() {
        groups.push((Vec::new(), Vec::new()));
    }
    let time = api::time::format_rfc3339(cluster.now().unix_seconds());
    groups
        .into_iter()
        .flat_map(|(ports, endpoints)| {
            let mut chunks: Vec<Vec<Value>> = endpoints.chunks(MOST).map(<[Value]>::to_vec).collect();
            if chunks.is_empty() {
                chunks.push(Vec::new());
            }
            chunks.into_iter().map(move |chunk| (ports.clone(), chunk))
        })
        .map(|(ports, endpoints)| slice(service, &ports, &endpoints, &time))
        .collect()
}

fn endpoint(service: &Object, pod: &Object) -> Value {
    let serving = api::pod::is_ready(pod);
    let terminating = pod.is_terminating();
    let ready = service.bool(&["spec", "publishNotReadyAddresses"]) || (serving && !terminating);
    let mut endpoint = json!({
        "addresses": [pod.str(&["status", "podIP"])],
        "conditions": {"ready": ready, "serving": serving, "terminating": terminating},
        "nodeName": pod.str(&["spec", "nodeName"]),
        "targetRef": selected::target_ref(pod),
    });
    let hostname = pod.str(&["spec", "hostname"]);
    if !hostname.is_empty() && pod.str(&["spec", "subdomain"]) == service.name() {
        endpoint["hostname"] = hostname.into();
    }
    endpoint
}

fn slice(service: &Object, ports: &[Value], endpoints: &[Value], time: &str) -> Value {
    let mut labels: Map<String, Value> = service.labels().cloned().unwrap_or_default();
    labels.remove("service.kubernetes.io/headless");
    if service.str(&["spec", "clusterIP"]) == "None" {
        labels.insert("service.kubernetes.io/headless".to_owned(), "".into());
    }
    labels.insert(SERVICE_NAME_LABEL.to_owned(), service.name().into());
    labels.insert(MANAGED_BY.0.to_owned(), MANAGED_BY.1.into());
    json!({
        "addressType": "IPv4",
        "metadata": {
            "annotations": {LAST_CHANGE: time},
            "generateName": format!("{}-", service.name()),
            "labels": labels,
            "ownerReferences": [{
                "apiVersion": "v1", "blockOwnerDeletion": true, "controller": true,
                "kind": "Service", "name": service.name(), "uid": service.uid(),
            }],
        },
        "endpoints": endpoints,
        "ports": ports,
    })
}
