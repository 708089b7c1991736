//! A text to its documents, split as kubectl splits it.

use std::borrow::Cow;

use crate::document::Document;
use crate::error::SyntaxError;
use crate::json;
use crate::limits::{MAX_BYTES, MAX_DOCUMENTS};
use crate::parser;
use crate::position::{Position, Span};
use crate::scanner::end_of;

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
            self.at = end_of(line, line_start);
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

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    /// Texts and first lines of the documents.
    fn split(text: &str) -> Vec<(&str, usize)> {
        let part = |document: &Document| {
            let Span { start, end } = document.span;
            (&text[start.byte..end.byte], start.line)
        };
        parse(text).documents.iter().map(part).collect()
    }

    #[test]
    fn streams_split_at_lines_that_begin_with_dashes() {
        assert_eq!(split(""), []);
        assert_eq!(split("a: b"), [("a: b", 0)]);
        assert_eq!(split("a: b\n---\nc: d\n"), [("a: b\n", 0), ("c: d\n", 2)]);
        // A separator before which nothing stands belongs to what follows.
        assert_eq!(split("---\na: b\n"), [("---\na: b\n", 0)]);
        assert_eq!(split("---\n---\n---\na: b\n"), [("---\n", 0), ("---\na: b\n", 2)]);
        assert_eq!(split("a: b\r\n--- # c\r\nd: e"), [("a: b\r\n", 0), ("d: e", 2)]);
        assert_eq!(split(" ---\na: |\n  ---\n"), [(" ---\na: |\n  ---\n", 0)]);
        assert_eq!(split("{\"a\": 1}\n{}"), [("{\"a\": 1}", 0), ("{}", 1)]);
        assert_eq!(split("{\"a\": 1}\n---\nb: c\n"), [("{\"a\": 1}", 0), ("---\nb: c\n", 1)]);
    }

    #[test]
    fn one_broken_document_does_not_hide_the_others() {
        let stream = parse("a: b\n---\nc: [\n---\n# nothing\n---\nd: e\n--- f\ng: h\n");
        let values: Vec<_> = stream.documents.iter().map(Document::value).collect();
        assert_eq!(values, [Some(&json!({"a": "b"})), None, Some(&json!(null)), None, Some(&json!({"g": "h"}))]);
        let empty: Vec<_> = stream.documents.iter().map(Document::is_empty).collect();
        assert_eq!(empty, [false, false, true, false, false]);
        let lines: Vec<_> = stream.errors().map(|error| (error.to_string(), error.span().start.line)).collect();
        let want = [
            ("error converting YAML to JSON: yaml: line 1: did not find expected node content".to_owned(), 3),
            ("invalid Yaml document separator: f".to_owned(), 7),
        ];
        assert_eq!(lines, want);
    }

    #[test]
    fn json_is_tried_first_and_yaml_after_it() {
        for (text, want) in [
            ("{a: b}", None),
            ("{\"a\": 1}\n---\nb: c\n", None),
            ("{\"a\": 1,}", None),
            ("{\"a\": 1", Some("unexpected EOF")),
            ("{\"a\" 1}", Some("json: offset 6: invalid character '1' after object key")),
            ("{\"a\": [}", Some("json: offset 8: invalid character '}' looking for beginning of value")),
            ("{]", Some("json: offset 2: invalid character ']' looking for beginning of object key string")),
            ("{\"a\": tru]", Some("json: offset 10: invalid character ']' in literal true (expecting 'e')")),
            ("{} {} x", Some("invalid character 'x' looking for beginning of value")),
        ] {
            let found = parse(text).errors().next().map(ToString::to_string);
            assert_eq!(found.as_deref(), want, "{text}");
        }
    }

    #[test]
    fn limits_are_errors() {
        let deep = |open: &str| open.repeat(crate::limits::MAX_DEPTH + 1);
        let mut laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for (before, name) in ('a'..'j').zip('b'..='j') {
            laughs += &format!("{name}: &{name} [{}]\n", format!("*{before},").repeat(9));
        }
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), "*a,".repeat(100));
        let excessive = "error converting YAML to JSON: yaml: document contains excessive aliasing";
        for (text, want) in [
            (" ".repeat(MAX_BYTES + 1), "the text is larger than 1048576 bytes"),
            ("a: 1\n---\n".repeat(MAX_DOCUMENTS + 1), "the text has more than 5000 documents"),
            (deep("["), "error converting YAML to JSON: yaml: exceeded max depth of 256"),
            (deep("- "), "error converting YAML to JSON: yaml: exceeded max depth of 256"),
            (laughs, excessive),
            (long, excessive),
        ] {
            let errors: Vec<_> = parse(&text).errors().map(ToString::to_string).collect();
            assert_eq!(errors, [want]);
        }
    }
}
