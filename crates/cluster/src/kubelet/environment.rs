//! A container's variables, and a pod's `resolv.conf`. Models `pkg/kubelet/envvars` and `makeEnvironmentVariables`.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::object::lookup;
use api::{Object, Value};

use super::links;
use crate::Cluster;
use crate::images;

/// The variables of a container: its own, and those that all containers of its namespace share.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Environment {
    own: BTreeMap<String, String>,
    /// What Services add.
    links: Arc<BTreeMap<String, String>>,
}

impl Environment {
    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.own.get(name).or_else(|| self.links.get(name)).map(String::as_str)
    }

    /// All variables; those of Services come last.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let shared = self.links.iter().filter(|(name, _)| !self.own.contains_key(*name));
        self.own.iter().chain(shared).map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Sets what a Service's variable of the same name comes before.
    pub(crate) fn base(&mut self, name: &str, value: &str) {
        if !self.links.contains_key(name) {
            self.own.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// The variables of a container that starts now.
///
/// # Errors
/// When an object or a key that a variable names is not there, in the kubelet's words.
pub(super) fn variables(cluster: &mut Cluster, pod: &Object, spec: &Value) -> Result<Environment, String> {
    let mut all = Environment { links: links::of(cluster, pod), own: BTreeMap::new() };
    let cluster = &*cluster;
    all.base("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    let hostname = pod.str(&["spec", "hostname"]);
    all.base("HOSTNAME", if hostname.is_empty() { pod.name() } else { hostname });
    let image = spec.get("image").and_then(Value::as_str).unwrap_or_default();
    for (name, value) in images::find(image).map(|image| image.env()).unwrap_or_default() {
        all.base(name, value);
    }
    for source in list(spec, "envFrom") {
        all.own.extend(whole(cluster, pod, source)?);
    }
    for variable in list(spec, "env") {
        let name = text(variable, &["name"]);
        let value = match lookup(variable, &["valueFrom"]) {
            None => Some(expand(&text(variable, &["value"]), &all)),
            Some(from) => one(cluster, pod, from)?,
        };
        if let Some(value) = value {
            all.own.insert(name, value);
        }
    }
    Ok(all)
}

fn list<'a>(spec: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    spec.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value, path: &[&str]) -> String {
    lookup(value, path).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// `$(NAME)` becomes the value of a variable that is known; `$$` is a dollar sign.
fn expand(value: &str, known: &Environment) -> String {
    let mut expanded = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        expanded.push_str(before);
        let name = after.strip_prefix("$(").and_then(|name| name.split_once(')'));
        rest = match (name, after.strip_prefix("$$")) {
            (Some((name, rest)), _) => {
                match known.get(name) {
                    Some(value) => expanded.push_str(value),
                    None => expanded.push_str(&format!("$({name})")),
                }
                rest
            }
            (None, Some(rest)) => {
                expanded.push('$');
                rest
            }
            (None, None) => {
                expanded.push('$');
                &after[1..]
            }
        };
    }
    expanded + rest
}

/// The keys of a ConfigMap or Secret; `None` when it is not there and need not be.
fn data(
    cluster: &Cluster,
    pod: &Object,
    reference: &Value,
    secret: bool,
) -> Result<Option<BTreeMap<String, String>>, String> {
    let (kind, word) = if secret { (&api::secret::KIND, "secret") } else { (&api::config_map::KIND, "configmap") };
    let name = text(reference, &["name"]);
    let optional = reference.get("optional") == Some(&Value::Bool(true));
    match cluster.store().find(kind, pod.namespace(), &name) {
        None if optional => Ok(None),
        None => Err(format!("{word} \"{name}\" not found")),
        Some(object) => Ok(Some(
            object
                .string_map(&["data"])
                .into_iter()
                .map(|(key, value)| (key.to_owned(), if secret { decode(value) } else { value.to_owned() }))
                .collect(),
        )),
    }
}

/// Base64 of text, read; what is no text comes out empty.
fn decode(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut bits, mut held, mut bytes) = (0u32, 0, Vec::new());
    for value in text.bytes().filter_map(letter) {
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).unwrap_or(0));
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

fn whole(cluster: &Cluster, pod: &Object, source: &Value) -> Result<BTreeMap<String, String>, String> {
    let prefix = text(source, &["prefix"]);
    let (reference, secret) = match source.get("configMapRef") {
        Some(reference) => (Some(reference), false),
        None => (source.get("secretRef"), true),
    };
    let Some(reference) = reference else { return Ok(BTreeMap::new()) };
    let found = data(cluster, pod, reference, secret)?.unwrap_or_default();
    Ok(found.into_iter().map(|(key, value)| (format!("{prefix}{key}"), value)).collect())
}

fn one(cluster: &Cluster, pod: &Object, from: &Value) -> Result<Option<String>, String> {
    if let Some(path) = lookup(from, &["fieldRef", "fieldPath"]).and_then(Value::as_str) {
        return Ok(Some(field(cluster, pod, path)));
    }
    for (field, secret) in [("configMapKeyRef", false), ("secretKeyRef", true)] {
        let Some(reference) = from.get(field) else { continue };
        let key = text(reference, &["key"]);
        let Some(found) = data(cluster, pod, reference, secret)? else { return Ok(None) };
        let optional = reference.get("optional") == Some(&Value::Bool(true));
        return match found.get(&key) {
            Some(value) => Ok(Some(value.clone())),
            None if optional => Ok(None),
            None => {
                let word = if secret { "Secret" } else { "ConfigMap" };
                Err(format!("couldn't find key {key} in {word} {}/{}", pod.namespace(), text(reference, &["name"])))
            }
        };
    }
    Ok(None)
}

/// A field of the pod, by the downward API.
fn field(cluster: &Cluster, pod: &Object, path: &str) -> String {
    let key = api::ObjectKey::new(&api::pod::KIND, pod.namespace(), pod.name());
    let ip = || cluster.kubelet.pods.get(&key).and_then(|runtime| runtime.ip).map(|ip| ip.to_string());
    let host = || {
        let node = pod.str(&["spec", "nodeName"]);
        cluster.settings().nodes.iter().find(|n| n.name == node).map(|n| n.internal_ip.clone())
    };
    match path {
        "status.podIP" | "status.podIPs" => ip().unwrap_or_default(),
        "status.hostIP" | "status.hostIPs" => host().unwrap_or_default(),
        _ => {
            if let Some((list, name)) = path.strip_suffix("']").and_then(|path| path.split_once("['")) {
                let parts: Vec<&str> = list.split('.').chain([name]).collect();
                return pod.str(&parts).to_owned();
            }
            let parts: Vec<&str> = path.split('.').collect();
            pod.str(&parts).to_owned()
        }
    }
}

/// The resolver's configuration. Models `pkg/kubelet/network/dns` `GetPodDNS`.
pub(super) fn resolv_conf(cluster: &Cluster, pod: &Object) -> String {
    let node = "nameserver 192.168.64.1\noptions timeout:2 attempts:2\n".to_owned();
    let host_network = pod.bool(&["spec", "hostNetwork"]);
    let policy = pod.str(&["spec", "dnsPolicy"]);
    let (mut servers, mut searches, mut options) = (Vec::new(), Vec::new(), Vec::new());
    match policy {
        "Default" => return node,
        "ClusterFirst" if host_network => return node,
        "None" => {}
        _ => {
            let dns = cluster.store().find(&api::service::KIND, "kube-system", "kube-dns");
            servers.push(dns.map_or_else(String::new, |dns| dns.str(&["spec", "clusterIP"]).to_owned()));
            let domain = crate::network::dns::CLUSTER_DOMAIN;
            searches.extend([format!("{}.svc.{domain}", pod.namespace()), format!("svc.{domain}"), domain.to_owned()]);
            options.push("ndots:5".to_owned());
        }
    }
    let config = |field: &str| pod.list(&["spec", "dnsConfig", field]).to_vec();
    servers.extend(config("nameservers").iter().filter_map(|server| server.as_str().map(str::to_owned)));
    searches.extend(config("searches").iter().filter_map(|search| search.as_str().map(str::to_owned)));
    for option in config("options") {
        let (name, value) = (text(&option, &["name"]), text(&option, &["value"]));
        options.retain(|known: &String| known.split(':').next() != Some(&name));
        options.push(if value.is_empty() { name } else { format!("{name}:{value}") });
    }
    let mut conf = String::new();
    if !searches.is_empty() {
        conf.push_str(&format!("search {}\n", searches.join(" ")));
    }
    for server in servers {
        conf.push_str(&format!("nameserver {server}\n"));
    }
    if !options.is_empty() {
        conf.push_str(&format!("options {}\n", options.join(" ")));
    }
    conf
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_expand_and_others_stay() {
        let mut known = Environment::default();
        known.base("A", "1");
        for (text, want) in
            [("$(A)", "1"), ("x$(A)y", "x1y"), ("$(B)", "$(B)"), ("$$(A)", "$(A)"), ("5$", "5$"), ("", "")]
        {
            assert_eq!(expand(text, &known), want, "{text}");
        }
        assert_eq!(decode("cGFzc3dvcmQx"), "password1");
    }
}
