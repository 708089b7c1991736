//! What is wrong with an Ingress. Models `pkg/apis/networking/validation`.

use serde_json::Value;

use super::CLASS_ANNOTATION;
use crate::tree::{each_invalid, int, items, list, some, text};
use crate::{ErrorList, FieldError, Object, Path, ip, names};

pub(super) fn ingress(ingress: &Object, old: Option<&Object>) -> ErrorList {
    let path = Path::new("spec");
    let spec = ingress.at(&["spec"]).unwrap_or(&Value::Null);
    let mut errors = Vec::new();
    let class = text(spec, "ingressClassName");
    let default = some(spec, "defaultBackend");
    if list(spec, "rules").is_empty() && default.is_none() {
        let detail = "either `defaultBackend` or `rules` must be specified";
        errors.push(FieldError::invalid(&path, Value::Null, detail));
    }
    errors.extend(default.map(|one| backend(one, &path.child("defaultBackend"))).into_iter().flatten());
    for (path, one) in items(spec, "rules", &path) {
        errors.extend(rule(one, &path));
    }
    for (path, tls) in items(spec, "tls", &path) {
        for (path, host) in items(tls, "hosts", &path) {
            let host = host.as_str().unwrap_or_default();
            errors.extend(each_invalid(&path, host, dns_name(host)));
        }
        let secret = text(tls, "secretName");
        if !secret.is_empty() {
            errors.extend(each_invalid(&path.child("secretName"), secret, names::is_dns1123_subdomain(secret)));
        }
    }
    if some(spec, "ingressClassName").is_some() {
        errors.extend(each_invalid(&path.child("ingressClassName"), class, names::is_dns1123_subdomain(class)));
        let annotation = ingress.annotation(CLASS_ANNOTATION);
        if let Some(annotation) = annotation.filter(|annotation| old.is_none() && *annotation != class) {
            // The path really lacks `metadata`.
            let path = Path::new("annotations").child(CLASS_ANNOTATION);
            let detail = "must match `ingressClassName` when both are specified";
            errors.push(FieldError::invalid(&path, annotation, detail));
        }
    }
    errors
}

fn dns_name(host: &str) -> Vec<String> {
    if host.contains('*') { names::is_wildcard_dns1123_subdomain(host) } else { names::is_dns1123_subdomain(host) }
}

fn rule(rule: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let host = text(rule, "host");
    if !host.is_empty() {
        if ip::parse_sloppy(host).is_some() {
            let detail = "must be a DNS name, not an IP address";
            errors.push(FieldError::invalid(&path.child("host"), host, detail));
        }
        errors.extend(each_invalid(&path.child("host"), host, dns_name(host)));
    }
    if let Some(http) = some(rule, "http") {
        let path = path.child("http");
        if list(http, "paths").is_empty() {
            errors.push(FieldError::required(&path.child("paths"), ""));
        }
        for (path, one) in items(http, "paths", &path) {
            errors.extend(http_path(one, &path));
        }
    }
    errors
}

/// Models `validateHTTPIngressPath`.
fn http_path(value: &Value, path: &Path) -> ErrorList {
    let url = text(value, "path");
    let url_path = path.child("path");
    let mut errors = Vec::new();
    let relative = !url.starts_with('/');
    match value.get("pathType").and_then(Value::as_str) {
        None => return vec![FieldError::required(&path.child("pathType"), "pathType must be specified")],
        Some("Exact" | "Prefix") => {
            if relative {
                errors.push(FieldError::invalid(&url_path, url, "must be an absolute path"));
            }
            for sequence in ["//", "/./", "/../", "%2f", "%2F"].into_iter().filter(|sequence| url.contains(sequence)) {
                errors.push(FieldError::invalid(&url_path, url, format!("must not contain '{sequence}'")));
            }
            for suffix in ["/..", "/."].into_iter().filter(|suffix| url.ends_with(suffix)) {
                errors.push(FieldError::invalid(&url_path, url, format!("cannot end with '{suffix}'")));
            }
        }
        Some("ImplementationSpecific") if !url.is_empty() && relative => {
            errors.push(FieldError::invalid(&url_path, url, "must be an absolute path"));
        }
        Some("ImplementationSpecific") => {}
        Some(other) => {
            let known = ["Exact", "ImplementationSpecific", "Prefix"];
            errors.push(FieldError::not_supported(&path.child("pathType"), other, &known));
        }
    }
    errors.extend(backend(value.get("backend").unwrap_or(&Value::Null), &path.child("backend")));
    errors
}

/// Models `validateIngressBackend`.
fn backend(backend: &Value, path: &Path) -> ErrorList {
    match (some(backend, "resource"), some(backend, "service")) {
        (Some(_), Some(_)) => vec![FieldError::invalid(path, "", "cannot set both resource and service backends")],
        (Some(resource), None) => resource_backend(resource, &path.child("resource")),
        (None, Some(service)) => service_backend(service, path),
        (None, None) => vec![FieldError::invalid(path, "", "resource or service backend is required")],
    }
}

/// Models `validateIngressTypedLocalObjectReference`.
pub(crate) fn resource_backend(resource: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if let Some(group) = resource.get("apiGroup").and_then(Value::as_str) {
        errors.extend(each_invalid(&path.child("apiGroup"), group, names::is_dns1123_subdomain(group)));
    }
    for field in ["kind", "name"] {
        let value = text(resource, field);
        if value.is_empty() {
            errors.push(FieldError::required(&path.child(field), ""));
        } else {
            errors.extend(each_invalid(&path.child(field), value, names::is_path_segment(value)));
        }
    }
    errors
}

fn service_backend(service: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let service_path = path.child("service");
    let name = text(service, "name");
    if name.is_empty() {
        errors.push(FieldError::required(&service_path.child("name"), ""));
    } else {
        errors.extend(each_invalid(&service_path.child("name"), name, names::is_dns1123_label(name)));
    }
    let port = service.get("port").unwrap_or(&Value::Null);
    let port_path = service_path.child("port");
    match (text(port, "name"), int(port, "number").unwrap_or(0)) {
        ("", 0) => errors.push(FieldError::required(path, "port name or number is required")),
        (name, 0) => errors.extend(each_invalid(&port_path.child("name"), name, names::is_valid_port_name(name))),
        ("", number) => {
            for detail in names::is_valid_port_num(number) {
                errors.push(FieldError::invalid(&port_path.child("number"), number, detail));
            }
        }
        _ => errors.push(FieldError::invalid(path, "", "cannot set both port name & port number")),
    }
    errors
}
