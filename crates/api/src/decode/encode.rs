//! What Go's encoder prints of a decoded struct: which fields are left out, which appear though nobody wrote them.

use serde_json::{Map, Value};

use crate::schema::{Field, Omit, Scalar, Schema, Shape, Struct, Type};

/// Whether a field that is there is left out: an empty list or map, or a zero value that the field's tag leaves out.
///
/// Empty lists and maps count as absent: the store does not tell them apart.
pub(super) fn is_left_out(schema: &Schema, field: &Field, shape: Shape<'_>, value: &Value) -> bool {
    match (shape, value) {
        (Shape::List(_), Value::Array(list)) => list.is_empty(),
        (Shape::Map(_), Value::Object(map)) => map.is_empty(),
        _ => field.omit != Omit::Never && is_zero(schema, field, shape, value),
    }
}

/// Adds what is printed of a struct though nobody wrote it.
pub(super) fn add_printed(schema: &Schema, of: &Struct, map: &mut Map<String, Value>) {
    for field in of.printed() {
        if !map.contains_key(field.name) {
            map.insert(field.name.to_owned(), zero(schema, &field.ty));
        }
    }
}

/// Whether a field is printed though nobody wrote it. Go's `omitempty` never leaves out a struct.
pub(crate) fn is_printed(field: &Field, shape: Shape<'_>) -> bool {
    match (field.omit, shape) {
        (Omit::Never, _) => true,
        _ if field.ty.is_pointer() => false,
        (Omit::Empty, Shape::Struct(_)) => true,
        (Omit::Empty, Shape::Scalar(scalar)) => {
            matches!(scalar, Scalar::Time | Scalar::MicroTime | Scalar::IntOrString)
        }
        _ => false,
    }
}

/// What Go prints of the zero value of a type.
pub(super) fn zero(schema: &Schema, ty: &Type) -> Value {
    if ty.is_pointer() {
        return Value::Null;
    }
    match schema.shape(ty) {
        Shape::Struct(of) => {
            let mut map = Map::new();
            add_printed(schema, of, &mut map);
            Value::Object(map)
        }
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

/// Whether a present value is left out by `omitempty` or `omitzero`.
fn is_zero(schema: &Schema, field: &Field, shape: Shape<'_>, value: &Value) -> bool {
    if field.ty.is_pointer() {
        return false;
    }
    match (shape, value) {
        (Shape::Struct(_), value) => field.omit == Omit::Zero && *value == zero(schema, &field.ty),
        (Shape::Scalar(Scalar::IntOrString | Scalar::Quantity), _) => false,
        (_, Value::Bool(value)) => !value,
        (_, Value::String(text)) => text.is_empty(),
        (_, Value::Number(number)) => number.as_f64() == Some(0.0),
        _ => false,
    }
}
