//! A text to its documents, split as kubectl splits it.

use std::borrow::Cow;

use crate::document::Document;
use crate::error::SyntaxError;
use crate::json;
use crate::limits::{MAX_BYTES, MAX_DOCUMENTS};
use crate::parser;
use crate::position::{Position, Span};

/// The documents of a text.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Stream {
    /// In order; empty ones and broken ones among them.
    pub documents: Vec<Document>,
}

impl Stream {
    /// All errors of all documents.
    pub fn errors(&self) -> impl Iterator<Item = &SyntaxError> {
        self.documents.iter().flat_map(Document::errors)
    }
}

/// Reads a text of YAML or JSON documents. Never panics; what cannot be read is an error of its document.
///
/// kubectl stops at the first error, this goes on: a caller that speaks for kubectl stops by itself.
/// Models apimachinery pkg/util/yaml/decoder.go YAMLOrJSONDecoder.
#[must_use]
pub fn parse(text: &str) -> Stream {
    let mut reader = Reader { text, documents: Vec::new(), at: Position::default() };
    if text.len() > MAX_BYTES {
        reader.refuse(&format!("the text is larger than {MAX_BYTES} bytes"), "This text is too large to be read here.");
    } else {
        reader.read();
    }
    Stream { documents: reader.documents }
}

/// Bytes in which kubectl looks for a `{`.
const PEEKED: usize = 4096;

struct Reader<'t> {
    text: &'t str,
    documents: Vec<Document>,
    at: Position,
}

/// The error of the JSON decoder, if it was asked first.
type JsonFailure = Option<json::JsonError>;

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at.byte..]
    }

    fn end(&self) -> Position {
        end_of(self.rest(), self.at)
    }

    /// The rest of the text is one document with an error.
    fn refuse(&mut self, words: &str, friendly: &str) {
        let span = Span::new(self.at, self.end());
        self.documents.push(Document::broken(span, SyntaxError::new(words, friendly, span)));
        self.at = span.end;
    }

    fn too_many(&mut self) -> bool {
        let full = self.documents.len() >= MAX_DOCUMENTS;
        if full {
            self.refuse(
                &format!("the text has more than {MAX_DOCUMENTS} documents"),
                "This text has too many documents to be read here.",
            );
        }
        full
    }

    fn read(&mut self) {
        let first = self.text.trim_start();
        let is_json = self.text.len() - first.len() < PEEKED && first.starts_with('{');
        let failure = if is_json { self.read_json() } else { None };
        if !is_json || failure.is_some() {
            self.read_yaml(failure);
        }
    }

    /// Reads JSON values until the end or an error. After one value at most, what is not JSON may be YAML.
    fn read_json(&mut self) -> JsonFailure {
        loop {
            let start = json::skip_blanks(self.text, self.at);
            if start.byte == self.text.len() || self.too_many() {
                return None;
            }
            match json::decode(self.text, start) {
                Ok((tree, end)) => {
                    self.documents.push(Document::json(Span::new(start, end), tree));
                    self.at = end;
                }
                Err(error) if self.documents.len() > 1 => {
                    let span = Span::new(start, self.end());
                    self.documents.push(Document::broken(span, SyntaxError::json(&error, false)));
                    return None;
                }
                Err(error) => {
                    self.skip_to_line();
                    return Some(error);
                }
            }
        }
    }

    /// Passes blanks up to and with the first line break: what the JSON decoder leaves of a line.
    fn skip_to_line(&mut self) {
        let rest = self.rest();
        let blanks = rest.len() - rest.trim_start().len();
        let width = rest[..blanks].find('\n').map_or(blanks, |at| at + 1);
        self.at = end_of(&rest[..width], self.at);
    }

    /// Reads YAML documents, each up to a line that begins with `---`.
    ///
    /// Models apimachinery pkg/util/yaml/decoder.go YAMLReader: a separator before which nothing was read belongs
    /// to the document that follows, any other to none.
    fn read_yaml(&mut self, mut failure: JsonFailure) {
        let mut start = self.at;
        while self.at.byte < self.text.len() {
            if self.too_many() {
                return;
            }
            let line_start = self.at;
            let rest = &self.text[self.at.byte..];
            let line = rest.split_inclusive('\n').next().unwrap_or_default();
            let line_breaks = usize::from(line.ends_with('\n'));
            self.at = match line_breaks {
                0 => end_of(line, line_start),
                _ => Position { byte: line_start.byte + line.len(), line: line_start.line + 1, column: 0 },
            };
            let Some(after) = line.strip_prefix("---") else { continue };
            let after = after.trim();
            if !after.is_empty() && !after.starts_with('#') {
                let span = Span::new(line_start, self.at);
                let error = SyntaxError::new(
                    format!("invalid Yaml document separator: {after}"),
                    "Only a comment may follow the --- that separates documents. Put this on the next line.",
                    span,
                );
                self.documents.push(Document::broken(Span::new(start, self.at), error));
                start = self.at;
            } else if start.byte < line_start.byte {
                self.read_document(start, line_start, failure.take());
                start = self.at;
            }
        }
        if start.byte < self.at.byte {
            self.read_document(start, self.at, failure.take());
        }
    }

    fn read_document(&mut self, start: Position, end: Position, failure: JsonFailure) {
        let mut text = Cow::Borrowed(&self.text[start.byte..end.byte]);
        if !text.ends_with('\n') {
            text.to_mut().push('\n');
        }
        let document = Document::yaml(Span::new(start, end), parser::parse(&text, start));
        self.documents.push(match failure {
            Some(error) if !document.errors().is_empty() => document.with_json_error(&error),
            _ => document,
        });
    }
}

/// Where `text` ends if it starts at `at`.
fn end_of(text: &str, at: Position) -> Position {
    let last_line = text.rfind('\n').map_or(0, |end| end + 1);
    let column = if last_line > 0 { 0 } else { at.column };
    Position {
        byte: at.byte + text.len(),
        line: at.line + text.bytes().filter(|b| *b == b'\n').count(),
        column: column + text[last_line..].chars().count(),
    }
}
