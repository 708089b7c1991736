//! Strict decoding: a tree against the types of its kind, as the API server's JSON decoder does it.
//!
//! Models `sigs.k8s.io/json` (case-sensitive, strict) as apimachinery `pkg/runtime/serializer/json` drives it: unknown
//! fields are collected and reported together, but the first wrong type outranks them. What comes back is the tree as
//! Go's types would print it again: nulls and empty optional fields gone, zero values of the other fields there.

mod encode;
mod scalars;

use serde_json::{Map, Value};

pub(crate) use encode::is_printed;

use crate::schema::{Field, Schema, Shape, Struct, Type, schema};
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
pub fn decode(kind: &Kind, value: Value) -> Result<Decoded, DecodeError> {
    let Some(of) = schema().of_kind(kind) else {
        return Ok(Decoded { value, unknown: Vec::new() });
    };
    let Value::Object(map) = value else {
        return Err(not_an_object(&value, &format!("{}.{}", kind.version, kind.kind)));
    };
    Decoder::new().decode(of, of.go_name(), map, kind.is_custom())
}

/// Decodes as the server does by default (`fieldValidation=Strict`).
///
/// # Errors
/// The first wrong type, or else all unknown fields.
pub fn decode_strict(kind: &Kind, value: &Value) -> Result<Value, Vec<DecodeError>> {
    let decoded = decode(kind, value.clone()).map_err(|error| vec![error])?;
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
    Decoder::new().decode(of, "metadataOnlyObject", head, false).map(drop)
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

/// Where the decoder is: a step from the place above. It becomes a path when there is something to say of it.
struct Place<'a> {
    above: Option<&'a Place<'a>>,
    step: Step<'a>,
    /// No Go type says what may be here: what a custom kind has beside its metadata is judged by its schema later, and
    /// is stored as it comes.
    free: bool,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    /// The object itself.
    Root,
    /// A field of a struct, with the struct's name as Go's messages have it.
    Field(&'static str, &'a Field),
    /// An item of a list.
    Index(usize),
    /// A key of a map.
    Key(&'a str),
}

impl<'a> Place<'a> {
    fn below(&'a self, step: Step<'a>) -> Self {
        let is_root = matches!(self.step, Step::Root);
        let metadata = matches!(step, Step::Field(_, field) if is_root && field.name == "metadata");
        Self { above: Some(self), step, free: self.free && !metadata }
    }

    fn path(&self) -> Path {
        let above = self.above.map_or_else(Path::default, Place::path);
        match self.step {
            Step::Root => above,
            Step::Field(_, field) => above.child(field.name),
            Step::Index(index) => above.index(index),
            Step::Key(key) => above.key(key),
        }
    }

    /// The struct that has the nearest field, and the field names from the root without indexes and map keys, as Go's
    /// messages have them.
    fn go_field(&self) -> (&'static str, String) {
        let places = std::iter::successors(Some(self), |place| place.above);
        let fields = places.filter_map(|place| match place.step {
            Step::Field(owner, field) => Some((owner, field)),
            _ => None,
        });
        let fields: Vec<(&'static str, &Field)> = fields.collect();
        let names = fields.iter().rev().flat_map(|(_, field)| field.via.into_iter().chain([field.name]));
        (fields.first().map_or("", |(owner, _)| owner), names.collect::<Vec<_>>().join("."))
    }

    /// Models `json.UnmarshalTypeError.Error` with the context of the field.
    fn wrong_type(&self, value: &str, go_type: &str) -> DecodeError {
        let (owner, fields) = self.go_field();
        self.error(format!("json: cannot unmarshal {value} into Go struct field {owner}.{fields} of type {go_type}"))
    }

    fn error(&self, message: String) -> DecodeError {
        DecodeError { path: self.path(), message, unknown_field: false }
    }
}

/// Decodes a tree where it stands: most of it stays as it is.
struct Decoder<'a> {
    schema: &'a Schema,
    /// The first wrong type; decoding goes on after it.
    wrong: Option<DecodeError>,
    unknown: Vec<DecodeError>,
}

/// Whether the value stays, or has the wrong type. `Err` ends decoding at once: a type's own decoder failed, which
/// outranks an earlier wrong type.
type Verdict = Result<bool, DecodeError>;

impl Decoder<'_> {
    fn new() -> Self {
        Self { schema: schema(), wrong: None, unknown: Vec::new() }
    }

    fn decode(
        mut self,
        of: &Struct,
        go_name: &'static str,
        mut map: Map<String, Value>,
        custom: bool,
    ) -> Result<Decoded, DecodeError> {
        let root = Place { above: None, step: Step::Root, free: custom };
        self.fields(of, go_name, &mut map, &root)?;
        match self.wrong {
            Some(error) => Err(error),
            None => Ok(Decoded { value: Value::Object(map), unknown: self.unknown }),
        }
    }

    fn fields(
        &mut self,
        of: &Struct,
        owner: &'static str,
        map: &mut Map<String, Value>,
        at: &Place<'_>,
    ) -> Result<(), DecodeError> {
        let mut dropped = Vec::new();
        for (key, value) in map.iter_mut() {
            let Some(field) = of.field(key) else {
                self.unknown_field(key, at);
                dropped.push(key.clone());
                continue;
            };
            if value.is_null() && (key == "metadata" || !at.free) {
                dropped.push(key.clone());
                continue;
            }
            let shape = self.schema.shape(&field.ty);
            let stays = self.value((&field.ty, shape), value, &at.below(Step::Field(owner, field)))?;
            if !stays || (!at.free && encode::is_left_out(self.schema, field, shape, value)) {
                dropped.push(key.clone());
            }
        }
        for key in dropped {
            map.remove(&key);
        }
        if !at.free {
            encode::add_printed(self.schema, of, map);
        }
        Ok(())
    }

    /// A value that is not null.
    fn value(&mut self, (ty, shape): (&Type, Shape<'_>), value: &mut Value, at: &Place<'_>) -> Verdict {
        match (shape, value) {
            (Shape::Scalar(_), _) if at.free => {}
            (Shape::Scalar(scalar), value) => return self.scalar(scalar, ty, value, at),
            (Shape::Struct(of), Value::Object(map)) => self.fields(of, of.go_name(), map, at)?,
            (Shape::List(item), Value::Array(values)) => {
                let shape = self.schema.shape(item);
                for (index, value) in values.iter_mut().enumerate() {
                    self.item((item, shape), value, &at.below(Step::Index(index)))?;
                }
            }
            (Shape::Map(item), Value::Object(values)) => {
                let shape = self.schema.shape(item);
                for (key, value) in values.iter_mut() {
                    self.item((item, shape), value, &at.below(Step::Key(key)))?;
                }
            }
            _ if at.free => {}
            (_, value) => {
                self.save(at.wrong_type(json_type(value), &ty.pointee().go_name()));
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// An item of a list or a map: null or a wrong one is the zero value.
    fn item(&mut self, of: (&Type, Shape<'_>), value: &mut Value, at: &Place<'_>) -> Result<(), DecodeError> {
        if value.is_null() && at.free {
            return Ok(());
        }
        if value.is_null() || !self.value(of, value, at)? {
            *value = encode::zero(self.schema, of.0);
        }
        Ok(())
    }

    fn unknown_field(&mut self, key: &str, at: &Place<'_>) {
        let path = at.path().child(key);
        let message = format!("unknown field {}", crate::field::go_quote(&dotted(&path)));
        let seen = self.unknown.iter().any(|error| error.message == message);
        if !seen && self.unknown.len() < MAX_UNKNOWN_FIELDS {
            self.unknown.push(DecodeError { path, message, unknown_field: true });
        }
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
#[must_use]
pub fn json_type(value: &Value) -> &'static str {
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
