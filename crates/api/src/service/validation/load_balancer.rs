//! Fields that only a load balancer has.

use serde_json::Value;

use super::texts;
use crate::service::needs::service_type;
use crate::{ErrorList, FieldError, Object, Path, ip, names};

const ONLY: &str = "may only be used when `type` is 'LoadBalancer'";
/// The older form of `loadBalancerSourceRanges`.
const SOURCE_RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";

fn is_load_balancer(service: &Object) -> bool {
    service_type(service) == "LoadBalancer"
}

/// The ranges in the field, or else in the annotation; the path of the field really begins with a capital.
pub(super) fn source_ranges(service: &Object, old: Option<&Object>) -> ErrorList {
    let ranges = texts(service, "loadBalancerSourceRanges");
    let mut errors = Vec::new();
    if !ranges.is_empty() {
        let path = Path::new("spec.LoadBalancerSourceRanges");
        if !is_load_balancer(service) {
            errors.push(FieldError::forbidden(&path, ONLY));
        }
        let accepted = old.map(|old| texts(old, "loadBalancerSourceRanges")).unwrap_or_default();
        let accepted: Vec<String> = accepted.iter().map(|range| range.trim().to_owned()).collect();
        for (index, range) in ranges.iter().enumerate() {
            errors.extend(ip::validate_cidr(&path.index(index), range.trim(), &accepted));
        }
        return errors;
    }
    let Some(ranges) = service.annotation(SOURCE_RANGES) else { return errors };
    let path = Path::new("metadata.annotations").key(SOURCE_RANGES);
    if !is_load_balancer(service) {
        errors.push(FieldError::forbidden(&path, ONLY));
    }
    let unchanged = old.and_then(|old| old.annotation(SOURCE_RANGES)) == Some(ranges);
    if !unchanged && !ranges.trim().is_empty() {
        errors.extend(ranges.split(',').flat_map(|range| ip::validate_cidr(&path, range.trim(), &[])));
    }
    errors
}

/// `allocateLoadBalancerNodePorts`; where it is missing, upstream gives the path without `spec`.
pub(super) fn node_port_allocation(service: &Object) -> ErrorList {
    const FIELD: &str = "allocateLoadBalancerNodePorts";
    match (is_load_balancer(service), service.at(&["spec", FIELD])) {
        (false, Some(_)) => vec![FieldError::forbidden(&Path::new("spec").child(FIELD), ONLY)],
        (true, None) => vec![FieldError::required(&Path::new(FIELD), "")],
        _ => Vec::new(),
    }
}

/// Models `validateLoadBalancerClassField`.
pub(super) fn class(service: &Object, old: Option<&Object>) -> ErrorList {
    let path = Path::new("spec.loadBalancerClass");
    let class = service.at(&["spec", "loadBalancerClass"]);
    let mut errors = Vec::new();
    if !is_load_balancer(service) {
        return class.map(|_| FieldError::forbidden(&path, ONLY)).into_iter().collect();
    }
    if let Some(old) = old.filter(|old| is_load_balancer(old))
        && old.at(&["spec", "loadBalancerClass"]) != class
    {
        errors.push(FieldError::invalid(&path, class.cloned().unwrap_or_default(), "may not change once set"));
    }
    if let Some(class) = class.and_then(Value::as_str) {
        for detail in names::is_qualified_name(class) {
            errors.push(FieldError::invalid(&path, class, detail));
        }
    }
    errors
}
