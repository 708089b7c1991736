//! The forms of names. Models apimachinery `pkg/util/validation`: the same checks, the same texts.

mod qualified;

pub use qualified::{LABEL_MAX, is_label_value, is_qualified_name};

/// The most bytes of a DNS-1123 label.
pub const DNS1123_LABEL_MAX: usize = 63;
/// The most bytes of a DNS-1123 subdomain.
pub const DNS1123_SUBDOMAIN_MAX: usize = 253;

fn max_len_error(max: usize) -> String {
    format!("must be no more than {max} characters")
}

fn is_label(text: &str, first: fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    let inner = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
    let last = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    matches!((bytes.first(), bytes.last()), (Some(&f), Some(&l)) if first(f) && last(l)) && bytes.iter().all(inner)
}

fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn alphabetic(byte: u8) -> bool {
    byte.is_ascii_lowercase()
}

/// Models `IsDNS1123Label`: what is wrong with it, nothing when it is good.
#[must_use]
pub fn is_dns1123_label(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > DNS1123_LABEL_MAX {
        errors.push(max_len_error(DNS1123_LABEL_MAX));
    }
    if !is_label(text, alphanumeric) {
        if is_dns1123_subdomain(text).is_empty() {
            errors.push("must not contain dots".to_owned());
        } else {
            errors.push(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start \
                 and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
                 '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
                    .to_owned(),
            );
        }
    }
    errors
}

/// Models `IsDNS1123Subdomain`.
#[must_use]
pub fn is_dns1123_subdomain(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > DNS1123_SUBDOMAIN_MAX {
        errors.push(max_len_error(DNS1123_SUBDOMAIN_MAX));
    }
    if !text.split('.').all(|label| is_label(label, alphanumeric)) {
        errors.push(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must \
             start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
             '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
                .to_owned(),
        );
    }
    errors
}

/// Models `IsDNS1035Label`, the form of Service names.
#[must_use]
pub fn is_dns1035_label(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > DNS1123_LABEL_MAX {
        errors.push(max_len_error(DNS1123_LABEL_MAX));
    }
    if !is_label(text, alphabetic) {
        errors.push(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
             character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for \
             validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
                .to_owned(),
        );
    }
    errors
}

/// What is wrong with a number that must lie in a range. Models `IsInRange`.
#[must_use]
pub fn is_in_range(number: i64, min: i64, max: i64) -> Vec<String> {
    if (min..=max).contains(&number) { Vec::new() } else { vec![format!("must be between {min} and {max}, inclusive")] }
}

/// Models `IsValidPortNum`.
#[must_use]
pub fn is_valid_port_num(port: i64) -> Vec<String> {
    is_in_range(port, 1, 65_535)
}

/// Models `IsValidPortName`, the form of a container port's name (IANA service name).
#[must_use]
pub fn is_valid_port_name(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > 15 {
        errors.push(max_len_error(15));
    }
    if text.is_empty() || !text.bytes().all(|byte| alphanumeric(byte) || byte == b'-') {
        errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned());
    }
    if !text.bytes().any(alphabetic) {
        errors.push("must contain at least one letter (a-z)".to_owned());
    }
    if text.contains("--") {
        errors.push("must not contain consecutive hyphens".to_owned());
    }
    if text.starts_with('-') || text.ends_with('-') {
        errors.push("must not begin or end with a hyphen".to_owned());
    }
    errors
}

/// The prefix of a generated name as a name: its last dash may be followed by something. Models `maskTrailingDash`.
#[must_use]
pub fn mask_trailing_dash(prefix: &str) -> String {
    match prefix.strip_suffix('-') {
        // Upstream cuts one character more than the dash.
        Some(rest) if !rest.is_empty() => {
            let mut shorter = rest.to_owned();
            shorter.pop();
            shorter.push('a');
            shorter
        }
        _ => prefix.to_owned(),
    }
}

/// Models `IsRelaxedEnvVarName`, the form of the names of environment variables.
#[must_use]
pub fn is_env_var_name(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.is_empty() {
        errors.push("environment variable name must be non-empty".to_owned());
    }
    if !text.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'=') {
        let rule = "a valid environment variable name must consist only of printable ASCII characters other than '='";
        errors.push(rule.to_owned());
    }
    errors
}

/// Models `IsConfigMapKey`.
#[must_use]
pub fn is_config_map_key(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > DNS1123_SUBDOMAIN_MAX {
        errors.push(max_len_error(DNS1123_SUBDOMAIN_MAX));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if text.is_empty() || !text.bytes().all(allowed) {
        errors.push(
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or \
             'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
                .to_owned(),
        );
    }
    match text {
        "." | ".." => errors.push(format!("must not be '{text}'")),
        _ if text.starts_with("..") => errors.push("must not start with '..'".to_owned()),
        _ => {}
    }
    errors
}

/// Models `IsPathSegmentName`, the form of what stands in a URL.
#[must_use]
pub fn is_path_segment(text: &str) -> Vec<String> {
    if matches!(text, "." | "..") {
        return vec![format!("may not be '{text}'")];
    }
    let found = ["/", "%"].into_iter().filter(|part| text.contains(part));
    found.map(|part| format!("may not contain '{part}'")).collect()
}

/// Models `IsHTTPHeaderName`.
#[must_use]
pub fn is_http_header_name(text: &str) -> Vec<String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Vec::new();
    }
    vec![
        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for \
         validation is '[-A-Za-z0-9]+')"
            .to_owned(),
    ]
}

/// Models `IsValidPercent`.
#[must_use]
pub fn is_percent(text: &str) -> Vec<String> {
    let digits = text.strip_suffix('%').unwrap_or_default();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    vec![
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used \
         for validation is '[0-9]+%')"
            .to_owned(),
    ]
}

/// Models `IsWildcardDNS1123Subdomain`.
#[must_use]
pub fn is_wildcard_dns1123_subdomain(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > DNS1123_SUBDOMAIN_MAX {
        errors.push(max_len_error(DNS1123_SUBDOMAIN_MAX));
    }
    let rest = text.strip_prefix("*.").unwrap_or_default();
    if !rest.split('.').all(|label| is_label(label, alphanumeric)) {
        errors.push(
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist \
             of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. \
             '*.example.com', regex used for validation is \
             '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
                .to_owned(),
        );
    }
    errors
}
