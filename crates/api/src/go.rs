//! Values as Go's `fmt` prints them.

use serde_json::Value;

use crate::field::go_quote;

/// `%v`: texts bare, `map[a:b]`, `[a b]`.
#[must_use]
pub fn format(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) => format!("[{}]", list.iter().map(format).collect::<Vec<_>>().join(" ")),
        Value::Object(map) => {
            let pairs: Vec<String> = map.iter().map(|(key, value)| format!("{key}:{}", format(value))).collect();
            format!("map[{}]", pairs.join(" "))
        }
        other => other.to_string(),
    }
}

/// `%#v`, of trees as Go's JSON decoder makes them.
#[must_use]
pub fn syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        Value::String(text) => go_quote(text),
        Value::Array(list) => format!("[]interface {{}}{{{}}}", list.iter().map(syntax).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let pair = |(key, value): (&String, &Value)| format!("{}:{}", go_quote(key), syntax(value));
            format!("map[string]interface {{}}{{{}}}", map.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// A string as `encoding/json` prints it: what could end a script in HTML or a line in JavaScript is escaped.
#[must_use]
pub fn json_string(string: &str) -> String {
    let mut text = String::with_capacity(string.len() + 2);
    write_json_string(string, &mut text);
    text
}

/// The same at the end of a text.
pub fn write_json_string(string: &str, text: &mut String) {
    text.push('"');
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'<' | b'>' | b'&');
    if string.bytes().all(plain) {
        text.push_str(string);
        text.push('"');
        return;
    }
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
    use serde_json::json;

    use super::*;

    #[test]
    fn trees_print_as_go() {
        let tree = json!({"a": [1, "x"], "b": null});
        assert_eq!(format(&tree), "map[a:[1 x] b:<nil>]");
        let want = r#"map[string]interface {}{"a":[]interface {}{1, "x"}, "b":interface {}(nil)}"#;
        assert_eq!(syntax(&tree), want);
    }
}
