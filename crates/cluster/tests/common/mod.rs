//! What tests of the control plane share.

#![allow(dead_code, clippy::unwrap_used, clippy::needless_pass_by_value)]

use std::sync::Arc;

use api::{Kind, Object, Value, json};
use cluster::apiserver::Subresource;
use cluster::{Cluster, DeleteOptions, Patch, Request, Settings, WriteOptions};

pub(crate) const SECOND: u64 = 1_000_000;

/// A cluster of these settings.
pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Cluster {
    let mut settings = Settings::default();
    change(&mut settings);
    Cluster::new(settings)
}

pub(crate) fn create(cluster: &mut Cluster, kind: &'static Kind, object: Value) -> Arc<Object> {
    let options = WriteOptions::by("test");
    cluster.submit(Request::Create { kind, namespace: "default".into(), object, options }).unwrap().object
}

/// An object of a kind with a name and a spec.
pub(crate) fn make(cluster: &mut Cluster, kind: &'static Kind, name: &str, spec: Value) -> Arc<Object> {
    create(cluster, kind, json!({"metadata": {"name": name}, "spec": spec}))
}

pub(crate) fn patch(cluster: &mut Cluster, kind: &'static Kind, name: &str, patch: Value) {
    let (namespace, name, options) = ("default".into(), name.into(), WriteOptions::by("test"));
    let (patch, subresource) = (Patch::Merge(patch), Subresource::Main);
    cluster.submit(Request::Patch { kind, namespace, name, patch, subresource, options }).unwrap();
}

pub(crate) fn delete(cluster: &mut Cluster, kind: &'static Kind, name: &str) {
    let options = DeleteOptions::by("test");
    cluster.submit(Request::Delete { kind, namespace: "default".into(), name: name.into(), options }).unwrap();
}

/// Lets so many seconds pass.
pub(crate) fn wait(cluster: &mut Cluster, seconds: u64) {
    let until = cluster.now() + seconds * SECOND;
    cluster.poll(until);
}

pub(crate) fn get(cluster: &Cluster, kind: &'static Kind, name: &str) -> Arc<Object> {
    cluster.get(kind, "default", name).unwrap()
}

pub(crate) fn pods(cluster: &Cluster) -> Vec<Arc<Object>> {
    cluster.list(&api::pod::KIND, Some("default")).cloned().collect()
}

/// `REASON: message` of each event about an object, oldest first.
pub(crate) fn events(cluster: &Cluster, object: &Object) -> Vec<String> {
    let mut events: Vec<&Arc<Object>> = cluster.store().events_about(object.uid()).collect();
    events.sort_by_key(|event| event.resource_version());
    events.iter().map(|event| format!("{}: {}", event.str(&["reason"]), event.str(&["message"]))).collect()
}

/// A row of `kubectl get`, without the columns of `-o wide`.
pub(crate) fn row(cluster: &Cluster, kind: &'static Kind, object: &Object) -> Vec<String> {
    let columns = kind.columns.iter().filter(|column| !column.wide && !["NAME", "AGE"].contains(&column.name));
    columns.map(|column| (column.cell)(object, cluster.now().now())).collect()
}

/// The addresses that a Service has in its Endpoints.
pub(crate) fn ready_addresses(cluster: &Cluster, service: &str) -> usize {
    let Ok(endpoints) = cluster.get(&api::endpoints::KIND, "default", service) else { return 0 };
    let subsets = endpoints.list(&["subsets"]).iter();
    subsets.filter_map(|subset| Some(subset.get("addresses")?.as_array()?.len())).sum()
}

/// A Deployment `web` of nginx, and a Service for it.
pub(crate) fn web(cluster: &mut Cluster, replicas: u32) {
    let template = json!({
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "nginx", "image": "nginx", "ports": [{"containerPort": 80}]}]},
    });
    let spec = json!({"replicas": replicas, "selector": {"matchLabels": {"app": "web"}}, "template": template});
    make(cluster, &api::deployment::KIND, "web", spec);
    make(cluster, &api::service::KIND, "web", json!({"selector": {"app": "web"}, "ports": [{"port": 80}]}));
    wait(cluster, 30);
}
