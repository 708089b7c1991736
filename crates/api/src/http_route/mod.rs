//! HTTPRoute: which requests of a Gateway go to which Services.

mod cors;
mod rules;

use serde_json::{Value, json};

use crate::kind::{AGE, Column, Kind, NAME, Plain, cell_text};
use crate::tree::each_of;
use crate::{Object, custom};

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
    strategy: &Plain {
        status: "",
        default: defaults,
        validate: |route| custom::spec(route.at(&["spec"]), &rules::SPEC),
        ..Plain::SPEC
    },
    columns: &[
        NAME,
        Column { name: "HOSTNAMES", wide: false, cell: |object, _| cell_text(object.at(&["spec", "hostnames"])) },
        AGE,
    ],
};

/// The defaults of the CRD's schema.
fn defaults(object: &mut Object) {
    each_of(object.field_mut("spec").and_then(|spec| spec.get_mut("parentRefs")), |parent| {
        parent.or_insert(&["group"], crate::gateway::KIND.group);
        parent.or_insert(&["kind"], crate::gateway::KIND.kind);
    });
    let spec = object.field_mut("spec");
    if let Some(Value::Object(spec)) = spec {
        spec.entry("rules").or_insert_with(|| json!([{}]));
    }
    each_of(object.field_mut("spec").and_then(|spec| spec.get_mut("rules")), |rule| {
        rule.or_insert(&["matches"], json!([{}]));
        each_of(rule.field_mut("matches"), |one| {
            one.or_insert(&["path"], json!({}));
            one.or_insert(&["path", "type"], "PathPrefix");
            one.or_insert(&["path", "value"], "/");
            for list in ["headers", "queryParams"] {
                each_of(one.field_mut(list), |item| item.or_insert(&["type"], "Exact"));
            }
        });
        each_of(rule.field_mut("backendRefs"), |backend| {
            backend.or_insert(&["group"], "");
            backend.or_insert(&["kind"], "Service");
            backend.or_insert(&["weight"], 1);
            filters(backend);
        });
        filters(rule);
    });
}

fn filters(of: &mut Object) {
    each_of(of.field_mut("filters"), |filter| {
        if filter.map(&["requestRedirect"]).is_some() {
            filter.or_insert(&["requestRedirect", "statusCode"], 302);
        }
        if filter.map(&["requestMirror", "backendRef"]).is_some() {
            filter.or_insert(&["requestMirror", "backendRef", "group"], "");
            filter.or_insert(&["requestMirror", "backendRef", "kind"], "Service");
        }
        if filter.map(&["requestMirror", "fraction"]).is_some() {
            filter.or_insert(&["requestMirror", "fraction", "denominator"], 100);
        }
        if filter.map(&["cors"]).is_some() {
            filter.or_insert(&["cors", "maxAge"], 5);
        }
    });
}
