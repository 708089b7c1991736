//! Cluster IPs and IP families: what fits together, what may change.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::Value;

use super::texts;
use crate::service::needs::{is_headless, service_type};
use crate::{ErrorList, FieldError, Object, Path, ip};

/// Models `ValidateServiceClusterIPsRelatedFields`; it also runs before allocation.
pub(crate) fn validate(service: &Object, old: Option<&Object>) -> ErrorList {
    if service_type(service) == "ExternalName" {
        return Vec::new();
    }
    let path = Path::new("spec.clusterIPs");
    let ips = texts(service, "clusterIPs");
    let list = || Value::from(ips.clone());
    let mut errors = Vec::new();
    match (service.str(&["spec", "clusterIP"]), ips.first()) {
        ("", None) => {}
        ("", Some(_)) => {
            errors.push(FieldError::invalid(&path, list(), "must be empty when `clusterIP` is not specified"));
        }
        (_, None) => errors.push(FieldError::required(&path, "")),
        (ip, Some(first)) if ip != first => {
            errors.push(FieldError::invalid(&path, list(), "first value must match `clusterIP`"));
        }
        _ => {}
    }
    errors.extend(families(service));
    errors.extend(policy(service));
    let malformed = well_formed(&ips, &path, old);
    let any_malformed = !malformed.is_empty();
    errors.extend(malformed);
    if ips.len() > 2 {
        errors.push(FieldError::invalid(&path, list(), "may only hold up to 2 values"));
    }
    if any_malformed {
        return errors;
    }
    let ipv6 = ips.iter().filter(|ip| is_ipv6(ip)).count();
    if ips.len() > 1 && (ipv6 == 0 || ipv6 == ips.len()) {
        errors.push(FieldError::invalid(&path, list(), "may specify no more than one IP for each IP family"));
    }
    if !is_headless(service) {
        for (index, (ip, family)) in ips.iter().zip(texts(service, "ipFamilies")).enumerate() {
            let other = (family == "IPv4" && is_ipv6(ip)) || (family == "IPv6" && !is_ipv6(ip));
            if other {
                let detail = format!("expected an {family} value as indicated by `ipFamilies[{index}]`");
                errors.push(FieldError::invalid(&path.index(index), ip.as_str(), detail));
            }
        }
    }
    errors
}

fn families(service: &Object) -> ErrorList {
    let mut seen = BTreeSet::new();
    let mut errors = Vec::new();
    for (index, family) in texts(service, "ipFamilies").into_iter().enumerate() {
        let path = Path::new("spec.ipFamilies").index(index);
        if !matches!(family.as_str(), "IPv4" | "IPv6") {
            errors.push(FieldError::not_supported(&path, family.as_str(), &["IPv4", "IPv6"]));
        }
        if !seen.insert(family.clone()) {
            errors.push(FieldError::duplicate(&path, family));
        }
    }
    errors
}

fn policy(service: &Object) -> ErrorList {
    const POLICIES: [&str; 3] = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    let policy = service.at(&["spec", "ipFamilyPolicy"]).and_then(Value::as_str);
    let unknown = policy.filter(|policy| !POLICIES.contains(policy));
    let path = Path::new("spec.ipFamilyPolicy");
    unknown.map(|policy| FieldError::not_supported(&path, policy, &POLICIES)).into_iter().collect()
}

fn well_formed(ips: &[String], path: &Path, old: Option<&Object>) -> ErrorList {
    let accepted = old.map(|old| texts(old, "clusterIPs")).unwrap_or_default();
    let mut errors = Vec::new();
    for (index, text) in ips.iter().enumerate() {
        if index > 0 || text != "None" {
            errors.extend(ip::validate_ip(&path.index(index), text, &accepted));
        } else if ips.len() > 1 {
            errors.push(FieldError::invalid(path, ips.to_vec(), "'None' must be the first and only value"));
        }
    }
    errors
}

/// Models `validateUpgradeDowngradeClusterIPs`.
pub(super) fn validate_change(service: &Object, old: &Object) -> ErrorList {
    let either_external = [service, old].iter().any(|one| service_type(one) == "ExternalName");
    if either_external || (is_headless(old) && is_headless(service)) {
        return Vec::new();
    }
    let (new, had) = (texts(service, "clusterIPs"), texts(old, "clusterIPs"));
    let path = Path::new("spec.clusterIPs");
    let changed = |index: usize| FieldError::invalid(&path.index(index), new.clone(), "may not change once set");
    let first_changed = new.first().zip(had.first()).is_some_and(|(new, had)| new != had);
    let mut errors = Vec::new();
    if new.len() == had.len() {
        let differ = new.iter().zip(&had).enumerate().filter(|(_, (new, had))| new != had);
        errors.extend(differ.map(|(index, _)| changed(index)));
        return errors;
    }
    if new.is_empty() {
        errors.push(FieldError::invalid(&path.index(0), Value::Null, "primary clusterIP can not be unset"));
    }
    if first_changed {
        errors.push(changed(0));
    }
    if new.len() < had.len() && new.len() == 1 {
        errors.extend(released_without_policy(service, "clusterIP"));
    }
    errors
}

/// Models `validateUpgradeDowngradeIPFamilies`; like upstream, it shows the addresses where families are meant.
pub(super) fn validate_family_change(service: &Object, old: &Object) -> ErrorList {
    let either_external = [service, old].iter().any(|one| service_type(one) == "ExternalName");
    if either_external || is_headless(old) || is_headless(service) {
        return Vec::new();
    }
    let (new, had) = (texts(service, "ipFamilies"), texts(old, "ipFamilies"));
    let path = Path::new("spec.ipFamilies").index(0);
    if new.len() == had.len() {
        let differ = new.iter().zip(&had).filter(|(new, had)| new != had);
        return differ.map(|_| FieldError::invalid(&path, new.clone(), "may not change once set")).collect();
    }
    let ips = texts(service, "clusterIPs");
    let mut errors = Vec::new();
    if new.len() < had.len() && ips.is_empty() {
        errors.push(FieldError::invalid(&path, new.clone(), "primary ipFamily can not be unset"));
    }
    if new.first().zip(had.first()).is_some_and(|(new, had)| new != had) {
        errors.push(FieldError::invalid(&path, ips, "may not change once set"));
    }
    if new.len() < had.len() && new.len() == 1 {
        errors.extend(released_without_policy(service, "ipFamily"));
    }
    errors
}

fn released_without_policy(service: &Object, what: &str) -> Option<FieldError> {
    let policy = service.at(&["spec", "ipFamilyPolicy"]).cloned().unwrap_or_default();
    let detail = format!("must be set to 'SingleStack' when releasing the secondary {what}");
    (policy != "SingleStack").then(|| FieldError::invalid(&Path::new("spec.ipFamilyPolicy"), policy, detail))
}

fn is_ipv6(text: &str) -> bool {
    matches!(ip::parse_sloppy(text), Some(IpAddr::V6(_)))
}
