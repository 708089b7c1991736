//! One selector, two apps: requests come out at one or the other by chance. Two versions of one app are meant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::arrange::Arrange;
use api::{Kind, Object, ObjectKey, Path};

use super::Check;
use crate::view::name;
use crate::words::listed;
use crate::{Report, View};

pub(super) struct TwoWorkloads;

impl Check for TwoWorkloads {
    fn code(&self) -> &'static str {
        "two-workloads"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, view: &View<'_>, service: &Object, report: &mut Report<'_>) {
        let mut apps: BTreeMap<BTreeSet<&str>, (ObjectKey, Vec<&Arc<Object>>)> = BTreeMap::new();
        for pod in view.backends(service) {
            let source = view.source(pod).object;
            apps.entry(images(pod)).or_insert_with(|| (source, Vec::new())).1.push(pod);
        }
        let mut apps: Vec<_> = apps.into_values().collect();
        apps.arrange_by(|a, b| a.0.cmp(&b.0));
        let [(first, mine), (second, others), ..] = &apps[..] else { return };
        let names: Vec<String> = apps.iter().map(|(key, _)| name(key)).collect();
        let hint = match own_label(mine, others).or_else(|| own_label(others, mine)) {
            Some((key, value)) => {
                format!(
                    "Requests come out at either by chance. Select a label that only one has, such as {key}={value}."
                )
            }
            None => {
                "Requests come out at either by chance. Give each app a label of its own, and select that.".to_owned()
            }
        };
        let message = format!("The selector picks pods of {} different apps: {}.", apps.len(), listed(&names));
        let other = if *first.name == *service.name() { second } else { first };
        report.warn(Path::new("spec.selector"), message, hint).related(
            other.clone(),
            Path::new("metadata.labels"),
            format!("{} is selected too", name(other)),
        );
    }
}

/// What a pod runs, without versions.
fn images(pod: &Object) -> BTreeSet<&str> {
    let containers = pod.list(&["spec", "containers"]).iter();
    containers.filter_map(|c| c.get("image")?.as_str()).map(cluster::images::repository).collect()
}

/// A label that all of these pods have and none of the others.
fn own_label<'a>(these: &[&'a Arc<Object>], others: &[&Arc<Object>]) -> Option<(&'a str, &'a str)> {
    let labels = |pod: &'a Arc<Object>| pod.string_map(&["metadata", "labels"]);
    let has = |pod: &Object, key: &str, value: &str| pod.str(&["metadata", "labels", key]) == value;
    labels(these.first()?).into_iter().find(|(key, value)| {
        *key != "pod-template-hash"
            && these.iter().all(|pod| has(pod, key, value))
            && !others.iter().any(|pod| has(pod, key, value))
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::{deployment, said, service};

    const CODE: &str = "two-workloads";

    fn web() -> String {
        service("web", "selector: {app: shop}, ports: [{port: 80}]")
    }

    #[test]
    fn two_versions_of_one_app_are_meant() {
        let canary = deployment("web", "", "app: shop, track: stable", "'nginx:1.27'")
            + &deployment("canary", "", "app: shop, track: canary", "'nginx:1.28'");
        assert_eq!(said(CODE, &(canary + &web())), []);
    }

    #[test]
    fn two_apps_are_not() {
        let both = deployment("web", "", "app: shop, tier: front", "nginx")
            + &deployment("dns", "", "app: shop, tier: names", "registry.k8s.io/coredns/coredns");
        let said = said(CODE, &(both + &web()));
        assert_eq!(said[0].message, "The selector picks pods of 2 different apps: Deployment dns and Deployment web.");
        assert!(said[0].hint.contains("tier=names"), "{}", said[0].hint);
        assert_eq!(said[0].related.as_ref().unwrap().words, "Deployment dns is selected too");
    }
}
