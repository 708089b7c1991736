//! A selector that picks no pod: the classic. The nearest miss is named label by label.

use std::sync::Arc;

use api::labels::matches_equality;
use api::{Kind, Object, ObjectKey, Path, Value};
use cluster::explain::{self, Lack};

use super::Check;
use crate::view::{name, template};
use crate::{Report, View};

pub(super) struct NoPodSelected;

impl Check for NoPodSelected {
    fn code(&self) -> &'static str {
        "no-pod-selected"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, view: &View<'_>, service: &Object, report: &mut Report<'_>) {
        let Some(selector) = service.map(&["spec", "selector"]).filter(|selector| !selector.is_empty()) else { return };
        let about_pods = service.str(&["spec", "type"]) != "ExternalName";
        if !about_pods || !explain::selected(view.cluster, service).is_empty() {
            return;
        }
        let picks = |object: &Object| matches_equality(selector, object.labels());
        let workloads: Vec<_> = view.workloads(service.namespace()).collect();
        if let Some((key, workload)) = workloads.iter().find(|(_, workload)| picks(&template(workload))) {
            return idle(key, workload, report);
        }
        let place = Path::new("spec.selector");
        let wanted = shown(selector);
        if let Some((key, _)) = workloads.iter().find(|(_, workload)| picks(workload)) {
            let labels = Path::new("spec.template.metadata.labels");
            let words = format!("{} itself has {wanted}, its pods do not", name(key));
            report
                .warn(
                    place,
                    format!("No pod has {wanted}; only {} itself has these labels.", name(key)),
                    "A Service selects pods, and pods take their labels from spec.template.metadata.labels. Put the labels \
                     there, or select the labels that the pods have.",
                )
                .related(key.clone(), labels, words);
            return;
        }
        if let Some(pod) = elsewhere(view, service, &picks) {
            let words = format!("pod {} has {wanted} in namespace {}", pod.name(), pod.namespace());
            report
                .warn(
                    place,
                    format!(
                        "No pod in namespace {} has {wanted}; pod {} in namespace {} does.",
                        service.namespace(),
                        pod.name(),
                        pod.namespace()
                    ),
                    "A Service selects pods of its own namespace only. Put both into one namespace.",
                )
                .related(ObjectKey::of(&api::pod::KIND, pod), Path::new("metadata.namespace"), words);
            return;
        }
        match explain::nearest(view.cluster, service).filter(explain::NearMiss::is_near) {
            Some(miss) => near(view, service, &miss, report),
            None => {
                let hint =
                    "Give the pods these labels, or select labels that they have: kubectl get pods --show-labels.";
                report.warn(place, format!("No pod has {wanted}."), hint);
            }
        }
    }
}

/// The pods are still to come, or there are to be none.
fn idle(key: &ObjectKey, workload: &Object, report: &mut Report<'_>) {
    if workload.int(&["spec", "replicas"]) == Some(0) {
        let words = format!("{} has 0 replicas", name(key));
        report
            .hint(
                Path::new("spec.selector"),
                format!("{} matches the selector but is scaled to 0.", name(key)),
                "Connections are refused until it has a pod again: kubectl scale.",
            )
            .related(key.clone(), Path::new("spec.replicas"), words);
    }
}

fn elsewhere<'a>(view: &View<'a>, service: &Object, picks: &impl Fn(&Object) -> bool) -> Option<&'a Arc<Object>> {
    let mut pods = view.objects(&api::pod::KIND);
    pods.find(|pod| pod.namespace() != service.namespace() && picks(pod))
}

/// Some pod has almost these labels.
fn near(view: &View<'_>, service: &Object, miss: &explain::NearMiss, report: &mut Report<'_>) {
    let selector = Path::new("spec.selector");
    let Some(pod) = view.cluster.store().get(&miss.pod) else { return };
    let source = view.source(pod);
    let wanted = service.map(&["spec", "selector"]).map(shown).unwrap_or_default();
    let path = match &miss.lacks[..] {
        [one] => selector.key(&one.key),
        _ => selector,
    };
    let hint = "Selector and labels have to be equal, letter by letter. Change one of the two.";
    let diagnostic = report.warn(path, format!("No pod has {wanted}; {}.", miss.words()), hint);
    diagnostic.related(source.object.clone(), source.path("metadata.labels"), miss.words());
    let Some((title, fixed)) = mended(service, &miss.lacks) else { return };
    let at = match &miss.lacks[..] {
        [Lack { key, has: Some(_), .. }] => (Path::new("spec.selector").key(key), fixed.get(key).cloned()),
        _ => (Path::new("spec.selector"), Some(fixed.into())),
    };
    diagnostic.fix_at(title, at.0, at.1);
}

/// The selector that picks the pod, when every lack has a counterpart among the pod's labels.
fn mended(service: &Object, lacks: &[Lack]) -> Option<(String, api::Map<String, Value>)> {
    let mut selector = service.map(&["spec", "selector"])?.clone();
    for lack in lacks {
        let (key, value) = match (&lack.has, &lack.instead) {
            (Some(has), _) => (&lack.key, has),
            (None, Some((key, value))) => (key, value),
            (None, None) => return None,
        };
        selector.remove(&lack.key);
        selector.insert(key.clone(), value.as_str().into());
    }
    Some((format!("Select {}", shown(&selector)), selector))
}

/// A selector as `kubectl get svc -o wide` shows it.
fn shown(selector: &api::Map<String, Value>) -> String {
    let pairs: Vec<String> =
        selector.iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect();
    pairs.join(",")
}

#[cfg(test)]
mod tests {
    use crate::testing::{deployment, lines, pod, said, service};

    const CODE: &str = "no-pod-selected";

    fn web(labels: &str) -> Vec<String> {
        lines(CODE, &(pod("web", labels, "nginx") + &service("web", "selector: {app: web}, ports: [{port: 80}]")))
    }

    #[test]
    fn a_selector_that_picks_a_pod_is_fine() {
        assert_eq!(web("app: web, tier: front"), [""; 0]);
    }

    #[test]
    fn the_nearest_miss_is_named_and_mended() {
        assert_eq!(
            web("app: wbe"),
            [
                r#"spec.selector[app]: No pod has app=web; pod web has app=wbe, not app=web. [spec.selector[app] -> "wbe"]"#
            ]
        );
        assert_eq!(
            web("run: web"),
            [
                r#"spec.selector[app]: No pod has app=web; pod web has run=web, not app=web. [spec.selector -> {"run":"web"}]"#
            ]
        );
    }

    #[test]
    fn what_is_far_away_is_no_miss() {
        assert_eq!(web("app: shop"), ["spec.selector: No pod has app=web."]);
        assert_eq!(web(""), ["spec.selector: No pod has app=web."]);
    }

    #[test]
    fn two_labels_are_judged_one_by_one() {
        let said = said(
            CODE,
            &(pod("web", "app: web, tier: fornt", "nginx")
                + &service("web", "selector: {app: web, tier: front}, ports: [{port: 80}]")),
        );
        assert_eq!(said[0].path.to_string(), "spec.selector[tier]");
        assert_eq!(said[0].related.as_ref().unwrap().words, "pod web has tier=fornt, not tier=front");
    }

    #[test]
    fn the_labels_of_a_deployment_are_not_its_pods() {
        let yaml = deployment("web", "app: web", "run: front", "nginx")
            + &service("web", "selector: {app: web}, ports: [{port: 80}]");
        let said = said(CODE, &yaml);
        assert_eq!(said[0].message, "No pod has app=web; only Deployment web itself has these labels.");
        let related = said[0].related.as_ref().unwrap();
        assert_eq!(related.path.to_string(), "spec.template.metadata.labels");
    }

    #[test]
    fn a_near_miss_of_a_deployments_pod_points_to_the_template() {
        let yaml =
            deployment("web", "", "app: wbe", "nginx") + &service("web", "selector: {app: web}, ports: [{port: 80}]");
        let said = said(CODE, &yaml);
        let related = said[0].related.as_ref().unwrap();
        assert_eq!(related.object.to_string(), "Deployment default/web");
        assert_eq!(related.path.to_string(), "spec.template.metadata.labels");
    }

    #[test]
    fn a_pod_of_another_namespace_is_found() {
        let yaml = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n".to_owned()
            + &pod("web", "app: web", "nginx").replace("{name: web", "{namespace: shop, name: web")
            + &service("web", "selector: {app: web}, ports: [{port: 80}]");
        assert_eq!(
            lines(CODE, &yaml),
            ["spec.selector: No pod in namespace default has app=web; pod web in namespace shop does."]
        );
    }

    #[test]
    fn a_deployment_of_no_pods_is_said_so() {
        let idle = deployment("web", "", "app: web", "nginx").replace("spec:\n  sel", "spec:\n  replicas: 0\n  sel");
        let yaml = idle + &service("web", "selector: {app: web}, ports: [{port: 80}]");
        assert_eq!(lines(CODE, &yaml), ["spec.selector: Deployment web matches the selector but is scaled to 0."]);
    }

    #[test]
    fn a_pod_that_only_starts_counts() {
        let yaml =
            pod("web", "app: web", "no-such-image") + &service("web", "selector: {app: web}, ports: [{port: 80}]");
        assert_eq!(lines(CODE, &yaml), [""; 0]);
    }
}
