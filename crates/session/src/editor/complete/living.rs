//! What the cluster has that a manifest could name: labels, ports, Services, classes, images.

use std::collections::BTreeSet;

use api::arrange::Arrange;
use api::{Kind, Object, Path, Segment, Value};
use cluster::Cluster;
use cluster::images::IMAGES;

use super::Choice;
use super::context::Context;

/// Keys of maps: in a selector, the labels that pods have.
pub(super) fn keys(context: &Context<'_>, kind: &'static Kind, parent: &Path, cluster: &Cluster) -> Vec<Choice> {
    if !is_selector(kind, parent) {
        return Vec::new();
    }
    let labels = labels(context, cluster);
    let pairs = labels.iter().filter(|(key, _)| !context.siblings.contains(key));
    let choice = |(key, value): &(String, String)| Choice {
        label: format!("{key}: {value}"),
        detail: "a pod's label".to_owned(),
        insert: if context.has_colon { key.clone() } else { format!("{key}: {value}") },
        field: None,
    };
    pairs.map(choice).collect()
}

/// Values that fit a field, each with where it comes from.
pub(super) fn values(
    context: &Context<'_>,
    kind: &'static Kind,
    path: &Path,
    cluster: &Cluster,
) -> Vec<(String, &'static str)> {
    let Some((last, parent)) = super::context::parent(path) else { return Vec::new() };
    if is_selector(kind, &parent) {
        let of_key = labels(context, cluster).into_iter().filter(|(key, _)| *key == last);
        return of_key.map(|(_, value)| (value, "a pod's label")).collect();
    }
    let names = |kind, from| {
        let objects: Vec<_> = cluster.list(kind, namespace(context, kind)).collect();
        objects.iter().map(|object| (object.name().to_owned(), from)).collect::<Vec<_>>()
    };
    match (kind.kind, last.as_str()) {
        (_, "image") => images(),
        (_, "namespace") => names(&api::namespace::KIND, "a namespace"),
        ("Ingress", "ingressClassName") => names(&api::ingress_class::KIND, "an IngressClass"),
        ("StatefulSet", "serviceName") => names(&api::service::KIND, "a Service"),
        ("Ingress", "name") if ends_in(&parent, "service") => names(&api::service::KIND, "a Service"),
        ("HTTPRoute", "name") if path.to_string().contains("backendRefs") => names(&api::service::KIND, "a Service"),
        ("HTTPRoute", "name") if path.to_string().contains("parentRefs") => names(&api::gateway::KIND, "a Gateway"),
        ("Service", "targetPort") => ports(context, cluster),
        _ => Vec::new(),
    }
}

/// The images that run here, those with a short name first.
fn images() -> Vec<(String, &'static str)> {
    let mut names: Vec<&str> = IMAGES.iter().map(|image| image.repository()).collect();
    names.arrange_by_key(|name| (name.contains('/'), *name));
    names.into_iter().map(|name| (name.to_owned(), "an image that runs here")).collect()
}

fn ends_in(path: &Path, name: &str) -> bool {
    matches!(path.segments().last(), Some(Segment::Field(last)) if last == name)
}

/// Whether the map at a path selects pods by their labels.
fn is_selector(kind: &Kind, path: &Path) -> bool {
    ends_in(path, "matchLabels") || (kind.kind == "Service" && ends_in(path, "selector"))
}

/// The namespace that a document names; every one for kinds without.
fn namespace<'c>(context: &'c Context<'_>, kind: &Kind) -> Option<&'c str> {
    let written = context.document.value().and_then(|value| value.get("metadata")?.get("namespace")?.as_str());
    kind.namespaced.then(|| written.unwrap_or("default"))
}

/// The labels of the namespace's pods, without those that controllers give.
fn labels(context: &Context<'_>, cluster: &Cluster) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for pod in cluster.list(&api::pod::KIND, namespace(context, &api::pod::KIND)) {
        let labels = pod.string_map(&["metadata", "labels"]);
        let own = labels
            .iter()
            .filter(|(key, _)| !(key.contains('/') || key.ends_with("-hash") || key.ends_with("-revision")));
        found.extend(own.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    }
    found
}

/// The ports that the pods behind a Service name.
fn ports(context: &Context<'_>, cluster: &Cluster) -> Vec<(String, &'static str)> {
    let Some(value) = context.document.value() else { return Vec::new() };
    let mut service = Object::new(value.clone());
    let namespace = namespace(context, &api::service::KIND).unwrap_or("default").to_owned();
    service.set(&["metadata", "namespace"], Value::from(namespace));
    let mut found = BTreeSet::new();
    for pod in cluster::explain::selected(cluster, &service) {
        let containers = pod.list(&["spec", "containers"]);
        for port in containers.iter().filter_map(|container| container.get("ports")?.as_array()).flatten() {
            found.extend(port.get("containerPort").map(Value::to_string));
            found.extend(port.get("name").and_then(Value::as_str).map(str::to_owned));
        }
    }
    found.into_iter().map(|port| (port, "a port of these pods")).collect()
}
