//! What can be typed at a place of the text, and what stands there: from the API's schema and from what the cluster has.

mod context;
mod living;

use api::arrange::Arrange;
use api::schema::{Field, Scalar, Shape, Struct, schema};
use api::{KINDS, Kind, Path};
use cluster::Cluster;

use self::context::{Context, Position};

/// What the text could go on with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completions {
    /// Where the word being typed begins, in UTF-16 units.
    pub from: usize,
    /// The choices, best first.
    pub choices: Vec<Choice>,
}

/// One of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What to choose.
    pub label: String,
    /// What it is: a type, or where a value comes from.
    pub detail: String,
    /// What to put in place of the word being typed.
    pub insert: String,
    /// The field it is, for its documentation.
    pub field: Option<FieldName>,
}

/// A field's place in the documentation files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldName {
    /// The type that has it, such as `core.v1.ServiceSpec`.
    pub of: String,
    /// Its name.
    pub name: String,
}

/// What stands at a place of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// Where it begins, in UTF-16 units.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// The path and the type: `spec.ports[0].port <integer> -required-`.
    pub title: String,
    /// The field.
    pub field: FieldName,
}

/// The choices at an offset in UTF-16 units; `None` where there is nothing to offer.
pub(crate) fn complete(text: &str, offset: usize, cluster: &Cluster) -> Option<Completions> {
    let context = Context::at(text, offset)?;
    let choices = match (&context.position, context.kind) {
        (Position::Key { parent }, Some(kind)) => keys(&context, kind, parent, cluster),
        (Position::Key { parent }, None) if parent.segments().is_empty() => first_keys(&context),
        (Position::Value { path }, kind) => values(&context, kind, path, cluster),
        _ => Vec::new(),
    };
    let word = context.word.to_lowercase();
    let mut choices: Vec<Choice> = choices.into_iter().filter(|c| c.label.to_lowercase().contains(&word)).collect();
    choices.arrange_by_key(|choice| !choice.label.to_lowercase().starts_with(&word));
    (!choices.is_empty()).then_some(Completions { from: context.from, choices })
}

/// The field at an offset in UTF-16 units.
pub(crate) fn hover(text: &str, offset: usize) -> Option<Hover> {
    let context::Pointed { kind, path, from, to } = context::pointed(text, offset)?;
    let field = schema().field_at(kind, &path)?;
    let (_, parent) = context::parent(&path)?;
    let of = schema().fields_at(kind, &parent)?;
    let required = if field.required { " -required-" } else { "" };
    let title = format!("{path} <{}>{required}", schema().explained(&field.ty));
    Some(Hover { from, to, title, field: FieldName { of: of.name.to_owned(), name: field.name.to_owned() } })
}

/// What every object begins with.
fn first_keys(context: &Context<'_>) -> Vec<Choice> {
    let choice = |name: &str, insert: &str| Choice {
        label: name.to_owned(),
        detail: String::new(),
        insert: if context.has_colon { name.to_owned() } else { insert.to_owned() },
        field: None,
    };
    let all = [
        ("apiVersion", "apiVersion: "),
        ("kind", "kind: "),
        ("metadata", "metadata:\n  name: "),
        ("spec", "spec:\n  "),
    ];
    all.iter()
        .filter(|(name, _)| !context.siblings.contains(*name))
        .map(|(name, insert)| choice(name, insert))
        .collect()
}

/// The fields that an object does not have yet: the required ones first, what Kubernetes itself writes last.
fn keys(context: &Context<'_>, kind: &'static Kind, parent: &Path, cluster: &Cluster) -> Vec<Choice> {
    let Some(of) = schema().fields_at(kind, parent) else { return living::keys(context, kind, parent, cluster) };
    let mut fields: Vec<&Field> = of.fields.iter().filter(|field| !context.siblings.contains(field.name)).collect();
    let top = parent.segments().is_empty();
    let order = |field: &Field| match field.name {
        "apiVersion" | "kind" if top => 0,
        "name" => 1,
        "status" if top => 9,
        _ if field.required => 2,
        "selector" | "ports" | "type" | "labels" | "port" | "targetPort" | "containers" | "image" | "metadata"
        | "spec" => 3,
        _ => 4,
    };
    fields.arrange_by_key(|field| order(field));
    fields.iter().map(|field| key(context, of, field)).collect()
}

fn key(context: &Context<'_>, of: &Struct, field: &Field) -> Choice {
    let indent = " ".repeat(context.column);
    let name = field.name;
    let insert = match schema().shape(&field.ty) {
        _ if context.has_colon => name.to_owned(),
        Shape::Scalar(_) => format!("{name}: "),
        Shape::List(_) => format!("{name}:\n{indent}- "),
        Shape::Struct(_) | Shape::Map(_) => format!("{name}:\n{indent}  "),
    };
    let required = if field.required { " -required-" } else { "" };
    Choice {
        label: name.to_owned(),
        detail: format!("<{}>{required}", schema().explained(&field.ty)),
        insert,
        field: Some(FieldName { of: of.name.to_owned(), name: name.to_owned() }),
    }
}

/// Enumerations, and what the cluster has that fits.
fn values(context: &Context<'_>, kind: Option<&'static Kind>, path: &Path, cluster: &Cluster) -> Vec<Choice> {
    let choice = |label: &str, detail: &str| Choice {
        label: label.to_owned(),
        detail: detail.to_owned(),
        insert: format!("{}{label}", context.space),
        field: None,
    };
    match path.to_string().as_str() {
        "kind" => {
            let mut kinds: Vec<Choice> = KINDS.iter().map(|kind| choice(kind.kind, &kind.api_version())).collect();
            kinds.arrange_by(|a, b| a.label.cmp(&b.label));
            return kinds;
        }
        "apiVersion" => {
            let mut versions: Vec<String> = match kind {
                Some(kind) => vec![kind.api_version()],
                None => KINDS.iter().map(|kind| kind.api_version()).collect(),
            };
            versions.arrange();
            versions.dedup();
            return versions.iter().map(|version| choice(version, "")).collect();
        }
        _ => {}
    }
    let Some(kind) = kind else { return Vec::new() };
    let Some(ty) = schema().type_at(kind, path) else { return Vec::new() };
    let mut choices: Vec<Choice> = schema().enum_values(ty).iter().map(|value| choice(value, "")).collect();
    if matches!(schema().shape(ty), Shape::Scalar(Scalar::Bool)) {
        choices.extend(["true", "false"].map(|value| choice(value, "")));
    }
    choices.extend(living::values(context, kind, path, cluster).iter().map(|(value, from)| choice(value, from)));
    choices
}

#[cfg(test)]
mod tests;
