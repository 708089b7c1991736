//! What there is to see in a cluster, before anything has a place.

use std::sync::Arc;

use api::{Object, ObjectKey};
use cluster::Cluster;
use cluster::network::proxy::Rule;

/// What to draw, and for how much room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// The room there is, in CSS pixels. Nothing is drawn narrower than one readable column.
    pub width: i32,
    /// Whether to show what the cluster itself runs: cluster DNS and the API server's own Service.
    pub system: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 840, system: false }
    }
}

/// The namespace a learner's objects are in unless they say otherwise.
const HOME: &str = "default";

/// A cluster and how it is to be seen.
pub struct Look<'a> {
    /// What is drawn.
    pub cluster: &'a Cluster,
    /// How.
    pub options: &'a Options,
}

impl<'a> Look<'a> {
    /// A look at a cluster.
    #[must_use]
    pub fn new(cluster: &'a Cluster, options: &'a Options) -> Self {
        Self { cluster, options }
    }

    /// Whether an object is part of the picture.
    #[must_use]
    pub fn shows(&self, object: &Object) -> bool {
        let own = matches!(object.namespace(), "kube-system" | "kube-public" | "kube-node-lease")
            || (object.namespace() == HOME && object.str(&["metadata", "labels", "provider"]) == "kubernetes");
        self.options.system || !own
    }

    /// The Services in the picture.
    pub fn services(&self) -> impl Iterator<Item = &'a Arc<Object>> {
        self.cluster.list(&api::service::KIND, None).filter(|service| self.shows(service))
    }

    /// The pods in the picture.
    pub fn pods(&self) -> impl Iterator<Item = &'a Arc<Object>> {
        self.cluster.list(&api::pod::KIND, None).filter(|pod| self.shows(pod))
    }

    /// What a node's kube-proxy has programmed for a Service.
    pub fn rules(&self, node: &str, service: &ObjectKey) -> impl Iterator<Item = &'a Rule> {
        let rules = self.cluster.proxy(node).into_iter().flat_map(|proxy| proxy.rules());
        let service = service.clone();
        rules.filter(move |rule| rule.service == service)
    }
}

/// The name, with its namespace where it is not the learner's own.
#[must_use]
pub fn display_name(object: &Object) -> String {
    match object.namespace() {
        "" | HOME => object.name().to_owned(),
        namespace => format!("{namespace}/{}", object.name()),
    }
}
