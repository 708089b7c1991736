//! Endpoints written by hand for a Service with a selector: the controller writes its own over them, or beside them.

use api::endpoint_slice::SERVICE_NAME_LABEL;
use api::{Kind, Object, ObjectKey, Path};

use super::Check;
use crate::{Report, View};

pub(super) struct EndpointsByHand;

impl Check for EndpointsByHand {
    fn code(&self) -> &'static str {
        "endpoints-by-hand"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::endpoints::KIND || *kind == api::endpoint_slice::KIND
    }

    fn check(&self, view: &View<'_>, object: &Object, report: &mut Report<'_>) {
        let is_slice = object.kind() == api::endpoint_slice::KIND.kind;
        let label = Path::new("metadata.labels").key(SERVICE_NAME_LABEL);
        let named = if is_slice { object.str(&["metadata", "labels", SERVICE_NAME_LABEL]) } else { object.name() };
        let by_hand = if is_slice { object.controller().is_none() } else { view.is_by_hand(report.object()) };
        if !by_hand {
            return;
        }
        if is_slice && named.is_empty() {
            report.warn(
                label,
                "The slice belongs to no Service.",
                format!("A Service finds its slices by the label {SERVICE_NAME_LABEL} with the Service's name."),
            );
            return;
        }
        let Some(service) = view.cluster.store().find(&api::service::KIND, object.namespace(), named) else {
            let path = if is_slice { label } else { Path::new("metadata.name") };
            let message = format!("There is no Service {named} in namespace {}.", object.namespace());
            report.warn(path, message, "Endpoints do something only together with a Service of that name.");
            return;
        };
        if service.map(&["spec", "selector"]).is_none_or(api::Map::is_empty) {
            return;
        }
        let related = (ObjectKey::of(&api::service::KIND, service), Path::new("spec.selector"));
        let words = format!("Service {named} has a selector");
        let (path, message) = if is_slice {
            (label, format!("{words}, so these endpoints are used beside those of its pods."))
        } else {
            (Path::new("subsets"), format!("{words}, so its controller overwrites these endpoints."))
        };
        let hint = "Endpoints by hand are for Services without selector. Remove the selector, or these endpoints.";
        report.warn(path, message, hint).related(related.0, related.1, words);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{lines, pod, service};

    const CODE: &str = "endpoints-by-hand";

    fn slice(labels: &str) -> String {
        format!(
            "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: db-1, labels: {{{labels}}}}}\n\
             addressType: IPv4\nports: [{{port: 80}}]\nendpoints: [{{addresses: [192.168.64.9]}}]\n"
        )
    }

    fn endpoints() -> String {
        "---\napiVersion: v1\nkind: Endpoints\nmetadata: {name: db}\n\
         subsets: [{addresses: [{ip: 192.168.64.9}], ports: [{port: 80}]}]\n"
            .to_owned()
    }

    #[test]
    fn a_service_without_selector_takes_them() {
        let db = service("db", "ports: [{port: 80}]");
        assert_eq!(lines(CODE, &(db.clone() + &slice("kubernetes.io/service-name: db"))), [""; 0]);
        assert_eq!(lines(CODE, &(db + &endpoints())), [""; 0]);
    }

    #[test]
    fn a_selector_makes_its_own() {
        let db = pod("db", "app: db", "nginx") + &service("db", "selector: {app: db}, ports: [{port: 80}]");
        assert_eq!(lines(CODE, &db), [""; 0]);
        assert_eq!(
            lines(CODE, &(db.clone() + &slice("kubernetes.io/service-name: db"))),
            [
                "metadata.labels[kubernetes.io/service-name]: Service db has a selector, so these endpoints are used beside \
              those of its pods."
            ]
        );
        assert_eq!(
            lines(CODE, &(endpoints() + &db)),
            ["subsets: Service db has a selector, so its controller overwrites these endpoints."]
        );
    }

    #[test]
    fn a_slice_has_to_name_its_service() {
        assert_eq!(
            lines(CODE, &slice("app: db")),
            ["metadata.labels[kubernetes.io/service-name]: The slice belongs to no Service."]
        );
        assert_eq!(
            lines(CODE, &slice("kubernetes.io/service-name: db")),
            ["metadata.labels[kubernetes.io/service-name]: There is no Service db in namespace default."]
        );
    }
}
