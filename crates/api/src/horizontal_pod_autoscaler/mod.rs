//! HorizontalPodAutoscaler: how many pods a workload may have. It is stored; nothing measures here.

mod validation;

use serde_json::{Value, json};

use crate::Object;
use crate::cells::number;
use crate::kind::{AGE, Column, Kind, NAME, Plain, cell_text};
use crate::object::lookup;

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "autoscaling",
    version: "v2",
    kind: "HorizontalPodAutoscaler",
    plural: "horizontalpodautoscalers",
    singular: "horizontalpodautoscaler",
    short_names: &["hpa"],
    categories: &["all"],
    namespaced: true,
    strategy: &Plain {
        generation: false,
        status: r#"{"currentMetrics": null, "desiredReplicas": 0}"#,
        default: defaults,
        validate: validation::autoscaler,
        ..Plain::SPEC
    },
    columns: &[
        NAME,
        Column { name: "REFERENCE", wide: false, cell: |object, _| reference(object) },
        Column { name: "TARGETS", wide: false, cell: |object, _| targets(object) },
        Column { name: "MINPODS", wide: false, cell: |object, _| minimum(object) },
        Column { name: "MAXPODS", wide: false, cell: |object, _| number(object, &["spec", "maxReplicas"]) },
        Column { name: "REPLICAS", wide: false, cell: |object, _| number(object, &["status", "currentReplicas"]) },
        AGE,
    ],
};

/// Models `SetDefaults_HorizontalPodAutoscaler` of `pkg/apis/autoscaling/v2`.
fn defaults(object: &mut Object) {
    object.or_insert(&["spec", "minReplicas"], 1);
    if object.list(&["spec", "metrics"]).is_empty() {
        let resource = json!({"name": "cpu", "target": {"averageUtilization": 80, "type": "Utilization"}});
        object.set(&["spec", "metrics"], json!([{"resource": resource, "type": "Resource"}]));
    }
    // Models `GenerateHPAScaleUpRules` and `GenerateHPAScaleDownRules`.
    for (direction, window, policies) in [
        (
            "scaleUp",
            json!(0),
            json!([
                {"type": "Pods", "value": 4, "periodSeconds": 15},
                {"type": "Percent", "value": 100, "periodSeconds": 15}
            ]),
        ),
        ("scaleDown", Value::Null, json!([{"type": "Percent", "value": 100, "periodSeconds": 15}])),
    ] {
        if object.at(&["spec", "behavior"]).is_none() {
            return;
        }
        let rules = |field| ["spec", "behavior", direction, field];
        if !window.is_null() {
            object.or_insert(&rules("stabilizationWindowSeconds"), window);
        }
        object.or_insert(&rules("selectPolicy"), "Max");
        object.or_insert(&rules("policies"), policies);
    }
}

fn reference(object: &Object) -> String {
    let text = |field: &str| object.str(&["spec", "scaleTargetRef", field]);
    format!("{}/{}", text("kind"), text("name"))
}

fn minimum(object: &Object) -> String {
    object.int(&["spec", "minReplicas"]).map_or_else(|| "<unset>".to_owned(), |count| count.to_string())
}

/// Models `formatHPAMetrics`, as long as nothing was measured.
fn targets(object: &Object) -> String {
    const MOST: usize = 2;
    let metrics = object.list(&["spec", "metrics"]);
    let shown: Vec<String> = metrics.iter().take(MOST).map(target).collect();
    match metrics.len() {
        0 => "<none>".to_owned(),
        count if count > MOST => format!("{} + {} more...", shown.join(", "), count - MOST),
        _ => shown.join(", "),
    }
}

fn target(metric: &Value) -> String {
    let text = |path: &[&str]| cell_text(lookup(metric, path));
    let first = |field: &str, names: &[&str]| {
        names.iter().map(|name| text(&[field, "target", name])).find(|text| !text.is_empty()).unwrap_or_default()
    };
    match text(&["type"]).as_str() {
        "Resource" | "ContainerResource" => {
            let field = if metric.get("resource").is_some() { "resource" } else { "containerResource" };
            let utilization = text(&[field, "target", "averageUtilization"]);
            let wanted = match utilization.as_str() {
                "" => first(field, &["averageValue"]),
                percent => format!("{percent}%"),
            };
            format!("{}: <unknown>/{wanted}", text(&[field, "name"]))
        }
        "External" => format!("<unknown>/{}", first("external", &["averageValue", "value"])),
        "Pods" => format!("<unknown>/{}", first("pods", &["averageValue"])),
        "Object" => format!("<unknown>/{}", first("object", &["averageValue", "value"])),
        _ => "<unknown type>".to_owned(),
    }
}
