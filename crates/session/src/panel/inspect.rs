//! One object: what ties it to others and why not, `kubectl describe`, its YAML, and faults to switch on.

use std::sync::Arc;

use api::arrange::Arrange;
use api::{Object, ObjectKey, json};
use cluster::apiserver::Subresource;
use cluster::explain;
use cluster::kubelet::Fault;
use cluster::{Cluster, DeleteOptions, Patch, Request, WriteOptions};
use scene::Tone;
use shell::terminal::{Run, run_command};

use super::rules::{self, Rules};
use super::story::{self, Chapter, Said};
use crate::editor::{Editor, QuickFix};

/// An object as the inspector shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Inspection {
    /// `Pod web`, `Service web`.
    pub title: String,
    /// Whether the object is still there.
    pub exists: bool,
    /// Whether the manifest declares it.
    pub in_manifest: bool,
    /// What is asked of its ties.
    pub ties_title: &'static str,
    /// For a Service each pod of its namespace, for a pod each Service: whether they belong together, and why not.
    pub ties: Vec<Tie>,
    /// How it came to be and what became of it, oldest first.
    pub story: Vec<Chapter>,
    /// What was said about it, oldest first.
    pub events: Vec<Said>,
    /// For a node, what its kube-proxy wrote into the kernel.
    pub rules: Option<Rules>,
    /// What can be made to go wrong.
    pub switches: Vec<Switch>,
    /// Whether it can be deleted here.
    pub deletable: bool,
    /// What `kubectl describe` prints of it.
    pub describe: String,
    /// What `kubectl get -o yaml` prints of it.
    pub yaml: String,
}

/// How a Service and a pod are to each other.
#[derive(Clone, PartialEq, Debug)]
pub struct Tie {
    /// How it is.
    pub tone: Tone,
    /// `pod web: gets its traffic`.
    pub text: String,
    /// Why not, each with the change that mends it where the manifest has a place for it.
    pub reasons: Vec<(String, Option<QuickFix>)>,
}

/// Something that goes wrong while it is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Switch {
    /// What it does, as its label says.
    pub label: &'static str,
    /// Whether it is on.
    pub on: bool,
    /// Which it is.
    pub trouble: Trouble,
}

/// What can be made to go wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// A fault of a pod.
    Pod(Fault),
    /// A node is down.
    NodeDown,
    /// A node takes no new pods.
    Cordon,
}

/// The faults of a pod, as their labels say.
const FAULTS: [(Fault, &str); 5] = [
    (Fault::Crash, "Its process crashes"),
    (Fault::Hang, "It takes connections and never answers"),
    (Fault::NotReady, "Its readiness fails"),
    (Fault::Slow, "It answers five seconds late"),
    (Fault::LocalhostOnly, "It listens on 127.0.0.1 only"),
];

/// More are not read one by one.
const MOST_TIES: usize = 40;

/// Looks at one object.
#[must_use]
pub fn inspect(cluster: &Cluster, editor: &Editor, key: &ObjectKey) -> Inspection {
    let title = format!("{} {}", key.kind.kind, key.name);
    let in_manifest = editor.find(key, &api::Path::default()).is_some();
    let Some(object) = cluster.store().get(key) else {
        return Inspection {
            title,
            exists: false,
            in_manifest,
            ties_title: "",
            ties: Vec::new(),
            story: story::story(cluster, key),
            events: Vec::new(),
            rules: None,
            switches: Vec::new(),
            deletable: false,
            describe: String::new(),
            yaml: String::new(),
        };
    };
    let of_kind = |kind: &api::Kind| *key.kind == *kind;
    let ties = if of_kind(&api::service::KIND) {
        let pods = cluster.list(&api::pod::KIND, Some(object.namespace()));
        ties(
            pods,
            |pod| explain::lacks(object, pod).len(),
            |pod| tie(cluster, editor, pod, object, &format!("pod {}", pod.name())),
        )
    } else if of_kind(&api::pod::KIND) {
        let services = cluster.list(&api::service::KIND, Some(object.namespace())).filter(|s| s.name() != "kubernetes");
        ties(
            services,
            |service| explain::lacks(service, object).len(),
            |service| tie(cluster, editor, object, service, &format!("Service {}", service.name())),
        )
    } else {
        Vec::new()
    };
    Inspection {
        title,
        exists: true,
        in_manifest,
        ties_title: if of_kind(&api::service::KIND) {
            "Which pods are behind it, and why not the others?"
        } else {
            "Behind which Services is it, and why not the others?"
        },
        ties,
        story: story::story(cluster, key),
        events: story::events(cluster, object),
        rules: of_kind(&api::node::KIND).then(|| rules::rules(cluster, object.name())),
        switches: switches(cluster, key, object),
        deletable: key.kind.namespaced,
        describe: printed(cluster, key, &["describe"]),
        yaml: printed(cluster, key, &["get", "-o", "yaml"]),
    }
}

/// The ties to others, first to those of which fewest labels are missing. Only those that are shown are looked at closely.
fn ties<'a>(
    others: impl Iterator<Item = &'a Arc<Object>>,
    lacks: impl Fn(&Object) -> usize,
    tie: impl Fn(&Object) -> Tie,
) -> Vec<Tie> {
    let mut others: Vec<(usize, &Arc<Object>)> = others.map(|other| (lacks(other), other)).collect();
    others.arrange_by_key(|(lacks, _)| *lacks);
    let mut ties: Vec<Tie> = others.iter().take(MOST_TIES).map(|(_, other)| tie(other)).collect();
    if others.len() > MOST_TIES {
        let text = format!("and {} more", others.len() - MOST_TIES);
        ties.push(Tie { tone: Tone::Plain, text, reasons: Vec::new() });
    }
    ties
}

fn tie(cluster: &Cluster, editor: &Editor, pod: &Object, service: &Object, other: &str) -> Tie {
    let why = explain::why_not(cluster, pod, service);
    if why.is_empty() {
        return Tie {
            tone: Tone::Good,
            text: format!("{other}: traffic of the one reaches the other"),
            reasons: Vec::new(),
        };
    }
    let reasons = why.into_iter().map(|reason| {
        let fix = reason.fix.as_ref().and_then(|fix| editor.quick_fix(fix));
        (reason.words, fix)
    });
    let selected = explain::lacks(service, pod).is_empty();
    let tone = if selected { Tone::Bad } else { Tone::Plain };
    Tie { tone, text: format!("{other}: no traffic between them, because"), reasons: reasons.collect() }
}

fn switches(cluster: &Cluster, key: &ObjectKey, object: &Object) -> Vec<Switch> {
    if *key.kind == api::pod::KIND {
        let switch = |(fault, label)| Switch { label, on: cluster.has_fault(key, fault), trouble: Trouble::Pod(fault) };
        return FAULTS.map(switch).to_vec();
    }
    if *key.kind == api::node::KIND {
        let down =
            Switch { label: "The node is down", on: cluster.is_node_down(&key.name), trouble: Trouble::NodeDown };
        let on = object.bool(&["spec", "unschedulable"]);
        return vec![down, Switch { label: "It takes no new pods (cordon)", on, trouble: Trouble::Cordon }];
    }
    Vec::new()
}

/// Which faults an object has, as a number that is another when they are.
pub(crate) fn faults(cluster: &Cluster, key: &ObjectKey) -> usize {
    if *key.kind == api::node::KIND {
        return usize::from(cluster.is_node_down(&key.name));
    }
    FAULTS.iter().enumerate().map(|(bit, (fault, _))| usize::from(cluster.has_fault(key, *fault)) << bit).sum()
}

/// What kubectl prints about an object, asked on a fork.
fn printed(cluster: &Cluster, key: &ObjectKey, verb: &[&str]) -> String {
    let mut argv = vec!["kubectl".to_owned(), verb.first().copied().unwrap_or_default().to_owned()];
    argv.push(format!("{}/{}", key.kind.qualified_singular(), key.name));
    argv.extend(verb.iter().skip(1).map(|word| (*word).to_owned()));
    if key.kind.namespaced {
        argv.extend(["-n".to_owned(), key.namespace.to_string()]);
    }
    run_command(&mut cluster.clone(), argv, &Run::default()).stdout
}

/// Switches something on or off.
pub(crate) fn set_trouble(cluster: &mut Cluster, key: &ObjectKey, trouble: Trouble, on: bool) {
    match trouble {
        Trouble::Pod(fault) => cluster.set_fault(key, fault, on),
        Trouble::NodeDown => cluster.set_node_down(&key.name, on),
        Trouble::Cordon => {
            let patch = json!({"spec": {"unschedulable": if on { json!(true) } else { json!(null) }}});
            let request = Request::Patch {
                kind: key.kind,
                namespace: Arc::clone(&key.namespace),
                name: Arc::clone(&key.name),
                patch: Patch::Merge(patch),
                subresource: Subresource::Main,
                options: WriteOptions::by("inspector"),
            };
            // A node that is gone takes no pods either.
            let _ = cluster.submit(request);
        }
    }
}

/// Deletes an object; what its owner makes anew is the lesson.
pub(crate) fn delete(cluster: &mut Cluster, key: &ObjectKey) {
    let (kind, namespace, name) = (key.kind, Arc::clone(&key.namespace), Arc::clone(&key.name));
    // Gone already is as good.
    let _ = cluster.submit(Request::Delete { kind, namespace, name, options: DeleteOptions::by("inspector") });
}
