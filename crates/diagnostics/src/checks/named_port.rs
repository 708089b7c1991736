//! A named targetPort that some or all of the selected pods do not have: these pods are no endpoints of the port.

use std::sync::Arc;

use api::object::lookup;
use api::service::{ServicePort, TargetPort};
use api::{Kind, Object, Path, Value};
use cluster::explain::{self, alike};

use super::Check;
use crate::words::listed;
use crate::{Report, View};

pub(super) struct NamedPort;

impl Check for NamedPort {
    fn code(&self) -> &'static str {
        "named-port"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, view: &View<'_>, service: &Object, report: &mut Report<'_>) {
        let pods = view.backends(service);
        for (at, port) in api::service::ports(service).iter().enumerate() {
            let TargetPort::Name(name) = &port.target_port else { continue };
            let (without, with): (Vec<&Arc<Object>>, Vec<&Arc<Object>>) =
                pods.iter().copied().partition(|pod| explain::target_port(pod, port).is_none());
            let Some(pod) = without.first() else { continue };
            let path = Path::new("spec.ports").index(at).child("targetPort");
            let source = view.source(pod);
            let related = (source.object.clone(), source.path("spec.containers"));
            let declared = declared(pod);
            if let Some(other) = declared.iter().find(|declared| declared.name == *name) {
                let words = format!("{name} is a {} port", other.protocol);
                let message = format!(
                    "Port {name} of pod {} is {}, but this port of the Service is {}.",
                    pod.name(),
                    other.protocol,
                    port.protocol
                );
                let hint = "A name is looked up together with its protocol. Use the same protocol in both places.";
                let diagnostic = report.warn(path, message, hint).related(related.0, related.1, words);
                let protocol = Path::new("spec.ports").index(at).child("protocol");
                diagnostic.fix_at(
                    format!("Set protocol to {}", other.protocol),
                    protocol,
                    Some(other.protocol.as_str().into()),
                );
                continue;
            }
            let words = format!("pod {} {}", pod.name(), has(&declared));
            let diagnostic = report.warn(path, message(port, name, &without, &with, &words), hint(&with));
            diagnostic.related(related.0, related.1, words);
            if let Some(near) = guess(name, &port.protocol, &declared).filter(|_| with.is_empty()) {
                diagnostic.fix(format!("Set targetPort to {near}"), Some(near.into()));
            }
        }
    }
}

fn message(port: &ServicePort, name: &str, without: &[&Arc<Object>], with: &[&Arc<Object>], words: &str) -> String {
    if with.is_empty() {
        return format!("No selected pod has a {} port named {name}; {words}.", port.protocol);
    }
    let names: Vec<&str> = without.iter().map(|pod| pod.name()).collect();
    let all = with.len() + without.len();
    format!("{} of {all} selected pods have no {} port named {name}: {}.", without.len(), port.protocol, listed(&names))
}

fn hint(with: &[&Arc<Object>]) -> &'static str {
    if with.is_empty() {
        "A named targetPort is the name of a port in the pod's containers. Give the container port this name, or write the \
         number."
    } else {
        "Pods without the name get none of this port's traffic. Name the port in all of them, or write the number."
    }
}

/// A port that a container declares.
struct Declared {
    name: String,
    protocol: String,
    number: u64,
}

fn declared(pod: &Object) -> Vec<Declared> {
    let containers = pod.list(&["spec", "containers"]).iter();
    let ports = containers.flat_map(|container| lookup(container, &["ports"]).and_then(Value::as_array)).flatten();
    ports
        .map(|port| {
            let text = |field: &str| port.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
            let number = port.get("containerPort").and_then(Value::as_u64).unwrap_or(0);
            Declared { name: text("name"), protocol: text("protocol"), number }
        })
        .collect()
}

fn has(declared: &[Declared]) -> String {
    let ports: Vec<String> = declared
        .iter()
        .map(|port| if port.name.is_empty() { format!("{} (no name)", port.number) } else { port.name.clone() })
        .collect();
    if ports.is_empty() { "declares no ports".to_owned() } else { format!("declares {}", listed(&ports)) }
}

/// The name that was meant: one that is written alike, or the only one there is.
fn guess<'a>(name: &str, protocol: &str, declared: &'a [Declared]) -> Option<&'a str> {
    let mut named =
        declared.iter().filter(|port| !port.name.is_empty() && port.protocol == protocol).map(|port| &*port.name);
    match named.clone().find(|known| alike(known, name)) {
        Some(near) => Some(near),
        None => named.next().filter(|_| named.next().is_none()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{lines, pod, service};

    const CODE: &str = "named-port";

    fn with(name: &str, port: &str) -> String {
        pod(name, "app: web", "nginx").replace("image: nginx", &format!("image: nginx, ports: [{{{port}}}]"))
    }

    fn web(port: &str) -> String {
        service("web", &format!("selector: {{app: web}}, ports: [{{port: 80, {port}}}]"))
    }

    #[test]
    fn a_name_that_every_pod_has_is_fine() {
        let pods = with("a", "name: http, containerPort: 80") + &with("b", "name: http, containerPort: 80");
        assert_eq!(lines(CODE, &(pods + &web("targetPort: http"))), [""; 0]);
    }

    #[test]
    fn a_missing_name_is_guessed() {
        assert_eq!(
            lines(CODE, &(with("a", "name: web, containerPort: 80") + &web("targetPort: http"))),
            [
                r#"spec.ports[0].targetPort: No selected pod has a TCP port named http; pod a declares web. [spec.ports[0].targetPort -> "web"]"#
            ]
        );
        assert_eq!(
            lines(CODE, &(with("a", "containerPort: 80") + &web("targetPort: http"))),
            ["spec.ports[0].targetPort: No selected pod has a TCP port named http; pod a declares 80 (no name)."]
        );
        assert_eq!(
            lines(CODE, &(pod("a", "app: web", "nginx") + &web("targetPort: http"))),
            ["spec.ports[0].targetPort: No selected pod has a TCP port named http; pod a declares no ports."]
        );
    }

    #[test]
    fn a_name_that_only_some_pods_have_is_told() {
        let pods = with("a", "name: http, containerPort: 80") + &with("b", "name: web, containerPort: 80");
        assert_eq!(
            lines(CODE, &(pods + &web("targetPort: http"))),
            ["spec.ports[0].targetPort: 1 of 2 selected pods have no TCP port named http: b."]
        );
    }

    #[test]
    fn the_name_of_another_protocol_is_mended() {
        assert_eq!(
            lines(CODE, &(with("a", "name: dns, containerPort: 53, protocol: UDP") + &web("targetPort: dns"))),
            [
                r#"spec.ports[0].targetPort: Port dns of pod a is UDP, but this port of the Service is TCP. [spec.ports[0].protocol -> "UDP"]"#
            ]
        );
    }
}
