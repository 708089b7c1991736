//! Values as KYAML, as `kubectl -o kyaml` prints them. Models `sigs.k8s.io/yaml/kyaml` `Encoder`.

use api::Value;

use crate::json::to_json_compact;

/// The value as a document of its own, with a line break at the end.
#[must_use]
pub fn to_kyaml(value: &Value) -> String {
    let mut out = "---\n".to_owned();
    node(value, 0, &mut out);
    out.push('\n');
    out
}

fn node(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Array(items) if items.iter().all(|item| item.is_array() || item.is_object()) => {
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "[" } else { ", " });
                node(item, indent, out);
            }
            out.push(']');
        }
        Value::Array(items) => {
            out.push_str("[\n");
            for item in items {
                margin(indent + 1, out);
                node(item, indent + 1, out);
                out.push_str(",\n");
            }
            margin(indent, out);
            out.push(']');
        }
        Value::Object(entries) if entries.is_empty() => out.push_str("{}"),
        Value::Object(entries) => {
            out.push_str("{\n");
            for (key, value) in entries {
                margin(indent + 1, out);
                if needs_quotes(key) {
                    quoted(key, None, out);
                } else {
                    out.push_str(key);
                }
                out.push_str(": ");
                node(value, indent + 1, out);
                out.push_str(",\n");
            }
            margin(indent, out);
            out.push('}');
        }
        Value::String(text) => quoted(text, Some(indent + 1), out),
        other => out.push_str(&to_json_compact(other)),
    }
}

fn margin(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", indent));
}

/// A string in quotes; one of several lines is folded at them, unless it is a key. Models `renderString`.
fn quoted(text: &str, folded_at: Option<usize>, out: &mut String) {
    let folded = folded_at.filter(|_| text.contains('\n'));
    out.push('"');
    if folded.is_some() {
        out.push_str("\\\n");
    }
    for c in text.chars() {
        if let (Some(indent), true) = (folded, out.ends_with('\n')) {
            margin(indent, out);
            out.push(if c.is_whitespace() && c != '\n' { '\\' } else { ' ' });
        }
        escaped(c, folded.is_some(), out);
    }
    if let Some(indent) = folded {
        if !out.ends_with('\n') {
            out.push_str("\\\n");
        }
        margin(indent, out);
    }
    out.push('"');
}

/// Models `appendEscapedRune`.
fn escaped(c: char, folded: bool, out: &mut String) {
    let short = match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        '\n' if folded => "\\n\\\n",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\u{b}' => "\\v",
        '\0' => "\\0",
        '\u{1b}' => "\\e",
        '\u{85}' => "\\N",
        '\u{a0}' => "\\_",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        c if c.is_control() && c < '\u{80}' => return out.push_str(&format!("\\x{:02x}", u32::from(c))),
        c if c.is_control() => return out.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => return out.push(c),
    };
    out.push_str(short);
}

/// Models `needsQuotes`.
fn needs_quotes(key: &str) -> bool {
    let last = key.chars().count().saturating_sub(1);
    let plain = |(at, c): (usize, char)| c.is_alphanumeric() || c == '_' || (at > 0 && at < last && "-./".contains(c));
    key.is_empty() || looks_typed(key) || !key.chars().enumerate().all(plain)
}

/// Whether YAML would take the text for something else than a string. Models `yamlGuessesWrong`.
fn looks_typed(text: &str) -> bool {
    const WORDS: [&str; 16] =
        ["null", "~", "true", "y", "yes", "on", "false", "n", "no", "off", "t", "f", ".inf", "-.inf", "+.inf", ".nan"];
    let lower = text.to_lowercase();
    let digits = text.replace('_', "");
    let radix = |prefix: &str, radix: u32| {
        let rest = digits.trim_start_matches(['+', '-']).to_lowercase();
        rest.strip_prefix(prefix).is_some_and(|rest| i64::from_str_radix(rest, radix).is_ok())
    };
    let is_time = || crate::timestamp::is_timestamp(text);
    WORDS.contains(&lower.as_str())
        || digits.parse::<f64>().is_ok()
        || [("0x", 16), ("0o", 8), ("0b", 2)].iter().any(|(prefix, base)| radix(prefix, *base))
        || is_time()
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    #[test]
    fn values_print_as_upstream() {
        let value = json!({
            "app.kubernetes.io/name": "web", "empty": {}, "none": [], "on": true,
            "ips": ["10.0.0.1"], "ports": [{"port": 80}, {"port": 81}], "text": "a\n  b\n", "quote": "say \"x\"",
        });
        let want = r#"---
{
  app.kubernetes.io/name: "web",
  empty: {},
  ips: [
    "10.0.0.1",
  ],
  none: [],
  "on": true,
  ports: [{
    port: 80,
  }, {
    port: 81,
  }],
  quote: "say \"x\"",
  text: "\
     a\n\
    \  b\n\
    ",
}
"#;
        assert_eq!(to_kyaml(&value), want);
    }

    #[test]
    fn keys_are_quoted_where_yaml_would_read_something_else() {
        for (key, want) in
            [("a", false), ("a-b", false), ("-a", true), ("yes", true), ("80", true), ("0x1F", true), ("", true)]
        {
            assert_eq!(needs_quotes(key), want, "{key:?}");
        }
    }
}
