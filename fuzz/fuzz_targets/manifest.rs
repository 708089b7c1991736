//! Any text is read or refused without a panic, and what was read survives being printed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use manifest::{parse, to_json, to_yaml};

fuzz_target!(|text: &str| {
    let stream = parse(text);
    for document in &stream.documents {
        let errors = document.errors().iter().map(|error| error.span());
        for span in errors.chain([document.span]) {
            assert!(text.get(span.start.byte..span.end.byte).is_some());
        }
        let middle = document.span.start.byte.midpoint(document.span.end.byte);
        if text.is_char_boundary(middle)
            && let Some(path) = document.path_at(text, middle)
        {
            assert!(document.nearest_span_of(&path).is_some());
        }
        let Some(value) = document.value() else { continue };
        let json = to_json(value);
        // Only what begins with a brace is read as JSON; a YAML key may not be as long as a JSON key.
        if !value.is_object() || json.len() > 1000 {
            continue;
        }
        assert_eq!(parse(&json).documents.first().and_then(|document| document.value()), Some(value));
        // kubectl itself loses line breaks other than `\n`: U+0085 in JSON text, U+2028 at the end of a block.
        if !["\u{85}", "\\u2028", "\\u2029"].iter().any(|line_break| json.contains(line_break)) {
            // The separator keeps a first key such as "\u{a0}{" from being taken for JSON, as kubectl takes it.
            let yaml = parse(&format!("---\n{}", to_yaml(value)));
            assert_eq!(yaml.documents.first().and_then(|document| document.value()), Some(value));
        }
    }
});
