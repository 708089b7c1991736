//! A NetworkPolicy that names a Service's port where the pods' port is meant: policies judge after the translation.

use std::sync::Arc;

use api::{Kind, Object, ObjectKey, Path, Value};
use cluster::explain;
use cluster::network::Protocol;
use cluster::network::policy::{Peer, fits_peer};

use super::Check;
use crate::{Report, View};

pub(super) struct PolicyServicePort;

impl Check for PolicyServicePort {
    fn code(&self) -> &'static str {
        "policy-service-port"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::network_policy::KIND
    }

    fn check(&self, view: &View<'_>, policy: &Object, report: &mut Report<'_>) {
        for rules in ["ingress", "egress"] {
            for (at, rule) in policy.list(&["spec", rules]).iter().enumerate() {
                let targets = if rules == "ingress" { view.policed(policy) } else { receivers(view, policy, rule) };
                let ports = rule.get("ports").and_then(Value::as_array).into_iter().flatten();
                for (nth, port) in ports.enumerate().filter(|(_, port)| port.get("endPort").is_none()) {
                    let path = Path::new("spec").child(rules).index(at).child("ports").index(nth).child("port");
                    mistaken(view, &targets, port, path, report);
                }
            }
        }
    }
}

/// Warns when the pods do not listen on the port, but a Service before them does.
fn mistaken(view: &View<'_>, targets: &[&Arc<Object>], entry: &Value, path: Path, report: &mut Report<'_>) {
    let number = entry.get("port").and_then(Value::as_u64).and_then(|number| u16::try_from(number).ok());
    let protocol = Protocol::of(entry.get("protocol").and_then(Value::as_str).unwrap_or("TCP"));
    let (Some(number), Some(protocol)) = (number, protocol) else { return };
    let hears = |pod: &&Arc<Object>| view.cluster.hears(&ObjectKey::of(&api::pod::KIND, pod), protocol, number);
    if targets.iter().any(hears) {
        return;
    }
    for pod in targets.iter().filter(|pod| view.is_running(pod)) {
        for service in view.cluster.store().services_selecting(pod.namespace(), pod.labels()) {
            for (at, port) in api::service::ports(service).iter().enumerate() {
                let Some(target) = explain::target_port(pod, port) else { continue };
                if port.port != number || target == number || port.protocol != protocol.as_str() {
                    continue;
                }
                let words = format!("Service {} leads from port {number} to {target}", service.name());
                report
                    .warn(
                        path,
                        format!("{number} is the port of Service {}; its pods get this traffic on {target}.", service.name()),
                        "Policies see traffic after the Service's address was replaced by a pod's, so they name the pods' \
                         ports.",
                    )
                    .related(ObjectKey::of(&api::service::KIND, service), Path::new("spec.ports").index(at), words)
                    .fix(format!("Use port {target}"), Some(target.into()));
                return;
            }
        }
    }
}

/// The pods that a rule for sending allows.
fn receivers<'a>(view: &View<'a>, policy: &Object, rule: &Value) -> Vec<&'a Arc<Object>> {
    let to = rule.get("to").and_then(Value::as_array).filter(|to| !to.is_empty());
    let fits = |pod: &&Arc<Object>| {
        let Ok(ip) = pod.str(&["status", "podIP"]).parse() else { return false };
        let peer = Peer { ip, pod: Some(pod) };
        to.is_none_or(|to| to.iter().any(|entry| fits_peer(view.cluster.store(), policy.namespace(), entry, peer)))
    };
    view.objects(&api::pod::KIND).filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::{lines, pod, policy, service};

    fn of(spec: &str) -> Vec<String> {
        let yaml = pod("web", "app: web", "nginx")
            + &service("web", "selector: {app: web}, ports: [{port: 8080, targetPort: 80}]")
            + &policy("p", spec);
        lines("policy-service-port", &yaml)
    }

    #[test]
    fn policies_name_the_ports_of_pods() {
        assert_eq!(of("podSelector: {}, ingress: [{ports: [{port: 80}]}]"), [""; 0]);
        assert_eq!(of("podSelector: {}, ingress: [{ports: [{port: 9090}]}]"), [""; 0]);
        assert_eq!(
            of("podSelector: {}, ingress: [{ports: [{port: 8080}]}]"),
            ["spec.ingress[0].ports[0].port: 8080 is the port of Service web; its pods get this traffic on 80. \
              [spec.ingress[0].ports[0].port -> 80]"]
        );
    }

    #[test]
    fn sending_is_judged_at_the_receiver() {
        let to = |label: &str| {
            of(&format!(
                "podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{{podSelector: {{matchLabels: {{app: {label}}}}}}}], \
                 ports: [{{port: 8080}}]}}]"
            ))
            .len()
        };
        assert_eq!((to("web"), to("db")), (1, 0));
    }
}
