//! What there is to see in a cluster, before anything has a place.

use std::sync::Arc;

use api::service::ServicePort;
use api::{Object, ObjectKey};
use cluster::Cluster;
use cluster::explain::{self, Backend, State};
use cluster::network::proxy::Rule;

/// What to draw, and for how much room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// The room there is, in CSS pixels. Nothing is drawn narrower than one readable column.
    pub width: i32,
    /// Its height, likewise; 0 when there is no end to it.
    pub height: i32,
    /// Whether to show what the cluster itself runs: cluster DNS and the API server's own Service.
    pub system: bool,
    /// What stands for several pods.
    pub grouping: Grouping,
    /// Whether to leave unsaid why a Service leads nowhere: somebody is to find out.
    pub quiet: bool,
    /// Only what has these words in its name, namespace, labels, address or state is shown; empty for everything.
    pub filter: String,
}

/// What stands for several pods in the picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Grouping {
    /// Whatever leaves a picture that can be read: nothing while there are few pods.
    #[default]
    Auto,
    /// Nothing: every pod for itself.
    Pods,
    /// The workload that made them, on each node.
    Workload,
    /// Their namespace, on each node.
    Namespace,
    /// Their node.
    Node,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 840, height: 0, system: false, grouping: Grouping::Auto, filter: String::new(), quiet: false }
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
        (self.options.system || !own) && self.passes(object)
    }

    /// Whether an object meets the filter: by itself, or because it belongs to one that does.
    fn passes(&self, object: &Object) -> bool {
        let words = self.options.filter.trim();
        if words.is_empty() || mentions(object, words) {
            return true;
        }
        let store = self.cluster.store();
        match object.kind() {
            "Pod" => store
                .services_selecting(object.namespace(), object.labels())
                .iter()
                .any(|service| mentions(service, words)),
            "Service" => explain::selected(self.cluster, object).iter().any(|pod| mentions(pod, words)),
            // Machines are the ground that everything stands on.
            "Node" => true,
            _ => false,
        }
    }

    /// What a port of a Service leads to, as far as it is to be said: that nobody listens at a ready endpoint is for somebody
    /// to find out who is to find out why.
    #[must_use]
    pub fn backends(&self, service: &Object, port: &ServicePort) -> Vec<Backend> {
        let mut all = explain::backends(self.cluster, service, port);
        for backend in all.iter_mut().filter(|backend| self.options.quiet && backend.state == State::Deaf) {
            backend.state = State::Ready;
        }
        all
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

/// Whether an object has these words in what a picture shows of it; in any case.
#[must_use]
pub fn mentions(object: &Object, words: &str) -> bool {
    let words = words.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&words);
    let labels = object.string_map(&["metadata", "labels"]);
    has(object.name())
        || has(object.namespace())
        || has(object.str(&["status", "podIP"]))
        || has(object.str(&["spec", "clusterIP"]))
        || has(object.str(&["spec", "nodeName"]))
        || labels.iter().any(|(key, value)| has(&format!("{key}={value}")))
        || (object.kind() == "Pod" && has(&crate::verdict::pod_state(object).1))
}

/// The name, with its namespace where it is not the learner's own.
#[must_use]
pub fn display_name(object: &Object) -> String {
    match object.namespace() {
        "" | HOME => object.name().to_owned(),
        namespace => format!("{namespace}/{}", object.name()),
    }
}
