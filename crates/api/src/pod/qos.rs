//! The quality-of-service class of a pod. Models `pkg/apis/core/v1/helper/qos` `ComputePodQOS`.

use serde_json::Value;

use crate::Object;
use crate::object::lookup;
use crate::quantity::Quantity;

/// `Guaranteed`, `Burstable` or `BestEffort`.
pub(super) fn class(pod: &Object) -> &'static str {
    let containers = pod.list(&["spec", "initContainers"]).iter().chain(pod.list(&["spec", "containers"]));
    let (mut any, mut all) = (false, true);
    for container in containers {
        for resource in ["cpu", "memory"] {
            let amount = |field: &str| {
                let text = lookup(container, &["resources", field, resource]).map(Value::to_string)?;
                Quantity::parse(text.trim_matches('"')).ok()
            };
            let (request, limit) = (amount("requests"), amount("limits"));
            any |= request.is_some() || limit.is_some();
            all &= limit.is_some() && (request.is_none() || request == limit);
        }
    }
    match (any, all) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}
