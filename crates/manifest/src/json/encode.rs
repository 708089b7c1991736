//! Values as JSON text, as Go's encoding/json prints them.

use api::Value;

use crate::number::format_json;

/// The value as `kubectl -o json` prints it: indented by four spaces, with a line break at the end.
#[must_use]
pub fn to_json(value: &Value) -> String {
    let mut text = String::new();
    write(value, Some(0), &mut text);
    text.push('\n');
    text
}

/// The value as Go's `json.Marshal` prints it, on one line and without a line break.
#[must_use]
pub fn to_json_compact(value: &Value) -> String {
    let mut text = String::new();
    write(value, None, &mut text);
    text
}

/// `depth`: how deep the value stands, or `None` for one line.
fn write(value: &Value, depth: Option<usize>, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => text.push_str(&format_json(float)),
            None => text.push_str(&number.to_string()),
        },
        Value::String(string) => write_string(string, text),
        Value::Array(items) if items.is_empty() => text.push_str("[]"),
        Value::Object(entries) if entries.is_empty() => text.push_str("{}"),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                separate(at, depth, text);
                write(item, depth.map(|depth| depth + 1), text);
            }
            break_line(depth, text);
            text.push(']');
        }
        Value::Object(entries) => {
            text.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                separate(at, depth, text);
                write_string(key, text);
                text.push_str(if depth.is_some() { ": " } else { ":" });
                write(value, depth.map(|depth| depth + 1), text);
            }
            break_line(depth, text);
            text.push('}');
        }
    }
}

fn separate(at: usize, depth: Option<usize>, text: &mut String) {
    if at > 0 {
        text.push(',');
    }
    break_line(depth.map(|depth| depth + 1), text);
}

fn break_line(depth: Option<usize>, text: &mut String) {
    if let Some(depth) = depth {
        text.push('\n');
        text.extend(std::iter::repeat_n("    ", depth));
    }
}

/// Go escapes what could end a script in HTML or a line in JavaScript.
fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0'..' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                text.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    #[test]
    fn json_prints_as_go_prints_it() {
        let value = json!({"b": [1, {"c": null}], "a": {}, "l": [], "s": "<a>&\u{1}\"\\\u{2028}é😀", "f": 1.5});
        let compact = r#"{"a":{},"b":[1,{"c":null}],"f":1.5,"l":[],"s":"\u003ca\u003e\u0026\u0001\"\\\u2028é😀"}"#;
        assert_eq!(to_json_compact(&value), compact);
        let long = "{\n    \"b\": [\n        1,\n        {\n            \"c\": true\n        }\n    ]\n}\n";
        assert_eq!(to_json(&json!({"b": [1, {"c": true}]})), long);
    }
}
