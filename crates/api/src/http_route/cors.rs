//! The schema of CORS filters: which pages of other origins may read the answers.

use serde_json::Value;

use crate::custom::forms::{Form, HEADER_NAME};
use crate::custom::{Check, List, NO_LIST, NO_STRUCT, Rule, Struct};

/// `*` stands for all, so nothing can stand beside it.
macro_rules! alone {
    ($message:literal) => {
        &[Check {
            message: $message,
            holds: |all| Ok(!(has_star(all) && all.as_array().is_some_and(|all| all.len() > 1))),
        }]
    };
}

pub(super) const CORS: Rule = Rule::Struct(&Struct {
    fields: &[
        ("allowCredentials", Rule::Flag),
        (
            "allowHeaders",
            Rule::List(&List {
                item: HEADER_NAME,
                checks: alone!("AllowHeaders cannot contain '*' alongside other methods"),
                ..SET
            }),
        ),
        (
            "allowMethods",
            Rule::List(&List {
                max: 9,
                item: Rule::Word(&[
                    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "*",
                ]),
                checks: alone!("AllowMethods cannot contain '*' alongside other methods"),
                ..SET
            }),
        ),
        (
            "allowOrigins",
            Rule::List(&List {
                item: Rule::Formed(1, 253, &ORIGIN),
                checks: alone!("AllowOrigins cannot contain '*' alongside other origins"),
                ..SET
            }),
        ),
        ("exposeHeaders", Rule::List(&List { item: HEADER_NAME, ..SET })),
        ("maxAge", Rule::Number(1, 2_147_483_647)),
    ],
    ..NO_STRUCT
});

const SET: List = List { max: 64, set: true, ..NO_LIST };

fn has_star(all: &Value) -> bool {
    all.as_array().into_iter().flatten().any(|item| item == "*")
}

static ORIGIN: Form = Form {
    pattern: r"(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)",
    fits: is_origin,
};

fn is_origin(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("http").map(|rest| rest.strip_prefix('s').unwrap_or(rest)) else {
        return text == "*";
    };
    let Some(rest) = rest.strip_prefix("://") else { return false };
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    let is_port = |port: &str| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    port.is_none_or(is_port) && (host == "*" || host.strip_prefix("*.").unwrap_or(host).split('.').all(is_label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        for good in ["*", "https://a.example", "http://*.a-b.example:8080", "https://*", "http://localhost:1"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in ["", "a.example", "ftp://a", "http://", "http://a.", "http://a:123456", "https://a/b", "http://*a"] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
