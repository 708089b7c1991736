//! Objects as the API server has them inside: some of its messages print the structs it works with, with the names
//! that the fields have in Go, in Go's order, and with everything that is not set.
//!
//! The names are the committed `schema/internal.txt`; the types are the published ones, which differ in names only.

mod difference;
mod text;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

use crate::schema::{Scalar, Shape, Struct, Type, schema};

/// Something to print as JSON, its fields in an order of their own.
enum Tree {
    Leaf(String),
    List(Vec<Tree>),
    Fields(Vec<(String, Tree)>),
}

/// A struct as Go's `json.Marshal` prints it; `of` is the published name, such as `core.v1.PodSpec`.
pub(crate) fn json(of: &str, value: &Value) -> String {
    text::compact(&tree(of, value))
}

/// What differs between two structs. Models apimachinery `pkg/util/diff.Diff`.
pub(crate) fn diff(of: &str, old: &Value, new: &Value) -> String {
    difference::unified(&text::indented(&tree(of, old)), &text::indented(&tree(of, new)))
}

fn tree(of: &str, value: &Value) -> Tree {
    schema().get(of).map_or_else(|| Tree::Leaf("null".to_owned()), |of| structure(of, value))
}

/// The fields of each struct: the name that is printed and the name in manifests. A struct that is not here has its
/// published names.
fn names() -> &'static BTreeMap<&'static str, Vec<(&'static str, &'static str)>> {
    static NAMES: OnceLock<BTreeMap<&'static str, Vec<(&'static str, &'static str)>>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let lines = include_str!("../../schema/internal.txt").lines().filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| {
                let (name, fields) = line.split_once(' ')?;
                Some((name, fields.split(' ').map(|field| field.split_once('=').unwrap_or((field, ""))).collect()))
            })
            .collect()
    })
}

fn structure(of: &Struct, value: &Value) -> Tree {
    let Some(fields) = names().get(of.go_name()) else {
        let fields = of.fields.iter().filter_map(|field| {
            let value = value.get(field.name).filter(|value| !value.is_null())?;
            Some((field.name.to_owned(), typed(&field.ty, value)))
        });
        return Tree::Fields(fields.collect());
    };
    let moved;
    let value = if of.go_name() == "PodSpec" {
        moved = with_moved(value);
        &moved
    } else {
        value
    };
    let printed = fields.iter().filter_map(|(shown, name)| match shown.split_once('.') {
        Some((outer, inner)) => {
            let value = value.get(outer)?.get(inner)?;
            let Shape::Struct(of) = schema().shape(&of.field(outer)?.ty) else { return None };
            tagged(of, inner, value)
        }
        None if shown.starts_with(|first: char| first.is_ascii_lowercase()) => tagged(of, shown, value.get(*shown)?),
        None => {
            let name = if name.is_empty() { lower_first(shown) } else { (*name).to_owned() };
            Some(((*shown).to_owned(), field(of, &name, value)))
        }
    });
    Tree::Fields(printed.collect())
}

/// A field with JSON tags, which is there.
fn tagged(of: &Struct, name: &str, value: &Value) -> Option<(String, Tree)> {
    let field = of.field(name).filter(|_| !value.is_null())?;
    Some((name.to_owned(), typed(&field.ty, value)))
}

/// A field by its name in manifests.
fn field(of: &Struct, name: &str, value: &Value) -> Tree {
    let value = value.get(name).filter(|value| !value.is_null());
    match (of.field(name), value) {
        (Some(field), Some(value)) => typed(&field.ty, value),
        (Some(field), None) => zero(&field.ty),
        (None, Some(value)) => leaf(value),
        // Of the moved ones the first three are no pointers.
        (None, None) => Tree::Leaf(if MOVED[..3].contains(&name) { "false" } else { "null" }.to_owned()),
    }
}

/// What a pod's spec has of the host's namespaces: inside, it is part of the security context.
const MOVED: [&str; 5] = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];

fn with_moved(spec: &Value) -> Value {
    let mut spec = spec.clone();
    if let Value::Object(fields) = &mut spec {
        for name in MOVED {
            if let Some(value) = fields.remove(name) {
                crate::object::set(fields.entry("securityContext").or_insert(Value::Null), &[name], value);
            }
        }
    }
    spec
}

fn typed(ty: &Type, value: &Value) -> Tree {
    match (schema().shape(ty), value) {
        (_, Value::Null) => zero(ty),
        (Shape::Struct(of), value) => structure(of, value),
        (Shape::List(of), Value::Array(items)) => Tree::List(items.iter().map(|item| typed(of, item)).collect()),
        (Shape::Map(of), Value::Object(entries)) => {
            Tree::Fields(entries.iter().map(|(key, value)| (key.clone(), typed(of, value))).collect())
        }
        (_, value) => leaf(value),
    }
}

fn leaf(value: &Value) -> Tree {
    Tree::Leaf(match value {
        Value::String(text) => crate::go::json_string(text),
        other => other.to_string(),
    })
}

/// What Go prints of a field that nobody set.
fn zero(ty: &Type) -> Tree {
    if ty.is_pointer() {
        return Tree::Leaf("null".to_owned());
    }
    let text = match schema().shape(ty) {
        Shape::Struct(of) => return structure(of, &Value::Null),
        Shape::List(_) | Shape::Map(_) => "null",
        Shape::Scalar(scalar) => match scalar {
            Scalar::Bool => "false",
            Scalar::Int32 | Scalar::Int64 | Scalar::Float64 | Scalar::IntOrString => "0",
            Scalar::String => "\"\"",
            Scalar::Quantity => "\"0\"",
            Scalar::Time | Scalar::MicroTime | Scalar::Any | Scalar::Bytes => "null",
        },
    };
    Tree::Leaf(text.to_owned())
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{MOVED, lower_first, names, schema};

    #[test]
    fn structs_print_with_the_names_of_go() {
        let policy = json!({"rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [1, 2]}}]});
        let want = "{\"Rules\":[{\"Action\":\"FailJob\",\"OnExitCodes\":{\"ContainerName\":null,\"Operator\":\"In\",\
                    \"Values\":[1,2]},\"OnPodConditions\":null}]}";
        assert_eq!(super::json("batch.v1.PodFailurePolicy", &policy), want);
        let template = json!({"metadata": {"labels": {"a": "<b>"}}, "spec": {"hostNetwork": true}});
        let text = super::json("core.v1.PodTemplateSpec", &template);
        assert!(text.starts_with("{\"labels\":{\"a\":\"\\u003cb\\u003e\"},\"Spec\":{\"Volumes\":null,"), "{text}");
        let context = "\"SecurityContext\":{\"HostNetwork\":true,\"HostPID\":false,\"HostIPC\":false,\
                       \"ShareProcessNamespace\":null,\"HostUsers\":null,\"SELinuxOptions\":null,";
        assert!(text.contains(context), "{text}");
    }

    #[test]
    fn every_field_is_known_by_both_names() {
        let schema = schema();
        for (name, fields) in names() {
            let group = if name.starts_with("PodFailure") || name.starts_with("Success") { "batch" } else { "core" };
            let group = if name.starts_with("LabelSelector") { "meta" } else { group };
            let of = schema.get(&format!("{group}.v1.{name}")).unwrap_or_else(|| panic!("{name}"));
            for (shown, plain) in fields.iter().filter(|(shown, _)| !shown.contains('.')) {
                let plain = if plain.is_empty() { lower_first(shown) } else { (*plain).to_owned() };
                assert!(of.field(&plain).is_some() || MOVED.contains(&plain.as_str()), "{name}.{shown}: {plain}");
            }
        }
    }
}
