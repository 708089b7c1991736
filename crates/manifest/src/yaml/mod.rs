//! Values as YAML text, as `kubectl -o yaml` prints them.
//!
//! kubectl turns the object into JSON, reads that as YAML and writes it with goyaml.v2. Models the parts of
//! goyaml.v2 encode.go and emitterc.go that values without tags, anchors and comments reach.

mod order;
mod scalar;

use std::borrow::Cow;

use api::{Object, Value};

use crate::json::to_json_compact;
use crate::number::format_g;
use scalar::{Analysis, Style};

/// Columns after which a scalar with spaces goes on in the next line.
const BEST_WIDTH: usize = 80;

/// Spaces a level is indented by.
const INDENT: usize = 2;

/// Bytes beyond which a key is written after a `?`.
const MAX_SIMPLE_KEY: usize = 128;

/// The value as `kubectl -o yaml` prints it, with a line break at the end.
///
/// Reading the text gives the value again, but for two defects of upstream that are kept: U+0085 in a string
/// becomes a space, and a block that ends the text with U+2028 or U+2029 gains a line break. Control characters
/// beyond U+007E, at which kubectl fails, are escaped.
#[must_use]
pub fn to_yaml(value: &Value) -> String {
    let mut emitter = Emitter::new();
    emitter.node(value, Context { indent: 0, is_root: true, ..Context::default() });
    emitter.write_indent(0);
    emitter.text
}

/// What [`to_yaml`] makes of a `List` of objects, of which there is one at least, without a copy of them.
#[must_use]
pub fn list_to_yaml<'a>(objects: impl IntoIterator<Item = &'a Object>) -> String {
    let mut emitter = Emitter::new();
    emitter.entry("apiVersion", &"v1".into(), 0);
    emitter.write_indent(0);
    emitter.word("items");
    emitter.indicator(":", false, false, false);
    for object in objects {
        emitter.write_indent(0);
        emitter.indicator("-", true, false, true);
        emitter.mapping(object.fields().collect(), INDENT);
    }
    emitter.entry("kind", &"List".into(), 0);
    emitter.entry("metadata", &api::json!({"resourceVersion": ""}), 0);
    emitter.write_indent(0);
    emitter.text
}

/// The string as goyaml reads it from JSON, where U+0085 stands unescaped: there it is a line break, and folded.
fn read_back(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{85}') {
        return text.into();
    }
    let json = to_json_compact(&Value::String(text.to_owned()));
    match crate::parse(&json).documents.first().and_then(crate::Document::value) {
        Some(Value::String(text)) => text.clone().into(),
        _ => text.into(),
    }
}

/// Where a node stands.
#[derive(Clone, Copy, Default)]
struct Context {
    /// Columns of the collection it is in.
    indent: usize,
    is_root: bool,
    /// It is the value of a mapping.
    in_mapping: bool,
    /// It is a key before a `:`.
    is_simple_key: bool,
}

struct Emitter {
    text: String,
    /// Characters since the line break.
    column: usize,
    /// Nothing but indentation and indicators stands on this line.
    at_indention: bool,
    /// The next thing needs no space before it.
    after_space: bool,
}

impl Emitter {
    fn new() -> Self {
        Self { text: String::new(), column: 0, at_indention: true, after_space: true }
    }

    fn put(&mut self, c: char) {
        self.text.push(c);
        self.column += 1;
    }

    fn put_break(&mut self, c: char) {
        self.text.push(c);
        self.column = 0;
    }

    fn write_indent(&mut self, indent: usize) {
        if !self.at_indention || self.column > indent || (self.column == indent && !self.after_space) {
            self.put_break('\n');
        }
        while self.column < indent {
            self.put(' ');
        }
        self.after_space = true;
        self.at_indention = true;
    }

    /// `-`, `?`, `:`, quotes and the like. `spaced`: a space must stand before it.
    fn indicator(&mut self, indicator: &str, spaced: bool, is_space: bool, is_indention: bool) {
        if spaced && !self.after_space {
            self.put(' ');
        }
        for c in indicator.chars() {
            self.put(c);
        }
        self.after_space = is_space;
        self.at_indention &= is_indention;
    }

    fn node(&mut self, value: &Value, context: Context) {
        match value {
            Value::Array(items) if items.is_empty() => self.empty("[", "]"),
            Value::Object(entries) if entries.is_empty() => self.empty("{", "}"),
            Value::Array(items) => {
                let indentless = context.is_root || (context.in_mapping && !self.at_indention);
                let indent = context.indent + if indentless { 0 } else { INDENT };
                for item in items {
                    self.write_indent(indent);
                    self.indicator("-", true, false, true);
                    self.node(item, Context { indent, ..Context::default() });
                }
            }
            Value::Object(entries) => {
                let indent = context.indent + if context.is_root { 0 } else { INDENT };
                self.mapping(entries.iter().map(|(key, value)| (key.as_str(), value)).collect(), indent);
            }
            Value::String(text) => self.string(text, context),
            Value::Null => self.plain("null", context),
            Value::Bool(value) => self.plain(if *value { "true" } else { "false" }, context),
            Value::Number(number) => {
                // Whole numbers up to the largest u64 come out of JSON text as integers.
                let text = match number.as_f64().filter(|_| number.is_f64()) {
                    Some(float) => match crate::number::parse_int(&crate::number::format_json(float)) {
                        Some(whole) => whole.to_string(),
                        None => format_g(float),
                    },
                    None => number.to_string(),
                };
                self.plain(&text, context);
            }
        }
    }

    fn mapping(&mut self, mut entries: Vec<(&str, &Value)>, indent: usize) {
        order::sort(&mut entries);
        for (key, value) in entries {
            self.entry(key, value, indent);
        }
    }

    fn empty(&mut self, open: &str, close: &str) {
        self.indicator(open, true, true, false);
        self.indicator(close, false, false, false);
    }

    fn entry(&mut self, key: &str, value: &Value, indent: usize) {
        self.write_indent(indent);
        let context = Context { indent, in_mapping: true, ..Context::default() };
        if key.len() <= MAX_SIMPLE_KEY && scalar::is_word(key) {
            self.word(key);
            self.indicator(":", false, false, false);
            return self.node(value, context);
        }
        let key = &*read_back(key);
        if key.len() <= MAX_SIMPLE_KEY && !Analysis::of(key).multiline {
            self.string(key, Context { is_simple_key: true, ..context });
            self.indicator(":", false, false, false);
        } else {
            self.indicator("?", true, false, true);
            self.string(key, context);
            self.write_indent(indent);
            self.indicator(":", true, false, true);
        }
        self.node(value, context);
    }

    fn plain(&mut self, text: &str, context: Context) {
        self.scalar(text, Style::Plain, context);
    }

    /// A text that needs no quotes and has no place to break.
    fn word(&mut self, text: &str) {
        if !self.after_space {
            self.put(' ');
        }
        self.text.push_str(text);
        self.column += text.len();
        self.after_space = false;
        self.at_indention = false;
    }

    fn string(&mut self, text: &str, context: Context) {
        if scalar::is_word(text) {
            return self.word(text);
        }
        let text = &*read_back(text);
        self.scalar(text, Style::of(text, context.is_simple_key), context);
    }

    fn scalar(&mut self, text: &str, style: Style, context: Context) {
        let indent = context.indent + INDENT;
        let may_break = !context.is_simple_key;
        match style {
            Style::Plain => self.write_plain(text, indent, may_break),
            Style::SingleQuoted => self.write_single_quoted(text, indent, may_break),
            Style::DoubleQuoted => self.write_double_quoted(text, indent, may_break),
            Style::Literal => self.write_literal(text, indent),
        }
    }
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    /// Each pair was held against a real kubectl.
    #[test]
    fn strings_are_quoted_as_kubectl_quotes_them() {
        for (text, want) in [
            ("web", "web"),
            ("a b", "a b"),
            ("80", "\"80\""),
            ("yes", "\"yes\""),
            ("null", "\"null\""),
            ("~", "\"~\""),
            ("", "\"\""),
            ("1:30", "\"1:30\""),
            ("12:60", "12:60"),
            ("0x1", "\"0x1\""),
            ("1e3", "\"1e3\""),
            ("2001-01-01", "\"2001-01-01\""),
            ("1.2.3", "1.2.3"),
            ("a: b", "'a: b'"),
            ("a:b", "a:b"),
            ("a:", "'a:'"),
            ("- a", "'- a'"),
            ("-a", "-a"),
            ("#a", "'#a'"),
            ("a #b", "'a #b'"),
            ("it's", "it's"),
            ("'it's", "'''it''s'"),
            (" a", "' a'"),
            ("a ", "'a '"),
            ("[a]", "'[a]'"),
            ("a, b", "a, b"),
            ("*", "'*'"),
            ("<<", "<<"),
            ("a\tb", "\"a\\tb\""),
            ("é", "é"),
            ("😀", "\"\\U0001F600\""),
            ("a\u{85}\u{85}b", "|-\n  a\n  b"),
            ("a\n", "|\n  a"),
            ("a\nb", "|-\n  a\n  b"),
            ("a\n\n", "|+\n  a\n"),
            ("\na", "|2-\n\n  a"),
            ("a \nb", "\"a \\nb\""),
        ] {
            assert_eq!(to_yaml(&json!(text)), format!("{want}\n"), "{text:?}");
        }
        let words = |count: usize| "word ".repeat(count).trim_end().to_owned();
        assert_eq!(to_yaml(&json!({"k": words(20)})), format!("k: {}\n  {}\n", words(16), words(4)));
    }

    #[test]
    fn collections_are_laid_out_as_kubectl_does() {
        let value = json!({
            "b": [{"c": 1, "d": [1, [2, 3]]}, {}, []],
            "a10": {}, "a9": [], "A": null, "yes": 1.5, "n": {"m": {"l": true}},
            "f": 100_000_000_000_000_000_000.0, "u": 9_223_372_036_854_775_808u64,
        });
        let want = "\
A: null
a9: []
a10: {}
b:
- c: 1
  d:
  - 1
  - - 2
    - 3
- {}
- []
f: 1e+20
\"n\":
  m:
    l: true
u: 9223372036854775808
\"yes\": 1.5
";
        assert_eq!(to_yaml(&value), want);
        assert_eq!(to_yaml(&json!([])), "[]\n");
        assert_eq!(to_yaml(&json!([[1]])), "- - 1\n");
        let key = "k".repeat(129);
        assert_eq!(to_yaml(&json!({ key.clone(): [1] })), format!("? {key}\n: - 1\n"));
    }
}
