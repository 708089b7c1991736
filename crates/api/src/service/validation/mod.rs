//! What is wrong with a Service. Models `ValidateServiceCreate` and `ValidateServiceUpdate` of
//! `pkg/apis/core/validation/validation.go` (1.36), metadata aside: the same rules in the same order.

pub(super) mod cluster_ips;
mod load_balancer;
mod ports;
mod traffic;

use serde_json::Value;

use super::needs::{is_headless, service_type};
use crate::metadata::validate_labels;
use crate::{ErrorList, FieldError, Object, Path, ip, names};

/// The longest a client may stay with its pod: a day.
const MAX_AFFINITY_SECONDS: i64 = 86_400;

/// What is wrong with a Service; `old` is what it was before a change.
pub(super) fn service(service: &Object, old: Option<&Object>) -> ErrorList {
    let mut errors = topology_annotations(service);
    errors.extend(ports_and_type(service));
    errors.extend(ports::validate(service));
    errors.extend(validate_labels(service.map(&["spec", "selector"]), &Path::new("spec.selector")));
    errors.extend(session_affinity(service));
    errors.extend(cluster_ips::validate(service, old));
    errors.extend(external_ips(service, old));
    errors.extend(known_type(service));
    errors.extend(ports::validate_together(service));
    errors.extend(load_balancer::source_ranges(service, old));
    errors.extend(load_balancer::node_port_allocation(service));
    errors.extend(load_balancer::class(service, None));
    errors.extend(traffic::validate(service));
    errors
}

/// What is wrong with a change.
pub(super) fn update(service: &Object, old: &Object) -> ErrorList {
    let mut errors = cluster_ips::validate_change(service, old);
    errors.extend(cluster_ips::validate_family_change(service, old));
    errors.extend(load_balancer::class(service, Some(old)));
    errors.extend(traffic::validate_change(service, old));
    errors.extend(self::service(service, Some(old)));
    errors
}

fn topology_annotations(service: &Object) -> ErrorList {
    const MODE: &str = "service.kubernetes.io/topology-mode";
    const HINTS: &str = "service.kubernetes.io/topology-aware-hints";
    match (service.annotation(MODE), service.annotation(HINTS)) {
        (Some(mode), Some(hints)) if mode != hints => {
            let detail = format!("must match annotations[{HINTS}] when both are specified");
            vec![FieldError::invalid(&Path::new("metadata.annotations").key(MODE), mode, detail)]
        }
        _ => Vec::new(),
    }
}

/// Which types go without ports and cluster IP.
fn ports_and_type(service: &Object) -> ErrorList {
    let mut errors = Vec::new();
    let headless = is_headless(service);
    let kind = service_type(service);
    if service.list(&["spec", "ports"]).is_empty() && !headless && kind != "ExternalName" {
        errors.push(FieldError::required(&Path::new("spec.ports"), ""));
    }
    match kind {
        "LoadBalancer" | "NodePort" if headless => {
            let detail = format!("may not be set to 'None' for {kind} services");
            errors.push(FieldError::invalid(&Path::new("spec.clusterIPs").index(0), "None", detail));
        }
        "ExternalName" => errors.extend(external_name(service)),
        _ => {}
    }
    errors
}

fn external_name(service: &Object) -> ErrorList {
    let mut errors = Vec::new();
    let given = |field: &str| match service.at(&["spec", field]) {
        Some(Value::Array(list)) => !list.is_empty(),
        other => other.is_some(),
    };
    for field in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
        if given(field) {
            let detail = "may not be set for ExternalName services";
            errors.push(FieldError::forbidden(&Path::new("spec").child(field), detail));
        }
    }
    let path = Path::new("spec.externalName");
    let name = service.str(&["spec", "externalName"]);
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_empty() {
        errors.push(FieldError::required(&path, ""));
    }
    let details = names::is_dns1123_subdomain(name).into_iter().filter(|_| !name.is_empty());
    errors.extend(details.map(|detail| FieldError::invalid(&path, name, detail)));
    errors
}

fn session_affinity(service: &Object) -> ErrorList {
    let mut errors = Vec::new();
    let path = Path::new("spec.sessionAffinity");
    let affinity = service.str(&["spec", "sessionAffinity"]);
    match affinity {
        "" => errors.push(FieldError::required(&path, "")),
        "ClientIP" | "None" => {}
        other => errors.push(FieldError::not_supported(&path, other, &["ClientIP", "None"])),
    }
    let path = Path::new("spec.sessionAffinityConfig");
    match affinity {
        "ClientIP" => errors.extend(affinity_timeout(service, &path)),
        "None" if service.at(&["spec", "sessionAffinityConfig"]).is_some() => {
            errors.push(FieldError::forbidden(&path, "must not be set when session affinity is None"));
        }
        _ => {}
    }
    errors
}

/// Models `validateClientIPAffinityConfig`.
fn affinity_timeout(service: &Object, path: &Path) -> ErrorList {
    const MISSING: &str = "when session affinity type is ClientIP";
    let config = ["spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds"];
    if service.at(&config[..2]).is_none() {
        return vec![FieldError::required(path, MISSING)];
    }
    let path = path.child("clientIP");
    if service.at(&config[..3]).is_none() {
        return vec![FieldError::required(&path, MISSING)];
    }
    let path = path.child("timeoutSeconds");
    match service.int(&config) {
        None => vec![FieldError::required(&path, MISSING)],
        Some(seconds) if (1..=MAX_AFFINITY_SECONDS).contains(&seconds) => Vec::new(),
        Some(seconds) => {
            let detail = format!("must be greater than 0 and less than {MAX_AFFINITY_SECONDS}");
            vec![FieldError::invalid(&path, seconds, detail)]
        }
    }
}

fn external_ips(service: &Object, old: Option<&Object>) -> ErrorList {
    let accepted = old.map(|old| texts(old, "externalIPs")).unwrap_or_default();
    let mut errors = Vec::new();
    for (index, text) in texts(service, "externalIPs").iter().enumerate() {
        let path = Path::new("spec.externalIPs").index(index);
        let malformed = ip::validate_ip(&path, text, &accepted);
        errors.extend(if malformed.is_empty() { ip::validate_endpoint_ip(&path, text) } else { malformed });
    }
    errors
}

fn known_type(service: &Object) -> ErrorList {
    const TYPES: [&str; 4] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    let path = Path::new("spec.type");
    match service_type(service) {
        "" => vec![FieldError::required(&path, "")],
        known if TYPES.contains(&known) => Vec::new(),
        other => vec![FieldError::not_supported(&path, other, &TYPES)],
    }
}

/// A list of strings of the spec.
fn texts(service: &Object, field: &str) -> Vec<String> {
    service.list(&["spec", field]).iter().map(|text| crate::kind::cell_text(Some(text))).collect()
}
