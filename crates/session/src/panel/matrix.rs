//! Who reaches what: vantage points against the addresses of Services and pods, each tried on a fork.

use std::sync::Arc;

use api::{Object, ObjectKey};
use cluster::Cluster;
use cluster::explain::{Target, reachability};
use cluster::network::{Outcome, Protocol, Refusal, Reply, Socket, Trace, Vantage};
use scene::Tone;
use scene::look::display_name;

/// The table, ready to be shown.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Matrix {
    /// Who asks, in the viewer's words.
    pub from: Vec<String>,
    /// Whom, row by row.
    pub rows: Vec<Row>,
    /// What there is more of than the table shows; empty when it shows all.
    pub left_out: String,
}

/// One address.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// What it is: `Service web`, `node port of web`.
    pub name: String,
    /// The address and the port.
    pub address: String,
    /// What became of each attempt, in the order of [`Matrix::from`].
    pub cells: Vec<Cell>,
}

/// One attempt.
#[derive(Clone, PartialEq, Debug)]
pub struct Cell {
    /// How it ended.
    pub tone: Tone,
    /// In a word.
    pub word: &'static str,
    /// Its way.
    pub trace: Arc<Trace>,
}

/// The most vantage points and addresses that are tried.
const MOST_FROM: usize = 8;
const MOST_TO: usize = 24;

/// Tries everything.
#[must_use]
pub fn matrix(cluster: &Cluster) -> Matrix {
    let (mut from, mut to) = (vantage_points(cluster), targets(cluster));
    let mut left_out = Vec::new();
    for (what, have, most) in [("vantage points", from.len(), MOST_FROM), ("addresses", to.len(), MOST_TO)] {
        if have > most {
            left_out.push(format!("{} more {what}", have - most));
        }
    }
    from.truncate(MOST_FROM);
    to.truncate(MOST_TO);
    let vantages: Vec<Vantage> = from.iter().map(|(_, vantage)| vantage.clone()).collect();
    let mut rows: Vec<Row> = to
        .iter()
        .map(|target| Row { name: target.name.clone(), address: target.at.to_string(), cells: Vec::new() })
        .collect();
    for reached in reachability(cluster, &vantages, &to) {
        let (tone, word) = verdict(&reached.trace.outcome);
        if let Some(row) = rows.get_mut(reached.to) {
            row.cells.push(Cell { tone, word, trace: Arc::new(reached.trace) });
        }
    }
    Matrix { from: from.into_iter().map(|(name, _)| name).collect(), rows, left_out: left_out.join(", ") }
}

fn verdict(outcome: &Outcome) -> (Tone, &'static str) {
    match outcome {
        Outcome::Answered(Reply::Garbage) => (Tone::Bad, "odd answer"),
        Outcome::Answered(_) => (Tone::Good, "reached"),
        Outcome::Refused(Refusal::NoEndpoints) => (Tone::Bad, "no endpoints"),
        Outcome::Refused(_) => (Tone::Bad, "refused"),
        Outcome::Lost => (Tone::Waiting, "no answer"),
    }
}

/// The learner's machine, the world, a node, and one pod of each kind.
fn vantage_points(cluster: &Cluster) -> Vec<(String, Vantage)> {
    let mut found = vec![("your laptop".to_owned(), Vantage::Laptop), ("the internet".to_owned(), Vantage::Internet)];
    let node = cluster.settings().nodes.first();
    found.extend(node.map(|node| (format!("node {}", node.name), Vantage::Node(node.name.as_str().into()))));
    let mut owners: Vec<String> = Vec::new();
    for pod in pods(cluster) {
        let owner = pod.controller().and_then(|owner| owner.get("name")?.as_str()).unwrap_or(pod.name());
        let owner = format!("{}/{owner}", pod.namespace());
        if owners.contains(&owner) {
            continue;
        }
        owners.push(owner);
        let vantage = Vantage::Pod { namespace: pod.namespace().into(), name: pod.name().into() };
        found.push((format!("pod {}", display_name(pod)), vantage));
    }
    found
}

/// Every front door of every Service, and the pods themselves.
fn targets(cluster: &Cluster) -> Vec<Target> {
    let mut found = Vec::new();
    let mut add = |name: String, protocol: Protocol, ip: &str, port: u16| {
        if let Ok(ip) = ip.parse() {
            found.push(Target { name, protocol, at: Socket { ip, port }, http: None });
        }
    };
    let node_ip = cluster.settings().nodes.first().map(|node| node.internal_ip.clone()).unwrap_or_default();
    for service in cluster.list(&api::service::KIND, None).filter(|service| is_learners(service)) {
        if service.name() == "kubernetes" && service.namespace() == "default" {
            continue;
        }
        for port in api::service::ports(service) {
            let Some(protocol) = Protocol::of(&port.protocol) else { continue };
            add(format!("Service {}", display_name(service)), protocol, service.str(&["spec", "clusterIP"]), port.port);
            if port.node_port > 0 {
                add(format!("node port of {}", service.name()), protocol, &node_ip, port.node_port);
            }
            for ingress in service.list(&["status", "loadBalancer", "ingress"]) {
                let ip = ingress.get("ip").and_then(api::Value::as_str).unwrap_or_default();
                add(format!("load balancer of {}", service.name()), protocol, ip, port.port);
            }
        }
    }
    for pod in pods(cluster) {
        let key = ObjectKey::of(&api::pod::KIND, pod);
        for listener in cluster.listeners(&key) {
            let at = pod.str(&["status", "podIP"]);
            add(format!("pod {}", display_name(pod)), listener.protocol, at, listener.port);
        }
    }
    found
}

fn pods(cluster: &Cluster) -> impl Iterator<Item = &Arc<Object>> {
    let own = cluster.list(&api::pod::KIND, None).filter(|pod| is_learners(pod));
    own.filter(|pod| !pod.str(&["status", "podIP"]).is_empty() && !pod.is_terminating())
}

fn is_learners(object: &Object) -> bool {
    !object.namespace().starts_with("kube-")
}
