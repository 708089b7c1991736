//! A probe that cannot succeed: nothing listens on its port, the container has no port of its name, or the answer is no.

use std::sync::Arc;

use api::object::lookup;
use api::{Kind, Object, ObjectKey, Path, Value};
use cluster::network::Protocol;

use super::Check;
use crate::words::listed;
use crate::{Report, View};

pub(super) struct Probe;

/// Each probe, the word for it, and what comes of its failing.
const PROBES: [(&str, &str, &str); 3] = [
    ("startupProbe", "startup", "Until it succeeds the container counts as not started; in the end it is restarted."),
    ("livenessProbe", "liveness", "When it fails, the container is restarted, again and again."),
    ("readinessProbe", "readiness", "While it fails, the pod runs but is not ready and gets no traffic from Services."),
];

impl Check for Probe {
    fn code(&self) -> &'static str {
        "probe"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        super::HAS_PODS.contains(&kind)
    }

    fn check(&self, view: &View<'_>, object: &Object, report: &mut Report<'_>) {
        // Most templates have none, and finding the pods of one takes a look at all.
        let has_probe = |container: &Value| PROBES.iter().any(|(field, ..)| container.get(field).is_some());
        let containers: [&[&str]; 2] = [&["spec", "containers"], &["spec", "template", "spec", "containers"]];
        if !containers.iter().flat_map(|path| object.list(path)).any(has_probe) {
            return;
        }
        for pod in view.pods_of(report.object()) {
            let prefix = view.source(pod).path("spec.containers");
            for (at, container) in pod.list(&["spec", "containers"]).iter().enumerate() {
                for probe in PROBES {
                    if let Some(spec) = lookup(container, &[probe.0]) {
                        let path = prefix.index(at).child(probe.0);
                        Asked { view, pod, container, probe, spec, path }.judge(report);
                    }
                }
            }
        }
    }
}

/// One probe of one container.
struct Asked<'a, 'c> {
    view: &'a View<'c>,
    pod: &'a Arc<Object>,
    container: &'a Value,
    probe: (&'static str, &'static str, &'static str),
    spec: &'a Value,
    path: Path,
}

impl Asked<'_, '_> {
    fn judge(&self, report: &mut Report<'_>) {
        let (_, word, consequence) = self.probe;
        let handler = ["httpGet", "tcpSocket", "grpc"].into_iter().find(|handler| self.spec.get(handler).is_some());
        let Some((handler, wanted)) =
            handler.and_then(|handler| Some((handler, lookup(self.spec, &[handler, "port"])?)))
        else {
            return self.failing(report);
        };
        let path = self.path.child(handler).child("port");
        let number = match wanted {
            Value::String(name) => match self.named(name) {
                Some(number) => number,
                None => {
                    let message =
                        format!("The {word} probe asks port {name}, but the container has no port of this name.");
                    report.warn(
                        path,
                        message,
                        format!("Name a port of the container {name}, or write the number. {consequence}"),
                    );
                    return;
                }
            },
            number => number.as_u64().unwrap_or(0),
        };
        if !self.view.is_running(self.pod) {
            return self.failing(report);
        }
        let key = ObjectKey::of(&api::pod::KIND, self.pod);
        let listeners = self.view.cluster.listeners(&key);
        let open: Vec<u16> =
            listeners.iter().filter(|l| l.protocol == Protocol::Tcp && !l.localhost_only).map(|l| l.port).collect();
        if open.iter().any(|port| u64::from(*port) == number) {
            return self.failing(report);
        }
        let ports: Vec<String> = open.iter().map(u16::to_string).collect();
        let heard = if ports.is_empty() { "on no port".to_owned() } else { format!("on {}", listed(&ports)) };
        let message = format!("The {word} probe asks port {number}, where nothing listens; the pod listens {heard}.");
        let diagnostic = report.warn(path, message, consequence);
        if let ([only], Value::Number(_)) = (&open[..], wanted) {
            diagnostic.fix(format!("Ask port {only}"), Some((*only).into()));
        }
    }

    fn named(&self, name: &str) -> Option<u64> {
        let ports = self.container.get("ports").and_then(Value::as_array).into_iter().flatten();
        let mut named = ports.filter(|port| port.get("name").is_some_and(|known| known == name));
        named.next()?.get("containerPort")?.as_u64()
    }

    /// What the kubelet says of it, as long as the container is not well.
    fn failing(&self, report: &mut Report<'_>) {
        let (_, word, consequence) = self.probe;
        if api::pod::is_ready(self.pod) || self.pod.is_terminating() {
            return;
        }
        let begin = format!("{word} probe failed: ");
        let events = self.view.cluster.store().events_about(self.pod.uid());
        let last = events
            .filter(|event| event.str(&["reason"]) == "Unhealthy")
            .filter_map(|event| {
                let text = event.str(&["message"]);
                let fits = text.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(&begin));
                fits.then(|| (event.resource_version(), text[begin.len()..].trim().to_owned()))
            })
            .max();
        let Some((_, said)) = last else { return };
        let path =
            ["httpGet", "exec", "tcpSocket", "grpc"].into_iter().find(|handler| self.spec.get(handler).is_some());
        let path = path.map_or_else(|| self.path.clone(), |handler| self.path.child(handler));
        let message = format!("The {word} probe of pod {} fails: {said}.", self.pod.name());
        report.warn(path, message, format!("{consequence} See kubectl describe pod {}.", self.pod.name()));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{deployment, lines};

    fn of(probe: &str) -> Vec<String> {
        let yaml =
            deployment("web", "", "app: web", &format!("nginx, ports: [{{name: http, containerPort: 80}}], {probe}"));
        lines("probe", &yaml)
    }

    const AT: &str = "spec.template.spec.containers[0]";

    #[test]
    fn a_probe_of_a_port_that_answers_is_fine() {
        assert_eq!(of("readinessProbe: {httpGet: {path: /, port: 80}}"), [""; 0]);
        assert_eq!(of("readinessProbe: {tcpSocket: {port: http}}"), [""; 0]);
    }

    #[test]
    fn a_probe_of_a_port_that_does_not_is_mended() {
        assert_eq!(
            of("readinessProbe: {httpGet: {path: /, port: 8080}}"),
            [format!(
                "{AT}.readinessProbe.httpGet.port: The readiness probe asks port 8080, where nothing listens; the pod \
                 listens on 80. [{AT}.readinessProbe.httpGet.port -> 80]"
            )]
        );
        assert_eq!(
            of("livenessProbe: {tcpSocket: {port: web}}"),
            [format!(
                "{AT}.livenessProbe.tcpSocket.port: The liveness probe asks port web, but the container has no port of \
                 this name."
            )]
        );
    }

    #[test]
    fn a_path_that_is_not_there_is_told_in_the_kubelets_words() {
        assert_eq!(
            of("readinessProbe: {httpGet: {path: /healthz, port: 80}}")
                .iter()
                .map(|line| {
                    let (_, rest) = line.split_once(": ").unwrap();
                    let pod = rest.split(' ').nth(5).unwrap().to_owned();
                    line.replace(&pod, "POD")
                })
                .collect::<Vec<_>>(),
            [format!(
                "{AT}.readinessProbe.httpGet: The readiness probe of pod POD fails: HTTP probe failed with statuscode: 404."
            )]
        );
    }
}
