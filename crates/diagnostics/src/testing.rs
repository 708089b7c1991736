//! Tests write manifests, let the cluster come to rest, and read what is said.

use api::{Kind, Value};
use cluster::{Cluster, Request, Settings, WriteOptions};

use crate::{Diagnostic, diagnose};

/// A cluster of these manifests, a minute later.
pub(crate) fn cluster(yaml: &str) -> Cluster {
    with(Settings::default(), yaml)
}

/// A cluster of these settings and manifests, a minute later.
pub(crate) fn with(settings: Settings, yaml: &str) -> Cluster {
    let mut cluster = Cluster::new(settings);
    apply(&mut cluster, yaml);
    cluster
}

/// Creates the objects of a manifest and lets a minute pass.
pub(crate) fn apply(cluster: &mut Cluster, yaml: &str) {
    create(cluster, yaml);
    let end = cluster.now() + 60_000_000;
    cluster.poll(end);
}

/// Creates the objects of a manifest; no time passes.
pub(crate) fn create(cluster: &mut Cluster, yaml: &str) {
    let stream = manifest::parse(yaml);
    assert_eq!(stream.errors().count(), 0, "{yaml}");
    for object in stream.documents.iter().filter_map(|document| document.value().cloned()) {
        let text = |path: &[&str]| api::object::lookup(&object, path).and_then(Value::as_str).unwrap_or_default();
        let kind = Kind::of_manifest(text(&["apiVersion"]), text(&["kind"])).unwrap();
        let namespace =
            if text(&["metadata", "namespace"]).is_empty() { "default" } else { text(&["metadata", "namespace"]) };
        let namespace = if kind.namespaced { namespace } else { "" };
        let request = Request::Create {
            kind,
            namespace: namespace.into(),
            object: object.clone(),
            options: WriteOptions::by("test"),
        };
        cluster.submit(request).unwrap_or_else(|status| panic!("{status:?}\n{yaml}"));
    }
}

/// What one check says of these manifests.
pub(crate) fn said(code: &str, yaml: &str) -> Vec<Diagnostic> {
    of(code, &cluster(yaml))
}

/// What one check says of a cluster.
pub(crate) fn of(code: &str, cluster: &Cluster) -> Vec<Diagnostic> {
    diagnose(cluster).into_iter().filter(|diagnostic| diagnostic.code == code).collect()
}

/// Path, message and the value that the fix offers, of all that one check says.
pub(crate) fn lines(code: &str, yaml: &str) -> Vec<String> {
    said(code, yaml).iter().map(line).collect()
}

/// `path: message [-> fix]`.
pub(crate) fn line(diagnostic: &Diagnostic) -> String {
    let fix = diagnostic.fix.as_ref().map(|fix| match &fix.value {
        Some(value) => format!(" [{} -> {value}]", fix.path),
        None => format!(" [{} goes]", fix.path),
    });
    format!("{}: {}{}", diagnostic.path, diagnostic.message, fix.unwrap_or_default())
}

/// A pod of nginx, or of another image, with labels as YAML writes them in braces.
pub(crate) fn pod(name: &str, labels: &str, image: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n\
         spec: {{containers: [{{name: c, image: {image}}}]}}\n"
    )
}

/// A Service with this spec.
pub(crate) fn service(name: &str, spec: &str) -> String {
    format!("---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n")
}

/// A Deployment whose own labels and whose template's differ if wanted.
pub(crate) fn deployment(name: &str, own: &str, labels: &str, image: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, labels: {{{own}}}}}\n\
         spec:\n  selector: {{matchLabels: {{{labels}}}}}\n  template:\n    metadata: {{labels: {{{labels}}}}}\n    \
         spec: {{containers: [{{name: c, image: {image}}}]}}\n"
    )
}

/// A NetworkPolicy with this spec.
pub(crate) fn policy(name: &str, spec: &str) -> String {
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"
    )
}

/// An Ingress of one path to a Service; `class` ends with a comma when it is not empty.
pub(crate) fn ingress(class: &str, service: &str) -> String {
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: web}}\nspec: {{{class}rules: [{{http: \
         {{paths: [{{path: /, pathType: Prefix, backend: {{service: {{{service}}}}}}}]}}}}]}}\n"
    )
}
