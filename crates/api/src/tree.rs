//! Short ways to read a decoded tree; what is absent reads as empty.

use serde_json::{Map, Value};

use crate::{ErrorList, FieldError, Object, Path, names};

pub(crate) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

pub(crate) fn int(value: &Value, field: &str) -> Option<i64> {
    value.get(field).and_then(Value::as_i64)
}

pub(crate) fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(crate) fn map<'a>(value: &'a Value, field: &str) -> Option<&'a Map<String, Value>> {
    value.get(field).and_then(Value::as_object)
}

/// The field when it is there and not null.
pub(crate) fn some<'a>(value: &'a Value, field: &str) -> Option<&'a Value> {
    value.get(field).filter(|value| !value.is_null())
}

/// The items of a list with their paths.
pub(crate) fn items<'a>(value: &'a Value, field: &str, path: &Path) -> impl Iterator<Item = (Path, &'a Value)> {
    numbered(list(value, field), path.child(field))
}

/// The items of a list at a path, with their own paths.
pub(crate) fn numbered(list: &[Value], path: Path) -> impl Iterator<Item = (Path, &Value)> {
    list.iter().enumerate().map(move |(index, item)| (path.index(index), item))
}

/// Changes each map of a list.
pub(crate) fn each_of(list: Option<&mut Value>, change: impl Fn(&mut Object)) {
    let items = list.and_then(Value::as_array_mut);
    for item in items.into_iter().flatten().filter(|item| item.is_object()) {
        let mut tree = Object::new(item.take());
        change(&mut tree);
        *item = tree.into_value();
    }
}

/// Whether a flag is there and on.
pub(crate) fn is_true(value: &Value, field: &str) -> bool {
    value.get(field) == Some(&Value::Bool(true))
}

/// One error a detail, about one number.
pub(crate) fn each_invalid_number(path: &Path, number: i64, details: Vec<String>) -> ErrorList {
    details.into_iter().map(|detail| FieldError::invalid(path, number, detail)).collect()
}

/// One error a detail, about one text.
pub(crate) fn each_invalid(path: &Path, value: &str, details: Vec<String>) -> ErrorList {
    details.into_iter().map(|detail| FieldError::invalid(path, value, detail)).collect()
}

/// Models `ValidateNonnegativeField`.
pub(crate) fn not_negative(value: &Value, field: &str, path: &Path) -> Option<FieldError> {
    let number = int(value, field).filter(|number| *number < 0)?;
    Some(FieldError::invalid(&path.child(field), number, "must be greater than or equal to 0"))
}

/// A value that must be one of few. Models the usual pair of `Required` and `NotSupported`.
pub(crate) fn one_of(value: &Value, field: &str, path: &Path, known: &[&str]) -> Option<FieldError> {
    one_text_of(text(value, field), &path.child(field), known)
}

/// The same for a value that is at hand.
pub(crate) fn one_text_of(text: &str, path: &Path, known: &[&str]) -> Option<FieldError> {
    match text {
        "" => Some(FieldError::required(path, "")),
        found if known.contains(&found) => None,
        other => Some(FieldError::not_supported_in_order(path, other, known)),
    }
}

/// A port number or the name of a container's port. Models `ValidatePortNumOrName`.
pub(crate) fn port_or_name(target: Option<&Value>, path: &Path) -> ErrorList {
    let (value, details) = match target {
        Some(Value::String(name)) => (Value::from(name.as_str()), names::is_valid_port_name(name)),
        number => {
            let number = number.and_then(Value::as_i64).unwrap_or(0);
            (Value::from(number), names::is_valid_port_num(number))
        }
    };
    details.into_iter().map(|detail| FieldError::invalid(path, value.clone(), detail)).collect()
}

/// Models `IsDomainPrefixedPath`.
pub(crate) fn domain_prefixed_path(text: &str, path: &Path) -> ErrorList {
    if text.is_empty() {
        return vec![FieldError::required(path, "")];
    }
    let Some((host, rest)) = text.split_once('/').filter(|(host, rest)| !host.is_empty() && !rest.is_empty()) else {
        let detail = "must be a domain-prefixed path (such as \"acme.io/foo\")";
        return vec![FieldError::invalid(path, text, detail)];
    };
    let mut errors = each_invalid(path, host, names::is_dns1123_subdomain(host));
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&byte);
    if !rest.bytes().all(allowed) {
        let detail = "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";
        errors.push(FieldError::invalid(path, rest, detail));
    }
    errors
}
