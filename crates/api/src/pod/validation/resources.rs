//! What a container asks for and may use. Models `ValidateContainerResourceRequirements`.

use serde_json::Value;

use crate::quantity::Quantity;
use crate::tree::{map, text};
use crate::{ErrorList, FieldError, Path, names};

pub(super) fn validate(container: &Value, path: &Path) -> ErrorList {
    let resources = container.get("resources").unwrap_or(&Value::Null);
    let mut errors = Vec::new();
    let limits = resources.get("limits").unwrap_or(&Value::Null);
    for (name, amount) in map(resources, "limits").into_iter().flatten() {
        errors.extend(resource(name, amount, &path.child("limits").key(name)));
    }
    for (name, amount) in map(resources, "requests").into_iter().flatten() {
        errors.extend(resource(name, amount, &path.child("requests").key(name)));
        let (Some(request), limit) = (quantity(amount), Quantity::parse(text(limits, name)).ok()) else { continue };
        let requests = path.child("requests");
        match limit {
            Some(limit) if !may_overcommit(name) && request.compare(&limit).is_ne() => {
                let detail = format!("must be equal to {name} limit of {limit}");
                errors.push(FieldError::invalid(&requests, request.to_string(), detail));
            }
            Some(limit) if request.compare(&limit).is_gt() => {
                let detail = format!("must be less than or equal to {name} limit of {limit}");
                errors.push(FieldError::invalid(&requests, request.to_string(), detail));
            }
            None if !may_overcommit(name) => {
                let detail = "Limit must be set for non overcommitable resources";
                errors.push(FieldError::required(&path.child("limits"), detail));
            }
            _ => {}
        }
    }
    errors
}

fn quantity(amount: &Value) -> Option<Quantity> {
    Quantity::parse(amount.as_str().unwrap_or_default()).ok()
}

/// Extended resources (devices) and huge pages are there or not.
fn may_overcommit(name: &str) -> bool {
    !name.contains('/') && !name.starts_with("hugepages-")
}

fn resource(name: &str, amount: &Value, path: &Path) -> ErrorList {
    let mut errors: ErrorList =
        names::is_qualified_name(name).into_iter().map(|detail| FieldError::invalid(path, name, detail)).collect();
    let of_containers = matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-");
    if errors.is_empty() && !name.contains('/') && !of_containers {
        // Names that only quotas use are standard, and then not for containers.
        if !matches!(name, "storage" | "pods" | "services" | "secrets" | "configmaps") {
            errors.push(FieldError::invalid(path, name, "must be a standard resource type or fully qualified"));
        }
        errors.push(FieldError::invalid(path, name, "must be a standard resource for containers"));
    }
    if let Some(amount) = quantity(amount).filter(|amount| amount.signum() < 0) {
        errors.push(FieldError::invalid(path, amount.to_string(), "must be greater than or equal to 0"));
    }
    let whole = name.contains('/') && !name.contains("kubernetes.io/");
    if let Some(amount) = quantity(amount).filter(|amount| whole && amount.milli_value() % 1000 != 0) {
        errors.push(FieldError::invalid(path, amount.to_string(), "must be an integer"));
    }
    errors
}
