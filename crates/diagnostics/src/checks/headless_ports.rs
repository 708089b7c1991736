//! A headless Service whose port is another than its targetPort: nobody translates it.

use api::{Kind, Object, Path};
use cluster::explain;

use super::Check;
use crate::{Report, View};

pub(super) struct HeadlessPorts;

impl Check for HeadlessPorts {
    fn code(&self) -> &'static str {
        "headless-ports"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, view: &View<'_>, service: &Object, report: &mut Report<'_>) {
        if !api::service::is_headless(service) {
            return;
        }
        let pods = view.backends(service);
        for (at, port) in api::service::ports(service).iter().enumerate() {
            let target = match port.target_port {
                api::service::TargetPort::Number(number) => Some(number),
                api::service::TargetPort::Name(_) => pods.iter().find_map(|pod| explain::target_port(pod, port)),
            };
            let Some(target) = target.filter(|target| *target != port.port) else { continue };
            let path = Path::new("spec.ports").index(at).child("port");
            report
                .warn(
                    path,
                    format!("A headless Service maps no ports: {} leads nowhere, the pods listen on {target}.", port.port),
                    "Its name resolves to the pods' own addresses, so clients need the pods' own port. Give the Service an \
                     address if the port is to be mapped.",
                )
                .fix(format!("Set port to {target}"), Some(target.into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{lines, service};

    fn of(spec: &str) -> Vec<String> {
        lines("headless-ports", &service("db", &format!("{spec}, selector: {{app: db}}")))
    }

    #[test]
    fn a_headless_service_maps_nothing() {
        assert_eq!(of("clusterIP: None, ports: [{port: 80}]"), [""; 0]);
        assert_eq!(of("ports: [{port: 80, targetPort: 8080}]"), [""; 0]);
        assert_eq!(
            of("clusterIP: None, ports: [{port: 80, targetPort: 8080}]"),
            ["spec.ports[0].port: A headless Service maps no ports: 80 leads nowhere, the pods listen on 8080. \
              [spec.ports[0].port -> 8080]"]
        );
    }
}
