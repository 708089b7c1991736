//! A syntax error in two voices: kubectl's line for the terminal, a clear one for the editor.

use std::fmt;

use crate::json::JsonError;
use crate::position::Span;
use crate::problem::Problem;

/// One error that kept a document from being read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    kubectl: String,
    friendly: String,
    span: Span,
}

impl SyntaxError {
    /// What kubectl prints after `error: error parsing STDIN: `.
    ///
    /// For the limits of this reader, which upstream does not have, it is in the same form.
    #[must_use]
    pub fn kubectl(&self) -> &str {
        &self.kubectl
    }

    /// What is wrong and what to do about it, for a reader who does not know YAML's terms.
    #[must_use]
    pub fn friendly(&self) -> &str {
        &self.friendly
    }

    /// The text to underline. Its end is where the reader gave up; its start, where what it read began.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    pub(crate) fn new(kubectl: impl Into<String>, friendly: impl Into<String>, span: Span) -> Self {
        Self { kubectl: kubectl.into(), friendly: friendly.into(), span }
    }

    pub(crate) fn yaml(problem: &Problem) -> Self {
        let line = problem.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let blame = if problem.beyond_yaml { "" } else { "yaml: " };
        let kubectl = format!("error converting YAML to JSON: {blame}{line}{}", problem.words);
        Self::new(kubectl, friendly_yaml(&problem.words), problem.span)
    }

    /// `prefixed`: kubectl is not sure that the stream is JSON and says what it took it for.
    pub(crate) fn json(error: &JsonError, prefixed: bool) -> Self {
        let kubectl = match error.offset {
            Some(at) if prefixed => format!("json: offset {at}: {}", error.words),
            _ => error.words.clone(),
        };
        Self::new(kubectl, friendly_json(&error.words), Span::at(error.at))
    }

    pub(crate) fn clamp(mut self, end: crate::Position) -> Self {
        self.span = self.span.clamp(end);
        self
    }
}

/// kubectl's voice.
impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kubectl)
    }
}

/// What each of libyaml's sentences means for somebody who writes a manifest.
fn friendly_yaml(words: &str) -> &str {
    match words {
        "found character that cannot start any token" => {
            "A value cannot start with this character. Indent with spaces, not with tabs, and put quotes around a \
             value that starts with %, @ or `."
        }
        "mapping values are not allowed in this context" => {
            "A `key: value` cannot stand here. Look at the indentation of this line and of the one above: keys of \
             one object start in the same column. A value that itself contains `: ` needs quotes."
        }
        "did not find expected key" => {
            "A key was expected here. This line is indented unlike the other keys of its object, or a quote or a \
             bracket was closed too early."
        }
        "could not find expected ':'" => {
            "This line has a key without a colon. Write `key: value`, with a space after the colon."
        }
        "did not find expected '-' indicator" => {
            "An item that starts with `- ` was expected here. Items of one list start in the same column."
        }
        "block sequence entries are not allowed in this context" => {
            "A list item cannot start here. Put the `- ` on a line of its own, below the key."
        }
        "did not find expected ',' or ']'" => "This list in brackets is not closed: a comma or `]` is missing.",
        "did not find expected ',' or '}'" => "This object in braces is not closed: a comma or `}` is missing.",
        "did not find expected node content" => "A value was expected here.",
        "found unexpected end of stream" => "This quoted text is never closed: its second quote is missing.",
        "found unexpected document indicator" => {
            "This quoted text runs into the `---` of the next document: its second quote is missing."
        }
        "found unknown escape character" => {
            "Inside double quotes a backslash starts an escape such as \\n or \\\". Write \\\\ for a backslash, or use \
             single quotes."
        }
        "found a tab character that violates indentation"
        | "found a tab character where an indentation space is expected" => {
            "This line is indented with a tab. YAML allows only spaces there."
        }
        "did not find expected alphabetic or numeric character" => {
            "After & or * comes the name of an anchor. If this is just a text, put quotes around it."
        }
        "did not find expected comment or line break" => "After | or > the text starts on the next line.",
        "control characters are not allowed" => {
            "There is an invisible control character here. It may have come along when the text was copied: delete it."
        }
        "document contains excessive aliasing" => "The aliases of this document make it grow beyond all measure.",
        "map merge requires map or sequence of maps as the value" => "After `<<:` comes an alias of an object.",
        _ if words.starts_with("unknown anchor") => {
            "No anchor of this name stands above. An alias needs its `&` first."
        }
        _ if words.ends_with("value contains itself") => "This alias stands inside the value it refers to.",
        _ if words.starts_with("invalid map key") => {
            "A key must be a word. Text with braces, as in a template, needs quotes around it."
        }
        _ if words.starts_with("unsupported map key") => "A key must be a word or a number, not null.",
        _ if words.starts_with("exceeded max depth") => "This document is nested too deep to be read here.",
        _ => words,
    }
}

fn friendly_json(words: &str) -> &str {
    if words == "unexpected EOF" {
        return "This JSON ends too early: a quote, a bracket or a brace is not closed.";
    }
    if words.ends_with("looking for beginning of object key string") {
        return "In JSON a key stands in double quotes, and no comma follows the last entry.";
    }
    if words.ends_with("looking for beginning of value") {
        return "In JSON a value was expected here: a text in double quotes, a number, true, false, null, [ or {.";
    }
    if words.ends_with("after object key:value pair") {
        return "In JSON a comma or a closing } was expected here.";
    }
    if words.ends_with("after array element") {
        return "In JSON a comma or a closing ] was expected here.";
    }
    if words.ends_with("after object key") {
        return "In JSON a colon follows a key.";
    }
    words
}

#[cfg(test)]
mod tests {
    use crate::parse;

    /// What stands before each of these sentences.
    const YAML: &str = "error converting YAML to JSON: yaml: ";

    /// Each pair was held against a real kubectl.
    #[test]
    fn errors_are_worded_and_numbered_as_kubectls() {
        for (text, want) in [
            ("a:\n\tb: c\n", "line 2: found character that cannot start any token"),
            ("a: %b\n", "found character that cannot start any token"),
            ("a: b\n  c: d\n", "line 2: mapping values are not allowed in this context"),
            ("a: b: c\n", "mapping values are not allowed in this context"),
            ("a:\n  b: c\n d: e\n", "line 2: did not find expected key"),
            ("a: b\n- c\n", "line 1: did not find expected key"),
            ("a: b\nc\n", "line 3: could not find expected ':'"),
            ("a: b\nc\nd: e\n", "line 3: could not find expected ':'"),
            ("- a\nb: c\n", "line 1: did not find expected '-' indicator"),
            ("a: - b\n", "block sequence entries are not allowed in this context"),
            ("a: 'b\n", "line 2: found unexpected end of stream"),
            ("a: \"\\d\"\n", "found unknown escape character"),
            ("a: [b\nc: d\n", "line 1: did not find expected ',' or ']'"),
            ("a: {b\nc: d\n", "line 1: did not find expected ',' or '}'"),
            ("a: |x\n b\n", "did not find expected comment or line break"),
            ("a: |\n\tb\n", "line 2: found a tab character where an indentation space is expected"),
            ("a: b\n\tc\n", "line 2: found a tab character that violates indentation"),
            ("a: *b\n", "unknown anchor 'b' referenced"),
            ("a: &b [*b]\n", "anchor 'b' value contains itself"),
            ("a: *\n", "did not find expected alphabetic or numeric character"),
            ("a: {{ .b }}\n", "invalid map key: map[interface {}]interface {}{\".b\":interface {}(nil)}"),
            ("a: \u{1}\n", "control characters are not allowed"),
            ("<<: b\n", "map merge requires map or sequence of maps as the value"),
            ("a: !!int b\n", "cannot decode !!str `b` as a !!int"),
            ("a: !x!y b\n", "found undefined tag handle"),
            ("%YAML 1.2\n---\na: b\n", "found incompatible YAML document"),
        ] {
            let stream = parse(text);
            let found: Vec<_> = stream.errors().map(super::SyntaxError::kubectl).collect();
            assert_eq!(found.first().and_then(|line| line.strip_prefix(YAML)), Some(want), "{text:?}: {found:?}");
        }
    }

    #[test]
    fn what_yaml_can_say_and_json_cannot_is_refused() {
        for (text, want) in [
            ("a: .nan\n", "error converting YAML to JSON: json: unsupported value: NaN"),
            (
                "~: [1]\n",
                "error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>, \
                 value: []interface {}{1}",
            ),
            ("a: b\n--- c\n", "invalid Yaml document separator: c"),
        ] {
            let stream = parse(text);
            let found: Vec<_> = stream.errors().map(super::SyntaxError::kubectl).collect();
            assert_eq!(found, [want], "{text:?}");
        }
    }

    #[test]
    fn the_editor_hears_other_words_than_the_terminal() {
        for text in ["a:\n\tb: c\n", "a: b: c\n", "a: 'b\n", "{\"a\": ]", "{\"a\""] {
            let stream = parse(text);
            let error = stream.errors().next().unwrap();
            assert!(!error.kubectl().contains(error.friendly()) && error.friendly().ends_with('.'), "{error:?}");
        }
    }
}
