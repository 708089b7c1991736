//! What a reader stumbled over, before it is put in anybody's words.

use std::borrow::Cow;

use crate::position::{Position, Span};

/// A problem in libyaml's words, with the line goyaml.v2 prints.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Problem {
    pub(crate) words: Cow<'static, str>,
    /// The line number to print, already as goyaml counts it; `None` prints none.
    pub(crate) line: Option<usize>,
    /// Where to underline.
    pub(crate) span: Span,
    /// Good YAML that JSON cannot say: kubectl does not blame `yaml:` for it.
    pub(crate) beyond_yaml: bool,
}

impl Problem {
    /// A problem of the scanner found at `at`, while reading something that began at `since`.
    ///
    /// Models goyaml.v2 decode.go `parser.fail`: a scanner's line counts from one, but the first is not printed.
    pub(crate) fn scanner(first_line: usize, since: Position, at: Position, words: &'static str) -> Self {
        let line = at.line - first_line;
        Self {
            words: words.into(),
            line: (line > 0).then_some(line + 1),
            span: Span::new(since.min(at), at),
            beyond_yaml: false,
        }
    }

    /// A problem of the parser with the token at `span`; goyaml prints its line counted from zero.
    pub(crate) fn parser(first_line: usize, span: Span, words: &'static str) -> Self {
        let line = span.start.line - first_line;
        Self { words: words.into(), line: (line > 0).then_some(line), span, beyond_yaml: false }
    }

    /// A problem of the decoder, which knows no lines.
    pub(crate) fn decoder(span: Span, words: impl Into<Cow<'static, str>>) -> Self {
        Self { words: words.into(), line: None, span, beyond_yaml: false }
    }
}
