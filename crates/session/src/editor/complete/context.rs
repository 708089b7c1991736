//! Where in a manifest a caret is, though the line it is in is only half typed.

use std::collections::BTreeSet;

use api::{Kind, Path, Segment};
use manifest::{Document, LineIndex};

/// A caret in a manifest.
#[derive(Debug)]
pub(super) struct Context<'t> {
    /// The kind of the document, when it says one that is served.
    pub(super) kind: Option<&'static Kind>,
    pub(super) position: Position,
    /// What is typed of the word.
    pub(super) word: &'t str,
    /// Where the word begins, in UTF-16 units.
    pub(super) from: usize,
    /// The column of the key, in characters.
    pub(super) column: usize,
    /// Whether a colon follows already.
    pub(super) has_colon: bool,
    /// What has to stand between a colon and the value.
    pub(super) space: &'static str,
    /// The keys that stand beside the one being typed.
    pub(super) siblings: BTreeSet<String>,
    /// The document as far as it can be read with a key in place of what is typed.
    pub(super) document: Document,
}

/// Which part of a line is typed.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Position {
    /// A key of the object at this path.
    Key { parent: Path },
    /// The value of the field at this path.
    Value { path: Path },
}

/// Stands in for the word being typed, so that the line can be read.
const STAND_IN: &str = "x-caret";

impl<'t> Context<'t> {
    /// The context of a caret, at an offset in UTF-16 units.
    pub(super) fn at(text: &'t str, offset: usize) -> Option<Self> {
        let caret = byte_of(text, offset)?;
        let line_start = text[..caret].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[caret..].find('\n').map_or(text.len(), |at| caret + at);
        let before = &text[line_start..caret];
        let start = before.len() - before.trim_start_matches([' ', '-']).len();
        let (lead, typed) = before.split_at(start);
        if typed.starts_with('#') || (lead.contains('-') && !lead.ends_with(' ')) {
            return None;
        }
        let rest = text[caret..line_end].trim_end();
        let index = LineIndex::new(text);
        if let Some((key, value)) = split_key(typed) {
            let word = value.trim_start();
            if word.contains(['#', '{', '[', '&', '*', '|', '>']) || !(rest.is_empty() || rest.starts_with('#')) {
                return None;
            }
            let from = caret - word.len();
            // The value is taken out, so that one that is half-quoted cannot spoil the rest.
            let whole = format!("{}{}", &text[..from], &text[line_end..]);
            let key_at = line_start + start + key.len().min(1);
            let document = document_at(&whole, key_at)?;
            let path = document.path_at(&whole, key_at)?;
            let space = if value.is_empty() { " " } else { "" };
            return Some(Self {
                kind: kind_of(&whole, &document),
                position: Position::Value { path: path.clone() },
                word,
                from: index.utf16(text, from),
                column: start,
                has_colon: true,
                space,
                siblings: BTreeSet::new(),
                document,
            });
        }
        if typed.contains([' ', '"', '\'', '{', '[']) {
            return None;
        }
        let has_colon = rest.trim_start_matches(|c: char| c.is_alphanumeric()).starts_with(':');
        let key_start = line_start + start;
        let tail = if has_colon { &rest[rest.find(':')?..] } else { ":" };
        let whole = format!("{}{STAND_IN}{tail}{}", &text[..key_start], &text[line_end..]);
        let document = document_at(&whole, key_start + 1)?;
        let path = document.path_at(&whole, key_start + 1)?;
        let (name, parent) = parent(&path)?;
        if name != STAND_IN {
            return None;
        }
        let siblings = siblings(&document, &parent);
        Some(Self {
            kind: kind_of(&whole, &document),
            position: Position::Key { parent },
            word: typed,
            from: index.utf16(text, key_start),
            column: start,
            has_colon,
            space: "",
            siblings,
            document,
        })
    }
}

/// What a pointer is at.
pub(super) struct Pointed {
    pub(super) kind: &'static Kind,
    pub(super) path: Path,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The key or value at an offset, where the document can be read.
pub(super) fn pointed(text: &str, offset: usize) -> Option<Pointed> {
    let byte = byte_of(text, offset)?;
    let document = document_at(text, byte)?;
    let path = document.path_at(text, byte)?;
    let kind = kind_of(text, &document)?;
    let spans = [document.key_span_of(&path), document.span_of(&path)];
    let span = spans.into_iter().flatten().find(|span| (span.start.byte..=span.end.byte).contains(&byte))?;
    let index = LineIndex::new(text);
    Some(Pointed { kind, path, from: index.utf16(text, span.start.byte), to: index.utf16(text, span.end.byte) })
}

/// The last field of a path and the path of what it belongs to.
pub(super) fn parent(path: &Path) -> Option<(String, Path)> {
    let (Segment::Field(name) | Segment::Key(name)) = path.last()? else { return None };
    Some((name.clone(), path.parent()?.clone()))
}

fn document_at(text: &str, byte: usize) -> Option<Document> {
    let stream = manifest::parse(text);
    stream.documents.into_iter().find(|document| (document.span.start.byte..=document.span.end.byte).contains(&byte))
}

/// The kind that the lines of a document name, whether or not all of it can be read.
fn kind_of(text: &str, document: &Document) -> Option<&'static Kind> {
    let lines = text.get(document.span.start.byte..document.span.end.byte)?.lines();
    let of =
        |name: &str| lines.clone().find_map(|line| Some(line.strip_prefix(name)?.trim().trim_matches(['"', '\''])));
    let kind = of("kind:")?;
    let version = of("apiVersion:").unwrap_or_default();
    Kind::of_manifest(version, kind).or_else(|| api::KINDS.iter().copied().find(|known| known.kind == kind))
}

fn siblings(document: &Document, parent: &Path) -> BTreeSet<String> {
    let path: Vec<String> = parent
        .segments()
        .iter()
        .map(|segment| match segment {
            Segment::Field(name) | Segment::Key(name) => name.clone(),
            Segment::Index(index) => index.to_string(),
        })
        .collect();
    let mut value = document.value();
    for step in &path {
        value = value.and_then(|value| match value {
            api::Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            other => other.get(step),
        });
    }
    let map = value.and_then(api::Value::as_object);
    map.into_iter().flatten().map(|(key, _)| key.clone()).filter(|key| key != STAND_IN).collect()
}

/// `key: value` at its colon; `None` while the colon is not there.
fn split_key(typed: &str) -> Option<(&str, &str)> {
    let at = typed.find(':').filter(|at| typed[at + 1..].is_empty() || typed[at + 1..].starts_with(' '))?;
    Some((&typed[..at], &typed[at + 1..]))
}

/// A byte offset from one in UTF-16 units; `None` beyond the text.
fn byte_of(text: &str, utf16: usize) -> Option<usize> {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= utf16 {
            return Some(byte);
        }
        units += c.len_utf16();
    }
    (units >= utf16).then_some(text.len())
}
