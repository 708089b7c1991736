//! From text to the objects it declares, and why some of it declares none.

use api::{Kind, ObjectKey, Path, Value, decode};
use manifest::{Document, Stream, to_json_compact};

use super::diagnostic::{Diagnostic, Marker, Severity, meant, span_of};

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

/// Reads every document that can be read.
pub(crate) fn read(text: &str, stream: &Stream) -> Reading {
    let marker = Marker::new(text);
    let mut reading = Reading::default();
    for (index, document) in stream.documents.iter().enumerate() {
        reading.diagnostics.extend(document.errors().iter().map(|error| marker.syntax(error)));
        let Some(value) = document.value().filter(|_| !document.is_empty()) else { continue };
        match declare(&marker, document, value) {
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

fn declare(marker: &Marker<'_>, document: &Document, value: &Value) -> Result<(ObjectKey, Value), Vec<Diagnostic>> {
    let error = |path: &Path, message: String, hint: &str| {
        vec![marker.mark(span_of(document, path), Severity::Error, message, hint.to_owned())]
    };
    let text = |path: &[&str]| api::object::lookup(value, path).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (api_version, kind_name, name) = (text(&["apiVersion"]), text(&["kind"]), text(&["metadata", "name"]));
    for (field, missing) in [("Kind", kind_name.is_empty()), ("apiVersion", api_version.is_empty())] {
        if missing {
            let message = format!(
                "error: unable to decode \"manifest.yaml\": Object '{field}' is missing in '{}'",
                to_json_compact(value)
            );
            return Err(error(&Path::default(), message, "Every object begins with apiVersion and kind."));
        }
    }
    let Some(kind) = Kind::of_manifest(&api_version, &kind_name) else {
        let message = format!(
            "error: resource mapping not found for name: \"{name}\" namespace: \"{}\" from \"manifest.yaml\": \
             no matches for kind \"{kind_name}\" in version \"{api_version}\"\nensure CRDs are installed first",
            text(&["metadata", "namespace"])
        );
        let hint = Kind::of_word(&kind_name).map_or_else(
            || "This playground does not serve that kind.".to_owned(),
            |kind| format!("Did you mean kind {} in version {}?", kind.kind, kind.api_version()),
        );
        return Err(error(&Path::new("kind"), message, &hint));
    };
    let decoded = decode::decode_strict(kind, value).map_err(|errors| unfit(marker, document, kind, &errors))?;
    if name.is_empty() {
        let message = "error: error when retrieving current configuration of manifest.yaml: \
                       resource name may not be empty"
            .to_owned();
        return Err(error(&Path::new("metadata.name"), message, "Give the object a name: metadata.name."));
    }
    let namespace = text(&["metadata", "namespace"]);
    let namespace = if namespace.is_empty() { NAMESPACE } else { &namespace };
    Ok((ObjectKey::new(kind, namespace, &name), decoded))
}

/// Fields that the kind does not have, and values of a wrong type.
fn unfit(
    marker: &Marker<'_>,
    document: &Document,
    kind: &'static Kind,
    errors: &[decode::DecodeError],
) -> Vec<Diagnostic> {
    let each = errors.iter().map(|error| {
        let message = decode::message(kind, std::slice::from_ref(error));
        let key = document.key_span_of(&error.path).filter(|_| error.unknown_field);
        let hint = match (error.unknown_field, meant(kind, &error.path)) {
            (true, Some(name)) => format!("Did you mean {name}?"),
            (true, None) => format!("A {} has no such field here. Is it indented as it should be?", kind.kind),
            (false, _) => "The value has another type than this field wants.".to_owned(),
        };
        let message = format!("Error from server (BadRequest): error when creating \"manifest.yaml\": {message}");
        marker.mark(key.unwrap_or_else(|| span_of(document, &error.path)), Severity::Error, message, hint)
    });
    each.collect()
}
