//! GatewayClass: which controller serves which Gateways.

use crate::Object;
use crate::kind::{AGE, Column, Kind, NAME, Plain, cell_text};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "gateway.networking.k8s.io",
    version: "v1",
    kind: "GatewayClass",
    plural: "gatewayclasses",
    singular: "gatewayclass",
    short_names: &["gc"],
    categories: &["gateway-api"],
    namespaced: false,
    strategy: &Plain { status: WAITING, ..Plain::SPEC },
    columns: &[
        NAME,
        Column {
            name: "CONTROLLER",
            wide: false,
            cell: |object, _| object.str(&["spec", "controllerName"]).to_owned(),
        },
        Column { name: "ACCEPTED", wide: false, cell: |object, _| condition(object, "Accepted") },
        AGE,
        Column { name: "DESCRIPTION", wide: true, cell: |object, _| object.str(&["spec", "description"]).to_owned() },
    ],
};

/// The status that the CRD's defaults give: nobody has looked at it yet.
const WAITING: &str = r#"{"conditions": [{
    "lastTransitionTime": "1970-01-01T00:00:00Z", "message": "Waiting for controller", "reason": "Pending",
    "status": "Unknown", "type": "Accepted"
}]}"#;

/// The status of a condition, as the CRD's printer columns have it; empty when there is none.
pub(crate) fn condition(object: &Object, name: &str) -> String {
    let conditions = object.list(&["status", "conditions"]);
    conditions
        .iter()
        .find(|c| c.get("type").is_some_and(|t| t == name))
        .map_or_else(String::new, |c| cell_text(c.get("status")))
}
