//! Gateway: where traffic from outside comes in.

mod rules;

use serde_json::json;

use crate::gateway_class::condition;
use crate::kind::{AGE, Column, Kind, NAME, Plain, cell_text};
use crate::tree::each_of;
use crate::{Object, custom};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "gateway.networking.k8s.io",
    version: "v1",
    kind: "Gateway",
    plural: "gateways",
    singular: "gateway",
    short_names: &["gtw"],
    categories: &["gateway-api"],
    namespaced: true,
    strategy: &Plain {
        status: WAITING,
        default: defaults,
        validate: |gateway| custom::spec(gateway.at(&["spec"]), &rules::SPEC),
        ..Plain::SPEC
    },
    columns: &[
        NAME,
        Column { name: "CLASS", wide: false, cell: |object, _| object.str(&["spec", "gatewayClassName"]).to_owned() },
        Column { name: "ADDRESS", wide: false, cell: |object, _| addresses(object) },
        Column { name: "PROGRAMMED", wide: false, cell: |object, _| condition(object, "Programmed") },
        AGE,
    ],
};

/// The status that the CRD's defaults give: nobody has looked at it yet.
const WAITING: &str = r#"{"conditions": [
    {"lastTransitionTime": "1970-01-01T00:00:00Z", "message": "Waiting for controller", "reason": "Pending",
     "status": "Unknown", "type": "Accepted"},
    {"lastTransitionTime": "1970-01-01T00:00:00Z", "message": "Waiting for controller", "reason": "Pending",
     "status": "Unknown", "type": "Programmed"}
]}"#;

fn addresses(gateway: &Object) -> String {
    let all: Vec<String> =
        gateway.list(&["status", "addresses"]).iter().map(|address| cell_text(address.get("value"))).collect();
    all.join(",")
}

/// The defaults of the CRD's schema.
fn defaults(object: &mut Object) {
    each_of(object.field_mut("spec").and_then(|spec| spec.get_mut("listeners")), |tree| {
        tree.or_insert(&["allowedRoutes"], json!({}));
        tree.or_insert(&["allowedRoutes", "namespaces"], json!({}));
        tree.or_insert(&["allowedRoutes", "namespaces", "from"], "Same");
        if tree.at(&["tls"]).is_some() {
            tree.or_insert(&["tls", "mode"], "Terminate");
        }
        each_of(tree.field_mut("tls").and_then(|tls| tls.get_mut("certificateRefs")), |to| {
            to.or_insert(&["group"], "");
            to.or_insert(&["kind"], "Secret");
        });
        each_of(tree.field_mut("allowedRoutes").and_then(|allowed| allowed.get_mut("kinds")), |kind| {
            kind.or_insert(&["group"], KIND.group);
        });
    });
    each_of(object.field_mut("spec").and_then(|spec| spec.get_mut("addresses")), |address| {
        address.or_insert(&["type"], "IPAddress");
    });
}
