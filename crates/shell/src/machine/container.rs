//! What the kubelet puts into a container: variables, `/etc/hosts`, `/etc/resolv.conf`.

use api::{Object, Value};
use cluster::Cluster;
use cluster::network::dns::CLUSTER_DOMAIN;

use crate::network::resolver::OUTSIDE_SERVER;

/// The pod's own host name. Models `GeneratePodHostNameAndDomain`.
pub(super) fn hostname(pod: &Object) -> &str {
    let own = pod.str(&["spec", "hostname"]);
    if own.is_empty() { pod.name() } else { own }
}

/// Files by path.
pub(super) fn files(cluster: &Cluster, pod: &Object) -> Vec<(&'static str, String)> {
    vec![
        ("/etc/hosts", hosts(pod)),
        ("/etc/hostname", format!("{}\n", hostname(pod))),
        ("/etc/resolv.conf", resolv_conf(cluster, pod)),
    ]
}

/// Models `managedHostsFileContent` of pkg/kubelet.
fn hosts(pod: &Object) -> String {
    let mut text = "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n\
        ::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nfe00::\tip6-mcastprefix\n\
        fe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n"
        .to_owned();
    let ip = pod.str(&["status", "podIP"]);
    if !ip.is_empty() {
        let subdomain = pod.str(&["spec", "subdomain"]);
        let name = hostname(pod);
        if subdomain.is_empty() {
            text.push_str(&format!("{ip}\t{name}\n"));
        } else {
            let namespace = pod.namespace();
            text.push_str(&format!("{ip}\t{name}.{subdomain}.{namespace}.svc.{CLUSTER_DOMAIN}\t{name}\n"));
        }
    }
    let aliases = pod.list(&["spec", "hostAliases"]);
    if !aliases.is_empty() {
        text.push_str("\n# Entries added by HostAliases.\n");
        for alias in aliases {
            let names = strings(alias.get("hostnames")).join("\t");
            let ip = alias.get("ip").and_then(Value::as_str).unwrap_or_default();
            text.push_str(&format!("{ip}\t{names}\n"));
        }
    }
    text
}

/// Models pkg/kubelet/network/dns `GetPodDNS`.
fn resolv_conf(cluster: &Cluster, pod: &Object) -> String {
    let policy = pod.str(&["spec", "dnsPolicy"]);
    let host_network = pod.bool(&["spec", "hostNetwork"]);
    let (mut servers, mut searches, mut options) = (Vec::new(), Vec::new(), Vec::new());
    match policy {
        "None" => {}
        "ClusterFirstWithHostNet" => of_cluster(cluster, pod, &mut servers, &mut searches, &mut options),
        "Default" => servers.push(OUTSIDE_SERVER.to_string()),
        _ if host_network => servers.push(OUTSIDE_SERVER.to_string()),
        _ => of_cluster(cluster, pod, &mut servers, &mut searches, &mut options),
    }
    let config = pod.at(&["spec", "dnsConfig"]);
    let own = |field: &str| strings(config.and_then(|config| config.get(field)));
    for (known, field) in [(&mut servers, "nameservers"), (&mut searches, "searches")] {
        for entry in own(field) {
            if !known.contains(&entry) {
                known.push(entry);
            }
        }
    }
    let own_options = config.and_then(|config| config.get("options")?.as_array()).into_iter().flatten();
    for option in own_options {
        let text = |field: &str| option.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        options.retain(|(name, _)| *name != text("name"));
        options.push((text("name"), text("value")));
    }
    let mut text = String::new();
    if !searches.is_empty() {
        text.push_str(&format!("search {}\n", searches.join(" ")));
    }
    for server in servers {
        text.push_str(&format!("nameserver {server}\n"));
    }
    if !options.is_empty() {
        let words =
            options.iter().map(|(name, value)| if value.is_empty() { name.clone() } else { format!("{name}:{value}") });
        text.push_str(&format!("options {}\n", words.collect::<Vec<_>>().join(" ")));
    }
    text
}

fn of_cluster(
    cluster: &Cluster,
    pod: &Object,
    servers: &mut Vec<String>,
    searches: &mut Vec<String>,
    options: &mut Vec<(String, String)>,
) {
    let dns = cluster.store().find(&api::service::KIND, "kube-system", "kube-dns");
    servers.push(dns.map_or("10.96.0.10", |service| service.str(&["spec", "clusterIP"])).to_owned());
    let namespace = pod.namespace();
    let of = |prefix: &str| format!("{prefix}{CLUSTER_DOMAIN}");
    searches.extend([of(&format!("{namespace}.svc.")), of("svc."), of("")]);
    options.push(("ndots".to_owned(), "5".to_owned()));
}

/// The variables of the pod's first container: those of the Services of its namespace that were there before it, its
/// own `env`, and its host name.
pub(super) fn environment(cluster: &Cluster, pod: &Object) -> Vec<(String, String)> {
    let mut variables = vec![("HOSTNAME".to_owned(), hostname(pod).to_owned())];
    let links = pod.at(&["spec", "enableServiceLinks"]) != Some(&Value::Bool(false));
    let born = pod.str(&["metadata", "creationTimestamp"]);
    let namespace = pod.namespace();
    for service in cluster.store().list(&api::service::KIND, None) {
        let master = service.namespace() == "default" && service.name() == "kubernetes";
        // Times are written so that they sort as texts.
        let before = service.str(&["metadata", "creationTimestamp"]) <= born;
        if master || (links && service.namespace() == namespace && before) {
            variables.extend(of_service(service));
        }
    }
    let containers = pod.list(&["spec", "containers"]);
    let own = containers.first().and_then(|container| container.get("env")?.as_array()).into_iter().flatten();
    for variable in own {
        let Some(name) = variable.get("name").and_then(Value::as_str) else { continue };
        let value = match variable.get("value").and_then(Value::as_str) {
            Some(value) => refer(value, &variables),
            None => from_field(pod, variable),
        };
        variables.retain(|(known, _)| known != name);
        variables.push((name.to_owned(), value));
    }
    variables
}

/// `valueFrom.fieldRef`: a field of the pod.
fn from_field(pod: &Object, variable: &Value) -> String {
    let path = variable.pointer("/valueFrom/fieldRef/fieldPath").and_then(Value::as_str).unwrap_or_default();
    let parts: Vec<&str> = path.split('.').collect();
    pod.str(&parts).to_owned()
}

/// `$(NAME)` in a value is another variable's; `$$` is a dollar. Models third_party/forked/golang/expansion.
fn refer(value: &str, known: &[(String, String)]) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('$') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            text.push('$');
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            match known.iter().find(|(other, _)| other == name) {
                Some((_, value)) => text.push_str(value),
                None => text.push_str(&format!("$({name})")),
            }
            rest = after;
        } else {
            text.push('$');
        }
    }
    text + rest
}

/// Models pkg/kubelet/envvars `FromServices`.
fn of_service(service: &Object) -> Vec<(String, String)> {
    let ip = service.str(&["spec", "clusterIP"]);
    let ports = api::service::ports(service);
    if ip.is_empty() || ip == "None" || ports.is_empty() {
        return Vec::new();
    }
    let upper = |name: &str| name.to_ascii_uppercase().replace('-', "_");
    let name = upper(service.name());
    let mut variables = vec![
        (format!("{name}_SERVICE_HOST"), ip.to_owned()),
        (format!("{name}_SERVICE_PORT"), ports[0].port.to_string()),
    ];
    for (index, port) in ports.iter().enumerate() {
        if !port.name.is_empty() {
            variables.push((format!("{name}_SERVICE_PORT_{}", upper(&port.name)), port.port.to_string()));
        }
        let protocol = port.protocol.as_str();
        let url = format!("{}://{ip}:{}", protocol.to_ascii_lowercase(), port.port);
        if index == 0 {
            variables.push((format!("{name}_PORT"), url.clone()));
        }
        let prefix = format!("{name}_PORT_{}_{}", port.port, protocol.to_ascii_uppercase());
        variables.push((prefix.clone(), url));
        variables.push((format!("{prefix}_PROTO"), protocol.to_ascii_lowercase()));
        variables.push((format!("{prefix}_PORT"), port.port.to_string()));
        variables.push((format!("{prefix}_ADDR"), ip.to_owned()));
    }
    variables
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|entry| entry.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_in_values_are_resolved() {
        let known = [("A".to_owned(), "x".to_owned())];
        for (value, want) in [("$(A)", "x"), ("a$(A)b$$(A)", "axb$(A)"), ("$(NO)", "$(NO)"), ("$", "$"), ("$x", "$x")] {
            assert_eq!(refer(value, &known), want, "{value}");
        }
    }
}
