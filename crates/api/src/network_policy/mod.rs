//! NetworkPolicy: which traffic pods may receive and send.

mod validation;

use serde_json::{Value, json};

use crate::Object;
use crate::cells::label_selector;
use crate::kind::{AGE, Column, Kind, NAME, Plain};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "networking.k8s.io",
    version: "v1",
    kind: "NetworkPolicy",
    plural: "networkpolicies",
    singular: "networkpolicy",
    short_names: &["netpol"],
    categories: &[],
    namespaced: true,
    strategy: &Plain { status: "", default: defaults, validate: validation::network_policy, ..Plain::SPEC },
    columns: &[
        NAME,
        Column {
            name: "POD-SELECTOR",
            wide: false,
            cell: |object, _| label_selector(object.at(&["spec", "podSelector"])),
        },
        AGE,
    ],
};

/// Models `SetDefaults_NetworkPolicy` and `SetDefaults_NetworkPolicyPort` of `pkg/apis/networking/v1`.
fn defaults(object: &mut Object) {
    if object.list(&["spec", "policyTypes"]).is_empty() {
        let both = !object.list(&["spec", "egress"]).is_empty();
        object.set(&["spec", "policyTypes"], if both { json!(["Ingress", "Egress"]) } else { json!(["Ingress"]) });
    }
    for direction in ["ingress", "egress"] {
        let rules = object.field_mut("spec").and_then(|spec| spec.get_mut(direction)?.as_array_mut());
        for port in rules.into_iter().flatten().filter_map(|rule| rule.get_mut("ports")?.as_array_mut()).flatten() {
            if let Value::Object(port) = port {
                port.entry("protocol").or_insert_with(|| "TCP".into());
            }
        }
    }
}
