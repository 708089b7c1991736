//! `nodeSelector` and node affinity. Models `k8s.io/component-helpers/scheduling/corev1/nodeaffinity`.

use api::{Object, Value};

/// The field of an affinity that must be met.
pub(super) const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
/// The field of an affinity that should be met.
pub(super) const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Whether a pod may run on a node: all of its selector and one term of its required affinity are met.
pub(super) fn matches(node: &Object, pod: &Object) -> bool {
    if let Some(wanted) = pod.map(&["spec", "nodeSelector"])
        && !api::labels::matches_equality(wanted, node.labels())
    {
        return false;
    }
    let Some(required) = pod.at(&["spec", "affinity", "nodeAffinity", REQUIRED]) else { return true };
    let terms = required.get("nodeSelectorTerms").and_then(Value::as_array);
    terms.into_iter().flatten().any(|term| meets(node, term))
}

/// Whether a pod's affinity names the nodes it may run on, as a daemon's does.
pub(super) fn names_nodes(pod: &Object) -> bool {
    let terms = pod.list(&["spec", "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms"]);
    !terms.is_empty() && terms.iter().all(|term| term.get("matchFields").is_some())
}

/// How much a node is preferred.
pub(super) fn preference(node: &Object, pod: &Object) -> i64 {
    let preferred = pod.list(&["spec", "affinity", "nodeAffinity", PREFERRED]).iter();
    let met = preferred.filter(|one| one.get("preference").is_some_and(|term| meets(node, term)));
    met.filter_map(|one| one.get("weight")?.as_i64()).sum()
}

/// Whether a node meets all of a term; an empty term is met by none.
fn meets(node: &Object, term: &Value) -> bool {
    let list = |field: &str| term.get(field).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let (expressions, fields) = (list("matchExpressions"), list("matchFields"));
    let label = |key: &str| node.labels().and_then(|labels| labels.get(key)?.as_str());
    let field = |key: &str| (key == "metadata.name").then(|| node.name());
    (!expressions.is_empty() || !fields.is_empty())
        && expressions.iter().all(|one| holds(one, &label))
        && fields.iter().all(|one| holds(one, &field))
}

fn holds<'a>(requirement: &Value, of: &dyn Fn(&str) -> Option<&'a str>) -> bool {
    let text = |field: &str| requirement.get(field).and_then(Value::as_str).unwrap_or_default();
    let values = || requirement.get("values").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let found = of(text("key"));
    let number = |text: &str| text.parse::<i64>().ok();
    let compared = || Some((found.and_then(number)?, values().next().and_then(number)?));
    match text("operator") {
        "In" => found.is_some_and(|found| values().any(|value| value == found)),
        "NotIn" => found.is_none_or(|found| values().all(|value| value != found)),
        "Exists" => found.is_some(),
        "DoesNotExist" => found.is_none(),
        "Gt" => compared().is_some_and(|(found, value)| found > value),
        "Lt" => compared().is_some_and(|(found, value)| found < value),
        _ => false,
    }
}
