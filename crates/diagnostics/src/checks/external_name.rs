//! An ExternalName that is an address, or fields beside it that DNS cannot express.

use std::net::IpAddr;

use api::{Kind, Object, Path};

use super::Check;
use crate::{Report, View};

pub(super) struct ExternalName;

impl Check for ExternalName {
    fn code(&self) -> &'static str {
        "external-name"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, _: &View<'_>, service: &Object, report: &mut Report<'_>) {
        if service.str(&["spec", "type"]) != "ExternalName" {
            return;
        }
        let target = service.str(&["spec", "externalName"]);
        if target.parse::<IpAddr>().is_ok() {
            report.warn(
                Path::new("spec.externalName"),
                format!("externalName is the address {target}, but it is taken as the name of a host."),
                "DNS answers with an alias to that name, which no DNS server knows. For an address, make a Service without \
                 selector and an EndpointSlice that names it.",
            );
        }
        if let Some(first) = service.list(&["spec", "ports"]).first() {
            let port = first.get("port").map(ToString::to_string).unwrap_or_default();
            report
                .hint(
                    Path::new("spec.ports"),
                    format!("Port {port} has no effect: an ExternalName Service is only an alias in DNS."),
                    "Clients reach the host on whatever port they ask for; nothing is mapped on the way.",
                )
                .fix("Remove ports", None);
        }
        if service.map(&["spec", "selector"]).is_some_and(|selector| !selector.is_empty()) {
            report
                .warn(
                    Path::new("spec.selector"),
                    "The selector has no effect: an ExternalName Service leads to a host, not to pods.",
                    "Take the selector away, or choose the type ClusterIP to lead to pods.",
                )
                .fix("Remove the selector", None);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{lines, service};

    fn of(spec: &str) -> Vec<String> {
        lines("external-name", &service("db", &format!("type: ExternalName, {spec}")))
    }

    #[test]
    fn a_host_is_fine() {
        assert_eq!(of("externalName: db.example.com"), [""; 0]);
        assert_eq!(of("externalName: 10.example.com"), [""; 0]);
    }

    #[test]
    fn an_address_is_no_name() {
        assert_eq!(
            of("externalName: 10.0.0.7"),
            ["spec.externalName: externalName is the address 10.0.0.7, but it is taken as the name of a host."]
        );
    }

    #[test]
    fn ports_and_selectors_do_nothing() {
        assert_eq!(
            of("externalName: db.example.com, ports: [{port: 5432}], selector: {app: db}"),
            [
                "spec.ports: Port 5432 has no effect: an ExternalName Service is only an alias in DNS. [spec.ports goes]",
                "spec.selector: The selector has no effect: an ExternalName Service leads to a host, not to pods. \
                 [spec.selector goes]",
            ]
        );
    }
}
