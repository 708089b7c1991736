//! A Service without selector: its endpoints are written by hand, and slices find it by label and port name.

use api::endpoint_slice::SERVICE_NAME_LABEL;
use api::service::ServicePort;
use api::{Kind, Object, ObjectKey, Path, Value};

use super::Check;
use crate::words::listed;
use crate::{Report, View};

pub(super) struct Selectorless;

impl Check for Selectorless {
    fn code(&self) -> &'static str {
        "selectorless"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, view: &View<'_>, service: &Object, report: &mut Report<'_>) {
        let selects = service.map(&["spec", "selector"]).is_some_and(|selector| !selector.is_empty());
        if selects || service.str(&["spec", "type"]) == "ExternalName" {
            return;
        }
        let slices: Vec<_> = view
            .cluster
            .list(&api::endpoint_slice::KIND, Some(service.namespace()))
            .filter(|slice| slice.str(&["metadata", "labels", SERVICE_NAME_LABEL]) == service.name())
            .collect();
        let Some(slice) = slices.iter().find(|slice| !slice.list(&["endpoints"]).is_empty()).or(slices.first()) else {
            let by_hand =
                view.cluster.store().find(&api::endpoints::KIND, service.namespace(), service.name()).is_some();
            if !by_hand && !view.is_young(service) {
                report.warn(
                    Path::new("spec"),
                    "The Service has no selector and no endpoints, so it leads nowhere.",
                    format!(
                        "Add a selector to lead to pods. To lead elsewhere, write an EndpointSlice with the label \
                         {SERVICE_NAME_LABEL}: {}.",
                        service.name()
                    ),
                );
            }
            return;
        };
        let names: Vec<&str> = slices.iter().flat_map(|slice| slice.list(&["ports"])).map(port_name).collect();
        for (at, port) in api::service::ports(service).iter().enumerate() {
            if !names.contains(&&*port.name) {
                mismatch(at, port, &names, &ObjectKey::of(&api::endpoint_slice::KIND, slice), report);
            }
        }
    }
}

fn mismatch(at: usize, port: &ServicePort, names: &[&str], slice: &ObjectKey, report: &mut Report<'_>) {
    let quoted: Vec<String> = names.iter().map(|name| called(name)).collect();
    let theirs = if quoted.is_empty() { "has no ports".to_owned() } else { format!("has {}", listed(&quoted)) };
    let mine = called(&port.name);
    let path = Path::new("spec.ports").index(at).child("name");
    let words = format!("EndpointSlice {} {theirs}", slice.name);
    let hint = "A port of a Service and a port of its slices belong together when their names are equal; numbers do not matter. \
                Both may go without a name.";
    let diagnostic = report.warn(path, format!("No endpoint has {mine}; {words}."), hint);
    diagnostic.related(slice.clone(), Path::new("ports"), words);
    if let [only] = names {
        diagnostic.fix(format!("Use {}", called(only)), (!only.is_empty()).then(|| (*only).into()));
    }
}

fn called(name: &str) -> String {
    if name.is_empty() { "a port without name".to_owned() } else { format!("a port named {name}") }
}

fn port_name(port: &Value) -> &str {
    port.get("name").and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::testing::{lines, service};

    const CODE: &str = "selectorless";

    fn slice(port: &str) -> String {
        format!(
            "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n\
             metadata: {{name: db-1, labels: {{kubernetes.io/service-name: db}}}}\naddressType: IPv4\n\
             ports: [{{{port}}}]\nendpoints: [{{addresses: [192.168.64.9]}}]\n"
        )
    }

    #[test]
    fn equal_names_belong_together() {
        let unnamed = service("db", "ports: [{port: 5432}]");
        assert_eq!(lines(CODE, &(unnamed + &slice("port: 5432"))), [""; 0]);
        let named = service("db", "ports: [{name: sql, port: 5432}]");
        assert_eq!(lines(CODE, &(named + &slice("name: sql, port: 5433"))), [""; 0]);
    }

    #[test]
    fn a_service_of_nothing_is_told() {
        assert_eq!(
            lines(CODE, &service("db", "ports: [{port: 5432}]")),
            ["spec: The Service has no selector and no endpoints, so it leads nowhere."]
        );
    }

    #[test]
    fn different_names_do_not_meet() {
        let named = service("db", "ports: [{name: sql, port: 5432}]");
        assert_eq!(
            lines(CODE, &(named.clone() + &slice("name: db, port: 5432"))),
            [
                r#"spec.ports[0].name: No endpoint has a port named sql; EndpointSlice db-1 has a port named db. [spec.ports[0].name -> "db"]"#
            ]
        );
        assert_eq!(
            lines(CODE, &(named + &slice("port: 5432"))),
            ["spec.ports[0].name: No endpoint has a port named sql; EndpointSlice db-1 has a port without name. \
              [spec.ports[0].name goes]"]
        );
    }
}
