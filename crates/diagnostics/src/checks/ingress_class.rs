//! An Ingress that no controller takes care of: no class, a class that is not there, or one whose controller is not.

use api::{Kind, Object, ObjectKey, Path};

use super::Check;
use crate::words::listed;
use crate::{Report, View};

/// The controller that the cluster's own class names.
const CONTROLLER: &str = "k8s.io/ingress-nginx";

pub(super) struct IngressClass;

impl Check for IngressClass {
    fn code(&self) -> &'static str {
        "ingress-class"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::ingress::KIND
    }

    fn check(&self, view: &View<'_>, ingress: &Object, report: &mut Report<'_>) {
        let annotated = ingress.annotation(api::ingress::CLASS_ANNOTATION);
        let field = Path::new("spec.ingressClassName");
        let named = ingress.str(&["spec", "ingressClassName"]);
        let classes: Vec<&str> = view.cluster.list(&api::ingress_class::KIND, None).map(|class| class.name()).collect();
        let (path, name) = match annotated {
            Some(name) => (Path::new("metadata.annotations").key(api::ingress::CLASS_ANNOTATION), name),
            None => (field, named),
        };
        if name.is_empty() {
            let hint = "A controller serves only Ingresses of its class. Name one, or mark a class as the default.";
            let diagnostic = report.warn(path, "The Ingress names no class, and there is no default class.", hint);
            if let [only] = classes[..] {
                diagnostic.fix(format!("Use class {only}"), Some(only.into()));
            }
            return;
        }
        let Some(class) = view.cluster.store().find(&api::ingress_class::KIND, "", name) else {
            let known = match &classes[..] {
                [] => "there is none at all".to_owned(),
                some => format!("there is {}", listed(some)),
            };
            let hint = format!("No controller feels responsible for it: {known}. kubectl get ingressclass lists them.");
            let diagnostic = report.warn(path, format!("There is no IngressClass {name}."), hint);
            if let [only] = classes[..] {
                diagnostic.fix(format!("Use class {only}"), Some(only.into()));
            }
            return;
        };
        let controller = class.str(&["spec", "controller"]);
        if controller != CONTROLLER {
            let words = format!("IngressClass {name} is for {controller}");
            report
                .warn(
                    path,
                    format!("Nothing in this cluster is the controller {controller}."),
                    "An Ingress is only a wish; a controller that runs in the cluster has to fulfil it.",
                )
                .related(ObjectKey::of(&api::ingress_class::KIND, class), Path::new("spec.controller"), words);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{ingress, lines};

    fn of(more: &str, class: &str) -> Vec<String> {
        lines("ingress-class", &(more.to_owned() + &ingress(class, "name: web, port: {number: 80}")))
    }

    #[test]
    fn the_clusters_own_class_is_fine() {
        assert_eq!(of("", ""), [""; 0], "the default is filled in");
        assert_eq!(of("", "ingressClassName: nginx, "), [""; 0]);
    }

    #[test]
    fn a_class_has_to_be_there_and_to_be_served() {
        assert_eq!(
            of("", "ingressClassName: traefik, "),
            [r#"spec.ingressClassName: There is no IngressClass traefik. [spec.ingressClassName -> "nginx"]"#]
        );
        let class = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: traefik}\n\
                     spec: {controller: traefik.io/ingress-controller}\n";
        assert_eq!(
            of(class, "ingressClassName: traefik, "),
            ["spec.ingressClassName: Nothing in this cluster is the controller traefik.io/ingress-controller."]
        );
    }
}
