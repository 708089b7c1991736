//! How lessons name things: objects (`service/web`), fields (`spec.ports[name=http].port`), and places to send from.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use api::{Kind, Object, ObjectKey, Value, json};
use cluster::network::Vantage;
use cluster::{Cluster, Request, WriteOptions};

use crate::limits;
use crate::read::Node;

/// An object by kind and name: `service/web`, or `service/shop/web` in another namespace than `default`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ObjectRef {
    pub(crate) kind: &'static Kind,
    pub(crate) namespace: String,
    /// A name that ends with `*` is the first that begins so.
    pub(crate) name: String,
}

impl ObjectRef {
    /// Reads one.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split('/').collect();
        let (kind, namespace, name) = match words[..] {
            [kind, name] => (kind, "default", name),
            [kind, namespace, name] => (kind, namespace, name),
            _ => return Err(format!("write {text} as KIND/NAME or KIND/NAMESPACE/NAME")),
        };
        let found = Kind::of_word(kind).ok_or_else(|| format!("there is no kind {kind}"))?;
        if name.is_empty() || namespace.is_empty() {
            return Err(format!("a name is missing in {text}"));
        }
        Ok(Self { kind: found, namespace: namespace.to_owned(), name: name.to_owned() })
    }

    /// Reads the one that a node holds; `None` with a complaint.
    pub(crate) fn read(node: &Node<'_>) -> Option<Self> {
        let text = node.text(limits::TITLE);
        let found = Self::parse(&text);
        if let Err(message) = &found
            && !text.is_empty()
        {
            node.complain(message.clone());
        }
        found.ok()
    }

    /// The object as it is now.
    pub(crate) fn find<'a>(&self, cluster: &'a Cluster) -> Option<&'a Arc<Object>> {
        let namespace = if self.kind.namespaced { Some(self.namespace.as_str()) } else { None };
        cluster.list(self.kind, namespace).find(|object| is_like(&self.name, object.name()))
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.kind, self.name)?;
        if self.kind.namespaced && self.namespace != "default" { write!(f, " in {}", self.namespace) } else { Ok(()) }
    }
}

/// Whether a name is the one wanted, or begins as it does before its `*`.
pub(crate) fn is_like(wanted: &str, name: &str) -> bool {
    wanted.strip_suffix('*').map_or(wanted == name, |start| name.starts_with(start))
}

/// The part of an object that a field path leads to: `spec.ports[0].port`, `spec.ports[name=http].port`,
/// `metadata.labels[app.kubernetes.io/name]`.
pub(crate) fn field<'a>(object: &'a Object, path: &str) -> Option<&'a Value> {
    let (first, rest) = next_step(path)?;
    rest_of(object.at(&[first])?, rest)
}

fn rest_of<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let Some((step, rest)) = next_step(path) else { return Some(value) };
    let found = match (value, step.split_once('=')) {
        (Value::Array(items), Some((key, wanted))) => {
            items.iter().find(|item| item.get(key).is_some_and(|found| shown(found) == wanted))
        }
        (Value::Array(items), None) => items.get(step.parse::<usize>().ok()?),
        _ => value.get(step),
    };
    rest_of(found?, rest)
}

/// The first step of a path, and what follows.
fn next_step(path: &str) -> Option<(&str, &str)> {
    let path = path.trim_start_matches('.');
    if path.is_empty() {
        return None;
    }
    if let Some(inner) = path.strip_prefix('[') {
        return inner.split_once(']');
    }
    Some(path.find(['.', '[']).map_or((path, ""), |at| path.split_at(at)))
}

/// A value as one says it: texts bare.
pub(crate) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// From where a check sends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Sender {
    /// The learner's machine.
    Laptop,
    /// Anywhere in the world.
    Internet,
    /// A node.
    Node(String),
    /// A pod that is there.
    Pod(ObjectRef),
    /// A pod that the check starts for itself, on its fork.
    New { namespace: String, labels: BTreeMap<String, String> },
}

/// The name of a pod that a check starts.
const PROBE: &str = "course-probe";

/// Microseconds that it may take to start.
const PROBE_STARTS: u64 = 60_000_000;

impl Sender {
    /// Reads `laptop`, `internet`, `node/NAME`, `pod/NAME`, or the namespace and labels of a new pod.
    pub(crate) fn read(node: &Node<'_>) -> Self {
        if node.value.is_object() {
            node.fields(&["namespace", "labels"]);
            let namespace = node.get_text("namespace", limits::TITLE).unwrap_or_else(|| "default".to_owned());
            return Self::New { namespace, labels: node.pairs("labels") };
        }
        match node.text(limits::TITLE).as_str() {
            "laptop" => return Self::Laptop,
            "internet" => return Self::Internet,
            "" => return Self::Laptop,
            text => {
                if let Some(name) = text.strip_prefix("node/") {
                    return Self::Node(name.to_owned());
                }
            }
        }
        match ObjectRef::read(node) {
            Some(pod) if pod.kind == &api::pod::KIND => Self::Pod(pod),
            Some(_) => {
                node.complain("requests come from laptop, internet, node/NAME, pod/NAME or a new pod");
                Self::Laptop
            }
            None => Self::Laptop,
        }
    }

    /// The place in a fork. A new pod is started there, and time passes until it runs.
    pub(crate) fn enter(&self, fork: &mut Cluster) -> Result<Vantage, String> {
        match self {
            Self::Laptop => Ok(Vantage::Laptop),
            Self::Internet => Ok(Vantage::Internet),
            Self::Node(name) => Ok(Vantage::Node(name.as_str().into())),
            Self::Pod(pod) => {
                let found = pod.find(fork).ok_or_else(|| format!("there is no {pod} to ask from"))?;
                if found.str(&["status", "phase"]) != "Running" {
                    return Err(format!("{pod} does not run, so nobody can ask from there"));
                }
                Ok(Vantage::Pod { namespace: found.namespace().into(), name: found.name().into() })
            }
            Self::New { namespace, labels } => start_probe(fork, namespace, labels),
        }
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Laptop => f.write_str("your machine"),
            Self::Internet => f.write_str("the internet"),
            Self::Node(name) => write!(f, "node {name}"),
            Self::Pod(pod) => write!(f, "{pod}"),
            Self::New { namespace, labels } if labels.is_empty() => write!(f, "a new pod in {namespace}"),
            Self::New { namespace, labels } => {
                let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
                write!(f, "a new pod in {namespace} with {}", labels.join(","))
            }
        }
    }
}

fn start_probe(fork: &mut Cluster, namespace: &str, labels: &BTreeMap<String, String>) -> Result<Vantage, String> {
    let pod = json!({
        "metadata": {"name": PROBE, "labels": labels},
        "spec": {"containers": [{"name": "probe", "image": "busybox", "command": ["sleep", "3600"]}]},
    });
    let options = WriteOptions::by("course");
    let kind = &api::pod::KIND;
    fork.submit(Request::Create { kind, namespace: namespace.into(), object: pod, options })
        .map_err(|status| format!("no pod could be started to ask from: {}", status.message))?;
    let key = ObjectKey::new(kind, namespace, PROBE);
    let end = fork.now() + PROBE_STARTS;
    while !fork.store().get(&key).is_some_and(|pod| api::pod::is_ready(pod)) {
        let Some(due) = fork.poll_at().filter(|due| *due <= end) else {
            return Err("no pod could be started to ask from".to_owned());
        };
        fork.poll(due);
    }
    Ok(Vantage::Pod { namespace: namespace.into(), name: PROBE.into() })
}

/// A text with every `{KIND/NAME FIELD}` replaced by what the cluster has there.
pub(crate) fn fill(text: &str, cluster: &Cluster) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (inner, after) = after.split_once('}').ok_or_else(|| format!("a brace is not closed in {text}"))?;
        let (object, path) = inner.split_once(' ').ok_or_else(|| format!("write {{KIND/NAME FIELD}} in {text}"))?;
        let object = ObjectRef::parse(object)?;
        let found = object.find(cluster).ok_or_else(|| format!("there is no {object}"))?;
        let value = field(found, path).ok_or_else(|| format!("{object} has no {path}"))?;
        filled.push_str(before);
        filled.push_str(&shown(value));
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_named_by_kind_and_name() {
        let parse = |text: &str| ObjectRef::parse(text).map(|object| object.to_string());
        assert_eq!(parse("service/web").as_deref(), Ok("Service web"));
        assert_eq!(parse("svc/shop/web").as_deref(), Ok("Service web in shop"));
        assert_eq!(parse("node/minikube").as_deref(), Ok("Node minikube"));
        for wrong in ["web", "servise/web", "service/", "a/b/c/d"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn fields_are_found_by_step_item_and_key() {
        let object = Object::new(json!({
            "metadata": {"labels": {"app.kubernetes.io/name": "web"}},
            "spec": {"ports": [{"name": "http", "port": 80}, {"name": "admin", "port": 9000}]},
        }));
        for (path, want) in [
            ("metadata.labels[app.kubernetes.io/name]", Some("web")),
            ("spec.ports[1].port", Some("9000")),
            ("spec.ports[name=admin].port", Some("9000")),
            ("spec.ports[port=80].name", Some("http")),
            ("spec.ports[7].port", None),
            ("spec.nope", None),
            ("", None),
        ] {
            assert_eq!(field(&object, path).map(shown).as_deref(), want, "{path}");
        }
    }

    #[test]
    fn addresses_are_filled_in() {
        let cluster = Cluster::default();
        let fill = |text: &str| fill(text, &cluster);
        assert_eq!(fill("http://web:80/").as_deref(), Ok("http://web:80/"));
        let address = "http://{service/kubernetes spec.clusterIP}:{service/kubernetes spec.ports[0].port}/";
        assert_eq!(fill(address).as_deref(), Ok("http://10.96.0.1:443/"));
        assert_eq!(fill("{service/nope spec.x}"), Err("there is no Service nope".to_owned()));
        assert_eq!(fill("{service/kubernetes spec.x}"), Err("Service kubernetes has no spec.x".to_owned()));
        assert!(fill("{nope").is_err());
    }
}
