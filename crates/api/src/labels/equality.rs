//! Label selectors: the equality map of a Service, `metav1.LabelSelector`, and kubectl's `-l` grammar.

use serde_json::{Map, Value};

/// Whether every pair of an equality selector (a Service's `spec.selector`) is among the labels.
///
/// Models apimachinery `labels.SelectorFromSet`. An empty selector matches everything; what an *absent* selector
/// means is the caller's business.
#[must_use]
pub fn matches_equality(selector: &Map<String, Value>, labels: Option<&Map<String, Value>>) -> bool {
    selector.iter().all(|(key, value)| labels.and_then(|labels| labels.get(key)) == Some(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_pair_must_match() {
        let labels = json!({"app": "web", "tier": "front"});
        for (selector, want) in [
            (json!({"app": "web"}), true),
            (json!({"app": "web", "tier": "back"}), false),
            (json!({"run": "web"}), false),
            (json!({}), true),
        ] {
            let selector = selector.as_object().unwrap();
            assert_eq!(matches_equality(selector, labels.as_object()), want, "{selector:?}");
        }
        assert!(!matches_equality(json!({"a": "b"}).as_object().unwrap(), None));
    }
}
