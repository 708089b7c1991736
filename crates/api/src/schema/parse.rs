//! Reads `fields.txt`: a struct's name at the margin, its fields below in their order there, `NAME = TYPE` for a named type.

use super::{Field, Name, Omit, PatchStrategy, Place, Scalar, Schema, Struct, Topology, Type};
use crate::arrange::Arrange;
use crate::decode;

pub(super) fn schema(text: &'static str) -> Schema {
    let mut schema = Schema::default();
    let mut atomic = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(rest) = line.strip_prefix(' ') {
            if let (Some(of), Some(field)) = (schema.structs.last_mut(), field(rest)) {
                of.fields.push(Field { place: of.fields.len(), ..field });
            }
        } else if let Some((name, ty)) = line.split_once(" = ") {
            if ty == "atomic" {
                atomic.push(name);
            } else {
                let (ty, values) = ty.split_once(' ').unwrap_or((ty, ""));
                schema.names.insert(name, Place::Named(schema.named.len()));
                schema.named.push(type_of(ty));
                if !values.is_empty() {
                    schema.enums.insert(name, values.split(',').collect());
                }
            }
        } else {
            schema.names.insert(line, Place::Struct(schema.structs.len()));
            let atomic = atomic.contains(&line);
            schema.structs.push(Struct { name: line, fields: Vec::new(), atomic, printed: Vec::new() });
        }
    }
    // The file has them in the order of the Go struct.
    for of in &mut schema.structs {
        of.fields.arrange_by_key(|field| field.name);
    }
    link(&mut schema);
    schema
}

/// Looks every name up, and works out what follows from it.
fn link(schema: &mut Schema) {
    let fields = schema.structs.iter_mut().flat_map(|of| &mut of.fields).map(|field| &mut field.ty);
    for ty in fields.chain(&mut schema.named) {
        each_name(ty, &mut |name| {
            name.place = schema.names.get(name.text).copied().unwrap_or(Place::Unknown);
        });
    }
    let printed = |of: &Struct| {
        let fields = of.fields.iter().enumerate();
        let printed = fields.filter(|(_, field)| decode::is_printed(field, schema.shape(&field.ty)));
        printed.map(|(place, _)| place).collect()
    };
    let printed: Vec<Vec<usize>> = schema.structs.iter().map(printed).collect();
    for (of, printed) in schema.structs.iter_mut().zip(printed) {
        of.printed = printed;
    }
}

fn each_name(ty: &mut Type, change: &mut dyn FnMut(&mut Name)) {
    match ty {
        Type::Scalar(_) => {}
        Type::Named(name) => change(name),
        Type::Pointer(of) | Type::List(of) => each_name(of, change),
        Type::Map(key, of) => {
            each_name(key, change);
            each_name(of, change);
        }
    }
}

fn field(line: &'static str) -> Option<Field> {
    let mut words = line.split(' ');
    let (name, ty) = (words.next()?, type_of(words.next()?));
    let mut field = Field {
        name,
        place: 0,
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
        _ => return Type::Named(Name { text, place: Place::Unknown }),
    })
}
