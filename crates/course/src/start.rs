//! What a lesson begins with, and the cluster made of it.

use std::fmt;
use std::net::Ipv4Addr;

use api::{ObjectKey, Value};
use cluster::addons::{GatewayController, IngressController, LoadBalancerProvider};
use cluster::cluster::{NodeSettings, ProxyMode};
use cluster::kubelet::Fault;
use cluster::network::{OutsideHost, OutsideListener, Protocol, Speaks};
use cluster::{Cluster, Settings};
use shell::terminal::{Finished, Run, run_command};

use crate::limits;
use crate::problem::Problem;
use crate::read::{Node, at};
use crate::reference::{ObjectRef, is_like};

/// Microseconds in which the cluster's own pods start.
const BOOT: u64 = 60_000_000;

/// Microseconds that changes get to come to rest.
pub(crate) const REST: u64 = 60_000_000;

/// What a lesson begins with.
#[derive(Clone, PartialEq, Debug)]
pub struct Start {
    /// What the cluster is made of.
    pub settings: Settings,
    /// The objects, as YAML; may be empty.
    pub manifests: String,
    /// Commands that are run once the objects are at rest; may be empty.
    pub commands: String,
    /// What goes wrong with pods, by namespace and name; a name that ends with `*` means all that begin so.
    pub faults: Vec<(String, String, Fault)>,
}

/// Why a lesson cannot begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StartError {
    /// `kubectl apply -f start.yaml` failed: its words.
    Manifests(String),
    /// The commands failed: their words.
    Commands(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manifests(words) => write!(f, "kubectl apply -f start.yaml: {}", words.trim()),
            Self::Commands(words) => write!(f, "the commands of the start fail: {}", words.trim()),
        }
    }
}

impl std::error::Error for StartError {}

const CLUSTER: &[&str] = &[
    "nodes",
    "proxyMode",
    "loadBalancer",
    "ingress",
    "gateway",
    "networkPolicies",
    "hairpin",
    "nodesReachable",
    "outside",
];
const FAULTS: &[(&str, Fault)] = &[
    ("crash", Fault::Crash),
    ("hang", Fault::Hang),
    ("not-ready", Fault::NotReady),
    ("slow", Fault::Slow),
    ("localhost-only", Fault::LocalhostOnly),
];

impl Start {
    /// Reads the fields of a lesson that are about its start, and looks at its manifests.
    pub(crate) fn read(lesson: &Node<'_>, manifests: &str) -> (Self, Vec<Problem>) {
        let settings = lesson.get("cluster").map(|cluster| settings(&cluster)).unwrap_or_default();
        let faults = lesson.list("faults", limits::LIST).into_iter().filter_map(|node| {
            node.fields(&["pod", "fault"]);
            let pod = ObjectRef::read(&node.need("pod")?)?;
            if pod.kind != &api::pod::KIND {
                node.complain("a fault is one of a pod: write pod: pod/NAME");
            }
            Some((pod.namespace, pod.name, node.need("fault")?.choice(FAULTS)?))
        });
        let start = Self {
            faults: faults.collect(),
            commands: lesson.get_text("commands", limits::SCRIPT).unwrap_or_default(),
            manifests: manifests.to_owned(),
            settings,
        };
        (start, problems_of(manifests))
    }

    /// The cluster, at rest.
    ///
    /// # Errors
    /// When the server refuses an object, or a command fails.
    pub fn cluster(&self) -> Result<Cluster, StartError> {
        let mut cluster = Cluster::new(self.settings.clone());
        rest(&mut cluster, BOOT);
        // A file of comments holds nothing to apply.
        if manifest::parse(&self.manifests).documents.iter().any(|document| !document.is_empty()) {
            let file = ("start.yaml".to_owned(), self.manifests.clone());
            let done = script(&mut cluster, "kubectl apply -f start.yaml", &[file]);
            if done.exit != Some(0) {
                return Err(StartError::Manifests(done.stderr));
            }
        }
        rest(&mut cluster, REST);
        for (namespace, name, fault) in &self.faults {
            let pods = cluster.list(&api::pod::KIND, Some(namespace)).filter(|pod| is_like(name, pod.name()));
            let keys: Vec<ObjectKey> = pods.map(|pod| ObjectKey::of(&api::pod::KIND, pod)).collect();
            for key in keys {
                cluster.set_fault(&key, *fault, true);
            }
        }
        if !self.commands.is_empty() {
            let done = script(&mut cluster, &self.commands, &[]);
            if done.exit != Some(0) {
                let endless = done.exit.is_none();
                return Err(StartError::Commands(if endless { "they do not end".to_owned() } else { done.stderr }));
            }
        }
        rest(&mut cluster, REST);
        Ok(cluster)
    }
}

/// Runs a script of a lesson on the learner's machine; one that does not end is given up.
pub(crate) fn script(cluster: &mut Cluster, script: &str, files: &[(String, String)]) -> Finished {
    let argv = ["bash", "-c", script].map(str::to_owned).to_vec();
    let run = Run { files, limit: limits::SCRIPT_TIME, commands: limits::COMMANDS, ..Run::default() };
    run_command(cluster, argv, &run)
}

/// Lets time pass.
pub(crate) fn rest(cluster: &mut Cluster, time: u64) {
    let end = cluster.now() + time;
    cluster.poll(end);
}

fn settings(node: &Node<'_>) -> Settings {
    node.fields(CLUSTER);
    let mut settings = Settings::default();
    let flag = |name: &str, default: bool| node.get(name).map_or(default, |flag| flag.flag());
    let nodes = usize::try_from(node.get_number("nodes", 1, 5, 3)).unwrap_or(3);
    while settings.nodes.len() < nodes {
        let (number, last) = (settings.nodes.len() + 1, settings.nodes.len() + 2);
        settings.nodes.push(NodeSettings {
            name: format!("minikube-m{number:02}"),
            internal_ip: format!("192.168.64.{last}"),
            pod_network: format!("10.244.{}", number - 1),
            control_plane: false,
            max_pods: cluster::cluster::MAX_PODS,
        });
    }
    settings.nodes.truncate(nodes);
    let modes = [("iptables", ProxyMode::Iptables), ("nftables", ProxyMode::Nftables), ("ipvs", ProxyMode::Ipvs)];
    let balancers = [
        ("none", LoadBalancerProvider::None),
        ("cloud", LoadBalancerProvider::Cloud),
        (
            "metallb",
            LoadBalancerProvider::Pool {
                first: Ipv4Addr::new(192, 168, 64, 100),
                last: Ipv4Addr::new(192, 168, 64, 110),
            },
        ),
    ];
    let ingress = [("none", IngressController::None), ("nginx", IngressController::Nginx)];
    let gateways = [("none", GatewayController::None), ("nginx", GatewayController::NginxFabric)];
    let default = Settings::default();
    settings.proxy_mode = node.get("proxyMode").and_then(|mode| mode.choice(&modes)).unwrap_or(default.proxy_mode);
    settings.load_balancer =
        node.get("loadBalancer").and_then(|n| n.choice(&balancers)).unwrap_or(default.load_balancer);
    settings.ingress_controller =
        node.get("ingress").and_then(|n| n.choice(&ingress)).unwrap_or(default.ingress_controller);
    settings.gateway_controller =
        node.get("gateway").and_then(|n| n.choice(&gateways)).unwrap_or(default.gateway_controller);
    settings.network_policies = flag("networkPolicies", true);
    settings.hairpin = flag("hairpin", true);
    settings.nodes_reachable = flag("nodesReachable", true);
    settings.outside.extend(node.list("outside", limits::LIST).iter().filter_map(outside));
    settings
}

/// A machine outside of the cluster: its name, its address, and a port with what it speaks there.
fn outside(node: &Node<'_>) -> Option<OutsideHost> {
    node.fields(&["name", "ip", "port", "speaks"]);
    let ip = node.need("ip")?;
    let Ok(address) = ip.text(limits::TITLE).parse() else {
        ip.complain("here must stand an IPv4 address");
        return None;
    };
    let speaks = [("http", Speaks::Http), ("https", Speaks::Https), ("other", Speaks::Other)];
    let listener = OutsideListener {
        protocol: Protocol::Tcp,
        port: u16::try_from(node.need("port")?.number(1, 65_535)).unwrap_or_default(),
        speaks: node.get("speaks").map_or(Some(Speaks::Http), |node| node.choice(&speaks))?,
    };
    Some(OutsideHost { names: vec![node.need_text("name", limits::TITLE)], ip: address, listeners: vec![listener] })
}

/// What is wrong with the manifests before any server has seen them: they may come from anywhere.
fn problems_of(manifests: &str) -> Vec<Problem> {
    const FILE: &str = "start.yaml";
    if manifests.len() > limits::FILE {
        let message = format!("this file is larger than {} bytes", limits::FILE);
        return vec![at(FILE, manifest::Position::default(), message)];
    }
    let stream = manifest::parse(manifests);
    let mut problems: Vec<Problem> =
        stream.errors().map(|error| at(FILE, error.span().start, error.friendly().to_owned())).collect();
    if stream.documents.len() > limits::OBJECTS {
        let message = format!("a lesson begins with at most {} objects", limits::OBJECTS);
        problems.push(at(FILE, manifest::Position::default(), message));
    }
    for document in &stream.documents {
        let replicas = document.value().and_then(|value| value.get("spec")?.get("replicas")).and_then(Value::as_u64);
        if replicas.is_some_and(|replicas| replicas > limits::REPLICAS) {
            let place = document.nearest_span_of(&api::Path::new("spec.replicas")).unwrap_or(document.span);
            problems.push(at(
                FILE,
                place.start,
                format!("a workload begins with at most {} replicas", limits::REPLICAS),
            ));
        }
    }
    problems
}
