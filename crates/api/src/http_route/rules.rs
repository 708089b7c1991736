//! The schema of HTTPRoutes and the rules in it: `gateway.networking.k8s.io_httproutes.yaml` of Gateway API's standard
//! channel.

use serde_json::Value;

use crate::custom::forms::{
    self, DURATION, GROUP, HEADER_NAME, HOSTNAME, KIND, NAME, NAMESPACE, PORT, SECTION, SUBDOMAIN,
};
use crate::custom::{Check, List, NO_LIST, NO_STRUCT, Rule, Struct};
use crate::tree::{int, list, some, text};

/// A part of a filter that only one type of filters has.
macro_rules! only_of {
    ($field:literal, $of:literal) => {
        Check {
            message: concat!("filter.", $field, " must be nil if the filter.type is not ", $of),
            holds: |filter| Ok(some(filter, $field).is_none() || text(filter, "type") == $of),
        }
    };
}

/// The part that filters of a type must have.
macro_rules! has_own {
    ($field:literal, $of:literal) => {
        Check {
            message: concat!("filter.", $field, " must be specified for ", $of, " filter.type"),
            holds: |filter| Ok(some(filter, $field).is_some() || text(filter, "type") != $of),
        }
    };
}

pub(super) static SPEC: Rule = Rule::Struct(&Struct {
    fields: &[
        ("hostnames", Rule::List(&List { max: 16, item: HOSTNAME, ..NO_LIST })),
        ("parentRefs", PARENTS),
        ("rules", RULES),
    ],
    ..NO_STRUCT
});

const PARENTS: Rule = Rule::List(&List {
    max: 32,
    item: Rule::Struct(&Struct {
        fields: &[
            ("group", GROUP),
            ("kind", KIND),
            ("name", NAME),
            ("namespace", NAMESPACE),
            ("port", PORT),
            ("sectionName", SECTION),
        ],
        required: &["name"],
        ..NO_STRUCT
    }),
    checks: &[
        Check {
            message: "sectionName must be specified when parentRefs includes 2 or more references to the same parent",
            holds: |all| {
                let named = |one: &Value| !text(one, "sectionName").is_empty();
                Ok(pairs(all).all(|(one, other)| parent(one) != parent(other) || named(one) == named(other)))
            },
        },
        Check {
            message: "sectionName must be unique when parentRefs includes 2 or more references to the same parent",
            holds: |all| {
                let section = |one| (parent(one), text(one, "sectionName"));
                Ok(pairs(all).all(|(one, other)| section(one) != section(other)))
            },
        },
    ],
    ..NO_LIST
});

/// Which parent a reference means.
fn parent(of: &Value) -> [&str; 4] {
    ["group", "kind", "name", "namespace"].map(|field| text(of, field))
}

/// Every two items of a list.
fn pairs(all: &Value) -> impl Iterator<Item = (&Value, &Value)> {
    let items = all.as_array().map_or(&[][..], Vec::as_slice);
    items.iter().enumerate().flat_map(|(at, one)| items.iter().take(at).map(move |other| (other, one)))
}

const RULES: Rule = Rule::List(&List {
    min: 1,
    max: 16,
    item: Rule::Struct(&Struct {
        fields: &[
            ("backendRefs", Rule::List(&List { max: 16, item: BACKEND, ..NO_LIST })),
            ("filters", FILTERS),
            ("matches", Rule::List(&List { max: 64, item: MATCH, ..NO_LIST })),
            ("name", SECTION),
            ("timeouts", TIMEOUTS),
        ],
        checks: &[
            Check {
                message: "RequestRedirect filter must not be used together with backendRefs",
                holds: |rule| {
                    let redirects = list(rule, "filters").iter().any(|filter| some(filter, REDIRECT).is_some());
                    Ok(list(rule, "backendRefs").is_empty() || !redirects)
                },
            },
            Check {
                message: "When using RequestRedirect filter with path.replacePrefixMatch, exactly one PathPrefix match \
                          must be specified",
                holds: |rule| Ok(!replaces_prefix(rule, REDIRECT) || has_one_prefix(rule)),
            },
            Check {
                message: "When using URLRewrite filter with path.replacePrefixMatch, exactly one PathPrefix match must \
                          be specified",
                holds: |rule| Ok(!replaces_prefix(rule, REWRITE) || has_one_prefix(rule)),
            },
            Check {
                message: "Within backendRefs, when using RequestRedirect filter with path.replacePrefixMatch, exactly \
                          one PathPrefix match must be specified",
                holds: |rule| Ok(!backend_replaces_prefix(rule, REDIRECT) || has_one_prefix(rule)),
            },
            Check {
                message: "Within backendRefs, When using URLRewrite filter with path.replacePrefixMatch, exactly one \
                          PathPrefix match must be specified",
                holds: |rule| Ok(!backend_replaces_prefix(rule, REWRITE) || has_one_prefix(rule)),
            },
        ],
        ..NO_STRUCT
    }),
    checks: &[Check {
        message: "While 16 rules and 64 matches per rule are allowed, the total number of matches across all rules in a \
                  route must be less than 128",
        holds: |rules| {
            let matches = rules.as_array().into_iter().flatten().map(|rule| list(rule, "matches").len());
            Ok(matches.sum::<usize>() <= 128)
        },
    }],
    ..NO_LIST
});

const REDIRECT: &str = "requestRedirect";
const REWRITE: &str = "urlRewrite";

/// Whether exactly one filter of the rule replaces the path's prefix.
fn replaces_prefix(rule: &Value, field: &str) -> bool {
    let replaces = |filter: &&Value| {
        let path = filter.get(field).and_then(|filter| some(filter, "path"));
        path.is_some_and(|path| {
            text(path, "type") == "ReplacePrefixMatch" && some(path, "replacePrefixMatch").is_some()
        })
    };
    list(rule, "filters").iter().filter(replaces).count() == 1
}

fn backend_replaces_prefix(rule: &Value, field: &str) -> bool {
    list(rule, "backendRefs").iter().filter(|backend| replaces_prefix(backend, field)).count() == 1
}

fn has_one_prefix(rule: &Value) -> bool {
    let is_prefix = |one: &Value| one.get("path").is_some_and(|path| text(path, "type") == "PathPrefix");
    matches!(list(rule, "matches"), [one] if is_prefix(one))
}

const TIMEOUTS: Rule = Rule::Struct(&Struct {
    fields: &[("backendRequest", DURATION), ("request", DURATION)],
    checks: &[Check {
        message: "backendRequest timeout cannot be longer than request timeout",
        holds: |timeouts| {
            let read = |field| some(timeouts, field).and_then(Value::as_str).and_then(forms::duration);
            Ok(match (read("request"), read("backendRequest")) {
                (Some(request), Some(backend)) => request == 0 || backend <= request,
                _ => true,
            })
        },
    }],
    ..NO_STRUCT
});

const MATCH: Rule = Rule::Struct(&Struct {
    fields: &[
        ("headers", Rule::List(&List { item: HEADER, ..NAMED_VALUES })),
        ("method", Rule::Word(&["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"])),
        ("path", PATH),
        ("queryParams", Rule::List(&List { item: PARAMETER, ..NAMED_VALUES })),
    ],
    ..NO_STRUCT
});

/// Headers or query parameters, of which each has another name.
const NAMED_VALUES: List = List { max: 16, key: Some("name"), ..NO_LIST };

const HEADER: Rule = Rule::Struct(&Struct {
    fields: &[("name", HEADER_NAME), ("type", HOW), ("value", Rule::Text(1, 4096))],
    ..NAMED_VALUE
});
const PARAMETER: Rule = Rule::Struct(&Struct {
    fields: &[("name", HEADER_NAME), ("type", HOW), ("value", Rule::Text(1, 1024))],
    ..NAMED_VALUE
});
const NAMED_HEADER: Rule =
    Rule::Struct(&Struct { fields: &[("name", HEADER_NAME), ("value", Rule::Text(1, 4096))], ..NAMED_VALUE });
const NAMED_VALUE: Struct = Struct { required: &["name", "value"], ..NO_STRUCT };
const HOW: Rule = Rule::Word(&["Exact", "RegularExpression"]);

const PATH: Rule = Rule::Struct(&Struct {
    fields: &[("type", Rule::Word(&["Exact", "PathPrefix", "RegularExpression"])), ("value", Rule::Text(0, 1024))],
    checks: &[
        Check {
            message: "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']",
            holds: |path| Ok(plain(path).is_none_or(|value| value.starts_with('/'))),
        },
        Check {
            message: "must not contain '//' when type one of ['Exact', 'PathPrefix']",
            holds: |path| Ok(plain(path).is_none_or(|value| !value.contains("//"))),
        },
        Check {
            message: "must not contain '/./' when type one of ['Exact', 'PathPrefix']",
            holds: |path| Ok(plain(path).is_none_or(|value| !value.contains("/./"))),
        },
        Check {
            message: "must not contain '/../' when type one of ['Exact', 'PathPrefix']",
            holds: |path| Ok(plain(path).is_none_or(|value| !value.contains("/../"))),
        },
        Check {
            message: "must not contain '%2f' when type one of ['Exact', 'PathPrefix']",
            holds: |path| Ok(plain(path).is_none_or(|value| !value.contains("%2f"))),
        },
        Check {
            message: "must not contain '%2F' when type one of ['Exact', 'PathPrefix']",
            holds: |path| Ok(plain(path).is_none_or(|value| !value.contains("%2F"))),
        },
        Check {
            message: "must not contain '#' when type one of ['Exact', 'PathPrefix']",
            holds: |path| Ok(plain(path).is_none_or(|value| !value.contains('#'))),
        },
        Check {
            message: "must not end with '/..' when type one of ['Exact', 'PathPrefix']",
            holds: |path| Ok(plain(path).is_none_or(|value| !value.ends_with("/.."))),
        },
        Check {
            message: "must not end with '/.' when type one of ['Exact', 'PathPrefix']",
            holds: |path| Ok(plain(path).is_none_or(|value| !value.ends_with("/."))),
        },
        Check {
            message: "must only contain valid characters (matching \
                      ^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$) for types ['Exact', 'PathPrefix']",
            holds: |path| Ok(plain(path).is_none_or(is_path)),
        },
    ],
    ..NO_STRUCT
});

/// The path to match, unless it is a regular expression.
fn plain(path: &Value) -> Option<&str> {
    matches!(text(path, "type"), "Exact" | "PathPrefix").then(|| text(path, "value"))
}

fn is_path(value: &str) -> bool {
    let mut rest = value.chars();
    while let Some(c) = rest.next() {
        let good = match c {
            '%' => [rest.next(), rest.next()].iter().all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit())),
            c => c.is_ascii_alphanumeric() || "-/._~!$&'()*+,;=:@".contains(c),
        };
        if !good {
            return false;
        }
    }
    !value.is_empty()
}

const NEEDS_PORT: Check = Check {
    message: "Must have port for Service reference",
    holds: |to| Ok(!text(to, "group").is_empty() || text(to, "kind") != "Service" || some(to, "port").is_some()),
};

const BACKEND: Rule = Rule::Struct(&Struct {
    fields: &[
        ("filters", FILTERS),
        ("group", GROUP),
        ("kind", KIND),
        ("name", NAME),
        ("namespace", NAMESPACE),
        ("port", PORT),
        ("weight", Rule::Number(0, 1_000_000)),
    ],
    required: &["name"],
    checks: &[NEEDS_PORT],
});

const FILTERS: Rule = Rule::List(&List {
    max: 16,
    item: FILTER,
    checks: &[
        Check {
            message: "May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both",
            holds: |all| Ok(count(all, "RequestRedirect") == 0 || count(all, "URLRewrite") == 0),
        },
        Check { message: "CORS filter cannot be repeated", holds: |all| Ok(count(all, "CORS") <= 1) },
        Check {
            message: "RequestHeaderModifier filter cannot be repeated",
            holds: |all| Ok(count(all, "RequestHeaderModifier") <= 1),
        },
        Check {
            message: "ResponseHeaderModifier filter cannot be repeated",
            holds: |all| Ok(count(all, "ResponseHeaderModifier") <= 1),
        },
        Check {
            message: "RequestRedirect filter cannot be repeated",
            holds: |all| Ok(count(all, "RequestRedirect") <= 1),
        },
        Check { message: "URLRewrite filter cannot be repeated", holds: |all| Ok(count(all, "URLRewrite") <= 1) },
    ],
    ..NO_LIST
});

fn count(filters: &Value, of: &str) -> usize {
    filters.as_array().into_iter().flatten().filter(|filter| text(filter, "type") == of).count()
}

const FILTER: Rule = Rule::Struct(&Struct {
    fields: &[
        ("cors", super::cors::CORS),
        (
            "extensionRef",
            Rule::Struct(&Struct {
                fields: &[("group", GROUP), ("kind", KIND), ("name", NAME)],
                required: &["group", "kind", "name"],
                ..NO_STRUCT
            }),
        ),
        ("requestHeaderModifier", HEADERS),
        ("requestMirror", MIRROR),
        (REDIRECT, REDIRECTION),
        ("responseHeaderModifier", HEADERS),
        (
            "type",
            Rule::Word(&[
                "RequestHeaderModifier",
                "ResponseHeaderModifier",
                "RequestMirror",
                "RequestRedirect",
                "URLRewrite",
                "ExtensionRef",
                "CORS",
            ]),
        ),
        (
            REWRITE,
            Rule::Struct(&Struct {
                fields: &[("hostname", Rule::Formed(1, 253, &SUBDOMAIN)), ("path", NEW_PATH)],
                ..NO_STRUCT
            }),
        ),
    ],
    required: &["type"],
    checks: &[
        only_of!("cors", "CORS"),
        has_own!("cors", "CORS"),
        only_of!("requestHeaderModifier", "RequestHeaderModifier"),
        has_own!("requestHeaderModifier", "RequestHeaderModifier"),
        only_of!("responseHeaderModifier", "ResponseHeaderModifier"),
        has_own!("responseHeaderModifier", "ResponseHeaderModifier"),
        only_of!("requestMirror", "RequestMirror"),
        has_own!("requestMirror", "RequestMirror"),
        only_of!("requestRedirect", "RequestRedirect"),
        has_own!("requestRedirect", "RequestRedirect"),
        only_of!("urlRewrite", "URLRewrite"),
        has_own!("urlRewrite", "URLRewrite"),
        only_of!("extensionRef", "ExtensionRef"),
        has_own!("extensionRef", "ExtensionRef"),
    ],
});

const HEADERS: Rule = Rule::Struct(&Struct {
    fields: &[
        ("add", SET),
        ("remove", Rule::List(&List { max: 16, item: Rule::Text(0, usize::MAX), ..NO_LIST })),
        ("set", SET),
    ],
    ..NO_STRUCT
});

const SET: Rule = Rule::List(&List { item: NAMED_HEADER, ..NAMED_VALUES });

const MIRROR: Rule = Rule::Struct(&Struct {
    fields: &[
        (
            "backendRef",
            Rule::Struct(&Struct {
                fields: &[("group", GROUP), ("kind", KIND), ("name", NAME), ("namespace", NAMESPACE), ("port", PORT)],
                required: &["name"],
                checks: &[NEEDS_PORT],
            }),
        ),
        (
            "fraction",
            Rule::Struct(&Struct {
                fields: &[("denominator", Rule::Number(1, MAX_INT32)), ("numerator", Rule::Number(0, MAX_INT32))],
                required: &["numerator"],
                checks: &[Check {
                    message: "numerator must be less than or equal to denominator",
                    holds: |of| Ok(int(of, "numerator") <= int(of, "denominator")),
                }],
            }),
        ),
        ("percent", Rule::Number(0, 100)),
    ],
    required: &["backendRef"],
    checks: &[Check {
        message: "Only one of percent or fraction may be specified in HTTPRequestMirrorFilter",
        holds: |mirror| Ok(some(mirror, "percent").is_none() || some(mirror, "fraction").is_none()),
    }],
});

const MAX_INT32: i64 = 2_147_483_647;

const REDIRECTION: Rule = Rule::Struct(&Struct {
    fields: &[
        ("hostname", Rule::Formed(1, 253, &SUBDOMAIN)),
        ("path", NEW_PATH),
        ("port", PORT),
        ("scheme", Rule::Word(&["http", "https"])),
        ("statusCode", Rule::Code(&[301, 302, 303, 307, 308])),
    ],
    ..NO_STRUCT
});

const FULL: &str = "ReplaceFullPath";
const PREFIX: &str = "ReplacePrefixMatch";

const NEW_PATH: Rule = Rule::Struct(&Struct {
    fields: &[
        ("replaceFullPath", Rule::Text(0, 1024)),
        ("replacePrefixMatch", Rule::Text(0, 1024)),
        ("type", Rule::Word(&[FULL, PREFIX])),
    ],
    required: &["type"],
    checks: &[
        Check {
            message: "replaceFullPath must be specified when type is set to 'ReplaceFullPath'",
            holds: |path| Ok(text(path, "type") != FULL || some(path, "replaceFullPath").is_some()),
        },
        Check {
            message: "type must be 'ReplaceFullPath' when replaceFullPath is set",
            holds: |path| Ok(some(path, "replaceFullPath").is_none() || text(path, "type") == FULL),
        },
        Check {
            message: "replacePrefixMatch must be specified when type is set to 'ReplacePrefixMatch'",
            holds: |path| Ok(text(path, "type") != PREFIX || some(path, "replacePrefixMatch").is_some()),
        },
        Check {
            message: "type must be 'ReplacePrefixMatch' when replacePrefixMatch is set",
            holds: |path| Ok(some(path, "replacePrefixMatch").is_none() || text(path, "type") == PREFIX),
        },
    ],
});
