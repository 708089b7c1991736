//! HTTPRoute: which requests of a Gateway go to which Services.

use serde_json::{Value, json};

use crate::Object;
use crate::kind::{AGE, Column, Kind, NAME, Plain, cell_text};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "gateway.networking.k8s.io",
    version: "v1",
    kind: "HTTPRoute",
    plural: "httproutes",
    singular: "httproute",
    short_names: &[],
    categories: &["gateway-api"],
    namespaced: true,
    strategy: &Plain { status: "", default: defaults, ..Plain::SPEC },
    columns: &[
        NAME,
        Column { name: "HOSTNAMES", wide: false, cell: |object, _| cell_text(object.at(&["spec", "hostnames"])) },
        AGE,
    ],
};

/// The defaults of the CRD's schema.
fn defaults(object: &mut Object) {
    each(object.field_mut("spec").and_then(|spec| spec.get_mut("parentRefs")), |parent| {
        parent.or_insert(&["group"], crate::gateway::KIND.group);
        parent.or_insert(&["kind"], crate::gateway::KIND.kind);
    });
    let spec = object.field_mut("spec");
    if let Some(Value::Object(spec)) = spec {
        spec.entry("rules").or_insert_with(|| json!([{}]));
    }
    each(object.field_mut("spec").and_then(|spec| spec.get_mut("rules")), |rule| {
        rule.or_insert(&["matches"], json!([{}]));
        each(rule.field_mut("matches"), |one| {
            one.or_insert(&["path"], json!({}));
            one.or_insert(&["path", "type"], "PathPrefix");
            one.or_insert(&["path", "value"], "/");
            for list in ["headers", "queryParams"] {
                each(one.field_mut(list), |item| item.or_insert(&["type"], "Exact"));
            }
        });
        each(rule.field_mut("backendRefs"), |backend| {
            backend.or_insert(&["group"], "");
            backend.or_insert(&["kind"], "Service");
            backend.or_insert(&["weight"], 1);
        });
    });
}

/// Changes each map of a list.
fn each(list: Option<&mut Value>, change: impl Fn(&mut Object)) {
    let items = list.and_then(Value::as_array_mut);
    for item in items.into_iter().flatten().filter(|item| item.is_object()) {
        let mut tree = Object::new(item.take());
        change(&mut tree);
        *item = tree.into_value();
    }
}
