//! A port of a Service that leads to a port of the pods on which no process listens: connections are refused.

use api::service::{ServicePort, TargetPort};
use api::{Kind, Object, ObjectKey, Path};
use cluster::explain;
use cluster::images::Listener;
use cluster::network::Protocol;

use super::Check;
use crate::words::listed;
use crate::{Report, View};

pub(super) struct NobodyListens;

impl Check for NobodyListens {
    fn code(&self) -> &'static str {
        "nobody-listens"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, view: &View<'_>, service: &Object, report: &mut Report<'_>) {
        let mut pods = view.backends(service);
        pods.retain(|pod| view.is_running(pod));
        // Pods of one ReplicaSet run the same.
        pods.dedup_by_key(|pod| {
            pod.controller().and_then(|owner| owner.get("uid")).or_else(|| pod.at(&["metadata", "uid"]))
        });
        for (at, port) in api::service::ports(service).iter().enumerate() {
            let Some(protocol) = Protocol::of(&port.protocol) else { continue };
            let deaf = pods.iter().find_map(|pod| {
                let key = ObjectKey::of(&api::pod::KIND, pod);
                let number = explain::target_port(pod, port)?;
                let listeners = view.cluster.listeners(&key);
                let fits = |l: &Listener| l.protocol == protocol && l.port == number && !l.localhost_only;
                (!listeners.iter().any(fits)).then_some((*pod, listeners, number))
            });
            let Some((pod, listeners, number)) = deaf else { continue };
            let found = Found { port, protocol, number, pod: pod.name(), listeners: &listeners };
            let path = Path::new("spec.ports").index(at).child("targetPort");
            let diagnostic = report.warn(path, found.message(), found.hint());
            let source = view.source(pod);
            diagnostic.related(source.object.clone(), source.path("spec.containers"), found.related());
            if let (Some(open), TargetPort::Number(_)) = (found.only(), &port.target_port) {
                diagnostic.fix(format!("Set targetPort to {open}"), Some(open.into()));
            }
        }
    }
}

/// One port of a Service, and a pod that does not listen where it leads.
struct Found<'a> {
    port: &'a ServicePort,
    protocol: Protocol,
    number: u16,
    pod: &'a str,
    listeners: &'a [Listener],
}

impl Found<'_> {
    fn is_local(&self) -> bool {
        self.listeners.iter().any(|l| l.protocol == self.protocol && l.port == self.number)
    }

    fn other_protocol(&self) -> Option<Protocol> {
        self.listeners.iter().find(|l| l.port == self.number && l.protocol != self.protocol).map(|l| l.protocol)
    }

    /// The ports of the protocol that are open to others.
    fn open(&self) -> Vec<u16> {
        self.listeners.iter().filter(|l| l.protocol == self.protocol && !l.localhost_only).map(|l| l.port).collect()
    }

    fn only(&self) -> Option<u16> {
        match self.open()[..] {
            [only] if !self.is_local() => Some(only),
            _ => None,
        }
    }

    fn is_swapped(&self) -> bool {
        self.open().contains(&self.port.port)
    }

    fn message(&self) -> String {
        let Self { number, pod, .. } = self;
        if self.is_local() {
            return format!("Pod {pod} listens on {number} of 127.0.0.1 only, so nobody outside of it is heard.");
        }
        let at = match &self.port.target_port {
            TargetPort::Name(name) => format!("port {name} ({number})"),
            TargetPort::Number(_) => number.to_string(),
        };
        if let Some(other) = self.other_protocol() {
            let (wanted, other) = (self.protocol.as_str(), other.as_str());
            return format!("In pod {pod} something listens on {number}/{other}, but nothing on {number}/{wanted}.");
        }
        format!("Nothing in pod {pod} listens on {at}; {}.", self.listens())
    }

    fn listens(&self) -> String {
        let ports: Vec<String> = self.open().iter().map(u16::to_string).collect();
        if ports.is_empty() {
            "its processes listen on no port".to_owned()
        } else {
            format!("it listens on {}", listed(&ports))
        }
    }

    fn related(&self) -> String {
        format!("pod {}: {}", self.pod, self.listens())
    }

    fn hint(&self) -> String {
        let port = self.port.port;
        match () {
            () if self.is_local() => {
                "Let the program listen on 0.0.0.0. kubectl port-forward reaches it because that begins inside the pod."
            }
            () if self.other_protocol().is_some() => "A port's protocol is TCP unless it says otherwise: set protocol.",
            () if matches!(self.port.target_port, TargetPort::Name(_)) => {
                "The name is found, but its containerPort is not where the program listens. containerPort opens nothing; it \
                 only gives a number a name."
            }
            () if self.is_swapped() && self.number != port => {
                "port is where clients call the Service, targetPort where the program in the pod listens. They look swapped."
            }
            () => "targetPort has to be the port that the program in the pod listens on; port is free to choose.",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{deployment, lines, pod, said, service};

    const CODE: &str = "nobody-listens";

    fn web(port: &str) -> Vec<String> {
        let spec = format!("selector: {{app: web}}, ports: [{{{port}}}]");
        lines(CODE, &(pod("web", "app: web", "nginx") + &service("web", &spec)))
    }

    #[test]
    fn a_port_that_leads_to_a_listener_is_fine() {
        assert_eq!(web("port: 80"), [""; 0]);
        assert_eq!(web("port: 8080, targetPort: 80"), [""; 0]);
    }

    #[test]
    fn a_wrong_target_port_is_mended() {
        let want = "spec.ports[0].targetPort: Nothing in pod web listens on 8080; it listens on 80. \
                    [spec.ports[0].targetPort -> 80]";
        assert_eq!(web("port: 8080"), [want]);
        assert_eq!(web("port: 80, targetPort: 8080"), [want]);
    }

    #[test]
    fn swapped_ports_are_told_so() {
        let yaml = pod("web", "app: web", "nginx")
            + &service("web", "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]");
        assert!(said(CODE, &yaml)[0].hint.ends_with("They look swapped."));
        let yaml = yaml.replace("port: 80,", "port: 81,");
        assert!(!said(CODE, &yaml)[0].hint.contains("swapped"));
    }

    #[test]
    fn the_wrong_protocol_is_named() {
        let yaml = pod("web", "app: web", "nginx")
            + &service("web", "selector: {app: web}, ports: [{port: 80, protocol: UDP}]");
        assert_eq!(said(CODE, &yaml)[0].message, "In pod web something listens on 80/TCP, but nothing on 80/UDP.");
    }

    #[test]
    fn a_name_that_leads_nowhere_blames_the_container_port() {
        let pod = pod("web", "app: web", "nginx")
            .replace("image: nginx", "image: nginx, ports: [{name: http, containerPort: 8080}]");
        let said = said(CODE, &(pod + &service("web", "selector: {app: web}, ports: [{port: 80, targetPort: http}]")));
        assert_eq!(said[0].message, "Nothing in pod web listens on port http (8080); it listens on 80.");
        assert_eq!(said[0].fix, None);
    }

    #[test]
    fn pods_of_a_deployment_point_to_its_template() {
        let yaml = deployment("web", "", "app: web", "nginx")
            + &service("web", "selector: {app: web}, ports: [{port: 80, targetPort: 81}]");
        let said = said(CODE, &yaml);
        assert_eq!(said.len(), 1);
        let related = said[0].related.as_ref().unwrap();
        assert_eq!(related.object.to_string(), "Deployment default/web");
        assert_eq!(related.path.to_string(), "spec.template.spec.containers");
    }

    #[test]
    fn a_pod_that_does_not_run_is_not_judged() {
        let yaml =
            pod("web", "app: web", "no-such-image") + &service("web", "selector: {app: web}, ports: [{port: 81}]");
        assert_eq!(lines(CODE, &yaml), [""; 0]);
    }

    #[test]
    fn localhost_is_explained() {
        let app = "playground/app, env: [{name: PORT, value: '80'}, {name: BIND, value: 127.0.0.1}]";
        let yaml = pod("web", "app: web", app) + &service("web", "selector: {app: web}, ports: [{port: 80}]");
        let said = said(CODE, &yaml);
        assert_eq!(said[0].message, "Pod web listens on 80 of 127.0.0.1 only, so nobody outside of it is heard.");
        assert!(said[0].hint.contains("0.0.0.0"));
        assert_eq!(said[0].fix, None);
        let open = yaml.replace("127.0.0.1", "0.0.0.0");
        assert_eq!(lines(CODE, &open), [""; 0]);
    }

    #[test]
    fn a_process_that_warms_up_will_listen() {
        let app = "playground/app, env: [{name: PORT, value: '80'}, {name: WARM_UP, value: '600'}]";
        let yaml = pod("web", "app: web", app) + &service("web", "selector: {app: web}, ports: [{port: 80}]");
        assert_eq!(lines(CODE, &yaml), [""; 0]);
    }
}
