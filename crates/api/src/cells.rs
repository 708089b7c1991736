//! What table cells of several kinds share. Models helpers of `pkg/printers/internalversion`.

use crate::arrange::Arrange;
use serde_json::{Map, Value};

use crate::Object;
use crate::kind::{Column, cell_text};
use crate::labels::LabelSelector;

/// The names of a pod template's containers (`-o wide`).
pub(crate) const CONTAINERS: Column =
    Column { name: "CONTAINERS", wide: true, cell: |object, _| of_containers(object, "name") };

/// The images of a pod template's containers (`-o wide`).
pub(crate) const IMAGES: Column =
    Column { name: "IMAGES", wide: true, cell: |object, _| of_containers(object, "image") };

/// `spec.selector` as kubectl's `-l` would have it (`-o wide`).
pub(crate) const SELECTOR: Column =
    Column { name: "SELECTOR", wide: true, cell: |object, _| label_selector(object.at(&["spec", "selector"])) };

/// A number, 0 when absent.
pub(crate) fn number(object: &Object, path: &[&str]) -> String {
    object.int(path).unwrap_or(0).to_string()
}

/// The text, or `<none>` when it is empty.
pub(crate) fn or_none(text: &str) -> String {
    if text.is_empty() { "<none>".to_owned() } else { text.to_owned() }
}

/// Models `metav1.FormatLabelSelector`.
#[must_use]
pub fn label_selector(selector: Option<&Value>) -> String {
    let Some(selector) = selector else { return "<none>".to_owned() };
    match LabelSelector::read(selector) {
        Ok(selector) => or_none(&selector.to_string()),
        Err(error) => error,
    }
}

/// Models `labels.FormatLabels`.
#[must_use]
pub fn labels(labels: Option<&Map<String, Value>>) -> String {
    let pairs: Vec<String> =
        labels.into_iter().flatten().map(|(key, value)| format!("{key}={}", cell_text(Some(value)))).collect();
    or_none(&pairs.join(","))
}

/// The addresses of a load balancer's status, sorted, each once. Models `loadBalancerStatusStringer` as `-o wide` has it.
pub(crate) fn load_balancer(object: &Object) -> String {
    let mut all: Vec<String> = object
        .list(&["status", "loadBalancer", "ingress"])
        .iter()
        .filter_map(|ingress| ingress.get("ip").or_else(|| ingress.get("hostname")))
        .map(|address| cell_text(Some(address)))
        .collect();
    all.arrange();
    all.dedup();
    all.join(",")
}

fn of_containers(object: &Object, field: &str) -> String {
    let all: Vec<String> = object
        .list(&["spec", "template", "spec", "containers"])
        .iter()
        .map(|container| cell_text(container.get(field)))
        .collect();
    all.join(",")
}
