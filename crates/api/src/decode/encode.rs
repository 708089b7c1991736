//! What Go's encoder prints of a decoded struct: which fields are left out, which appear though nobody wrote them.

use serde_json::{Map, Value};

use crate::schema::{Field, Omit, Scalar, Schema, Shape, Struct, Type};

/// The fields of a struct as they are printed. `decoded` has no nulls for fields; its values are normalised already.
///
/// Empty lists and maps count as absent: the store does not tell them apart.
pub(super) fn normalise(schema: &Schema, of: &Struct, mut decoded: Map<String, Value>) -> Map<String, Value> {
    for field in &of.fields {
        let value = decoded.remove(field.name).filter(|value| !is_empty_collection(schema, field, value));
        let printed = match value {
            Some(value) if field.omit != Omit::Never && is_zero(schema, field, &value) => None,
            Some(value) => Some(value),
            None if field.ty.is_pointer() => (field.omit == Omit::Never).then_some(Value::Null),
            None => match (field.omit, schema.shape(&field.ty)) {
                // Go's `omitempty` never leaves out a struct.
                (Omit::Never, _) | (Omit::Empty, Shape::Struct(_)) => Some(zero(schema, &field.ty)),
                (Omit::Empty, Shape::Scalar(Scalar::Time | Scalar::MicroTime | Scalar::IntOrString)) => {
                    Some(zero(schema, &field.ty))
                }
                _ => None,
            },
        };
        if let Some(value) = printed {
            decoded.insert(field.name.to_owned(), value);
        }
    }
    decoded
}

/// What Go prints of the zero value of a type.
pub(super) fn zero(schema: &Schema, ty: &Type) -> Value {
    if ty.is_pointer() {
        return Value::Null;
    }
    match schema.shape(ty) {
        Shape::Struct(of) => Value::Object(normalise(schema, of, Map::new())),
        Shape::List(_) | Shape::Map(_) => Value::Null,
        Shape::Scalar(scalar) => match scalar {
            Scalar::Bool => Value::Bool(false),
            Scalar::Int32 | Scalar::Int64 | Scalar::Float64 | Scalar::IntOrString => Value::from(0),
            Scalar::String => Value::from(""),
            Scalar::Quantity => Value::from("0"),
            Scalar::Time | Scalar::MicroTime | Scalar::Any | Scalar::Bytes => Value::Null,
        },
    }
}

fn is_empty_collection(schema: &Schema, field: &Field, value: &Value) -> bool {
    match (schema.shape(&field.ty), value) {
        (Shape::List(_), Value::Array(list)) => list.is_empty(),
        (Shape::Map(_), Value::Object(map)) => map.is_empty(),
        _ => false,
    }
}

/// Whether a present value is left out by `omitempty` or `omitzero`.
fn is_zero(schema: &Schema, field: &Field, value: &Value) -> bool {
    if field.ty.is_pointer() {
        return false;
    }
    match (schema.shape(&field.ty), value) {
        (Shape::Struct(_), value) => field.omit == Omit::Zero && *value == zero(schema, &field.ty),
        (Shape::Scalar(Scalar::IntOrString | Scalar::Quantity), _) => false,
        (_, Value::Bool(value)) => !value,
        (_, Value::String(text)) => text.is_empty(),
        (_, Value::Number(number)) => number.as_f64() == Some(0.0),
        _ => false,
    }
}
