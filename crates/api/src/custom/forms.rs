//! The patterns that Gateway API's schemas have for texts, each with the same thing as a function: three kinds of names
//! are no reason for an engine for regular expressions.

use super::Rule;

pub(crate) struct Form {
    /// As the schema has it and the error says it.
    pub(crate) pattern: &'static str,
    pub(crate) fits: fn(&str) -> bool,
}

pub(crate) static LABEL: Form = Form { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", fits: is_label };
pub(crate) static SUBDOMAIN: Form =
    Form { pattern: r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", fits: is_subdomain };
static WILDCARD: Form = Form {
    pattern: r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
    fits: |text| is_subdomain(text.strip_prefix("*.").unwrap_or(text)),
};
static GROUP_FORM: Form = Form {
    pattern: r"^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
    fits: |text| text.is_empty() || is_subdomain(text),
};
static KIND_FORM: Form = Form {
    pattern: "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$",
    fits: |text| text.starts_with(|first: char| first.is_ascii_alphabetic()) && is_word(text),
};
static HEADER: Form = Form {
    pattern: r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$",
    fits: |text| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)),
};
pub(crate) static CONTROLLER: Form = Form {
    pattern: r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$",
    fits: |text| {
        let path = |c: char| c.is_ascii_alphanumeric() || "/-._~%!$&'()*+,;=:".contains(c);
        text.split_once('/')
            .is_some_and(|(host, rest)| is_subdomain(host) && !rest.is_empty() && rest.chars().all(path))
    },
};
pub(crate) static PROTOCOL: Form = Form {
    pattern: r"^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]+$",
    fits: |text| {
        // The second half is not tied to the start: its host may be one letter.
        let domain = text.rsplit_once('/').is_some_and(|(host, name)| {
            host.ends_with(|last: char| last.is_ascii_lowercase() || last.is_ascii_digit())
                && !name.is_empty()
                && name.chars().all(|c| c.is_ascii_alphanumeric())
        });
        is_word(text) || domain
    },
};
static DURATION_FORM: Form = Form { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$", fits: |text| duration(text).is_some() };

pub(crate) const GROUP: Rule = Rule::Formed(0, 253, &GROUP_FORM);
pub(crate) const KIND: Rule = Rule::Formed(1, 63, &KIND_FORM);
pub(crate) const NAME: Rule = Rule::Text(1, 253);
pub(crate) const NAMESPACE: Rule = Rule::Formed(1, 63, &LABEL);
pub(crate) const SECTION: Rule = Rule::Formed(1, 253, &SUBDOMAIN);
pub(crate) const HOSTNAME: Rule = Rule::Formed(1, 253, &WILDCARD);
pub(crate) const PORT: Rule = Rule::Number(1, 65_535);
pub(crate) const HEADER_NAME: Rule = Rule::Formed(1, 256, &HEADER);
pub(crate) const DURATION: Rule = Rule::Formed(0, usize::MAX, &DURATION_FORM);

fn is_label(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(inside) && text.ends_with(inside) && text.chars().all(|c| inside(c) || c == '-')
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

fn is_word(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric();
    text.starts_with(inside) && text.ends_with(inside) && text.chars().all(|c| inside(c) || c == '-')
}

/// A duration of Gateway API in milliseconds: one to four numbers with their units.
pub(crate) fn duration(text: &str) -> Option<u64> {
    let (mut rest, mut sum) = (text, 0);
    for _ in 0..4 {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|digits| (1..=5).contains(digits))?;
        let (number, after) = rest.split_at(digits);
        let units = [("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];
        let (unit, length) = units.into_iter().find(|(unit, _)| after.starts_with(unit))?;
        sum += number.parse::<u64>().ok()? * length;
        rest = after.strip_prefix(unit)?;
        if rest.is_empty() {
            return Some(sum);
        }
    }
    None
}
