//! Pods and pod templates. Models `describePod` and `DescribePodTemplate`.

use api::arrange::Arrange;
use api::{Object, Value};

use super::{Text, View, containers, controller, list, or_none, time, volumes, word};

pub(super) fn describe(pod: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.head(pod);
    text.known("Priority", pod.at(&["spec", "priority"]));
    text.field_if(0, "Priority Class Name", pod.str(&["spec", "priorityClassName"]));
    text.field_if(0, "Runtime Class Name", pod.str(&["spec", "runtimeClassName"]));
    text.field_if(0, "Service Account", pod.str(&["spec", "serviceAccountName"]));
    let node = pod.str(&["spec", "nodeName"]);
    let host = pod.str(&["status", "hostIP"]);
    text.field(0, "Node", if node.is_empty() { "<none>".to_owned() } else { format!("{node}/{host}") });
    if let Some(start) = pod.at(&["status", "startTime"]) {
        text.field(0, "Start Time", time(Some(start)));
    }
    text.marks(pod);
    status(&mut text, pod, view);
    containers::seccomp(&mut text, pod.at(&["spec", "securityContext"]), 0);
    text.field(0, "IP", pod.str(&["status", "podIP"]));
    let ips = pod.list(&["status", "podIPs"]);
    if ips.is_empty() {
        text.field(0, "IPs", "<none>");
    } else {
        text.line(0, "IPs:");
        ips.iter().for_each(|ip| text.field(1, "IP", word(ip, "ip")));
    }
    controller(&mut text, pod);
    text.field_if(0, "NominatedNodeName", pod.str(&["status", "nominatedNodeName"]));
    if let Some(resources) = pod.at(&["spec", "resources"]) {
        text.line(0, "Resources:");
        containers::resources(&mut text, Some(resources), 1);
    }
    for (title, list, statuses) in [
        ("Init Containers", "initContainers", "initContainerStatuses"),
        ("Containers", "containers", "containerStatuses"),
        ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses"),
    ] {
        let all = pod.list(&["spec", list]);
        if list == "containers" || !all.is_empty() {
            containers::describe(&mut text, title, all, Some((pod, statuses)), "");
        }
    }
    gates(&mut text, pod);
    volumes::describe(&mut text, pod.list(&["spec", "volumes"]), "");
    text.field(0, "QoS Class", pod.str(&["status", "qosClass"]));
    text.labels("Node-Selectors", pod.map(&["spec", "nodeSelector"]));
    text.many("Tolerations", &tolerations(pod.list(&["spec", "tolerations"])));
    spread(&mut text, pod.list(&["spec", "topologySpreadConstraints"]), "");
    text.events(pod, view);
    text
}

/// The description of a template, its cells still parted by tabs: whoever shows one alone does not align them.
#[must_use]
pub fn pod_template(template: &Value) -> String {
    let mut text = Text::default();
    self::template(&mut text, template);
    text.cells()
}

/// The pods that a workload makes. Models `DescribePodTemplate`.
pub(super) fn template(text: &mut Text, template: &Value) {
    text.line(0, "Pod Template:");
    let metadata = |field: &str| template.get("metadata").and_then(|metadata| metadata.get(field)?.as_object());
    text.labels("  Labels", metadata("labels"));
    if let Some(annotations) = metadata("annotations").filter(|annotations| !annotations.is_empty()) {
        text.annotations("  Annotations", Some(annotations));
    }
    let none = Value::Null;
    let spec = template.get("spec").unwrap_or(&none);
    text.field_if(1, "Service Account", &word(spec, "serviceAccountName"));
    let first = list(spec, "initContainers");
    if !first.is_empty() {
        containers::describe(text, "Init Containers", first, None, "  ");
    }
    containers::describe(text, "Containers", list(spec, "containers"), None, "  ");
    volumes::describe(text, list(spec, "volumes"), "  ");
    spread(text, list(spec, "topologySpreadConstraints"), "  ");
    text.field_if(1, "Priority Class Name", &word(spec, "priorityClassName"));
    text.labels("  Node-Selectors", spec.get("nodeSelector").and_then(Value::as_object));
    text.many("  Tolerations", &tolerations(list(spec, "tolerations")));
}

fn status(text: &mut Text, pod: &Object, view: &View<'_>) {
    let phase = pod.str(&["status", "phase"]);
    if pod.is_terminating() && !matches!(phase, "Failed" | "Succeeded") {
        let since = api::kind::age(pod.str(&["metadata", "deletionTimestamp"]), view.now);
        text.field(0, "Status", format!("Terminating (lasts {since})"));
        let grace = pod.int(&["metadata", "deletionGracePeriodSeconds"]).unwrap_or(0);
        text.field(0, "Termination Grace Period", format!("{grace}s"));
    } else {
        text.field(0, "Status", phase);
    }
    text.field_if(0, "Reason", pod.str(&["status", "reason"]));
    text.field_if(0, "Message", pod.str(&["status", "message"]));
}

/// Readiness gates and conditions.
fn gates(text: &mut Text, pod: &Object) {
    let conditions = pod.list(&["status", "conditions"]);
    let gates = pod.list(&["spec", "readinessGates"]);
    if !gates.is_empty() {
        text.line(0, "Readiness Gates:\n  Type\tStatus");
    }
    for gate in gates {
        let kind = word(gate, "conditionType");
        let status = conditions.iter().find(|condition| word(condition, "type") == kind);
        let status = status.map(|condition| word(condition, "status")).unwrap_or_default();
        text.line(1, format!("{kind} \t{} ", or_none(&status)));
    }
    if !conditions.is_empty() {
        text.line(0, "Conditions:");
        text.line(1, "Type\tStatus");
        conditions.iter().for_each(|c| text.line(1, format!("{} \t{} ", word(c, "type"), word(c, "status"))));
    }
}

/// Models `printTolerationsMultilineWithIndent`.
fn tolerations(all: &[Value]) -> Vec<String> {
    let mut all: Vec<&Value> = all.iter().collect();
    all.arrange_by_key(|toleration| word(toleration, "key"));
    all.into_iter().map(toleration).collect()
}

fn toleration(toleration: &Value) -> String {
    let (key, value, effect) = (word(toleration, "key"), word(toleration, "value"), word(toleration, "effect"));
    let operator = word(toleration, "operator");
    let mut line = key.clone();
    if !value.is_empty() {
        line.push_str(&format!("={value}"));
    }
    if !effect.is_empty() {
        line.push_str(&format!(":{effect}"));
    }
    if operator == "Exists" && value.is_empty() {
        line.push_str(if key.is_empty() && effect.is_empty() { "op=Exists" } else { " op=Exists" });
    }
    match toleration.get("tolerationSeconds").and_then(Value::as_i64) {
        Some(seconds) => format!("{line} for {seconds}s"),
        None => line,
    }
}

/// Models `describeTopologySpreadConstraints`.
fn spread(text: &mut Text, all: &[Value], space: &str) {
    let mut all: Vec<&Value> = all.iter().collect();
    all.arrange_by_key(|one| word(one, "topologyKey"));
    for (at, one) in all.into_iter().enumerate() {
        let title = if at == 0 { format!("{space}Topology Spread Constraints:") } else { space.to_owned() };
        let selector = one.get("labelSelector").map(|selector| api::cells::label_selector(Some(selector)));
        let selector = selector.map_or(String::new(), |selector| format!(" for selector {selector}"));
        let (key, when, skew) = (word(one, "topologyKey"), word(one, "whenUnsatisfiable"), word(one, "maxSkew"));
        text.line(0, format!("{title}\t{key}:{when} when max skew {skew} is exceeded{selector}"));
    }
}
