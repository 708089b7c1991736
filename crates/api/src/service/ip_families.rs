//! The IP families of a Service on a cluster that has IPv4 only.
//!
//! Models `initIPFamilyFields` of `pkg/registry/core/service/storage/alloc.go`; it runs before addresses are given out
//! and before validation proper, so its refusals come first.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::needs::service_type;
use super::update::{normalize_cluster_ips, patch_allocated_values};
use super::validation::cluster_ips;
use crate::{ErrorList, FieldError, Object, Path, ip};

/// The one family the cluster has.
const FAMILY: &str = "IPv4";

/// All that comes before allocation: keeps what a change does not name, makes the addresses agree and settles the IP
/// families. Models `beginCreate` and `beginUpdate` up to the allocators.
///
/// # Errors
/// What makes the Service invalid already.
pub fn prepare_allocation(service: &mut Object, old: Option<&Object>) -> Result<(), ErrorList> {
    if let Some(old) = old {
        patch_allocated_values(service, old);
    }
    normalize_cluster_ips(service, old);
    init_ip_families(service, old)
}

fn init_ip_families(service: &mut Object, old: Option<&Object>) -> Result<(), ErrorList> {
    if service_type(service) == "ExternalName" || old.is_some_and(|old| still_prefers_dual_stack(service, old)) {
        return Ok(());
    }
    let headless = service.str(&["spec", "clusterIP"]) == "None";
    let no_selector = service.map(&["spec", "selector"]).is_none_or(serde_json::Map::is_empty);
    if service.at(&["spec", "ipFamilyPolicy"]).is_none() {
        let kept = old.and_then(|old| old.at(&["spec", "ipFamilyPolicy"])).cloned();
        // A headless Service without selector may hold addresses of any family.
        let policy = if headless && no_selector { "RequireDualStack" } else { "SingleStack" };
        service.set(&["spec", "ipFamilyPolicy"], kept.unwrap_or_else(|| policy.into()));
    }
    refuse_if_any(cluster_ips::validate(service, old))?;
    let mut errors = Vec::new();
    if let Some(old) = old {
        errors.extend(release_secondary(service, old));
    }
    errors.extend(too_many_for_single_stack(service));
    errors.extend(infer_families(service));
    refuse_if_any(errors)?;
    if headless && no_selector {
        headless_families(service);
        return Ok(());
    }
    let mut errors = Vec::new();
    if policy(service) == "RequireDualStack" {
        let detail = "this cluster is not configured for dual-stack services";
        errors.push(FieldError::invalid(&Path::new("spec.ipFamilyPolicy"), policy(service), detail));
    }
    for (index, family) in service.list(&["spec", "ipFamilies"]).iter().enumerate() {
        if family != FAMILY {
            let path = Path::new("spec.ipFamilies").index(index);
            errors.push(FieldError::invalid(&path, family.clone(), "not configured on this cluster"));
        }
    }
    refuse_if_any(errors)?;
    if service.list(&["spec", "ipFamilies"]).is_empty() {
        service.set(&["spec", "ipFamilies"], json!([FAMILY]));
    }
    Ok(())
}

fn refuse_if_any(errors: ErrorList) -> Result<(), ErrorList> {
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn policy(service: &Object) -> &str {
    service.str(&["spec", "ipFamilyPolicy"])
}

/// Models `isMatchingPreferDualStackClusterIPFields`.
fn still_prefers_dual_stack(service: &Object, old: &Object) -> bool {
    let unchanged = ["type", "selector", "clusterIPs", "ipFamilies"];
    policy(service) == "PreferDualStack"
        && policy(old) == "PreferDualStack"
        && unchanged.iter().all(|field| service.at(&["spec", field]) == old.at(&["spec", field]))
}

/// A change to one family lets the second address and family go; any other policy may not lose them.
fn release_secondary(service: &mut Object, old: &Object) -> ErrorList {
    let mut errors = Vec::new();
    let single = policy(service) == "SingleStack";
    for (field, what) in [("clusterIPs", "cluster IP"), ("ipFamilies", "IP family")] {
        let (new, had) = (service.list(&["spec", field]), old.list(&["spec", field]));
        if single {
            if new == had && new.len() > 1 {
                let first: Vec<Value> = new.iter().take(1).cloned().collect();
                service.set(&["spec", field], first);
            }
        } else if !new.is_empty() && new.len() < had.len() {
            let detail = format!("must be 'SingleStack' to release the secondary {what}");
            errors.push(FieldError::invalid(&Path::new("spec.ipFamilyPolicy"), policy(service), detail));
        }
    }
    errors
}

fn too_many_for_single_stack(service: &Object) -> ErrorList {
    let fields = [("clusterIPs", "cluster IPs"), ("ipFamilies", "IP families")];
    let two = fields.into_iter().filter(|(field, _)| service.list(&["spec", field]).len() == 2);
    two.filter(|_| policy(service) == "SingleStack")
        .map(|(_, what)| {
            let detail = format!("must be 'RequireDualStack' or 'PreferDualStack' when multiple {what} are specified");
            FieldError::invalid(&Path::new("spec.ipFamilyPolicy"), policy(service), detail)
        })
        .collect()
}

/// Families that are not named follow from the addresses.
fn infer_families(service: &mut Object) -> ErrorList {
    let mut errors = Vec::new();
    let ips = service.list(&["spec", "clusterIPs"]).to_vec();
    let mut families = service.list(&["spec", "ipFamilies"]).to_vec();
    let named = families.len();
    for (index, text) in ips.iter().enumerate() {
        let text = text.as_str().unwrap_or_default();
        if text == "None" {
            break;
        }
        let is_ipv4 = matches!(ip::parse_sloppy(text), Some(IpAddr::V4(_)));
        if index < families.len() {
            continue;
        }
        if is_ipv4 {
            families.push(FAMILY.into());
        } else {
            let path = Path::new("spec.clusterIPs").index(index);
            errors.push(FieldError::invalid(&path, ips.clone(), "IPv6 is not configured on this cluster"));
        }
    }
    if families.len() > named {
        service.set(&["spec", "ipFamilies"], families);
    }
    errors
}

fn headless_families(service: &mut Object) {
    let mut families = service.list(&["spec", "ipFamilies"]).to_vec();
    if families.is_empty() {
        families.push(FAMILY.into());
    }
    if families.len() < 2 && policy(service) != "SingleStack" {
        let other = if families.first().is_some_and(|family| family == "IPv4") { "IPv6" } else { "IPv4" };
        families.push(other.into());
    }
    service.set(&["spec", "ipFamilies"], families);
}
