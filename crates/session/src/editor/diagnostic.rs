//! What is wrong with the learner's text, and where.

use api::{Kind, Path};
use cluster::explain::edits;
use manifest::{Document, LineIndex, Span, SyntaxError};

use super::fix::{QuickFix, TextChange};

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The document is not what the cluster has: the last good one is.
    Error,
    /// The server took it and has something to say, or it is surely not meant.
    Warning,
    /// Good to know.
    Hint,
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Where it begins, in UTF-16 units from the start of the text.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// The line it begins in, from 1.
    pub line: usize,
    /// The column it begins at, in characters from 1.
    pub column: usize,
    /// How bad it is.
    pub severity: Severity,
    /// What kubectl would print.
    pub message: String,
    /// What to do about it; may be empty. Never part of what kubectl prints.
    pub hint: String,
    /// The change of the text that mends it, where there is one.
    pub fix: Option<QuickFix>,
}

impl Diagnostic {
    /// Offers a change, where the text has a place for it. Whoever knows the file says which it is.
    pub(crate) fn offer(mut self, title: impl Into<String>, change: Option<TextChange>) -> Self {
        self.fix = change.map(|change| QuickFix { title: title.into(), file: 0, change });
        self
    }
}

/// Turns places in a text into diagnostics.
pub(crate) struct Marker<'t> {
    /// The file's name.
    pub(crate) name: &'t str,
    text: &'t str,
    index: LineIndex,
}

impl<'t> Marker<'t> {
    pub(crate) fn new(name: &'t str, text: &'t str) -> Self {
        Self { name, text, index: LineIndex::new(text) }
    }

    pub(crate) fn range(&self, span: Span) -> (usize, usize) {
        (self.index.utf16(self.text, span.start.byte), self.index.utf16(self.text, span.end.byte))
    }

    /// The line and the column, both from 1, of an offset in UTF-16 units.
    pub(crate) fn line_and_column(&self, utf16: usize) -> (usize, usize) {
        let mut units = 0;
        let before = self.text.chars().take_while(|c| {
            units += c.len_utf16();
            units <= utf16
        });
        before.fold((1, 1), |(line, column), c| if c == '\n' { (line + 1, 1) } else { (line, column + 1) })
    }

    pub(crate) fn mark(&self, span: Span, severity: Severity, message: String, hint: String) -> Diagnostic {
        let (from, to) = self.range(span);
        let (line, column) = (span.start.line + 1, span.start.column + 1);
        Diagnostic { from, to, line, column, severity, message, hint, fix: None }
    }

    pub(crate) fn syntax(&self, error: &SyntaxError) -> Diagnostic {
        // The last line of what could not be read is where the learner is typing.
        let span = error.span();
        let message = format!("error: error parsing {}: {}", self.name, error.kubectl());
        self.mark(span, Severity::Error, message, error.friendly().to_owned())
    }
}

/// Where a field stands in a document: its value, or what is nearest to a field that is missing.
pub(crate) fn span_of(document: &Document, path: &Path) -> Span {
    let found = document.span_of(path).or_else(|| document.nearest_span_of(path));
    let first_line = || {
        let start = document.span.start;
        Span::at(start)
    };
    // A document as a whole is marked where it says what it is.
    let whole = path.is_root();
    let kind = || document.span_of(&Path::new("kind")).or_else(|| document.key_span_of(&Path::new("apiVersion")));
    if whole { kind().unwrap_or_else(first_line) } else { found.unwrap_or_else(first_line) }
}

/// The known field that was probably meant.
pub(crate) fn meant(kind: &Kind, path: &Path) -> Option<String> {
    let typed = match path.last()? {
        api::Segment::Field(name) | api::Segment::Key(name) => name.clone(),
        api::Segment::Index(_) => return None,
    };
    let fields = api::schema::schema().fields_at(kind, path.parent()?)?;
    nearest(&typed, fields.fields.iter().map(|field| field.name))
}

/// The word that was probably meant: the nearest, when it is near.
pub(crate) fn nearest<'w>(typed: &str, words: impl Iterator<Item = &'w str>) -> Option<String> {
    let near = words.map(|word| (edits(typed, word), word));
    near.min().filter(|(edits, _)| *edits <= 1 + typed.len() / 4).map(|(_, word)| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_that_was_meant_is_found() {
        for (path, want) in [
            ("spec.selektor", Some("selector")),
            ("spec.clusterip", Some("clusterIP")),
            ("spec.bananas", None),
            ("metadata.lables", Some("labels")),
        ] {
            assert_eq!(meant(&api::service::KIND, &Path::new(path)).as_deref(), want, "{path}");
        }
    }
}
