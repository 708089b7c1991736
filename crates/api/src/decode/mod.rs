//! Strict decoding: a tree against the types of its kind, as the API server's JSON decoder does it.
//!
//! Models `sigs.k8s.io/json` (case-sensitive, strict) as apimachinery `pkg/runtime/serializer/json` drives it: unknown
//! fields are collected and reported together, but the first wrong type outranks them. What comes back is the tree as
//! Go's types would print it again: nulls and empty optional fields gone, zero values of the other fields there.

mod encode;
mod scalars;

use serde_json::{Map, Value};

use crate::schema::{Schema, Shape, Struct, Type, schema};
use crate::{Kind, Path, Segment};

/// The server stops to collect unknown fields here.
const MAX_UNKNOWN_FIELDS: usize = 100;

/// One reason why a tree is no object of its kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecodeError {
    /// Where.
    pub path: Path,
    /// What, in the server's words: `unknown field "spec.foo"`, `json: cannot unmarshal ...`.
    pub message: String,
    /// Whether it is an unknown field, which only strict decoding refuses.
    pub unknown_field: bool,
}

/// A tree that fits its kind's types.
#[derive(Clone, PartialEq, Debug)]
pub struct Decoded {
    /// The tree as the server would print it back.
    pub value: Value,
    /// The fields that were not known and are not in `value`, in the order the server lists them.
    pub unknown: Vec<DecodeError>,
}

/// Decodes; unknown fields are dropped and reported beside the result (`fieldValidation=Warn`).
///
/// A kind without a schema is passed through.
///
/// # Errors
/// The wrong type that the server would report.
pub fn decode(kind: &Kind, value: &Value) -> Result<Decoded, DecodeError> {
    let Some(of) = schema().of_kind(kind) else {
        return Ok(Decoded { value: value.clone(), unknown: Vec::new() });
    };
    let root = format!("{}.{}", kind.version, kind.kind);
    let Value::Object(map) = value else { return Err(not_an_object(value, &root)) };
    Decoder { custom: kind.is_custom(), ..Decoder::new() }.decode(of, of.go_name(), map)
}

/// Decodes as the server does by default (`fieldValidation=Strict`).
///
/// # Errors
/// The first wrong type, or else all unknown fields.
pub fn decode_strict(kind: &Kind, value: &Value) -> Result<Value, Vec<DecodeError>> {
    let decoded = decode(kind, value).map_err(|error| vec![error])?;
    if decoded.unknown.is_empty() { Ok(decoded.value) } else { Err(decoded.unknown) }
}

/// Decodes only the metadata, as kubectl does to every manifest before it sends it.
///
/// # Errors
/// The wrong type that kubectl would report after `unable to decode`.
pub fn decode_metadata_only(value: &Value) -> Result<(), DecodeError> {
    let Some(of) = schema().get("core.v1.Namespace") else { return Ok(()) };
    // Any kind's head: only apiVersion, kind and metadata are looked at.
    let Value::Object(map) = value else { return Ok(()) };
    let known = |key: &String| matches!(key.as_str(), "apiVersion" | "kind" | "metadata");
    let head = map.iter().filter(|(key, _)| known(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
    Decoder::new().decode(of, "metadataOnlyObject", &head).map(drop)
}

/// The server's whole answer to errors of decoding: `Service in version "v1" cannot be handled as a Service: ...`.
#[must_use]
pub fn message(kind: &Kind, errors: &[DecodeError]) -> String {
    format!("{0} in version \"{1}\" cannot be handled as a {0}: {2}", kind.kind, kind.version, reasons(errors))
}

/// The reasons alone, as a patch reports them: `strict decoding error: unknown field "spec.foo", ...`.
#[must_use]
pub fn reasons(errors: &[DecodeError]) -> String {
    let strict = if errors.iter().all(|error| error.unknown_field) { "strict decoding error: " } else { "" };
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    format!("{strict}{}", messages.join(", "))
}

fn not_an_object(value: &Value, root: &str) -> DecodeError {
    let message = format!("json: cannot unmarshal {} into Go value of type {root}", json_type(value));
    DecodeError { path: Path::default(), message, unknown_field: false }
}

/// Where the decoder is.
#[derive(Default)]
struct Place {
    path: Path,
    /// The struct that has the current field, as Go's messages name it.
    owner: &'static str,
    /// The field names from the root without indexes and map keys, as Go's messages have them.
    fields: Vec<&'static str>,
}

struct Decoder<'a> {
    schema: &'a Schema,
    /// The kind has no Go type: what is not metadata is judged by its schema later, and is stored as it comes.
    custom: bool,
    place: Place,
    /// The first wrong type; decoding goes on after it.
    wrong: Option<DecodeError>,
    unknown: Vec<DecodeError>,
}

/// `Err` ends decoding at once: a type's own decoder failed, which outranks an earlier wrong type.
type Step<T> = Result<T, DecodeError>;

impl Decoder<'_> {
    fn new() -> Self {
        Self { schema: schema(), custom: false, place: Place::default(), wrong: None, unknown: Vec::new() }
    }

    fn decode(mut self, of: &Struct, go_name: &'static str, map: &Map<String, Value>) -> Result<Decoded, DecodeError> {
        let decoded = self.fields(of, go_name, map);
        match (decoded, self.wrong) {
            (Err(error), _) | (Ok(_), Some(error)) => Err(error),
            (Ok(value), None) => Ok(Decoded { value: Value::Object(value), unknown: self.unknown }),
        }
    }

    /// Whether no Go type says what may be here.
    fn is_free(&self) -> bool {
        let in_metadata =
            matches!(self.place.path.segments().first(), Some(Segment::Field(name)) if name == "metadata");
        self.custom && !in_metadata
    }

    fn fields(&mut self, of: &Struct, owner: &'static str, map: &Map<String, Value>) -> Step<Map<String, Value>> {
        let mut decoded = Map::new();
        for (key, value) in map {
            let Some(field) = of.field(key) else {
                self.unknown_field(key);
                continue;
            };
            if value.is_null() && (key == "metadata" || !self.is_free()) {
                continue;
            }
            let outer = std::mem::replace(&mut self.place.owner, owner);
            let depth = self.place.fields.len();
            self.place.fields.extend(field.via);
            self.place.fields.push(field.name);
            let value = self.within(self.place.path.child(key), |at| at.value(&field.ty, value))?;
            self.place.fields.truncate(depth);
            self.place.owner = outer;
            if let Some(value) = value {
                decoded.insert(key.clone(), value);
            }
        }
        Ok(if self.is_free() { decoded } else { encode::normalise(self.schema, of, decoded) })
    }

    /// A value that is not null; `None` when it has the wrong type.
    fn value(&mut self, ty: &Type, value: &Value) -> Step<Option<Value>> {
        match (self.schema.shape(ty), value) {
            (Shape::Scalar(_), value) if self.is_free() => Ok(Some(value.clone())),
            (Shape::Scalar(scalar), value) => self.scalar(scalar, ty, value),
            (Shape::Struct(of), Value::Object(map)) => {
                self.fields(of, of.go_name(), map).map(|map| Some(Value::Object(map)))
            }
            (Shape::List(item), Value::Array(values)) => {
                let mut list = Vec::with_capacity(values.len());
                for (index, value) in values.iter().enumerate() {
                    list.push(self.within(self.place.path.index(index), |at| at.item(item, value))?);
                }
                Ok(Some(Value::Array(list)))
            }
            (Shape::Map(item), Value::Object(values)) => {
                let mut map = Map::new();
                for (key, value) in values {
                    let value = self.within(self.place.path.key(key), |at| at.item(item, value))?;
                    map.insert(key.clone(), value);
                }
                Ok(Some(Value::Object(map)))
            }
            (_, value) if self.is_free() => Ok(Some(value.clone())),
            (_, value) => {
                let wrong = self.wrong_type(json_type(value), &ty.pointee().go_name());
                self.save(wrong);
                Ok(None)
            }
        }
    }

    /// An item of a list or a map: null or a wrong one is the zero value.
    fn item(&mut self, ty: &Type, value: &Value) -> Step<Value> {
        if value.is_null() && self.is_free() {
            return Ok(Value::Null);
        }
        let decoded = if value.is_null() { None } else { self.value(ty, value)? };
        Ok(decoded.unwrap_or_else(|| encode::zero(self.schema, ty)))
    }

    fn within<T>(&mut self, path: Path, inner: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.place.path, path);
        let result = inner(self);
        self.place.path = outer;
        result
    }

    fn unknown_field(&mut self, key: &str) {
        let path = self.place.path.child(key);
        let message = format!("unknown field {}", crate::field::go_quote(&dotted(&path)));
        let seen = self.unknown.iter().any(|error| error.message == message);
        if !seen && self.unknown.len() < MAX_UNKNOWN_FIELDS {
            self.unknown.push(DecodeError { path, message, unknown_field: true });
        }
    }

    /// Models `json.UnmarshalTypeError.Error` with the context of the field.
    fn wrong_type(&self, value: &str, go_type: &str) -> DecodeError {
        let (owner, fields) = (self.place.owner, self.place.fields.join("."));
        self.error(format!("json: cannot unmarshal {value} into Go struct field {owner}.{fields} of type {go_type}"))
    }

    fn error(&self, message: String) -> DecodeError {
        DecodeError { path: self.place.path.clone(), message, unknown_field: false }
    }

    fn save(&mut self, error: DecodeError) {
        self.wrong.get_or_insert(error);
    }
}

/// The path as strict errors write it: map keys are joined by dots too.
fn dotted(path: &Path) -> String {
    let mut text = String::new();
    for segment in path.segments() {
        match segment {
            Segment::Index(index) => text.push_str(&format!("[{index}]")),
            Segment::Field(name) | Segment::Key(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
        }
    }
    text
}

/// What Go's decoder calls a JSON value.
fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests;
