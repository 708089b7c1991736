//! Labels of nodes that have other names now, and terms that select nothing.

use serde_json::Value;

use crate::tree::{items, map, some, text};
use crate::{Path, names};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Models `deprecatedNodeLabels` of `pkg/api/node`.
const OLD_LABELS: [(&str, &str, &str); 5] = [
    ("beta.kubernetes.io/arch", "v1.14", "kubernetes.io/arch"),
    ("beta.kubernetes.io/os", "v1.14", "kubernetes.io/os"),
    ("failure-domain.beta.kubernetes.io/region", "v1.17", "topology.kubernetes.io/region"),
    ("failure-domain.beta.kubernetes.io/zone", "v1.17", "topology.kubernetes.io/zone"),
    ("beta.kubernetes.io/instance-type", "v1.17", "node.kubernetes.io/instance-type"),
];

fn deprecated(label: &str) -> Option<String> {
    let (_, since, instead) = OLD_LABELS.iter().find(|(old, ..)| *old == label)?;
    Some(format!("deprecated since {since}; use \"{instead}\" instead"))
}

pub(super) fn labels(spec: &Value, path: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    for (key, _) in map(spec, "nodeSelector").into_iter().flatten() {
        warnings.extend(deprecated(key).map(|why| format!("{}: {why}", path.child("nodeSelector").key(key))));
    }
    if let Some(affinity) = some(spec, "affinity").and_then(|affinity| some(affinity, "nodeAffinity")) {
        let path = path.child("affinity").child("nodeAffinity");
        let required = affinity.get(REQUIRED).unwrap_or(&Value::Null);
        for (path, term) in items(required, "nodeSelectorTerms", &path.child(REQUIRED)) {
            warnings.extend(of_term(term, false, &path));
        }
        for (path, term) in items(affinity, PREFERRED, &path) {
            let preference = term.get("preference").unwrap_or(&Value::Null);
            warnings.extend(of_term(preference, true, &path.child("preference")));
        }
    }
    for (path, constraint) in items(spec, "topologySpreadConstraints", path) {
        let key = text(constraint, "topologyKey");
        warnings.extend(deprecated(key).map(|why| format!("{}: {key} is {why}", path.child("topologyKey"))));
        warnings.extend(selects_nothing(constraint, &path));
    }
    warnings
}

/// Models `GetWarningsForNodeSelectorTerm`.
fn of_term(term: &Value, values_too: bool, path: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    for (path, expression) in items(term, "matchExpressions", path) {
        let key = text(expression, "key");
        warnings.extend(deprecated(key).map(|why| format!("{}: {key} is {why}", path.child("key"))));
        for (path, value) in items(expression, "values", &path).filter(|_| values_too) {
            let value = value.as_str().unwrap_or_default();
            let wrong = names::is_label_value(value).into_iter();
            warnings.extend(wrong.map(|why| format!("{path}: {value} is invalid, {why}")));
        }
    }
    warnings
}

/// Models `warningsForPodAffinityTerms` and `warningsForWeightedPodAffinityTerms`.
pub(super) fn neighbours(spec: &Value, path: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    let Some(affinity) = some(spec, "affinity") else { return warnings };
    for field in ["podAffinity", "podAntiAffinity"] {
        let terms = affinity.get(field).unwrap_or(&Value::Null);
        let path = path.child("affinity").child(field);
        warnings.extend(items(terms, REQUIRED, &path).filter_map(|(path, term)| selects_nothing(term, &path)));
        for (path, weighted) in items(terms, PREFERRED, &path) {
            let term = weighted.get("podAffinityTerm").unwrap_or(&Value::Null);
            warnings.extend(selects_nothing(term, &path.child("podAffinityTerm")));
        }
    }
    warnings
}

fn selects_nothing(term: &Value, path: &Path) -> Option<String> {
    let nothing = some(term, "labelSelector").is_none();
    nothing.then(|| format!("{}: a null labelSelector results in matching no pod", path.child("labelSelector")))
}
