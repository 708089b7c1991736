//! The schema of Gateways and the rules in it: `gateway.networking.k8s.io_gateways.yaml` of Gateway API's standard
//! channel. Label selectors and the TLS of clients and backends are not judged.

use serde_json::Value;

use crate::custom::forms::{GROUP, HOSTNAME, KIND, NAME, NAMESPACE, PORT, PROTOCOL, SECTION};
use crate::custom::{Check, List, NO_LIST, NO_STRUCT, Rule, Struct, Verdict};
use crate::tree::{some, text};

pub(super) static SPEC: Rule = Rule::Struct(&Struct {
    fields: &[
        ("addresses", ADDRESSES),
        ("gatewayClassName", NAME),
        ("infrastructure", INFRASTRUCTURE),
        ("listeners", LISTENERS),
    ],
    required: &["gatewayClassName", "listeners"],
    ..NO_STRUCT
});

const ADDRESSES: Rule = Rule::List(&List {
    max: 16,
    item: Rule::Struct(&Struct { fields: &[("type", Rule::Text(1, 253)), ("value", Rule::Text(0, 253))], ..NO_STRUCT }),
    checks: &[
        Check {
            message: "IPAddress values must be unique",
            holds: |all| {
                Ok(unique(all, |one| (text(one, "type") == "IPAddress").then(|| some(one, "value")).flatten()))
            },
        },
        Check {
            message: "Hostname values must be unique",
            holds: |all| Ok(unique(all, |one| (text(one, "type") == "Hostname").then(|| some(one, "value")).flatten())),
        },
    ],
    ..NO_LIST
});

const INFRASTRUCTURE: Rule = Rule::Struct(&Struct {
    fields: &[
        ("annotations", Rule::Texts(8, 4096)),
        ("labels", Rule::Texts(8, 63)),
        (
            "parametersRef",
            Rule::Struct(&Struct {
                fields: &[("group", GROUP), ("kind", KIND), ("name", NAME)],
                required: &["group", "kind", "name"],
                ..NO_STRUCT
            }),
        ),
    ],
    ..NO_STRUCT
});

const LISTENERS: Rule = Rule::List(&List {
    min: 1,
    max: 64,
    item: LISTENER,
    key: Some("name"),
    set: false,
    checks: &[
        Check {
            message: "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
            holds: |all| Ok(each(all, |one| !is_plain(one) || some(one, "tls").is_none())),
        },
        Check {
            message: "tls mode must be Terminate for protocol HTTPS",
            holds: |all| {
                let terminates =
                    |one: &Value| some(one, "tls").is_none_or(|tls| matches!(text(tls, "mode"), "" | TERMINATE));
                Ok(each(all, |one| text(one, "protocol") != "HTTPS" || terminates(one)))
            },
        },
        Check {
            message: "tls mode must be set for protocol TLS",
            holds: |all| {
                let set = |one: &Value| some(one, "tls").is_some_and(|tls| !text(tls, "mode").is_empty());
                Ok(each(all, |one| text(one, "protocol") != "TLS" || set(one)))
            },
        },
        Check {
            message: "hostname must not be specified for protocols ['TCP', 'UDP']",
            holds: |all| {
                let bare = |one: &Value| matches!(text(one, "protocol"), "TCP" | "UDP");
                Ok(each(all, |one| !bare(one) || text(one, "hostname").is_empty()))
            },
        },
        Check {
            message: "Listener name must be unique within the Gateway",
            holds: |all| Ok(unique(all, |one| some(one, "name"))),
        },
        Check {
            message: "Combination of port, protocol and hostname must be unique for each listener",
            holds: |all| Ok(unique(all, |one| Some((some(one, "port"), some(one, "protocol"), some(one, "hostname"))))),
        },
    ],
});

const TERMINATE: &str = "Terminate";

const LISTENER: Rule = Rule::Struct(&Struct {
    fields: &[
        (
            "allowedRoutes",
            Rule::Struct(&Struct {
                fields: &[
                    (
                        "kinds",
                        Rule::List(&List {
                            max: 8,
                            item: Rule::Struct(&Struct {
                                fields: &[("group", GROUP), ("kind", KIND)],
                                required: &["kind"],
                                ..NO_STRUCT
                            }),
                            ..NO_LIST
                        }),
                    ),
                    (
                        "namespaces",
                        Rule::Struct(&Struct {
                            fields: &[("from", Rule::Word(&["All", "Selector", "Same"]))],
                            ..NO_STRUCT
                        }),
                    ),
                ],
                ..NO_STRUCT
            }),
        ),
        ("hostname", HOSTNAME),
        ("name", SECTION),
        ("port", PORT),
        ("protocol", Rule::Formed(1, 255, &PROTOCOL)),
        ("tls", TLS),
    ],
    required: &["name", "port", "protocol"],
    ..NO_STRUCT
});

const TLS: Rule = Rule::Struct(&Struct {
    fields: &[
        (
            "certificateRefs",
            Rule::List(&List {
                max: 64,
                item: Rule::Struct(&Struct {
                    fields: &[("group", GROUP), ("kind", KIND), ("name", NAME), ("namespace", NAMESPACE)],
                    required: &["name"],
                    ..NO_STRUCT
                }),
                ..NO_LIST
            }),
        ),
        ("mode", Rule::Word(&[TERMINATE, "Passthrough"])),
        ("options", Rule::Texts(16, 4096)),
    ],
    checks: &[Check {
        message: "certificateRefs or options must be specified when mode is Terminate",
        holds: has_certificate,
    }],
    ..NO_STRUCT
});

/// `size(self.certificateRefs) > 0 || size(self.options) > 0`: what is absent has no size, which matters only when the
/// other is empty too.
fn has_certificate(tls: &Value) -> Verdict {
    if text(tls, "mode") != TERMINATE {
        return Ok(true);
    }
    let size = |field: &'static str| match tls.get(field) {
        Some(Value::Array(items)) => Ok(items.len()),
        Some(Value::Object(map)) => Ok(map.len()),
        _ => Err(field),
    };
    match (size("certificateRefs"), size("options")) {
        (Ok(1..), _) | (_, Ok(1..)) => Ok(true),
        (Err(key), _) | (_, Err(key)) => Err(key),
        _ => Ok(false),
    }
}

fn is_plain(listener: &Value) -> bool {
    matches!(text(listener, "protocol"), "HTTP" | "TCP" | "UDP")
}

fn each(all: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    all.as_array().into_iter().flatten().all(holds)
}

/// Whether no two items have the same key; items without one do not count.
fn unique<'a, K: PartialEq>(all: &'a Value, key: impl Fn(&'a Value) -> Option<K>) -> bool {
    let keys: Vec<K> = all.as_array().into_iter().flatten().filter_map(key).collect();
    keys.iter().enumerate().all(|(at, key)| !keys.iter().take(at).any(|other| other == key))
}
