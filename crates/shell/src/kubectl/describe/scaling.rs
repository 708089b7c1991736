//! HorizontalPodAutoscalers. Models `describeHorizontalPodAutoscalerV2`.

use api::{Object, Value};

use super::{Text, View, list, time, word};

pub(super) fn describe(scaler: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.identity(scaler);
    text.field(0, "CreationTimestamp", time(scaler.at(&["metadata", "creationTimestamp"])));
    let target = |field: &str| scaler.str(&["spec", "scaleTargetRef", field]);
    text.field(0, "Reference", format!("{}/{}", target("kind"), target("name")));
    text.field(0, "Metrics", "( current / target )");
    let current = scaler.list(&["status", "currentMetrics"]);
    for (at, metric) in scaler.list(&["spec", "metrics"]).iter().enumerate() {
        text.line(1, self::metric(metric, current.get(at).unwrap_or(&Value::Null)));
    }
    let number = |path: &[&str]| scaler.int(path).map(|number| number.to_string());
    text.field(0, "Min replicas", number(&["spec", "minReplicas"]).unwrap_or_else(|| "<unset>".to_owned()));
    text.field(0, "Max replicas", number(&["spec", "maxReplicas"]).unwrap_or_default());
    if let Some(behavior) = scaler.at(&["spec", "behavior"]) {
        text.line(0, "Behavior:");
        for (title, field) in [("Scale Up", "scaleUp"), ("Scale Down", "scaleDown")] {
            if let Some(rules) = behavior.get(field) {
                direction(&mut text, title, rules);
            }
        }
    }
    let count = |field: &str| scaler.int(&["status", field]).unwrap_or(0);
    let (now, wanted) = (count("currentReplicas"), count("desiredReplicas"));
    text.field(0, &format!("{} pods", target("kind")), format!("{now} current / {wanted} desired"));
    let conditions = scaler.list(&["status", "conditions"]);
    if !conditions.is_empty() {
        text.line(0, "Conditions:");
        text.line(1, "Type\tStatus\tReason\tMessage");
        text.line(1, "----\t------\t------\t-------");
        for condition in conditions {
            text.line(1, ["type", "status", "reason", "message"].map(|field| word(condition, field)).join("\t"));
        }
    }
    text.events(scaler, view);
    text
}

/// One metric: what it is, what it is now and what it should be.
fn metric(metric: &Value, current: &Value) -> String {
    let kind = word(metric, "type");
    let field = format!("{}{}", kind.get(..1).unwrap_or_default().to_lowercase(), kind.get(1..).unwrap_or_default());
    let none = Value::Null;
    let (spec, now) = (metric.get(&field).unwrap_or(&none), current.get(&field).unwrap_or(&none));
    let words = |value: &Value, path: &str| value.pointer(path).map(api::go::format);
    let now_is = |path: &str| words(now, path).unwrap_or_else(|| "<unknown>".to_owned());
    let name = words(spec, "/metric/name").map(|name| api::field::go_quote(&name)).unwrap_or_default();
    let average = words(spec, "/target/averageValue");
    let value = || words(spec, "/target/value").unwrap_or_default();
    match (kind.as_str(), average) {
        ("External", Some(target)) => {
            format!("{name} (target average value):\t{} / {target}", now_is("/current/averageValue"))
        }
        ("External", None) => format!("{name} (target value):\t{} / {}", now_is("/current/value"), value()),
        ("Pods", target) => {
            format!("{name} on pods:\t{} / {}", now_is("/current/averageValue"), target.unwrap_or_default())
        }
        ("Object", target) => {
            let of = |field: &str| words(spec, &format!("/describedObject/{field}")).unwrap_or_default();
            let head = format!("{name} on {}/{}   ", of("kind"), of("name")).trim_end().to_owned();
            match target {
                Some(target) => {
                    format!("{head} (target average value):\t{} / {target}", now_is("/current/averageValue"))
                }
                None => format!("{head} (target value):\t{} / {}", now_is("/current/value"), value()),
            }
        }
        ("Resource" | "ContainerResource", target) => {
            let container = word(spec, "container");
            let of = if container.is_empty() { container } else { format!(" of container {container:?}") };
            let head = format!("resource {}{of} on pods", word(spec, "name"));
            if let Some(target) = target {
                return format!("{head}:\t{} / {target}", now_is("/current/averageValue"));
            }
            let used = words(now, "/current/averageUtilization").map_or_else(
                || "<unknown>".to_owned(),
                |used| format!("{used}% ({})", words(now, "/current/averageValue").unwrap_or_default()),
            );
            let wanted = words(spec, "/target/averageUtilization");
            let wanted = wanted.map_or_else(|| "<auto>".to_owned(), |wanted| format!("{wanted}%"));
            format!("{head}  (as a percentage of request):\t{used} / {wanted}")
        }
        _ => format!("<unknown metric type {}>", api::field::go_quote(&kind)),
    }
}

/// Models `printDirectionBehavior`.
fn direction(text: &mut Text, title: &str, rules: &Value) {
    text.line(1, format!("{title}:"));
    if let Some(window) = rules.get("stabilizationWindowSeconds") {
        text.line(2, format!("Stabilization Window: {window} seconds"));
    }
    let policies = list(rules, "policies");
    if policies.is_empty() {
        return;
    }
    let select = word(rules, "selectPolicy");
    text.line(2, format!("Select Policy: {}", if select.is_empty() { "Max" } else { &select }));
    text.line(2, "Policies:");
    for policy in policies {
        let (kind, value, period) = (word(policy, "type"), word(policy, "value"), word(policy, "periodSeconds"));
        text.line(3, format!("- Type: {kind}\tValue: {value}\tPeriod: {period} seconds"));
    }
}
