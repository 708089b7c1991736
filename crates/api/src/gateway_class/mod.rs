//! GatewayClass: which controller serves which Gateways.

use crate::custom::{self, NO_STRUCT, Rule, Struct, forms};
use crate::kind::{AGE, Column, Kind, NAME, Plain, cell_text};
use crate::{ErrorList, FieldError, Object, Path};

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
    strategy: &Plain {
        status: WAITING,
        validate: |class| custom::spec(class.at(&["spec"]), &SPEC),
        validate_update: Some(update),
        ..Plain::SPEC
    },
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

/// `gateway.networking.k8s.io_gatewayclasses.yaml` of Gateway API's standard channel.
static SPEC: Rule = Rule::Struct(&Struct {
    fields: &[
        ("controllerName", Rule::Formed(1, 253, &forms::CONTROLLER)),
        ("description", Rule::Text(0, 64)),
        (
            "parametersRef",
            Rule::Struct(&Struct {
                fields: &[
                    ("group", forms::GROUP),
                    ("kind", forms::KIND),
                    ("name", forms::NAME),
                    ("namespace", forms::NAMESPACE),
                ],
                required: &["group", "kind", "name"],
                ..NO_STRUCT
            }),
        ),
    ],
    required: &["controllerName"],
    ..NO_STRUCT
});

/// The one rule that looks at what was before.
fn update(class: &Object, old: &Object) -> ErrorList {
    let mut errors = custom::spec(class.at(&["spec"]), &SPEC);
    let name = ["spec", "controllerName"];
    if errors.is_empty() && class.str(&name) != old.str(&name) {
        errors.push(FieldError::invalid(&Path::new("spec.controllerName"), class.str(&name), "Value is immutable"));
    }
    errors
}

/// The status of a condition, as the CRD's printer columns have it; empty when there is none.
pub(crate) fn condition(object: &Object, name: &str) -> String {
    let conditions = object.list(&["status", "conditions"]);
    conditions
        .iter()
        .find(|c| c.get("type").is_some_and(|t| t == name))
        .map_or_else(String::new, |c| cell_text(c.get("status")))
}
