//! A change of one field as a change of the text: comments, order and everything else stay as they are.

use api::{Path, Segment, Value};
use manifest::{Document, LineIndex, to_json_compact, to_yaml};

/// A part of the text to put something else in place of; offsets in UTF-16 units.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextChange {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What to put there.
    pub insert: String,
}

/// A change that mends what a diagnostic is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuickFix {
    /// What it does, as a button says it: `Set targetPort to 80`.
    pub title: String,
    /// The file that it changes.
    pub file: u32,
    /// What to change.
    pub change: TextChange,
}

/// The change that gives a field a value, or takes it away (`None`); `None` where the text has no place for it.
pub(crate) fn set_field(text: &str, document: &Document, path: &Path, value: Option<&Value>) -> Option<TextChange> {
    match (value, document.span_of(path)) {
        (Some(value), Some(_)) => replace(text, document, path, value),
        (Some(value), None) => insert(text, document, path, value),
        (None, Some(_)) => remove(text, document, path),
        (None, None) => None,
    }
}

/// Another name for a field.
pub(crate) fn rename(text: &str, document: &Document, path: &Path, name: &str) -> Option<TextChange> {
    let key = document.key_span_of(path)?;
    Some(change(text, key.start.byte, key.end.byte, name.to_owned()))
}

fn replace(text: &str, document: &Document, path: &Path, value: &Value) -> Option<TextChange> {
    let span = document.span_of(path)?;
    let (start, end) = (span.start.byte, span.end.byte);
    let block = is_block(text, start, end) && !is_scalar(value);
    let insert = if block { indented(value, span.start.column) } else { inline(value) };
    // A key without a value has its place right behind the colon.
    let space = if text.get(..start)?.ends_with(':') { " " } else { "" };
    Some(change(text, start, end, format!("{space}{insert}")))
}

/// A field that is not there becomes the last of its parent, in the form that the parent has.
fn insert(text: &str, document: &Document, path: &Path, value: &Value) -> Option<TextChange> {
    let name = match path.last()? {
        Segment::Field(name) | Segment::Key(name) => name,
        Segment::Index(_) => return None,
    };
    let parent = path.parent()?;
    let mut wrapped = api::Map::new();
    wrapped.insert(name.clone(), value.clone());
    let wrapped = Value::Object(wrapped);
    let Some(span) = document.span_of(parent) else { return insert(text, document, parent, &wrapped) };
    let (start, end) = (span.start.byte, span.end.byte);
    if is_block(text, start, end) {
        let lines = indented(&wrapped, span.start.column);
        let pad = " ".repeat(span.start.column);
        return Some(change(text, end, end, format!("\n{pad}{lines}")));
    }
    let written = text.get(start..end)?;
    if written.is_empty() {
        // `selector:` and nothing behind it.
        let key = document.key_span_of(parent)?;
        let indent = key.start.column + 2;
        let lines = indented(&wrapped, indent);
        return Some(change(text, start, end, format!("\n{}{lines}", " ".repeat(indent))));
    }
    let flow = written.strip_suffix('}')?;
    let comma = if flow.trim_end().ends_with(['{', ',']) { "" } else { ", " };
    let pair = format!("{comma}{name}: {}", inline(value));
    let at = start + flow.trim_end().len();
    Some(change(text, at, at, pair))
}

/// Whole lines of block style; nothing in flow style, where commas would have to follow.
fn remove(text: &str, document: &Document, path: &Path) -> Option<TextChange> {
    let (key, value) = (document.key_span_of(path)?, document.span_of(path)?);
    let line = text.get(..key.start.byte)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(line..key.start.byte)?;
    let end = value.end.byte.max(key.end.byte);
    let rest = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at + 1);
    let behind = text.get(end..rest)?.trim_matches([':', ' ', '\t', '\r', '\n']);
    if !(behind.is_empty() || behind.starts_with('#')) {
        return None;
    }
    if before.trim().is_empty() {
        return Some(change(text, line, rest, String::new()));
    }
    // The first field of a list item stands behind its dash: the next field moves up to it.
    let dash = before.trim_start().chars().all(|c| c == '-' || c == ' ');
    let next = text.get(rest..)?;
    let indent = next.len() - next.trim_start_matches(' ').len();
    (dash && indent == before.len()).then(|| change(text, key.start.byte, rest + indent, String::new()))
}

/// Whether a value is written over lines by indentation, so that more lines can follow.
fn is_block(text: &str, start: usize, end: usize) -> bool {
    text.get(start..end)
        .is_some_and(|written| !written.is_empty() && !written.starts_with(['{', '[', '"', '\'', '&', '*']))
        && text
            .get(start..end)
            .is_some_and(|written| written.contains(": ") || written.contains(":\n") || written.starts_with("- "))
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Object(_) | Value::Array(_))
}

/// The value in one line: flow style is JSON.
fn inline(value: &Value) -> String {
    if is_scalar(value) { to_yaml(value).trim_end().to_owned() } else { to_json_compact(value) }
}

/// The value in block style; the first line goes where the cursor is.
fn indented(value: &Value, column: usize) -> String {
    let pad = format!("\n{}", " ".repeat(column));
    to_yaml(value).trim_end().replace('\n', &pad)
}

fn change(text: &str, from: usize, to: usize, insert: String) -> TextChange {
    let index = LineIndex::new(text);
    TextChange { from: index.utf16(text, from), to: index.utf16(text, to), insert }
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    const TEXT: &str = "\
# 😀
kind: Service
metadata: {name: web}
spec:
  selector:
    app: web # the app
  ports:
  - port: 80
    targetPort: 8080
  type:
";

    fn changed(text: &str, change: &TextChange) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let part = |units: &[u16]| String::from_utf16(units).unwrap();
        format!("{}{}{}", part(&units[..change.from]), change.insert, part(&units[change.to..]))
    }

    #[test]
    fn a_field_is_set_where_it_stands_or_belongs() {
        let port = Path::new("spec.ports").index(0);
        for (path, value, from, to) in [
            (port.child("targetPort"), Some(json!(80)), "targetPort: 8080", "targetPort: 80"),
            (port.child("targetPort"), Some(json!("http")), "targetPort: 8080", "targetPort: http"),
            (port.child("name"), Some(json!("80")), "targetPort: 8080\n", "targetPort: 8080\n    name: \"80\"\n"),
            (Path::new("spec.selector").key("app"), Some(json!("api")), "app: web #", "app: api #"),
            (Path::new("spec.selector"), Some(json!({"run": "web"})), "app: web #", "run: web #"),
            (Path::new("spec.type"), Some(json!("NodePort")), "type:\n", "type: NodePort\n"),
            (Path::new("metadata.namespace"), Some(json!("shop")), "{name: web}", "{name: web, namespace: shop}"),
            (
                Path::new("metadata.labels").key("app"),
                Some(json!("x")),
                "{name: web}",
                "{name: web, labels: {\"app\":\"x\"}}",
            ),
            (port.child("targetPort"), None, "    targetPort: 8080\n", ""),
            (port.child("port"), None, "- port: 80\n    targetPort", "- targetPort"),
            (Path::new("spec.selector"), None, "  selector:\n    app: web # the app\n", ""),
        ] {
            let document = manifest::parse(TEXT).documents.remove(0);
            let change = set_field(TEXT, &document, &path, value.as_ref()).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(changed(TEXT, &change), TEXT.replacen(from, to, 1), "{path} {value:?}");
        }
    }

    #[test]
    fn the_changed_text_says_what_was_wanted() {
        for text in [
            "spec:\n  a: 1\n",
            "spec:\n",
            "spec: {}\n",
            "spec: {a: 1}\n",
            "spec: {\n  a: 1,\n}\n",
            "spec: {a: 1, }",
            "a: 1",
        ] {
            let document = manifest::parse(text).documents.remove(0);
            let path = Path::new("spec.selector.app");
            let change = set_field(text, &document, &path, Some(&json!("web")));
            let after = changed(text, &change.unwrap_or_else(|| panic!("{text:?}")));
            let read = manifest::parse(&after).documents.remove(0);
            let value =
                read.value().and_then(|value| api::object::lookup(value, &["spec", "selector", "app"]).cloned());
            assert_eq!(value, Some(json!("web")), "{text:?} {after:?}");
        }
    }

    #[test]
    fn what_has_no_place_is_not_changed() {
        let document = manifest::parse("a: {b: 1, c: 2}\n").documents.remove(0);
        assert_eq!(set_field("a: {b: 1, c: 2}\n", &document, &Path::new("a.b"), None), None);
        assert_eq!(set_field("a: {b: 1, c: 2}\n", &document, &Path::new("x"), None), None);
    }
}
