//! ServiceAccount: who a pod is to the API server.

use crate::kind::{AGE, Column, Kind, NAME, Plain};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "",
    version: "v1",
    kind: "ServiceAccount",
    plural: "serviceaccounts",
    singular: "serviceaccount",
    short_names: &["sa"],
    categories: &[],
    namespaced: true,
    strategy: &Plain::DATA,
    columns: &[
        NAME,
        Column { name: "SECRETS", wide: false, cell: |object, _| object.list(&["secrets"]).len().to_string() },
        AGE,
    ],
};
