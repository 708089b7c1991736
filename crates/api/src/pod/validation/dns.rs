//! How a pod resolves names.

use serde_json::Value;

use crate::tree::{items, list, one_of, some, text};
use crate::{ErrorList, FieldError, Path, ip, names};

const MAX_NAMESERVERS: usize = 3;
const MAX_SEARCHES: usize = 32;
/// Of all search domains together, the blanks between them included.
const MAX_SEARCH_BYTES: usize = 2048;

/// Models `validateDNSPolicy`.
pub(super) fn policy(spec: &Value, path: &Path) -> Option<FieldError> {
    one_of(spec, "dnsPolicy", path, &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"])
}

/// Models `validatePodDNSConfig`.
pub(super) fn config(spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let path = path.child("dnsConfig");
    let config = some(spec, "dnsConfig");
    if text(spec, "dnsPolicy") == "None" {
        match config {
            None => {
                let detail = "must provide `dnsConfig` when `dnsPolicy` is None";
                return vec![FieldError::required(&path, detail)];
            }
            Some(config) if list(config, "nameservers").is_empty() => {
                let detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
                return vec![FieldError::required(&path.child("nameservers"), detail)];
            }
            Some(_) => {}
        }
    }
    let Some(config) = config else { return errors };
    let servers = list(config, "nameservers");
    if servers.len() > MAX_NAMESERVERS {
        let detail = format!("must not have more than {MAX_NAMESERVERS} nameservers");
        errors.push(FieldError::invalid(&path.child("nameservers"), servers.to_vec(), detail));
    }
    for (path, server) in items(config, "nameservers", &path) {
        errors.extend(ip::validate_ip(&path, server.as_str().unwrap_or_default(), &[]));
    }
    let searches: Vec<&str> = list(config, "searches").iter().filter_map(Value::as_str).collect();
    if searches.len() > MAX_SEARCHES {
        let detail = format!("must not have more than {MAX_SEARCHES} search paths");
        errors.push(FieldError::invalid(&path.child("searches"), searches.clone(), detail));
    }
    if searches.join(" ").len() > MAX_SEARCH_BYTES {
        let detail =
            format!("must not have more than {MAX_SEARCH_BYTES} characters (including spaces) in the search list");
        errors.push(FieldError::invalid(&path.child("searches"), searches.clone(), detail));
    }
    for (index, search) in searches.iter().enumerate().filter(|(_, search)| **search != ".") {
        let name = search.strip_suffix('.').unwrap_or(search).replace('_', "a");
        if !names::is_dns1123_subdomain(&name).is_empty() {
            let detail = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' \
                          or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used \
                          for validation is \
                          '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";
            errors.push(FieldError::invalid(&path.child("searches").index(index), *search, detail));
        }
    }
    for (path, option) in items(config, "options", &path) {
        if text(option, "name").is_empty() {
            errors.push(FieldError::required(&path, "must not be empty"));
        }
    }
    errors
}
