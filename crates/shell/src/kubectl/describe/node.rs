//! Nodes. Models `describeNode`.

use std::collections::BTreeSet;
use std::sync::Arc;

use api::arrange::Arrange;
use api::quantity::Quantity;
use api::{Map, Object, Value};

use super::{Text, View, list, or_none, time, word};

pub(super) fn describe(node: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.field(0, "Name", node.name());
    text.field(0, "Roles", or_none(&roles(node)));
    text.marks(node);
    text.field(0, "CreationTimestamp", time(node.at(&["metadata", "creationTimestamp"])));
    let mut taints: Vec<&Value> = node.list(&["spec", "taints"]).iter().collect();
    taints.arrange_by_key(|taint| format!("{},{}", word(taint, "effect"), word(taint, "key")));
    text.many("Taints", &taints.into_iter().map(taint).collect::<Vec<_>>());
    text.field(0, "Unschedulable", node.bool(&["spec", "unschedulable"]).to_string());
    // Nobody renews leases here.
    let lease = format!("leases.coordination.k8s.io {} not found", api::field::go_quote(node.name()));
    text.field(0, "Lease", format!("Failed to get lease: {lease}"));
    conditions(&mut text, node);
    text.line(0, "Addresses:");
    for address in node.list(&["status", "addresses"]) {
        text.field(1, &word(address, "type"), word(address, "address"));
    }
    for (title, field) in [("Capacity", "capacity"), ("Allocatable", "allocatable")] {
        if let Some(resources) = node.map(&["status", field]).filter(|resources| !resources.is_empty()) {
            text.line(0, format!("{title}:"));
            resources.iter().for_each(|(name, amount)| text.field(1, name, api::go::format(amount)));
        }
    }
    text.line(0, "System Info:");
    for (title, field) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ] {
        text.field(1, title, node.str(&["status", "nodeInfo", field]));
    }
    text.field_if(0, "PodCIDR", node.str(&["spec", "podCIDR"]));
    let networks: Vec<String> = node.list(&["spec", "podCIDRs"]).iter().map(api::go::format).collect();
    text.field_if(0, "PodCIDRs", &networks.join(","));
    text.field_if(0, "ProviderID", node.str(&["spec", "providerID"]));
    pods(&mut text, node, view);
    text.events(node, view);
    text
}

/// Models `findNodeRoles`.
fn roles(node: &Object) -> String {
    let mut roles = BTreeSet::new();
    for (key, value) in node.string_map(&["metadata", "labels"]) {
        match key.strip_prefix("node-role.kubernetes.io/") {
            Some(role) if !role.is_empty() => drop(roles.insert(role)),
            None if key == "kubernetes.io/role" && !value.is_empty() => drop(roles.insert(value)),
            _ => {}
        }
    }
    roles.into_iter().collect::<Vec<_>>().join(",")
}

/// `key=value:Effect`. Models `Taint.ToString`.
fn taint(taint: &Value) -> String {
    let (key, value, effect) = (word(taint, "key"), word(taint, "value"), word(taint, "effect"));
    match (value.as_str(), effect.as_str()) {
        ("", "") => key,
        ("", effect) => format!("{key}:{effect}"),
        (value, "") => format!("{key}={value}:"),
        (value, effect) => format!("{key}={value}:{effect}"),
    }
}

fn conditions(text: &mut Text, node: &Object) {
    let all = node.list(&["status", "conditions"]);
    if all.is_empty() {
        return;
    }
    text.line(0, "Conditions:");
    text.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    text.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for c in all {
        let (beat, change) = (time(c.get("lastHeartbeatTime")), time(c.get("lastTransitionTime")));
        let (kind, status, reason, message) =
            (word(c, "type"), word(c, "status"), word(c, "reason"), word(c, "message"));
        text.line(1, format!("{kind} \t{status} \t{beat} \t{change} \t{reason} \t{message}"));
    }
}

/// Models `describeNodeResource`.
fn pods(text: &mut Text, node: &Object, view: &View<'_>) {
    let here = |pod: &&Arc<Object>| {
        pod.str(&["spec", "nodeName"]) == node.name()
            && !matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed")
    };
    let pods: Vec<&Arc<Object>> = view.cluster.list(&api::pod::KIND, None).filter(here).collect();
    text.field(0, "Non-terminated Pods", format!("({} in total)", pods.len()));
    text.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    text.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    let none = Map::new();
    let capacity = node.map(&["status", "allocatable"]).or_else(|| node.map(&["status", "capacity"])).unwrap_or(&none);
    let allocatable = |name: &str| amount(capacity, name);
    let share = |used: i128, name: &str| match allocatable(name) {
        0 => 0,
        all => used * 100 / all,
    };
    let shown = |used: i128, name: &str| format!("{} ({}%)", words(used, name), share(used, name));
    let mut totals = [0i128; 6];
    for pod in pods {
        let used = |list: &str, name: &str| of_pod(pod, list, name);
        for (at, name) in ["cpu", "memory", "ephemeral-storage"].iter().enumerate() {
            totals[at * 2] += used("requests", name);
            totals[at * 2 + 1] += used("limits", name);
        }
        let cells = [
            shown(used("requests", "cpu"), "cpu"),
            shown(used("limits", "cpu"), "cpu"),
            shown(used("requests", "memory"), "memory"),
            shown(used("limits", "memory"), "memory"),
        ];
        let age = api::kind::age(pod.creation_timestamp(), view.now);
        text.line(1, format!("{}\t{}\t\t{}\t{age}", pod.namespace(), pod.name(), cells.join("\t")));
    }
    text.line(0, "Allocated resources:");
    text.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)");
    text.line(1, "Resource\tRequests\tLimits");
    text.line(1, "--------\t--------\t------");
    for (at, name) in ["cpu", "memory", "ephemeral-storage"].iter().enumerate() {
        text.line(1, format!("{name}\t{}\t{}", shown(totals[at * 2], name), shown(totals[at * 2 + 1], name)));
    }
    for name in capacity.keys().filter(|name| name.starts_with("hugepages-")) {
        text.line(1, format!("{name}\t0 (0%)\t0 (0%)"));
    }
}

/// What a pod asks for: its containers together, or its greatest init container. Models `PodRequests` and `PodLimits`.
fn of_pod(pod: &Object, field: &str, name: &str) -> i128 {
    let none = Map::new();
    let one = |container: &Value| {
        let resources = container.get("resources").and_then(|all| all.get(field)?.as_object());
        amount(resources.unwrap_or(&none), name)
    };
    let spec = pod.at(&["spec"]).unwrap_or(&Value::Null);
    let together: i128 = list(spec, "containers").iter().map(one).sum();
    let stays = |container: &&Value| word(container, "restartPolicy") == "Always";
    let beside: i128 = list(spec, "initContainers").iter().filter(stays).map(one).sum();
    let first = list(spec, "initContainers").iter().filter(|container| !stays(container)).map(one).max();
    (together + beside).max(first.unwrap_or(0) + beside)
}

/// An amount: CPU in thousandths, the rest as it is.
fn amount(resources: &Map<String, Value>, name: &str) -> i128 {
    let quantity = resources.get(name).map(api::go::format).and_then(|text| Quantity::parse(&text).ok());
    let number = |quantity: Quantity| if name == "cpu" { quantity.milli_value() } else { quantity.value() };
    quantity.map_or(0, |quantity| number(quantity).into())
}

/// A sum as a quantity prints itself: thousandths of CPUs, bytes in powers of 1024.
fn words(sum: i128, name: &str) -> String {
    if name == "cpu" {
        return if sum % 1000 == 0 { (sum / 1000).to_string() } else { format!("{sum}m") };
    }
    let (mut number, mut unit) = (sum, 0);
    const UNITS: [&str; 5] = ["", "Ki", "Mi", "Gi", "Ti"];
    while number != 0 && number % 1024 == 0 && unit + 1 < UNITS.len() {
        number /= 1024;
        unit += 1;
    }
    format!("{number}{}", UNITS[unit])
}
