//! NetworkPolicies as gates before and behind a pod.

use api::labels::LabelSelector;
use api::{Object, Value};

use crate::figure::{Gate, GateState};
use crate::look::Look;

/// The gates of a pod: one for each direction that some policy selects it for.
pub(super) fn of(look: &Look<'_>, pod: &Object) -> Vec<Gate> {
    let policies: Vec<&Object> = look
        .cluster
        .list(&api::network_policy::KIND, Some(pod.namespace()))
        .map(AsRef::as_ref)
        .filter(|policy| selects(policy, pod))
        .collect();
    let both = [(true, "Ingress", "ingress"), (false, "Egress", "egress")];
    both.into_iter()
        .filter_map(|(inward, word, field)| {
            let judging: Vec<&Object> = policies
                .iter()
                .copied()
                .filter(|policy| policy.list(&["spec", "policyTypes"]).iter().any(|t| t == word))
                .collect();
            let names: Vec<&str> = judging.iter().map(|policy| policy.name()).collect();
            let rules = judging.iter().any(|policy| !policy.list(&["spec", field]).is_empty());
            let (state, how) = match (look.cluster.settings().network_policies, rules) {
                (false, _) => (GateState::Ignored, "which this cluster's network plugin ignores"),
                (true, true) => (GateState::Some, "only what a rule allows"),
                (true, false) => (GateState::Closed, "nothing"),
            };
            let what = if inward { "lets in" } else { "lets out" };
            let plural = if names.len() == 1 { "NetworkPolicy" } else { "NetworkPolicies" };
            let words = match state {
                GateState::Ignored => format!("{plural} {}, {how}", names.join(", ")),
                _ => format!("{plural} {} {what} {how}", names.join(", ")),
            };
            (!names.is_empty()).then_some(Gate { inward, state, words })
        })
        .collect()
}

/// Whether a policy is about a pod. Without a selector it is about every pod of its namespace.
fn selects(policy: &Object, pod: &Object) -> bool {
    let selector = policy.at(&["spec", "podSelector"]).unwrap_or(&Value::Null);
    selector.is_null() || LabelSelector::read(selector).is_ok_and(|selector| selector.matches(pod.labels()))
}
