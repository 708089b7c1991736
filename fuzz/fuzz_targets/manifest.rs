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
        let json = parse(&to_json(value));
        assert_eq!(json.documents.first().and_then(|document| document.value()), Some(value));
        // kubectl itself turns U+0085 into a space, however it was written.
        if !to_json(value).contains('\u{85}') {
            // The separator keeps a first key such as "\u{a0}{" from being taken for JSON, as kubectl takes it.
            let yaml = parse(&format!("---\n{}", to_yaml(value)));
            assert_eq!(yaml.documents.first().and_then(|document| document.value()), Some(value));
        }
    }
});
