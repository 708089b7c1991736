//! A backend of an Ingress that is not there: the Service, or its port.

use api::object::lookup;
use api::service::{ServicePort, TargetPort};
use api::{Kind, Object, ObjectKey, Path, Value};
use cluster::explain::alike;

use super::Check;
use crate::words::listed;
use crate::{Report, View};

pub(super) struct IngressBackend;

impl Check for IngressBackend {
    fn code(&self) -> &'static str {
        "ingress-backend"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::ingress::KIND
    }

    fn check(&self, view: &View<'_>, ingress: &Object, report: &mut Report<'_>) {
        for (path, backend) in backends(ingress) {
            let Some(name) = backend.get("name").and_then(Value::as_str) else { continue };
            match view.cluster.store().find(&api::service::KIND, ingress.namespace(), name) {
                None => missing(view, ingress.namespace(), &path, name, report),
                Some(service) => port(service, &path, backend, report),
            }
        }
    }
}

/// Every `service` of the default backend and of the rules.
fn backends(ingress: &Object) -> Vec<(Path, &Value)> {
    let mut found = Vec::new();
    if let Some(service) = ingress.at(&["spec", "defaultBackend", "service"]) {
        found.push((Path::new("spec.defaultBackend.service"), service));
    }
    for (at, rule) in ingress.list(&["spec", "rules"]).iter().enumerate() {
        let paths = lookup(rule, &["http", "paths"]).and_then(Value::as_array).into_iter().flatten();
        for (nth, path) in paths.enumerate() {
            if let Some(service) = lookup(path, &["backend", "service"]) {
                let place = Path::new("spec.rules").index(at).child("http").child("paths").index(nth);
                found.push((place.child("backend").child("service"), service));
            }
        }
    }
    found
}

fn missing(view: &View<'_>, namespace: &str, path: &Path, name: &str, report: &mut Report<'_>) {
    let path = path.child("name");
    let mut services = view.objects(&api::service::KIND);
    if let Some(other) = services.find(|service| service.name() == name) {
        let words = format!("Service {name} is in namespace {}", other.namespace());
        report
            .warn(
                path,
                format!("There is no Service {name} in namespace {namespace}; {words}."),
                "An Ingress leads to Services of its own namespace only. Put both into one namespace.",
            )
            .related(ObjectKey::of(&api::service::KIND, other), Path::new("metadata.namespace"), words);
        return;
    }
    let near = view.objects(&api::service::KIND).find(|s| s.namespace() == namespace && alike(s.name(), name));
    let message = format!("There is no Service {name} in namespace {namespace}.");
    let diagnostic = report.warn(path, message, "Requests are answered with 503 until the Service is there.");
    if let Some(near) = near {
        let words = format!("Service {} has almost this name", near.name());
        diagnostic.related(ObjectKey::of(&api::service::KIND, near), Path::new("metadata.name"), words);
        diagnostic.fix(format!("Use Service {}", near.name()), Some(near.name().into()));
    }
}

fn port(service: &Object, path: &Path, backend: &Value, report: &mut Report<'_>) {
    let ports = api::service::ports(service);
    let path = path.child("port");
    let name = lookup(backend, &["port", "name"]).and_then(Value::as_str).filter(|name| !name.is_empty());
    let number = lookup(backend, &["port", "number"]).and_then(Value::as_u64).and_then(|n| u16::try_from(n).ok());
    let (path, wanted) = match (name, number) {
        (Some(name), _) if ports.iter().all(|port| port.name != name) => (path.child("name"), name.to_owned()),
        (None, Some(number)) if ports.iter().all(|port| port.port != number) => {
            (path.child("number"), number.to_string())
        }
        _ => return,
    };
    let behind = ports.iter().find(|port| number.is_some_and(|n| port.target_port == TargetPort::Number(n)));
    let hint = match behind {
        Some(port) => format!(
            "{wanted} is the port of the pods. An Ingress names the port of the Service: {}.",
            number.map_or_else(String::new, |_| port.port.to_string())
        ),
        None => "An Ingress names a port of the Service, by number or by name, not a port of the pods.".to_owned(),
    };
    let has: Vec<String> = ports.iter().map(called).collect();
    let words = format!("Service {} has {}", service.name(), listed(&has));
    let diagnostic = report.warn(path, format!("Service {} has no port {wanted}.", service.name()), hint);
    diagnostic.related(ObjectKey::of(&api::service::KIND, service), Path::new("spec.ports"), words);
    match (name, behind, &ports[..]) {
        (None, Some(port), _) | (None, None, [port]) => {
            diagnostic.fix(format!("Use port {}", port.port), Some(port.port.into()));
        }
        (Some(_), _, [port]) if !port.name.is_empty() => {
            diagnostic.fix(format!("Use port {}", port.name), Some(port.name.as_str().into()));
        }
        _ => {}
    }
}

fn called(port: &ServicePort) -> String {
    if port.name.is_empty() { format!("port {}", port.port) } else { format!("port {} ({})", port.port, port.name) }
}

#[cfg(test)]
mod tests {
    use crate::testing::{ingress, lines, said, service};

    const CODE: &str = "ingress-backend";
    const AT: &str = "spec.rules[0].http.paths[0].backend.service";

    fn of(ports: &str, backend: &str) -> Vec<String> {
        let web = service("web", &format!("selector: {{app: web}}, ports: [{ports}]"));
        lines(CODE, &(web + &ingress("", backend)))
    }

    #[test]
    fn a_port_of_the_service_is_fine() {
        assert_eq!(of("{port: 80}", "name: web, port: {number: 80}"), [""; 0]);
        assert_eq!(of("{port: 80, name: http}", "name: web, port: {name: http}"), [""; 0]);
    }

    #[test]
    fn the_port_of_the_pods_is_not_the_services() {
        assert_eq!(
            of("{port: 80, targetPort: 8080}", "name: web, port: {number: 8080}"),
            [format!("{AT}.port.number: Service web has no port 8080. [{AT}.port.number -> 80]")]
        );
        assert_eq!(
            of("{port: 80, name: web}", "name: web, port: {name: http}"),
            [format!("{AT}.port.name: Service web has no port http. [{AT}.port.name -> \"web\"]")]
        );
    }

    #[test]
    fn a_missing_service_is_named() {
        assert_eq!(
            of("{port: 80}", "name: wbe, port: {number: 80}"),
            [format!("{AT}.name: There is no Service wbe in namespace default. [{AT}.name -> \"web\"]")]
        );
        assert_eq!(
            of("{port: 80}", "name: shop, port: {number: 80}"),
            [format!("{AT}.name: There is no Service shop in namespace default.")]
        );
    }

    #[test]
    fn a_service_of_another_namespace_is_out_of_reach() {
        let yaml = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n".to_owned()
            + &service("web", "ports: [{port: 80}]").replace("{name: web}", "{name: web, namespace: shop}")
            + &ingress("", "name: web, port: {number: 80}");
        let said = said(CODE, &yaml);
        assert_eq!(said[0].message, "There is no Service web in namespace default; Service web is in namespace shop.");
        assert_eq!(said[0].related.as_ref().unwrap().object.to_string(), "Service shop/web");
    }
}
