//! What `kubectl explain` prints. Models `pkg/explain/v2/templates/plaintext.tmpl` over the OpenAPI document that the
//! server would give: [`api::schema`] has its structure, the documentation file its texts.

mod docs;
mod wrap;

use api::Kind;
use api::schema::{Field, Scalar, Schema, Shape, Struct, Type, schema};

use docs::Docs;
use wrap::{indent, wrap};

/// How wide the longest line is.
const WIDTH: usize = 80;

/// The values of an enumeration that lists of fields show.
const MOST_VALUES: usize = 4;

/// The lines above everything.
#[must_use]
pub fn head(kind: &Kind) -> String {
    let group = if kind.group.is_empty() { String::new() } else { format!("GROUP:      {}\n", kind.group) };
    format!("{group}KIND:       {}\nVERSION:    {}\n\n", kind.kind, kind.version)
}

/// What stands below [`head`] about a kind, or about the field at a path in it; `None` when there is no such field.
#[must_use]
pub fn body(kind: &Kind, path: &[String], recursive: bool, docs: &str) -> Option<String> {
    let schema = schema();
    let text = Text { schema, docs: Docs::new(docs), recursive };
    let root = schema.of_kind(kind)?;
    let Some((last, before)) = path.split_last() else {
        let about = described(&text.docs.of_type(root.name));
        return Some(text.description(&about, &text.fields(root, 1)) + "\n");
    };
    let mut owner = root;
    for name in before {
        owner = text.fields_of(&owner.field(name)?.ty)?;
    }
    let field = owner.field(last)?;
    let mut out = format!("FIELD: {last} <{}>\n", text.schema.explained(&field.ty));
    let values = schema.enum_values(&field.ty);
    if !values.is_empty() {
        out.push_str("ENUM:");
        values.iter().for_each(|value| out.push_str(&format!("\n    {}", enum_word(value))));
    }
    out.push_str("\n\n");
    let about = described(&text.field_doc(owner, field)) + &described(&text.type_doc(&field.ty));
    let fields = text.fields_of(&field.ty).map(|below| text.fields(below, 1)).unwrap_or_default();
    out.push_str(&text.description(&about, &fields));
    out.push('\n');
    Some(out)
}

/// A text and the end of its line, unless there is none.
fn described(doc: &str) -> String {
    if doc.is_empty() { String::new() } else { format!("{doc}\n") }
}

/// The empty value is shown as two quotes.
fn enum_word(value: &str) -> &str {
    if value.is_empty() { "\"\"" } else { value }
}

struct Text<'a> {
    schema: &'static Schema,
    docs: Docs<'a>,
    recursive: bool,
}

impl Text<'_> {
    fn description(&self, about: &str, fields: &str) -> String {
        let about = if about.is_empty() { "<empty>" } else { about };
        let fields = if fields.is_empty() { String::new() } else { format!("FIELDS:\n{fields}") };
        format!("DESCRIPTION:\n{}\n{fields}", indent(&wrap(about, WIDTH - 4), 4))
    }

    /// Models the template `fieldList`.
    fn fields(&self, of: &Struct, level: usize) -> String {
        let mut out = String::new();
        for field in &of.fields {
            self.field(of, field, level, &mut out);
            if self.recursive
                && let Some(below) = self.fields_of(&field.ty)
            {
                out.push_str(&self.fields(below, level + 1));
            }
        }
        out
    }

    /// Models the template `fieldDetail`.
    fn field(&self, owner: &Struct, field: &Field, level: usize, out: &mut String) {
        let margin = level * 2;
        let blanks = " ".repeat(margin);
        out.push_str(&format!("{blanks}{}\t<{}>", field.name, self.schema.explained(&field.ty)));
        if field.required {
            out.push_str(" -required-");
        }
        let values = self.schema.enum_values(&field.ty);
        if !values.is_empty() {
            let words: Vec<&str> = values.iter().take(MOST_VALUES).map(|value| enum_word(value)).collect();
            let more = if values.len() > MOST_VALUES { ", ...." } else { "" };
            out.push_str(&format!("\n{blanks}enum: {}{more}", words.join(", ")));
        }
        out.push('\n');
        if !self.recursive {
            let doc = self.field_doc(owner, field);
            let doc = if doc.is_empty() { "<no description>" } else { &doc };
            out.push_str(&indent(&wrap(doc, WIDTH - 2 - margin), margin + 2));
            out.push_str("\n\n");
        }
    }

    /// What the document says of a field: an enumeration lists its values. Models kube-openapi `enumType.DescriptionLines`.
    fn field_doc(&self, owner: &Struct, field: &Field) -> String {
        let mut doc = self.docs.of_field(owner.name, field.name);
        let values = self.schema.enum_values(&field.ty);
        if let (Type::Named(name), false) = (field.ty.pointee(), values.is_empty()) {
            doc.push_str("\n\nPossible enum values:");
            for value in values {
                let meaning = self.docs.of_field(name.text, value);
                let line = format!("\n - `\"{value}\"` {meaning}");
                doc.push_str(line.trim_end_matches(' '));
            }
        }
        doc
    }

    /// What the document says of the type of a field, or of the items of a list or map.
    fn type_doc(&self, ty: &Type) -> String {
        match self.schema.shape(ty) {
            Shape::Struct(of) => self.docs.of_type(of.name),
            Shape::List(of) | Shape::Map(of) => self.type_doc(of),
            Shape::Scalar(scalar) => self.docs.of_type(match scalar {
                Scalar::Quantity => "resource.Quantity",
                Scalar::IntOrString => "intstr.IntOrString",
                Scalar::Time => "meta.v1.Time",
                Scalar::MicroTime => "meta.v1.MicroTime",
                Scalar::Any => "meta.v1.FieldsV1",
                _ => return String::new(),
            }),
        }
    }

    /// The struct whose fields stand below a field of this type.
    fn fields_of(&self, ty: &Type) -> Option<&'static Struct> {
        match self.schema.shape(ty) {
            Shape::Struct(of) => self.schema.get(of.name),
            Shape::List(of) | Shape::Map(of) => self.fields_of(of),
            Shape::Scalar(_) => None,
        }
    }
}
