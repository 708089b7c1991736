//! `metav1.LabelSelector`: what workloads and policies select pods with.

use std::fmt;

use crate::arrange::Arrange;
use serde_json::{Map, Value};

use super::{Operator, Requirement, Selector};

/// A `matchLabels` and `matchExpressions` pair, read once and matched often.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LabelSelector {
    selector: Selector,
}

impl LabelSelector {
    /// Reads one. Models apimachinery `metav1.LabelSelectorAsSelector`.
    ///
    /// # Errors
    /// When an operator is unknown, in upstream's words.
    pub fn read(value: &Value) -> Result<Self, String> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut requirements = Vec::new();
        for (key, value) in value.get("matchLabels").and_then(Value::as_object).into_iter().flatten() {
            let values = vec![text(Some(value))];
            requirements.push(Requirement { key: key.clone(), operator: Operator::Equals, values });
        }
        for expression in value.get("matchExpressions").and_then(Value::as_array).into_iter().flatten() {
            let operator = match text(expression.get("operator")).as_str() {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                other => {
                    return Err(format!("{} is not a valid label selector operator", crate::field::go_quote(other)));
                }
            };
            let mut values: Vec<String> = expression
                .get("values")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(|value| text(Some(value)))
                .collect();
            values.arrange();
            values.dedup();
            requirements.push(Requirement { key: text(expression.get("key")), operator, values });
        }
        requirements.arrange_by(|a, b| a.key.cmp(&b.key));
        Ok(Self { selector: Selector { requirements } })
    }

    /// Whether labels meet it. An empty selector selects everything.
    #[must_use]
    pub fn matches(&self, labels: Option<&Map<String, Value>>) -> bool {
        self.selector.matches(labels)
    }

    /// Whether it selects everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.selector.is_empty()
    }

    /// The requirements it stands for.
    #[must_use]
    pub fn selector(&self) -> &Selector {
        &self.selector
    }
}

impl fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.selector.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_and_expressions_must_all_be_met() {
        let selector = LabelSelector::read(&json!({
            "matchLabels": {"app": "web"},
            "matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["front", "back"]},
                {"key": "old", "operator": "DoesNotExist"},
            ],
        }))
        .unwrap();
        assert_eq!(selector.to_string(), "app=web,!old,tier in (back,front)");
        for (labels, want) in [
            (json!({"app": "web", "tier": "front"}), true),
            (json!({"app": "web", "tier": "data"}), false),
            (json!({"app": "web"}), false),
            (json!({"app": "web", "tier": "back", "old": ""}), false),
        ] {
            assert_eq!(selector.matches(labels.as_object()), want, "{labels}");
        }
        assert!(LabelSelector::read(&json!({"matchExpressions": [{"key": "a", "operator": "Equals"}]})).is_err());
    }
}
