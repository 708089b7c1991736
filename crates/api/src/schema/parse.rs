//! Reads `fields.txt`: a struct's name at the margin, its fields below, `NAME = TYPE` for a named type.

use super::{Field, Omit, PatchStrategy, Scalar, Schema, Struct, Topology, Type};

pub(super) fn schema(text: &'static str) -> Schema {
    let mut schema = Schema::default();
    let mut atomic = Vec::new();
    let mut current = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(rest) = line.strip_prefix(' ') {
            let of = current.and_then(|name| schema.structs.get_mut(name));
            if let (Some(of), Some(field)) = (of, field(rest)) {
                of.fields.push(field);
            }
        } else if let Some((name, ty)) = line.split_once(" = ") {
            if ty == "atomic" {
                atomic.push(name);
            } else {
                let (ty, values) = ty.split_once(' ').unwrap_or((ty, ""));
                schema.named.insert(name, type_of(ty));
                if !values.is_empty() {
                    schema.enums.insert(name, values.split(',').collect());
                }
            }
        } else {
            schema.structs.insert(line, Struct { name: line, fields: Vec::new(), atomic: atomic.contains(&line) });
            current = Some(line);
        }
    }
    schema
}

fn field(line: &'static str) -> Option<Field> {
    let mut words = line.split(' ');
    let (name, ty) = (words.next()?, type_of(words.next()?));
    let mut field = Field {
        name,
        ty,
        via: None,
        required: false,
        omit: Omit::Empty,
        patch: PatchStrategy::default(),
        topology: Topology::Default,
    };
    for flag in words {
        match flag.split_once('=').map_or((flag, None), |(flag, value)| (flag, Some(value))) {
            ("required", _) => field.required = true,
            ("always", _) => field.omit = Omit::Never,
            ("zero", _) => field.omit = Omit::Zero,
            ("merge", key) => (field.patch.merge, field.patch.merge_key) = (true, key),
            ("retainKeys", _) => field.patch.retain_keys = true,
            ("via", via) => field.via = via,
            ("keys", Some(keys)) => field.topology = Topology::Keyed(keys.split(',').collect()),
            ("set", _) => field.topology = Topology::Set,
            ("atomic", _) => field.topology = Topology::Atomic,
            _ => {}
        }
    }
    Some(field)
}

fn type_of(text: &'static str) -> Type {
    if text == "[]byte" {
        return Type::Scalar(Scalar::Bytes);
    }
    if let Some(of) = text.strip_prefix('*') {
        return Type::Pointer(Box::new(type_of(of)));
    }
    if let Some(of) = text.strip_prefix("[]") {
        return Type::List(Box::new(type_of(of)));
    }
    if let Some((key, of)) = text.strip_prefix("map[").and_then(|rest| rest.split_once(']')) {
        return Type::Map(Box::new(type_of(key)), Box::new(type_of(of)));
    }
    Type::Scalar(match text {
        "bool" => Scalar::Bool,
        "int32" => Scalar::Int32,
        "int64" => Scalar::Int64,
        "float64" => Scalar::Float64,
        "string" => Scalar::String,
        "resource.Quantity" => Scalar::Quantity,
        "intstr.IntOrString" => Scalar::IntOrString,
        "meta.v1.Time" => Scalar::Time,
        "meta.v1.MicroTime" => Scalar::MicroTime,
        "any" | "meta.v1.FieldsV1" | "runtime.RawExtension" => Scalar::Any,
        _ => return Type::Named(text),
    })
}
