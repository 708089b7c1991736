//! Label keys and values, and what else is qualified by a domain. Models apimachinery `pkg/api/validate/content/kube.go`.

use super::{is_dns1123_subdomain, max_len_error};

/// The most bytes of the name part of a label key, and of a label value.
pub const LABEL_MAX: usize = 63;

const KEY_RULE: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
                        alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation \
                        is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/// Models `IsLabelKey`, also known as `IsQualifiedName`: a name, or a DNS subdomain, a slash and a name.
#[must_use]
pub fn is_qualified_name(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let parts: Vec<&str> = text.split('/').collect();
    let name = match parts[..] {
        [name] => name,
        ["", name] => {
            errors.push("prefix part must be non-empty".to_owned());
            name
        }
        [prefix, name] => {
            errors.extend(is_dns1123_subdomain(prefix).into_iter().map(|error| format!("prefix part {error}")));
            name
        }
        _ => {
            return vec![format!(
                "a valid label key {KEY_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )];
        }
    };
    if name.is_empty() {
        errors.push("name part must be non-empty".to_owned());
    } else if name.len() > LABEL_MAX {
        errors.push(format!("name part {}", max_len_error(LABEL_MAX)));
    }
    if !is_word(name) {
        errors.push(format!("name part {KEY_RULE}"));
    }
    errors
}

/// Models `IsLabelValue`.
#[must_use]
pub fn is_label_value(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > LABEL_MAX {
        errors.push(max_len_error(LABEL_MAX));
    }
    if !text.is_empty() && !is_word(text) {
        errors.push(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must \
             start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for \
             validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
                .to_owned(),
        );
    }
    errors
}

/// Letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
fn is_word(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    ends(bytes.first()) && ends(bytes.last()) && bytes.iter().all(|byte| inner(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        for good in ["a", "app.kubernetes.io/name", "A_b.c-d", "1"] {
            assert!(is_qualified_name(good).is_empty(), "{good}");
        }
        for (bad, begin) in [
            ("", &["name part must be non-empty", "name part must consist"][..]),
            ("/a", &["prefix part must be non-empty"]),
            ("a/", &["name part must be non-empty", "name part must consist"]),
            ("a/b/c", &["a valid label key must consist"]),
            ("Example.com/tier", &["prefix part a lowercase RFC 1123 subdomain"]),
            ("my app", &["name part must consist"]),
            (&"a".repeat(64), &["name part must be no more than 63 characters"]),
        ] {
            let errors = is_qualified_name(bad);
            assert_eq!(errors.len(), begin.len(), "{bad}: {errors:?}");
            for (error, begin) in errors.iter().zip(begin) {
                assert!(error.starts_with(begin), "{bad}: {error}");
            }
        }
    }

    #[test]
    fn values() {
        for good in ["", "a", "1.10", "A_b"] {
            assert!(is_label_value(good).is_empty(), "{good}");
        }
        for bad in ["-a", "a-", "a b", "a:b", "é"] {
            assert_eq!(is_label_value(bad).len(), 1, "{bad}");
        }
        assert_eq!(is_label_value(&"-".repeat(64)).len(), 2);
    }
}
