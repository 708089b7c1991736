//! Paths into an object and the errors found there.
//!
//! Models apimachinery `pkg/util/validation/field`: the same kinds, the same texts.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use crate::arrange::Arrange;
use serde_json::Value;

/// One step of a [`Path`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Segment {
    /// A field of a struct, printed `.name`.
    Field(String),
    /// An item of a list, printed `[3]`.
    Index(usize),
    /// A key of a map of strings, printed `[key]`.
    Key(String),
}

/// A path to a node of an object, such as `spec.ports[0].name` or `metadata.labels[app]`.
///
/// Validation makes one for all it looks at and throws nearly all away, so a path shares its beginning with the paths
/// below it.
#[derive(Clone, Default)]
pub struct Path(Option<Arc<Step>>);

/// The end of a path.
struct Step {
    parent: Path,
    segment: Segment,
}

impl Path {
    /// The path of one field name, or of several joined by dots (`"spec.ports"`).
    #[must_use]
    pub fn new(fields: &str) -> Self {
        fields.split('.').filter(|field| !field.is_empty()).fold(Self::default(), |path, field| path.child(field))
    }

    /// This path and a field of it.
    #[must_use]
    pub fn child(&self, field: &str) -> Self {
        self.with(Segment::Field(field.to_owned()))
    }

    /// This path and an item of it.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Segment::Index(index))
    }

    /// This path and a map key of it.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with(Segment::Key(key.to_owned()))
    }

    /// The steps from the root.
    #[must_use]
    pub fn segments(&self) -> Vec<&Segment> {
        let mut segments: Vec<&Segment> = self.backwards().collect();
        segments.reverse();
        segments
    }

    /// The last step; `None` for the root.
    #[must_use]
    pub fn last(&self) -> Option<&Segment> {
        self.0.as_ref().map(|step| &step.segment)
    }

    /// The path without its last step; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<&Self> {
        self.0.as_ref().map(|step| &step.parent)
    }

    /// Whether this is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_none()
    }

    fn backwards(&self) -> impl Iterator<Item = &Segment> {
        let steps = std::iter::successors(self.0.as_deref(), |step| step.parent.0.as_deref());
        steps.map(|step| &step.segment)
    }

    fn with(&self, segment: Segment) -> Self {
        Self(Some(Arc::new(Step { parent: self.clone(), segment })))
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.backwards().eq(other.backwards())
    }
}

impl Eq for Path {}

impl Ord for Path {
    fn cmp(&self, other: &Self) -> Ordering {
        self.segments().cmp(&other.segments())
    }
}

impl PartialOrd for Path {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Path").field(&self.segments()).finish()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() {
            return f.write_str("<nil>");
        }
        for (at, segment) in self.segments().into_iter().enumerate() {
            match segment {
                Segment::Field(name) if at == 0 => f.write_str(name)?,
                Segment::Field(name) => write!(f, ".{name}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) => write!(f, "[{key}]")?,
            }
        }
        Ok(())
    }
}

/// What is wrong, as upstream's `field.ErrorType`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// A referent does not exist.
    NotFound,
    /// A value is missing.
    Required,
    /// A value must be unique and is not.
    Duplicate,
    /// A value has a wrong form.
    Invalid,
    /// A value is none of the known ones.
    NotSupported,
    /// A value may not be set here.
    Forbidden,
    /// A value has more characters or bytes than allowed.
    TooLong,
    /// A list has more items than allowed.
    TooMany,
    /// A value has the wrong type.
    TypeInvalid,
    /// The server itself failed.
    Internal,
}

impl ErrorKind {
    /// The words that begin the message.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::NotFound => "Not found",
            Self::Required => "Required value",
            Self::Duplicate => "Duplicate value",
            Self::Invalid | Self::TypeInvalid => "Invalid value",
            Self::NotSupported => "Unsupported value",
            Self::Forbidden => "Forbidden",
            Self::TooLong => "Too long",
            Self::TooMany => "Too many",
            Self::Internal => "Internal error",
        }
    }

    /// The machine-readable cause in a `Status`.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::NotFound => "FieldValueNotFound",
            Self::Required => "FieldValueRequired",
            Self::Duplicate => "FieldValueDuplicate",
            Self::Invalid => "FieldValueInvalid",
            Self::NotSupported => "FieldValueNotSupported",
            Self::Forbidden => "FieldValueForbidden",
            Self::TooLong => "FieldValueTooLong",
            Self::TooMany => "FieldValueTooMany",
            Self::TypeInvalid => "FieldValueTypeInvalid",
            Self::Internal => "InternalError",
        }
    }
}

/// One error at one path: upstream's `field.Error`, and `Display` prints it as `Error()` does.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldError {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where.
    pub path: Path,
    /// The value that was refused; `Null` prints as `null`. Unused by kinds that print none.
    pub value: Value,
    /// The explanation after the value; may be empty.
    pub detail: String,
    /// How the value prints when it is a Go struct: JSON with the fields in Go's order; empty when it does not print.
    pub shown: Option<String>,
}

/// The errors of one object, in upstream's order.
pub type ErrorList = Vec<FieldError>;

impl FieldError {
    /// A value of a wrong form.
    #[must_use]
    pub fn invalid(path: &Path, value: impl Into<Value>, detail: impl Into<String>) -> Self {
        Self::of(ErrorKind::Invalid, path, value, detail)
    }

    /// A missing value.
    #[must_use]
    pub fn required(path: &Path, detail: impl Into<String>) -> Self {
        Self::of(ErrorKind::Required, path, "", detail)
    }

    /// A value that stands there twice.
    #[must_use]
    pub fn duplicate(path: &Path, value: impl Into<Value>) -> Self {
        Self::of(ErrorKind::Duplicate, path, value, "")
    }

    /// A value that may not be set here.
    #[must_use]
    pub fn forbidden(path: &Path, detail: impl Into<String>) -> Self {
        Self::of(ErrorKind::Forbidden, path, "", detail)
    }

    /// A value outside the known ones; they are listed sorted, as where upstream keeps them in a set.
    #[must_use]
    pub fn not_supported(path: &Path, value: impl Into<Value>, known: &[&str]) -> Self {
        let mut known: Vec<String> = known.iter().map(|word| go_quote(word)).collect();
        known.arrange();
        let detail = if known.is_empty() { String::new() } else { format!("supported values: {}", known.join(", ")) };
        Self::of(ErrorKind::NotSupported, path, value, detail)
    }

    /// A value outside the known ones where upstream lists them in an order of its own.
    #[must_use]
    pub fn not_supported_in_order(path: &Path, value: impl Into<Value>, known: &[&str]) -> Self {
        let known: Vec<String> = known.iter().map(|word| go_quote(word)).collect();
        Self::of(ErrorKind::NotSupported, path, value, format!("supported values: {}", known.join(", ")))
    }

    /// A referent that does not exist.
    #[must_use]
    pub fn not_found(path: &Path, value: impl Into<Value>) -> Self {
        Self::of(ErrorKind::NotFound, path, value, "")
    }

    /// A text of more than `max` bytes.
    #[must_use]
    pub fn too_long(path: &Path, max: usize) -> Self {
        Self::of(ErrorKind::TooLong, path, "", format!("may not be more than {max} bytes"))
    }

    /// A list of more than `max` items.
    #[must_use]
    pub fn too_many(path: &Path, actual: usize, max: usize) -> Self {
        Self::of(ErrorKind::TooMany, path, actual, format!("must have at most {max} items"))
    }

    /// A value of the wrong type.
    #[must_use]
    pub fn type_invalid(path: &Path, value: impl Into<Value>, detail: impl Into<String>) -> Self {
        Self::of(ErrorKind::TypeInvalid, path, value, detail)
    }

    /// A failure of the server itself.
    #[must_use]
    pub fn internal(path: &Path, detail: impl Into<String>) -> Self {
        Self::of(ErrorKind::Internal, path, "", detail)
    }

    /// An error of any kind.
    #[must_use]
    pub fn of(kind: ErrorKind, path: &Path, value: impl Into<Value>, detail: impl Into<String>) -> Self {
        Self { kind, path: path.clone(), value: value.into(), detail: detail.into(), shown: None }
    }

    /// The same error with a value that prints as `text`.
    #[must_use]
    pub fn showing(self, text: impl Into<String>) -> Self {
        Self { shown: Some(text.into()), ..self }
    }

    /// The same error without its value.
    #[must_use]
    pub fn omitting(self) -> Self {
        self.showing("")
    }

    /// The message without its path, as `field.Error.ErrorBody`.
    #[must_use]
    pub fn body(&self) -> String {
        let mut text = self.kind.title().to_owned();
        let prints_value =
            !matches!(self.kind, ErrorKind::Required | ErrorKind::Forbidden | ErrorKind::TooLong | ErrorKind::Internal);
        let value = self.shown.clone().unwrap_or_else(|| go_value(&self.value));
        if prints_value && !value.is_empty() {
            text.push_str(": ");
            text.push_str(&value);
        }
        if !self.detail.is_empty() {
            text.push_str(": ");
            text.push_str(&self.detail);
        }
        text
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.body())
    }
}

/// A value as `ErrorBody` prints it: strings quoted, `null` for nil, trees as JSON.
fn go_value(value: &Value) -> String {
    match value {
        Value::String(text) => go_quote(text),
        other => other.to_string(),
    }
}

/// A string as Go's `%q` and `strconv.Quote` print it.
#[must_use]
pub fn go_quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{c}' => quoted.push_str("\\f"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => quoted.push_str(&format!("\\x{:02x}", c as u32)),
            '\u{a0}' => quoted.push_str("\\u00a0"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_print_as_upstream() {
        let path = Path::new("spec").child("ports").index(0).child("name");
        assert_eq!(FieldError::required(&path, "").to_string(), "spec.ports[0].name: Required value");
        assert_eq!(
            FieldError::invalid(&path, "A_b", "no").to_string(),
            "spec.ports[0].name: Invalid value: \"A_b\": no"
        );
        assert_eq!(
            FieldError::not_supported(&path, "icmp", &["UDP", "TCP"]).to_string(),
            "spec.ports[0].name: Unsupported value: \"icmp\": supported values: \"TCP\", \"UDP\""
        );
        assert_eq!(
            FieldError::invalid(&path, json!(null), "no").to_string(),
            "spec.ports[0].name: Invalid value: null: no"
        );
        assert_eq!(Path::new("metadata.labels").key("a/b").to_string(), "metadata.labels[a/b]");
    }
}
