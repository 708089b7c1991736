//! Fields and kinds that Kubernetes still takes and advises against.

use api::{Kind, Object, Path};

use super::Check;
use crate::{Report, View};

pub(super) struct Deprecated;

/// One field: the kind, its path, since when or why, and what to use.
struct Field {
    kind: &'static Kind,
    path: &'static [&'static str],
    /// The last step is a key of annotations, not a field.
    annotation: bool,
    why: &'static str,
    instead: &'static str,
}

const FIELDS: &[Field] = &[
    Field {
        kind: &api::service::KIND,
        path: &["spec", "externalIPs"],
        annotation: false,
        why: "externalIPs is deprecated since Kubernetes 1.36.",
        instead: "Anybody who may write Services can catch others' traffic with it. Use a load balancer or a Gateway.",
    },
    Field {
        kind: &api::service::KIND,
        path: &["spec", "loadBalancerIP"],
        annotation: false,
        why: "loadBalancerIP is deprecated since Kubernetes 1.24, and providers may ignore it.",
        instead: "Ask for an address with the annotation that the provider documents.",
    },
    Field {
        kind: &api::service::KIND,
        path: &["metadata", "annotations", "service.kubernetes.io/topology-mode"],
        annotation: true,
        why: "The annotation for topology aware routing was only a trial.",
        instead: "Use spec.trafficDistribution: PreferSameZone.",
    },
    Field {
        kind: &api::ingress::KIND,
        path: &["metadata", "annotations", api::ingress::CLASS_ANNOTATION],
        annotation: true,
        why: "The annotation for the class is deprecated since Kubernetes 1.18.",
        instead: "Use spec.ingressClassName.",
    },
];

impl Check for Deprecated {
    fn code(&self) -> &'static str {
        "deprecated"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::endpoints::KIND || FIELDS.iter().any(|field| field.kind == kind)
    }

    fn check(&self, _: &View<'_>, object: &Object, report: &mut Report<'_>) {
        let made_by_controller = object.labels().is_some_and(|labels| labels.contains_key(MANAGED_BY));
        if object.kind() == api::endpoints::KIND.kind && !made_by_controller {
            report.hint(
                Path::new("kind"),
                "Endpoints is deprecated since Kubernetes 1.33.",
                "Write an EndpointSlice with the label kubernetes.io/service-name.",
            );
        }
        for field in FIELDS.iter().filter(|field| field.kind.kind == object.kind()) {
            let empty = |value: &api::Value| value.as_array().is_some_and(Vec::is_empty) || value == "";
            if object.at(field.path).is_none_or(empty) {
                continue;
            }
            let (last, parents) = field.path.split_last().unwrap_or((&"", &[]));
            let parent = parents.iter().fold(Path::default(), |path, name| path.child(name));
            let path = if field.annotation { parent.key(last) } else { parent.child(last) };
            report.hint(path, field.why, field.instead);
        }
    }
}

/// What the controller writes on Endpoints of its own.
const MANAGED_BY: &str = "endpoints.kubernetes.io/managed-by";

#[cfg(test)]
mod tests {
    use crate::testing::{lines, pod, service};

    const CODE: &str = "deprecated";

    #[test]
    fn what_is_to_go_is_named() {
        let web = pod("web", "app: web", "nginx");
        assert_eq!(lines(CODE, &(web.clone() + &service("web", "selector: {app: web}, ports: [{port: 80}]"))), [""; 0]);
        let old = service("web", "selector: {app: web}, externalIPs: [192.0.2.1], ports: [{port: 80}]");
        assert_eq!(lines(CODE, &(web + &old)), ["spec.externalIPs: externalIPs is deprecated since Kubernetes 1.36."]);
        let endpoints = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: db}\nsubsets: []\n";
        assert_eq!(lines(CODE, endpoints), ["kind: Endpoints is deprecated since Kubernetes 1.33."]);
    }
}
