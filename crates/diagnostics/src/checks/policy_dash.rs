//! A dash too many in a NetworkPolicy: two items mean "or" where one item with both selectors means "and".

use api::{Kind, Object, Path, Value};

use super::Check;
use crate::{Report, View};

pub(super) struct PolicyDash;

impl Check for PolicyDash {
    fn code(&self) -> &'static str {
        "policy-dash"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::network_policy::KIND
    }

    fn check(&self, _: &View<'_>, policy: &Object, report: &mut Report<'_>) {
        for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
            for (at, rule) in policy.list(&["spec", rules]).iter().enumerate() {
                let Some(items) = rule.get(peers).and_then(Value::as_array) else { continue };
                let alone = |field: &str| {
                    let only = |item: &Value| item.as_object().is_some_and(|m| m.len() == 1 && m.contains_key(field));
                    items.iter().position(only)
                };
                let (Some(namespaces), Some(pods)) = (alone("namespaceSelector"), alone("podSelector")) else {
                    continue;
                };
                if namespaces.abs_diff(pods) != 1 {
                    continue;
                }
                let list = Path::new("spec").child(rules).index(at).child(peers);
                let word = if rules == "ingress" { "from" } else { "to" };
                report
                    .hint(
                        list.index(namespaces.max(pods)),
                        format!(
                            "These are two items: traffic {word} every pod of the one, or {word} the pods of the other in \
                             namespace {}.",
                            policy.namespace()
                        ),
                        "Only if both selectors stand in one item, below one dash, they have to fit together.",
                    )
                    .fix_at("Join the two items", list, Some(joined(items, namespaces, pods)));
            }
        }
    }
}

/// The list with the two items made one.
fn joined(items: &[Value], namespaces: usize, pods: usize) -> Value {
    let mut items = items.to_vec();
    let second = items.remove(namespaces.max(pods));
    let both = items.get_mut(namespaces.min(pods)).and_then(Value::as_object_mut);
    if let (Some(both), Some(second)) = (both, second.as_object()) {
        both.extend(second.clone());
    }
    Value::Array(items)
}

#[cfg(test)]
mod tests {
    use crate::testing::{lines, policy};

    fn of(from: &str) -> Vec<String> {
        lines("policy-dash", &policy("p", &format!("podSelector: {{}}, ingress: [{{from: [{from}]}}]")))
    }

    #[test]
    fn one_item_is_fine() {
        assert_eq!(of("{namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}"), [""; 0]);
        assert_eq!(of("{podSelector: {matchLabels: {a: b}}}, {podSelector: {matchLabels: {a: c}}}"), [""; 0]);
    }

    #[test]
    fn two_items_are_told_and_joined() {
        assert_eq!(
            of("{namespaceSelector: {}}, {podSelector: {matchLabels: {a: b}}}"),
            [
                "spec.ingress[0].from[1]: These are two items: traffic from every pod of the one, or from the pods of the \
              other in namespace default. [spec.ingress[0].from -> \
              [{\"namespaceSelector\":{},\"podSelector\":{\"matchLabels\":{\"a\":\"b\"}}}]]"
            ]
        );
    }
}
