//! The published types, walked: what OpenAPI tells about every type that the served kinds reach.

use std::collections::BTreeMap;

use k8s_openapi::api::{apps, autoscaling, batch, core, discovery, networking};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

/// A struct of the API.
pub(crate) struct Type {
    pub(crate) doc: String,
    /// By name, in the order of the names.
    pub(crate) fields: BTreeMap<String, Field>,
}

/// A field of a struct.
pub(crate) struct Field {
    /// A Go type, with `core.v1.Name` for `v1.Name` of the package `core`.
    pub(crate) go: String,
    pub(crate) required: bool,
    /// Flags as `fields.txt` has them.
    pub(crate) flags: Vec<String>,
    pub(crate) doc: String,
}

/// What stands for itself in `fields.txt` though the published types have a schema for it.
const ATOMS: &[(&str, &str)] = &[
    ("io.k8s.apimachinery.pkg.api.resource.Quantity", "resource.Quantity"),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.Time", "meta.v1.Time"),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime", "meta.v1.MicroTime"),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1", "meta.v1.FieldsV1"),
    ("io.k8s.apimachinery.pkg.runtime.RawExtension", "runtime.RawExtension"),
    ("io.k8s.apimachinery.pkg.util.intstr.IntOrString", "intstr.IntOrString"),
];

/// Every struct that a served kind reaches, by name (`core.v1.ServicePort`).
pub(crate) fn types() -> BTreeMap<String, Type> {
    let mut generator = SchemaGenerator::default();
    let generator = &mut generator;
    add::<core::v1::Namespace>(generator);
    add::<core::v1::Node>(generator);
    add::<core::v1::Pod>(generator);
    add::<core::v1::Service>(generator);
    add::<core::v1::Endpoints>(generator);
    add::<core::v1::ConfigMap>(generator);
    add::<core::v1::Secret>(generator);
    add::<core::v1::ServiceAccount>(generator);
    add::<core::v1::Event>(generator);
    add::<discovery::v1::EndpointSlice>(generator);
    add::<apps::v1::Deployment>(generator);
    add::<apps::v1::ReplicaSet>(generator);
    add::<apps::v1::StatefulSet>(generator);
    add::<apps::v1::DaemonSet>(generator);
    add::<batch::v1::Job>(generator);
    add::<networking::v1::Ingress>(generator);
    add::<networking::v1::IngressClass>(generator);
    add::<networking::v1::NetworkPolicy>(generator);
    add::<autoscaling::v2::HorizontalPodAutoscaler>(generator);
    add::<autoscaling::v1::Scale>(generator);
    generator
        .take_definitions(true)
        .iter()
        .map(|(name, schema)| match atom(name) {
            Some(atom) => (atom.to_owned(), Type { doc: doc(schema), fields: BTreeMap::new() }),
            None => (short(name), struct_of(schema)),
        })
        .collect()
}

fn add<T: JsonSchema>(generator: &mut SchemaGenerator) {
    generator.subschema_for::<T>();
}

fn atom(name: &str) -> Option<&'static str> {
    ATOMS.iter().find(|(atom, _)| *atom == name).map(|(_, go)| *go)
}

/// `io.k8s.api.core.v1.ServicePort` as `core.v1.ServicePort`.
fn short(name: &str) -> String {
    let mut parts: Vec<&str> = name.rsplitn(4, '.').take(3).collect();
    parts.reverse();
    parts.join(".")
}

fn struct_of(schema: &Value) -> Type {
    // The published types insist on the metadata of a top-level object; the API does not.
    let top_level = schema["properties"]["apiVersion"].is_object() && schema["properties"]["kind"].is_object();
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let required: Vec<&str> = required.filter(|name| !(top_level && *name == "metadata")).collect();
    let fields = schema["properties"].as_object().into_iter().flatten().map(|(name, property)| {
        let required = required.contains(&name.as_str());
        let flags = if required { vec!["required".to_owned(), "always".to_owned()] } else { Vec::new() };
        let go = go_type(property, required);
        (name.clone(), Field { go, required, flags, doc: doc(property) })
    });
    Type { doc: doc(schema), fields: fields.collect() }
}

fn doc(schema: &Value) -> String {
    schema["description"].as_str().unwrap_or_default().to_owned()
}

/// The Go type that OpenAPI suggests: an optional struct is mostly a pointer, an optional scalar mostly is none.
fn go_type(schema: &Value, required: bool) -> String {
    if let Some(name) = reference(schema) {
        return match atom(&name) {
            Some(go) => go.to_owned(),
            None if required => short(&name),
            None => format!("*{}", short(&name)),
        };
    }
    match (schema["type"].as_str().unwrap_or_default(), schema["format"].as_str().unwrap_or_default()) {
        ("string", "byte") => "[]byte".to_owned(),
        ("string", _) => "string".to_owned(),
        ("boolean", _) => "bool".to_owned(),
        ("integer", "int64") => "int64".to_owned(),
        ("integer", _) => "int32".to_owned(),
        ("number", _) => "float64".to_owned(),
        ("array", _) => format!("[]{}", go_type(&schema["items"], true)),
        ("object", _) => format!("map[string]{}", go_type(&schema["additionalProperties"], true)),
        _ => "any".to_owned(),
    }
}

/// The definition that a property refers to; a reference beside a description stands in `allOf`.
fn reference(schema: &Value) -> Option<String> {
    let direct = schema["$ref"].as_str();
    let reference = direct.or_else(|| schema["allOf"][0]["$ref"].as_str())?;
    reference.rsplit('/').next().map(str::to_owned)
}
