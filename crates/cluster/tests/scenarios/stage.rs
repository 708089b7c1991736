//! What scenarios are told with: objects in short, requests in short, and traces in short.

use std::net::Ipv4Addr;

use api::{Kind, ObjectKey, Value, json};
use cluster::network::{
    Action, HttpRequest, HttpResponse, Outcome, Payload, Place, Protocol, Reply, Socket, Trace, TraceId, Traffic,
    Vantage, Verdict,
};
use cluster::{Cluster, Patch, Request, Settings, WriteOptions, apiserver::Subresource};

pub(crate) const NODES: [&str; 3] = ["minikube", "minikube-m02", "minikube-m03"];

/// A cluster with the pods and Services of a scenario.
pub(crate) struct Stage {
    pub(crate) cluster: Cluster,
}

impl Stage {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { cluster: Cluster::new(settings) }
    }

    /// Creates an object in its namespace, or in `default`.
    pub(crate) fn create(&mut self, kind: &'static Kind, object: Value) -> &mut Self {
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or("default").into();
        let options = WriteOptions::by("test");
        self.cluster.submit(Request::Create { kind, namespace, object, options }).unwrap();
        self
    }

    /// A pod on a node (its index) that runs agnhost's web server on 8080, with the label `app`.
    pub(crate) fn pod(&mut self, name: &str, app: &str, node: usize) -> &mut Self {
        self.pod_with(name, app, node, json!({}))
    }

    /// The same, with more in its spec.
    pub(crate) fn pod_with(&mut self, name: &str, app: &str, node: usize, more: Value) -> &mut Self {
        let container = json!({
            "name": "app", "image": "registry.k8s.io/e2e-test-images/agnhost:2.47", "args": ["netexec"],
            "ports": [{"name": "web", "containerPort": 8080}],
        });
        let mut spec = json!({"nodeName": NODES[node], "containers": [container], "terminationGracePeriodSeconds": 30});
        for (field, value) in more.as_object().unwrap() {
            spec[field] = value.clone();
        }
        self.create(&api::pod::KIND, json!({"metadata": {"name": name, "labels": {"app": app}}, "spec": spec}))
    }

    /// A Service that selects `app: NAME`, port 80 to 8080, with more in its spec.
    pub(crate) fn service(&mut self, name: &str, more: Value) -> &mut Self {
        let mut spec = json!({"selector": {"app": name}, "ports": [{"port": 80, "targetPort": 8080}]});
        for (field, value) in more.as_object().unwrap() {
            spec[field] = value.clone();
        }
        self.create(&api::service::KIND, json!({"metadata": {"name": name}, "spec": spec}))
    }

    pub(crate) fn patch(
        &mut self,
        kind: &'static Kind,
        name: &str,
        subresource: Subresource,
        patch: Value,
    ) -> &mut Self {
        let (options, patch) = (WriteOptions::by("test"), Patch::Merge(patch));
        let (namespace, name) = ("default".into(), name.into());
        self.cluster.submit(Request::Patch { kind, namespace, name, patch, subresource, options }).unwrap();
        self.settle(5)
    }

    pub(crate) fn delete(&mut self, kind: &'static Kind, name: &str) -> &mut Self {
        let (namespace, name, options) = ("default".into(), name.into(), cluster::DeleteOptions::by("test"));
        self.cluster.submit(Request::Delete { kind, namespace, name, options }).unwrap();
        self
    }

    pub(crate) fn settle(&mut self, seconds: u64) -> &mut Self {
        let until = self.cluster.now() + seconds * 1_000_000;
        self.cluster.settle(seconds * 1_000_000);
        self.cluster.poll(until);
        self
    }

    pub(crate) fn pod_key(&self, name: &str) -> ObjectKey {
        ObjectKey::new(&api::pod::KIND, "default", name)
    }

    /// The address of a Service, a pod, a node, or the one that is written.
    pub(crate) fn ip(&self, name: &str) -> Ipv4Addr {
        let find = |kind, path: &[&str]| {
            self.cluster.get(kind, "default", name).ok().and_then(|object| object.str(path).parse().ok())
        };
        let node =
            |node: &cluster::cluster::NodeSettings| (node.name == name).then(|| node.internal_ip.parse().unwrap());
        name.parse()
            .ok()
            .or_else(|| find(&api::service::KIND, &["spec", "clusterIP"]))
            .or_else(|| find(&api::pod::KIND, &["status", "podIP"]))
            .or_else(|| self.cluster.settings().nodes.iter().find_map(node))
            .unwrap_or_else(|| panic!("{name} has no address"))
    }

    /// `web:80` or `10.0.0.1:80`.
    pub(crate) fn socket(&self, to: &str) -> Socket {
        let (host, port) = to.rsplit_once(':').unwrap();
        Socket { ip: self.ip(host), port: port.parse().unwrap() }
    }

    /// Sends something: `client`, `@minikube`, `laptop` or `internet` is who.
    pub(crate) fn send(&mut self, from: &str, protocol: Protocol, to: &str, payload: Payload) -> TraceId {
        let to = self.socket(to);
        self.cluster.send(Traffic { from: vantage(from), protocol, to, payload })
    }

    /// Asks for a path by HTTP.
    pub(crate) fn get(&mut self, from: &str, to: &str, path: &str) -> TraceId {
        let host = to.split(':').next().unwrap().to_owned();
        self.send(from, Protocol::Tcp, to, Payload::Http(HttpRequest::get(&host, path)))
    }

    pub(crate) fn trace(&self, id: TraceId) -> &Trace {
        self.cluster.trace(id).unwrap()
    }

    /// How asking for `/clientip` ends: the address that the app sees, or what went wrong.
    pub(crate) fn sees(&mut self, from: &str, to: &str) -> String {
        let id = self.get(from, to, "/clientip");
        let text = self.end(id);
        text.rsplit_once(':').map_or(text.clone(), |(ip, _)| ip.to_owned())
    }

    /// The end in short: the body of an answer of 200, another status with its words, a refusal, or `lost`.
    pub(crate) fn end(&self, id: TraceId) -> String {
        match &self.trace(id).outcome {
            Outcome::Answered(Reply::Http(response)) if response.status == 200 => body(response),
            Outcome::Answered(Reply::Http(response)) => format!("{} {}", response.status, response.reason),
            Outcome::Answered(Reply::Pong { ttl }) => format!("pong {ttl}"),
            Outcome::Answered(reply) => format!("{reply:?}"),
            Outcome::Refused(refusal) => format!("{refusal:?}"),
            Outcome::Lost => "lost".to_owned(),
        }
    }

    /// Every hop in short, then the end.
    pub(crate) fn story(&self, id: TraceId) -> String {
        let trace = self.trace(id);
        let mut words: Vec<String> = Vec::new();
        for hop in &trace.hops {
            words.push(match &hop.action {
                Action::Send => format!("{} {}", place(&hop.place), hop.packet.destination),
                Action::Translate { to, candidates, .. } => {
                    let usable = |v: Verdict| matches!(v, Verdict::Chosen | Verdict::Eligible);
                    let usable = candidates.iter().filter(|c| usable(c.verdict)).count();
                    format!("dnat {to} ({usable}/{})", candidates.len())
                }
                Action::Track { to, .. } => format!("track {to}"),
                Action::Relay { to, words, .. } => format!("[{words}] {to}"),
                Action::Masquerade { .. } => format!("masq {}", hop.packet.source.ip),
                Action::Filter { allowed, direction, .. } => {
                    format!("{} {}", direction.as_str().to_lowercase(), if *allowed { "allowed" } else { "denied" })
                }
                Action::Forward { to } => place(to),
                Action::Deliver { container } => format!("({container})"),
                Action::Answer { summary } => summary.clone(),
                Action::Refuse(refusal) => format!("{refusal:?}"),
                Action::Drop { reason } => format!("drop: {reason}"),
            });
        }
        words.join(" > ")
    }
}

pub(crate) fn body(response: &HttpResponse) -> String {
    String::from_utf8_lossy(&response.body).into_owned()
}

pub(crate) fn vantage(from: &str) -> Vantage {
    match from {
        "laptop" => Vantage::Laptop,
        "internet" => Vantage::Internet,
        node if node.starts_with('@') => Vantage::Node(node[1..].into()),
        pod => Vantage::Pod { namespace: "default".into(), name: pod.into() },
    }
}

fn place(place: &Place) -> String {
    match place {
        Place::Pod(key) => key.name.to_string(),
        Place::Node(name) => format!("@{name}"),
        Place::LoadBalancer(key) => format!("LB {}", key.name),
        Place::Laptop => "laptop".to_owned(),
        Place::Outside => "outside".to_owned(),
    }
}
