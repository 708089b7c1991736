//! Security contexts, and what else a pod shares with its node.

use serde_json::Value;

use super::paths::local_descending;
use crate::tree::{each_invalid_number, int, is_true, items, list, some, text};
use crate::{ErrorList, FieldError, Path, names};

/// The most of a user's or group's number.
const MAX_ID: i64 = i32::MAX as i64;

/// Models `validatePodSpecSecurityContext`.
pub(super) fn pod(spec: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let Some(context) = some(spec, "securityContext") else { return errors };
    let path = path.child("securityContext");
    for field in ["fsGroup", "runAsUser", "runAsGroup"] {
        errors.extend(id(context, field, &path));
    }
    for (path, group) in items(context, "supplementalGroups", &path) {
        let group = group.as_i64().unwrap_or(0);
        errors.extend(each_invalid_number(&path, group, names::is_in_range(group, 0, MAX_ID)));
    }
    if is_true(spec, "shareProcessNamespace") && is_true(spec, "hostPID") {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        errors.push(FieldError::invalid(&path.child("shareProcessNamespace"), true, detail));
    }
    errors.extend(sysctls(spec, context, &path));
    errors.extend(choice(context, "fsGroupChangePolicy", &["Always", "OnRootMismatch"], &path));
    errors.extend(seccomp(context, &path));
    errors.extend(app_armor(context, &path));
    errors.extend(choice(context, "supplementalGroupsPolicy", &["Merge", "Strict"], &path));
    errors.extend(choice(context, "seLinuxChangePolicy", &["MountOption", "Recursive"], &path));
    errors
}

/// Models `ValidateSecurityContext`; `path` is that of the context.
pub(super) fn container(spec: &Value, container: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let Some(context) = some(container, "securityContext") else { return errors };
    for field in ["runAsUser", "runAsGroup"] {
        errors.extend(id(context, field, path));
    }
    if let Some(mount) = context.get("procMount").and_then(Value::as_str) {
        let path = path.child("procMount");
        if !matches!(mount, "Default" | "Unmasked") {
            errors.push(FieldError::not_supported(&path, mount, &["Default", "Unmasked"]));
        }
        if mount == "Unmasked" && spec.get("hostUsers") != Some(&Value::Bool(false)) {
            errors.push(FieldError::invalid(&path, mount, "`hostUsers` must be false to use `Unmasked`"));
        }
    }
    errors.extend(seccomp(context, path));
    if context.get("allowPrivilegeEscalation") == Some(&Value::Bool(false)) {
        let refuse = |detail: &str| FieldError::invalid(path, context.clone(), detail).showing(shown(context));
        if is_true(context, "privileged") {
            errors.push(refuse("cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
        }
        let added = some(context, "capabilities").map_or(&[][..], |capabilities| list(capabilities, "add"));
        if added.iter().any(|capability| capability == "CAP_SYS_ADMIN") {
            let detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
            errors.push(refuse(detail));
        }
    }
    errors.extend(app_armor(context, path));
    errors
}

/// Models `validateHostUsers`; two of the fields upstream writes in capitals.
pub(super) fn host_users(spec: &Value, path: &Path) -> ErrorList {
    if spec.get("hostUsers") != Some(&Value::Bool(false)) {
        return Vec::new();
    }
    let shared = [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")];
    let shared = shared.into_iter().filter(|(field, _)| is_true(spec, field));
    shared.map(|(_, shown)| FieldError::forbidden(&path.child(shown), "when `pod.Spec.HostUsers` is false")).collect()
}

fn id(context: &Value, field: &str, path: &Path) -> ErrorList {
    let id = int(context, field);
    let wrong = id.map(|id| each_invalid_number(&path.child(field), id, names::is_in_range(id, 0, MAX_ID)));
    wrong.unwrap_or_default()
}

/// A value that may be left out.
fn choice(value: &Value, field: &str, known: &[&str], path: &Path) -> Option<FieldError> {
    let found = value.get(field).and_then(Value::as_str).filter(|found| !known.contains(found))?;
    Some(FieldError::not_supported(&path.child(field), found, known))
}

/// Models `validateSysctls`.
fn sysctls(spec: &Value, context: &Value, path: &Path) -> ErrorList {
    const RULE: &str = "must have at most 253 characters and match regex \
                        ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    const MAX_BYTES: usize = 253;
    let mut errors = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (path, sysctl) in items(context, "sysctls", path) {
        let name = text(sysctl, "name");
        let path = path.child("name");
        let end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let segment = |part: &str| {
            let bytes = part.as_bytes();
            let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
            end(bytes.first()) && end(bytes.last()) && bytes.iter().all(inner)
        };
        if name.is_empty() {
            errors.push(FieldError::required(&path, ""));
        } else if name.len() > MAX_BYTES || !name.split(['.', '/']).all(segment) {
            errors.push(FieldError::invalid(&path, name, RULE));
        } else if !seen.insert(name) {
            errors.push(FieldError::duplicate(&path, name));
        }
        let of_ipc = ["kernel.shm", "kernel.msg", "fs.mqueue."].iter().any(|prefix| name.starts_with(prefix))
            || name == "kernel.sem";
        for (shared, own) in [("hostNetwork", name.starts_with("net.")), ("hostIPC", of_ipc)] {
            if own && is_true(spec, shared) {
                let detail = format!("may not be specified when '{shared}' is true");
                errors.push(FieldError::invalid(&path, name, detail));
                break;
            }
        }
    }
    errors
}

/// Models `validateSeccompProfileField`.
fn seccomp(context: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let Some(profile) = some(context, "seccompProfile") else { return errors };
    let path = path.child("seccompProfile");
    let kind = text(profile, "type");
    match kind {
        "Localhost" | "RuntimeDefault" | "Unconfined" => {}
        "" => {
            errors.push(FieldError::required(&path.child("type"), "type is required when seccompProfile is set"));
        }
        other => {
            let known = ["Localhost", "RuntimeDefault", "Unconfined"];
            errors.push(FieldError::not_supported(&path.child("type"), other, &known));
        }
    }
    let file = profile.get("localhostProfile").and_then(Value::as_str);
    let path = path.child("localhostProfile");
    match file {
        None if kind == "Localhost" => {
            errors.push(FieldError::required(&path, "must be set when seccomp type is Localhost"));
        }
        Some(file) if kind == "Localhost" => errors.extend(local_descending(&path, file)),
        Some(_) => {
            let detail = "can only be set when seccomp type is Localhost";
            errors.push(FieldError::invalid(&path, profile.clone(), detail).showing(members(profile, &PROFILE)));
        }
        None => {}
    }
    errors
}

/// Models `ValidateAppArmorProfileField`.
fn app_armor(context: &Value, path: &Path) -> ErrorList {
    const MAX_BYTES: usize = 4095;
    let mut errors = Vec::new();
    let Some(profile) = some(context, "appArmorProfile") else { return errors };
    let path = path.child("appArmorProfile");
    let file_path = path.child("localhostProfile");
    let file = profile.get("localhostProfile").and_then(Value::as_str);
    match (text(profile, "type"), file) {
        ("Localhost", Some(file)) => {
            if file.trim() != file {
                errors.push(FieldError::invalid(&file_path, file, "must not be padded with whitespace"));
            } else if file.is_empty() {
                errors.push(FieldError::required(&file_path, "must be set when AppArmor type is Localhost"));
            }
            if file.len() > MAX_BYTES {
                errors.push(FieldError::too_long(&file_path, MAX_BYTES));
            }
        }
        ("Localhost", None) => {
            errors.push(FieldError::required(&file_path, "must be set when AppArmor type is Localhost"));
        }
        ("RuntimeDefault" | "Unconfined", Some(file)) => {
            errors.push(FieldError::invalid(&file_path, file, "can only be set when AppArmor type is Localhost"));
        }
        ("RuntimeDefault" | "Unconfined", None) => {}
        ("", _) => {
            errors.push(FieldError::required(&path.child("type"), "type is required when appArmorProfile is set"));
        }
        (other, _) => {
            let known = ["Localhost", "RuntimeDefault", "Unconfined"];
            errors.push(FieldError::not_supported(&path.child("type"), other, &known));
        }
    }
    errors
}

/// The fields of upstream's internal structs, which print without JSON names.
const PROFILE: [(&str, &str); 2] = [("type", "Type"), ("localhostProfile", "LocalhostProfile")];
const CONTEXT: [(&str, &str); 12] = [
    ("capabilities", "Capabilities"),
    ("privileged", "Privileged"),
    ("seLinuxOptions", "SELinuxOptions"),
    ("windowsOptions", "WindowsOptions"),
    ("runAsUser", "RunAsUser"),
    ("runAsGroup", "RunAsGroup"),
    ("runAsNonRoot", "RunAsNonRoot"),
    ("readOnlyRootFilesystem", "ReadOnlyRootFilesystem"),
    ("allowPrivilegeEscalation", "AllowPrivilegeEscalation"),
    ("procMount", "ProcMount"),
    ("seccompProfile", "SeccompProfile"),
    ("appArmorProfile", "AppArmorProfile"),
];

/// A container's security context as Go prints the internal struct.
fn shown(context: &Value) -> String {
    let part = |(field, name): &(&str, &str)| {
        let value = some(context, field);
        let text = match (*field, value) {
            (_, None) => "null".to_owned(),
            ("capabilities", Some(value)) => members(value, &[("add", "Add"), ("drop", "Drop")]),
            ("seccompProfile" | "appArmorProfile", Some(value)) => members(value, &PROFILE),
            ("seLinuxOptions", Some(value)) => {
                let of = |field: &str| crate::field::go_quote(text(value, field));
                let (user, role, kind, level) = (of("user"), of("role"), of("type"), of("level"));
                format!("{{\"User\":{user},\"Role\":{role},\"Type\":{kind},\"Level\":{level}}}")
            }
            (_, Some(value)) => value.to_string(),
        };
        format!("\"{name}\":{text}")
    };
    format!("{{{}}}", CONTEXT.iter().map(part).collect::<Vec<_>>().join(","))
}

fn members(value: &Value, fields: &[(&str, &str)]) -> String {
    let parts = fields.iter().map(|(field, name)| format!("\"{name}\":{}", value.get(*field).unwrap_or(&Value::Null)));
    format!("{{{}}}", parts.collect::<Vec<_>>().join(","))
}
