//! ConfigMap: configuration as data.

use crate::Object;
use crate::kind::{AGE, Column, Kind, NAME, Plain};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "",
    version: "v1",
    kind: "ConfigMap",
    plural: "configmaps",
    singular: "configmap",
    short_names: &["cm"],
    categories: &[],
    namespaced: true,
    strategy: &Plain::DATA,
    columns: &[NAME, Column { name: "DATA", wide: false, cell: |object, _| count(object).to_string() }, AGE],
};

fn count(object: &Object) -> usize {
    ["data", "binaryData"].iter().filter_map(|field| object.map(&[field])).map(serde_json::Map::len).sum()
}
