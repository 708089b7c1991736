//! What containers and pods ask for and may use. Models `validateResourceRequirements`.

use serde_json::Value;

use crate::quantity::Quantity;
use crate::tree::{items, map, some, text};
use crate::{ErrorList, FieldError, Path, names};

/// Names that only quotas use are standard too, but not for containers.
const QUOTAS: [&str; 17] = [
    "configmaps",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
    "storage",
];

/// Those of one container.
pub(super) fn validate(container: &Value, path: &Path) -> ErrorList {
    let resources = container.get("resources").unwrap_or(&Value::Null);
    let path = path.child("resources");
    let mut errors = requirements(resources, container_resource, &path);
    for (path, claim) in items(resources, "claims", &path) {
        if text(claim, "name").is_empty() {
            errors.push(FieldError::required(&path, ""));
        }
    }
    errors
}

/// Those of the whole pod. Models `validatePodResources`; what the containers ask for together is not added up.
pub(super) fn of_pod(spec: &Value, path: &Path) -> ErrorList {
    let Some(resources) = some(spec, "resources") else { return Vec::new() };
    let path = path.child("resources");
    let mut errors = Vec::new();
    if some(resources, "claims").is_some() {
        let detail = "claims cannot be set for Resources at pod-level";
        errors.push(FieldError::forbidden(&path.child("claims"), detail));
    }
    errors.extend(requirements(resources, pod_resource, &path));
    let limits = resources.get("limits").unwrap_or(&Value::Null);
    for (at, container) in items(spec, "containers", &path) {
        let own = container.get("resources").and_then(|resources| map(resources, "limits"));
        for (name, amount) in own.into_iter().flatten() {
            let (Some(own), Ok(of_pod)) = (quantity(amount), Quantity::parse(text(limits, name))) else { continue };
            if own.compare(&of_pod).is_gt() {
                let detail = format!("must be less than or equal to pod limits of {of_pod}");
                errors.push(FieldError::invalid(&at.key(name).child("limits"), own.to_string(), detail));
            }
        }
    }
    errors
}

/// Models `validateResourceRequirements`.
fn requirements(resources: &Value, name_rule: fn(&str, &Path) -> ErrorList, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let (limits_path, requests_path) = (path.child("limits"), path.child("requests"));
    let limits = resources.get("limits").unwrap_or(&Value::Null);
    let (mut plain, mut huge) = (false, false);
    for (field, path) in [("limits", &limits_path), ("requests", &requests_path)] {
        for (name, amount) in map(resources, field).into_iter().flatten() {
            let path = path.key(name);
            errors.extend(name_rule(name, &path));
            let Some(amount) = quantity(amount) else { continue };
            errors.extend(value(name, &amount, &path));
            plain |= matches!(name.as_str(), "cpu" | "memory");
            huge |= is_huge_page(name);
            if field == "requests" {
                errors.extend(within(name, &amount, limits, &requests_path, &limits_path));
            }
            if is_huge_page(name) && !is_divisible(name, &amount) {
                let detail = format!("{amount} is not positive integer multiple of {name}");
                errors.push(FieldError::invalid(&path, amount.to_string(), detail));
            }
        }
    }
    if huge && !plain {
        errors.push(FieldError::forbidden(path, "HugePages require cpu or memory"));
    }
    errors
}

/// A request must lie within its limit; of what cannot be shared, it must be the limit.
fn within(name: &str, request: &Quantity, limits: &Value, path: &Path, limits_path: &Path) -> Option<FieldError> {
    match Quantity::parse(text(limits, name)) {
        Ok(limit) if !may_overcommit(name) && request.compare(&limit).is_ne() => {
            let detail = format!("must be equal to {name} limit of {limit}");
            Some(FieldError::invalid(path, request.to_string(), detail))
        }
        Ok(limit) if request.compare(&limit).is_gt() => {
            let detail = format!("must be less than or equal to {name} limit of {limit}");
            Some(FieldError::invalid(path, request.to_string(), detail))
        }
        Err(_) if !may_overcommit(name) => {
            Some(FieldError::required(limits_path, "Limit must be set for non overcommitable resources"))
        }
        _ => None,
    }
}

fn quantity(amount: &Value) -> Option<Quantity> {
    Quantity::parse(amount.as_str().unwrap_or_default()).ok()
}

fn is_huge_page(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Models `helper.IsHugePageResourceValueDivisible`.
fn is_divisible(name: &str, amount: &Quantity) -> bool {
    let page = name.strip_prefix("hugepages-").and_then(|size| Quantity::parse(size).ok());
    page.is_some_and(|page| {
        let whole = page.signum() > 0 && page.milli_value() % 1000 == 0;
        whole && page.value() != 0 && amount.value() % page.value() == 0
    })
}

/// Models `helper.IsNativeResource`.
fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// Models `helper.IsExtendedResourceName`.
fn is_extended(name: &str) -> bool {
    let quota = format!("requests.{name}");
    !is_native(name) && !name.starts_with("requests.") && names::is_qualified_name(&quota).is_empty()
}

/// Models `helper.IsOvercommitAllowed`: devices and huge pages are there or not.
fn may_overcommit(name: &str) -> bool {
    is_native(name) && !is_huge_page(name)
}

/// Models `validateContainerResourceName`.
fn container_resource(name: &str, path: &Path) -> ErrorList {
    let mut errors = resource_name(name, path);
    let of_containers = matches!(name, "cpu" | "memory" | "ephemeral-storage") || is_huge_page(name);
    if !name.contains('/') {
        if !of_containers {
            errors.push(FieldError::invalid(path, name, "must be a standard resource for containers"));
        }
    } else if !is_native(name) && !is_extended(name) {
        errors.push(FieldError::invalid(path, name, "doesn't follow extended resource name standard"));
    }
    errors
}

/// Models `validatePodResourceName`.
fn pod_resource(name: &str, path: &Path) -> ErrorList {
    let errors = resource_name(name, path);
    if errors.is_empty() && !matches!(name, "cpu" | "memory") && !is_huge_page(name) {
        return vec![FieldError::not_supported(path, name, &["cpu", "memory"])];
    }
    errors
}

/// Models `validateResourceName`.
fn resource_name(name: &str, path: &Path) -> ErrorList {
    let details = names::is_qualified_name(name);
    let known = matches!(name, "cpu" | "memory" | "ephemeral-storage")
        || is_huge_page(name)
        || name.starts_with("requests.hugepages-")
        || QUOTAS.contains(&name);
    if details.is_empty() && !name.contains('/') && !known {
        return vec![FieldError::invalid(path, name, "must be a standard resource type or fully qualified")];
    }
    details.into_iter().map(|detail| FieldError::invalid(path, name, detail)).collect()
}

/// Models `ValidateResourceQuantityValue`.
fn value(name: &str, amount: &Quantity, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if amount.signum() < 0 {
        errors.push(FieldError::invalid(path, amount.to_string(), "must be greater than or equal to 0"));
    }
    if is_extended(name) && amount.milli_value() % 1000 != 0 {
        errors.push(FieldError::invalid(path, amount.to_string(), "must be an integer"));
    }
    errors
}
