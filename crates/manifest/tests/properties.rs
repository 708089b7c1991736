//! What must hold for every text and every value.

use api::{Path, Segment, Value};
use manifest::{Document, LineIndex, Span, parse, to_json, to_json_compact, to_yaml};
use proptest::prelude::*;

/// Texts made of what YAML gives a meaning to.
fn yaml_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b: ",
        "- ",
        ": ",
        ":",
        "\n",
        "\n  ",
        "\n    ",
        "\t",
        " ",
        "'",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        "#",
        "&a ",
        "*a",
        "<<: *a",
        "|",
        ">",
        "|-\n",
        "!!str ",
        "!",
        "%",
        "\n---\n",
        "\n...\n",
        "? ",
        "\\",
        "\\u00e9",
        "😀",
        "é",
        "\r\n",
        "\r",
        "\0",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "80",
        "~",
        "1e3",
        ".nan",
        "{\"a\": 1}",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Strings that survive kubectl: no line breaks but `\n` and `\r`, see `to_yaml`.
fn strings() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "80",
        "yes",
        "null",
        "",
        " ",
        "\n",
        ": ",
        "- ",
        "#",
        "'",
        "\"",
        "a",
        "word ",
        "\t",
        "é",
        "😀",
        "\u{feff}",
        "1:30",
        "0x1",
        "2001-01-01",
        "{",
        "]",
        "\r",
        "\u{7}",
        "\\",
    ]);
    prop::collection::vec(word, 0..30).prop_map(|words| words.concat())
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9f64).prop_filter("whole floats come back as integers", |f| f.fract() != 0.0).prop_map(Value::from),
        strings().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((strings(), inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn check_span(text: &str, span: Span) {
    let Span { start, end } = span;
    assert!(start.byte <= end.byte && end.byte <= text.len(), "{span:?}");
    assert!(text.is_char_boundary(start.byte) && text.is_char_boundary(end.byte), "{span:?}");
    assert!((start.line, start.column) <= (end.line, end.column), "{span:?}");
}

/// Every span of a document lies in the text, and every value has one.
fn check_spans(text: &str, document: &Document) {
    check_span(text, document.span);
    document.errors().iter().for_each(|error| check_span(text, error.span()));
    for duplicate in document.duplicates() {
        check_span(text, duplicate.first);
        check_span(text, duplicate.again);
    }
    if let Some(value) = document.value() {
        check_value(text, document, &Path::default(), value);
    }
}

fn check_value(text: &str, document: &Document, path: &Path, value: &Value) {
    if let Some(span) = document.span_of(path) {
        check_span(text, span);
    } else {
        assert!(value.is_null() && path.is_root(), "{path} has no span");
    }
    if let Some(Segment::Field(_)) = path.last() {
        check_span(text, document.key_span_of(path).unwrap_or_else(|| panic!("{path} has no key span")));
    }
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| check_value(text, document, &path.index(at), item));
        }
        Value::Object(entries) => {
            entries.iter().for_each(|(key, value)| check_value(text, document, &path.child(key), value));
        }
        _ => {}
    }
}

/// Whatever the text: no panic, and places that exist.
fn check_text(text: &str) {
    let stream = parse(text);
    let index = LineIndex::new(text);
    let mut end = 0;
    for document in &stream.documents {
        assert!(document.span.start.byte >= end, "documents overlap");
        end = document.span.end.byte;
        assert_eq!(document.value().is_none(), !document.errors().is_empty());
        check_spans(text, document);
        for byte in (0..=text.len()).filter(|byte| text.is_char_boundary(*byte)) {
            let path = document.path_at(text, byte);
            assert!(path.is_none_or(|path| document.span_of(&path).is_some()), "no span at {byte}");
            assert_eq!(index.byte(text, index.utf16(text, byte)), byte);
        }
    }
}

/// Values and numbers of errors.
fn read(text: &str) -> Vec<(Option<Value>, usize)> {
    parse(text).documents.iter().map(|d| (d.value().cloned(), d.errors().len())).collect()
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        check_text(&text);
    }

    #[test]
    fn any_yaml_is_read_or_refused(text in yaml_like()) {
        check_text(&text);
    }

    #[test]
    fn line_ends_do_not_matter(text in yaml_like()) {
        let unix = text.replace('\r', "");
        prop_assert_eq!(read(&unix), read(&unix.replace('\n', "\r\n")));
    }

    #[test]
    fn what_is_written_is_read_again(value in values()) {
        for text in [to_yaml(&value), to_json(&value), to_json_compact(&value)] {
            let stream = parse(&text);
            prop_assert_eq!(stream.documents.len(), 1, "{}", text);
            prop_assert_eq!(stream.documents[0].errors(), &[], "{}", text);
            prop_assert_eq!(stream.documents[0].value(), Some(&value), "{}", text);
        }
    }
}
