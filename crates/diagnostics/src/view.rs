//! What the checks look at: the cluster without what it runs for itself, and where its pods were written.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::labels::LabelSelector;
use api::object::lookup;
use api::{Kind, Object, ObjectKey, Path, Value};
use cluster::Cluster;
use cluster::explain;
use cluster::store::Change;

/// Kinds whose objects hold a pod template at `spec.template`.
const WORKLOADS: [&Kind; 5] = [
    &api::deployment::KIND,
    &api::stateful_set::KIND,
    &api::daemon_set::KIND,
    &api::replica_set::KIND,
    &api::job::KIND,
];

/// Who writes the Endpoints of Services with a selector.
const ENDPOINTS_CONTROLLER: &str = "endpoint-controller";

/// Seconds in which something may still get what it waits for.
const PATIENCE: i64 = 3;

/// A cluster as the checks see it.
pub struct View<'a> {
    /// All of it.
    pub cluster: &'a Cluster,
    /// The pods by where they were written.
    pods: OnceCell<BTreeMap<ObjectKey, Vec<&'a Arc<Object>>>>,
    /// The Endpoints that somebody else than their controller wrote.
    by_hand: OnceCell<BTreeSet<ObjectKey>>,
}

/// Where a pod, or the template it was made from, was written by somebody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// The pod itself, or the workload at the head of its owners.
    pub object: ObjectKey,
    /// Nothing for a pod, `spec.template` for a workload.
    pub prefix: Path,
}

impl Source {
    /// A field of the pod, such as `metadata.labels`, where it was written.
    #[must_use]
    pub fn path(&self, fields: &str) -> Path {
        fields.split('.').fold(self.prefix.clone(), |path, field| path.child(field))
    }

    /// How people call it: `Deployment web`.
    #[must_use]
    pub fn name(&self) -> String {
        name(&self.object)
    }
}

/// How people call an object: `Deployment web`; in lower case for pods, which everybody does.
#[must_use]
pub(crate) fn name(key: &ObjectKey) -> String {
    if *key.kind == api::pod::KIND { format!("pod {}", key.name) } else { format!("{} {}", key.kind.kind, key.name) }
}

impl<'a> View<'a> {
    /// A view of a cluster.
    #[must_use]
    pub fn new(cluster: &'a Cluster) -> Self {
        Self { cluster, pods: OnceCell::new(), by_hand: OnceCell::new() }
    }

    /// The objects of a kind that a learner may have written, by namespace and name.
    pub fn objects(&self, kind: &'static Kind) -> impl Iterator<Item = &'a Arc<Object>> {
        self.cluster.list(kind, None).filter(move |object| !is_system(kind, object))
    }

    /// The workloads of a namespace that nobody else made.
    pub fn workloads(&self, namespace: &str) -> impl Iterator<Item = (ObjectKey, &'a Arc<Object>)> {
        let list = |kind: &'static Kind| self.cluster.list(kind, Some(namespace)).map(move |object| (kind, object));
        let own = WORKLOADS.into_iter().flat_map(list).filter(|(_, object)| object.controller().is_none());
        own.map(|(kind, object)| (ObjectKey::of(kind, object), object))
    }

    /// Where a pod was written.
    #[must_use]
    pub fn source(&self, pod: &Object) -> Source {
        let mut source = Source { object: ObjectKey::of(&api::pod::KIND, pod), prefix: Path::default() };
        let mut owner = pod.controller();
        while let Some(reference) = owner {
            let text = |field: &str| reference.get(field).and_then(Value::as_str).unwrap_or_default();
            let workload = WORKLOADS.into_iter().find(|kind| kind.kind == text("kind"));
            let found =
                workload.and_then(|kind| Some((kind, self.cluster.store().find(kind, pod.namespace(), text("name"))?)));
            let Some((kind, object)) = found else { break };
            source = Source { object: ObjectKey::of(kind, object), prefix: Path::new("spec.template") };
            owner = object.controller();
        }
        source
    }

    /// The pods that a Service selects and that are there to stay.
    #[must_use]
    pub fn backends(&self, service: &Object) -> Vec<&'a Arc<Object>> {
        let mut pods = explain::selected(self.cluster, service);
        pods.retain(|pod| !pod.is_terminating() && !matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed"));
        pods
    }

    /// The pods that a NetworkPolicy selects.
    #[must_use]
    pub fn policed(&self, policy: &Object) -> Vec<&'a Arc<Object>> {
        let selector = policy.at(&["spec", "podSelector"]).map(LabelSelector::read);
        let Ok(selector) = selector.unwrap_or_else(|| Ok(LabelSelector::default())) else { return Vec::new() };
        self.cluster.store().selected(&api::pod::KIND, policy.namespace(), &selector)
    }

    /// The pods that an object is, or that were made from its template.
    #[must_use]
    pub fn pods_of(&self, object: &ObjectKey) -> &[&'a Arc<Object>] {
        let index = || {
            let mut pods: BTreeMap<ObjectKey, Vec<&'a Arc<Object>>> = BTreeMap::new();
            for pod in self.objects(&api::pod::KIND) {
                pods.entry(self.source(pod).object).or_default().push(pod);
            }
            pods
        };
        self.pods.get_or_init(index).get(object).map_or(&[], Vec::as_slice)
    }

    /// Whether somebody wrote these Endpoints by hand, be it that their controller wrote its own over them since.
    #[must_use]
    pub fn is_by_hand(&self, endpoints: &ObjectKey) -> bool {
        let read_log = || {
            let mut by_hand = BTreeSet::new();
            let log = self.cluster.store().log().iter();
            for event in log.filter(|event| std::ptr::eq(event.key.kind, &api::endpoints::KIND)) {
                if event.change == Change::Deleted {
                    by_hand.remove(&event.key);
                } else if &*event.actor != ENDPOINTS_CONTROLLER {
                    by_hand.insert(event.key.clone());
                }
            }
            by_hand
        };
        self.by_hand.get_or_init(read_log).contains(endpoints)
    }

    /// Whether all containers of a pod run.
    #[must_use]
    pub fn is_running(&self, pod: &Object) -> bool {
        let runs = |status: &Value| lookup(status, &["state", "running"]).is_some();
        let all = pod.list(&["status", "containerStatuses"]).iter().all(runs);
        all && self.cluster.is_running(&ObjectKey::of(&api::pod::KIND, pod))
    }

    /// Whether an object came only now, so that what it waits for may still come.
    #[must_use]
    pub fn is_young(&self, object: &Object) -> bool {
        let made = api::time::parse_rfc3339(object.creation_timestamp());
        made.is_none_or(|made| self.cluster.now().unix_seconds() - made < PATIENCE)
    }
}

/// The pod of a workload's template, as far as labels and spec go.
#[must_use]
pub(crate) fn template(workload: &Object) -> Object {
    Object::new(workload.at(&["spec", "template"]).cloned().unwrap_or_default())
}

/// Whether the cluster made an object for itself.
fn is_system(kind: &Kind, object: &Object) -> bool {
    let namespace = if *kind == api::namespace::KIND { object.name() } else { object.namespace() };
    let kubernetes = object.name() == "kubernetes" && namespace == "default";
    matches!(namespace, "kube-system" | "kube-public" | "kube-node-lease") || kubernetes || *kind == api::node::KIND
}
