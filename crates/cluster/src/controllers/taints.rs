//! Taints and tolerations. Models `k8s.io/component-helpers/scheduling/corev1/helpers.go` and `toleration.go`.

use api::{Object, Value};

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a toleration tolerates a taint. Models `Toleration.ToleratesTaint`.
pub(super) fn tolerates(toleration: &Value, taint: &Value) -> bool {
    let (key, effect) = (text(toleration, "key"), text(toleration, "effect"));
    if (!effect.is_empty() && effect != text(taint, "effect")) || (!key.is_empty() && key != text(taint, "key")) {
        return false;
    }
    match text(toleration, "operator") {
        "" | "Equal" => text(toleration, "value") == text(taint, "value"),
        "Exists" => true,
        _ => false,
    }
}

/// The first taint of these effects that none of the tolerations tolerates.
pub(super) fn untolerated<'a>(node: &'a Object, tolerations: &[Value], effects: &[&str]) -> Option<&'a Value> {
    let mut taints = node.list(&["spec", "taints"]).iter().filter(|taint| effects.contains(&text(taint, "effect")));
    taints.find(|taint| !tolerations.iter().any(|toleration| tolerates(toleration, taint)))
}

/// The effects that keep new pods away.
pub(super) const KEEPS_AWAY: [&str; 2] = ["NoSchedule", "NoExecute"];
