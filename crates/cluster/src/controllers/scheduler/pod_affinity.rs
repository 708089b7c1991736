//! Pods that want to be near others, or far from them. Models the `InterPodAffinity` plugin.

use std::collections::BTreeSet;
use std::sync::Arc;

use api::labels::LabelSelector;
use api::{Object, Value};

use crate::Cluster;
use crate::controllers::node_affinity::{PREFERRED, REQUIRED};

/// A term: which pods it means, and what counts as near.
struct Term {
    topology: String,
    selector: LabelSelector,
    namespaces: Vec<String>,
}

impl Term {
    fn read(cluster: &Cluster, pod: &Object, term: &Value) -> Option<Self> {
        let selector = LabelSelector::read(term.get("labelSelector")?).ok()?;
        let listed = term.get("namespaces").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let mut namespaces: Vec<String> = listed.map(str::to_owned).collect();
        match term.get("namespaceSelector").map(LabelSelector::read) {
            Some(Ok(homes)) => {
                let all = cluster.list(&api::namespace::KIND, None).filter(|home| homes.matches(home.labels()));
                namespaces.extend(all.map(|home| home.name().to_owned()));
            }
            _ if namespaces.is_empty() => namespaces.push(pod.namespace().to_owned()),
            _ => {}
        }
        let topology = term.get("topologyKey")?.as_str()?.to_owned();
        Some(Self { topology, selector, namespaces })
    }

    fn means(&self, pod: &Object) -> bool {
        self.namespaces.iter().any(|name| name == pod.namespace()) && self.selector.matches(pod.labels())
    }

    /// The values of the topology's label where such pods run.
    fn places(&self, cluster: &Cluster) -> BTreeSet<String> {
        let store = cluster.store();
        let pods = self.namespaces.iter().flat_map(|home| store.selected(&api::pod::KIND, home, &self.selector));
        pods.filter_map(|pod| place_of(cluster, pod, &self.topology)).collect()
    }
}

fn place_of(cluster: &Cluster, pod: &Object, topology: &str) -> Option<String> {
    let node = cluster.store().find(&api::node::KIND, "", pod.str(&["spec", "nodeName"]))?;
    Some(node.labels()?.get(topology)?.as_str()?.to_owned())
}

fn terms(cluster: &Cluster, pod: &Object, kind: &str) -> Vec<Term> {
    let list = pod.list(&["spec", "affinity", kind, REQUIRED]);
    list.iter().filter_map(|term| Term::read(cluster, pod, term)).collect()
}

/// Whether a pod keeps others away.
pub(super) fn repels(pod: &Object) -> bool {
    !pod.list(&["spec", "affinity", "podAntiAffinity", REQUIRED]).is_empty()
}

/// A term with the places where its pods are.
type Placed = (Term, BTreeSet<String>);

/// What the neighbours of a pod mean for it.
pub(super) struct Neighbours {
    wanted: Vec<Placed>,
    shunned: Vec<Placed>,
    /// Topologies and places where pods run that want none of its sort near.
    closed: Vec<(String, String)>,
}

impl Neighbours {
    /// Looks at who runs where.
    pub(super) fn of(cluster: &Cluster, pod: &Object) -> Self {
        let placed = |kind: &str| -> Vec<Placed> {
            let with = |term: Term| {
                let places = term.places(cluster);
                (term, places)
            };
            terms(cluster, pod, kind).into_iter().map(with).collect()
        };
        let mut closed = Vec::new();
        let repelling = cluster.scheduling.repelling.iter().filter_map(|key| cluster.store().get(key));
        for other in repelling.cloned().collect::<Vec<Arc<Object>>>() {
            for term in terms(cluster, &other, "podAntiAffinity").into_iter().filter(|term| term.means(pod)) {
                let place = place_of(cluster, &other, &term.topology);
                closed.extend(place.map(|place| (term.topology, place)));
            }
        }
        Self { wanted: placed("podAffinity"), shunned: placed("podAntiAffinity"), closed }
    }

    /// Why a node does not take the pod, and whether for good.
    pub(super) fn refusal(&self, pod: &Object, node: &Object) -> Option<(&'static str, bool)> {
        let label = |topology: &str| node.labels().and_then(|labels| labels.get(topology)?.as_str());
        // The first of a group that wants to be together finds nobody yet: it may go anywhere.
        let first = self.wanted.iter().all(|(term, places)| places.is_empty() && term.means(pod));
        let near = |(term, places): &Placed| label(&term.topology).is_some_and(|place| first || places.contains(place));
        if !self.wanted.iter().all(near) {
            return Some(("node(s) didn't match pod affinity rules", true));
        }
        let beside = |(term, places): &Placed| label(&term.topology).is_some_and(|place| places.contains(place));
        if self.shunned.iter().any(beside) {
            return Some(("node(s) didn't match pod anti-affinity rules", false));
        }
        let closed = self.closed.iter().any(|(topology, place)| label(topology) == Some(place));
        closed.then_some(("node(s) didn't satisfy existing pods anti-affinity rules", false))
    }
}

/// How much a node is preferred for who runs near it.
pub(super) fn preference(cluster: &Cluster, pod: &Object, node: &Object) -> i64 {
    let sum = |kind: &str| -> i64 {
        let preferred = pod.list(&["spec", "affinity", kind, PREFERRED]).iter();
        let near = preferred.filter_map(|one| {
            let term = Term::read(cluster, pod, one.get("podAffinityTerm")?)?;
            let place = node.labels()?.get(&term.topology)?.as_str()?;
            term.places(cluster).contains(place).then(|| one.get("weight")?.as_i64())?
        });
        near.sum()
    };
    sum("podAffinity") - sum("podAntiAffinity")
}
