//! Conditions of the form that `metav1.Condition` has. Models `apimachinery/pkg/api/meta` `SetStatusCondition`.

use api::{Value, json};

/// A condition to be set: type, status, reason and message.
pub(super) type Condition<'a> = (&'a str, bool, &'a str, &'a str);

/// Sets conditions; one whose status stays keeps the time of its last transition.
pub(super) fn set(list: &mut Vec<Value>, generation: i64, time: &str, wanted: &[Condition<'_>]) {
    for (name, holds, reason, message) in wanted {
        let word = if *holds { "True" } else { "False" };
        let at = list.iter().position(|c| c["type"] == *name);
        let before = at.map(|at| &list[at]).filter(|c| c["status"] == word);
        let since = before.map_or_else(|| json!(time), |c| c["lastTransitionTime"].clone());
        let condition = json!({
            "lastTransitionTime": since, "message": message, "observedGeneration": generation, "reason": reason,
            "status": word, "type": name,
        });
        match at {
            Some(at) => list[at] = condition,
            None => list.push(condition),
        }
    }
}
