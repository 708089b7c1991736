//! From text to the objects it declares, and why some of it declares none.

use api::{KINDS, Kind, ObjectKey, Path, Value, decode};
use manifest::{Document, Stream, to_json_compact};

use super::diagnostic::{Diagnostic, Marker, Severity, meant, nearest, span_of};
use super::fix;

/// The namespace of objects that name none.
const NAMESPACE: &str = "default";

/// An object that a document declares.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Declared {
    pub(crate) key: ObjectKey,
    /// The manifest as it was decoded.
    pub(crate) value: Value,
    /// Which document of the stream.
    pub(crate) document: usize,
}

/// What a text says.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) declared: Vec<Declared>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads every document of a file that can be read.
pub(crate) fn read(name: &str, text: &str, stream: &Stream) -> Reading {
    let marker = Marker::new(name, text);
    let mut reading = Reading::default();
    for (index, document) in stream.documents.iter().enumerate() {
        reading.diagnostics.extend(document.errors().iter().map(|error| marker.syntax(error)));
        let Some(value) = document.value().filter(|_| !document.is_empty()) else { continue };
        match declare(text, &marker, document, value) {
            Ok((key, value)) => {
                if let Some(twice) = reading.declared.iter().position(|declared| declared.key == key) {
                    let span = span_of(document, &Path::new("metadata.name"));
                    let message = format!("{key} is declared twice");
                    let hint = "Only this last one counts. Give one of them another name.".to_owned();
                    reading.diagnostics.push(marker.mark(span, Severity::Warning, message, hint));
                    reading.declared.remove(twice);
                }
                reading.declared.push(Declared { key, value, document: index });
            }
            Err(diagnostics) => reading.diagnostics.extend(diagnostics),
        }
    }
    reading
}

fn declare(
    source: &str,
    marker: &Marker<'_>,
    document: &Document,
    value: &Value,
) -> Result<(ObjectKey, Value), Vec<Diagnostic>> {
    let error = |path: &Path, message: String, hint: &str| {
        vec![marker.mark(span_of(document, path), Severity::Error, message, hint.to_owned())]
    };
    let text = |path: &[&str]| api::object::lookup(value, path).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (api_version, kind_name, name) = (text(&["apiVersion"]), text(&["kind"]), text(&["metadata", "name"]));
    for (field, missing) in [("Kind", kind_name.is_empty()), ("apiVersion", api_version.is_empty())] {
        if missing {
            let message = format!(
                "error: unable to decode \"{}\": Object '{field}' is missing in '{}'",
                marker.name,
                to_json_compact(value)
            );
            return Err(error(&Path::default(), message, "Every object begins with apiVersion and kind."));
        }
    }
    let Some(kind) = Kind::of_manifest(&api_version, &kind_name) else {
        let message = format!(
            "error: resource mapping not found for name: \"{name}\" namespace: \"{}\" from \"{}\": \
             no matches for kind \"{kind_name}\" in version \"{api_version}\"\nensure CRDs are installed first",
            text(&["metadata", "namespace"]),
            marker.name
        );
        return Err(vec![unknown_kind(source, marker, document, &api_version, &kind_name, &message)]);
    };
    let decoded =
        decode::decode_strict(kind, value).map_err(|errors| unfit(source, marker, document, kind, &errors))?;
    if name.is_empty() {
        let file = marker.name;
        let message =
            format!("error: error when retrieving current configuration of {file}: resource name may not be empty");
        return Err(error(&Path::new("metadata.name"), message, "Give the object a name: metadata.name."));
    }
    let namespace = text(&["metadata", "namespace"]);
    let namespace = if namespace.is_empty() { NAMESPACE } else { &namespace };
    Ok((ObjectKey::new(kind, namespace, &name), decoded))
}

/// A kind that is not served, or not in this version: what was probably meant.
fn unknown_kind(
    source: &str,
    marker: &Marker<'_>,
    document: &Document,
    api_version: &str,
    kind_name: &str,
    message: &str,
) -> Diagnostic {
    let (kind_path, version_path) = (Path::new("kind"), Path::new("apiVersion"));
    let mark = |path, hint| marker.mark(span_of(document, path), Severity::Error, message.to_owned(), hint);
    let set = |path, value: &str| fix::set_field(source, document, path, Some(&value.into()));
    let exact = KINDS.iter().find(|kind| kind.kind == kind_name);
    if let Some(kind) = exact {
        let served = kind.api_version();
        let hint = format!("A {kind_name} is of {served}, not of {api_version}.");
        let title = format!("Set apiVersion to {served}");
        return mark(&version_path, hint).offer(title, set(&version_path, &served));
    }
    let meant = Kind::of_word(kind_name).map(|kind| kind.kind.to_owned());
    let meant = meant.or_else(|| nearest(kind_name, KINDS.iter().map(|kind| kind.kind)));
    let Some(meant) = meant else { return mark(&kind_path, "This playground does not serve that kind.".to_owned()) };
    mark(&kind_path, format!("Did you mean kind {meant}?"))
        .offer(format!("Set kind to {meant}"), set(&kind_path, &meant))
}

/// Fields that the kind does not have, and values of a wrong type.
fn unfit(
    source: &str,
    marker: &Marker<'_>,
    document: &Document,
    kind: &'static Kind,
    errors: &[decode::DecodeError],
) -> Vec<Diagnostic> {
    let each = errors.iter().map(|error| {
        let message = decode::message(kind, std::slice::from_ref(error));
        let message = format!("Error from server (BadRequest): error when creating \"{}\": {message}", marker.name);
        let key = document.key_span_of(&error.path).filter(|_| error.unknown_field);
        let span = key.unwrap_or_else(|| span_of(document, &error.path));
        let mark = |hint| marker.mark(span, Severity::Error, message, hint);
        match (error.unknown_field, meant(kind, &error.path)) {
            (true, Some(name)) => {
                let change = fix::rename(source, document, &error.path, &name);
                mark(format!("Did you mean {name}?")).offer(format!("Rename to {name}"), change)
            }
            (true, None) => mark(format!("A {} has no such field here. Is it indented as it should be?", kind.kind)),
            (false, _) => {
                let quoted = quoted(source, document, kind, &error.path);
                let hint = match &quoted {
                    Some(text) => {
                        format!("This field wants text, and YAML reads {} as something else.", text.trim_matches('"'))
                    }
                    None => "The value has another type than this field wants.".to_owned(),
                };
                let title = quoted.as_ref().map(|text| format!("Write {text}")).unwrap_or_default();
                let written = quoted.map(|text| text.trim_matches('"').to_owned().into());
                let change = written.and_then(|text: Value| fix::set_field(source, document, &error.path, Some(&text)));
                mark(hint).offer(title, change)
            }
        }
    });
    each.collect()
}

/// A number or a boolean where a string is wanted, as it has to be written; `None` for other misfits.
fn quoted(source: &str, document: &Document, kind: &Kind, path: &Path) -> Option<String> {
    use api::schema::{Scalar, Shape, schema};
    let ty = schema().type_at(kind, path)?;
    let span = document.span_of(path).filter(|_| matches!(schema().shape(ty), Shape::Scalar(Scalar::String)))?;
    let written = source.get(span.start.byte..span.end.byte)?;
    let plain =
        !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+_".contains(&byte));
    plain.then(|| format!("\"{written}\""))
}
