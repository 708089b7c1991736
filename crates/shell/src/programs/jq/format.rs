//! `@csv` and its kin. Models `f_format` of src/builtin.c.

use super::eval::{Stop, error};
use super::value::{Json, number};
use crate::programs::text::base64;

/// A value as text: strings are themselves.
pub(super) fn plain(value: &Json) -> String {
    match value {
        Json::Text(text) => text.to_string(),
        other => other.compact(),
    }
}

/// A value in a format.
pub(super) fn format(name: &str, value: &Json) -> Result<Json, Stop> {
    let text = match name {
        "text" => plain(value),
        "json" => value.compact(),
        "csv" => row(value, "csv", ",", &|text| format!("\"{}\"", text.replace('"', "\"\"")))?,
        "tsv" => row(value, "tsv", "\t", &|text| {
            text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
        })?,
        "html" => {
            let mut done = String::new();
            for char in plain(value).chars() {
                match char {
                    '<' => done.push_str("&lt;"),
                    '>' => done.push_str("&gt;"),
                    '&' => done.push_str("&amp;"),
                    '\'' => done.push_str("&#39;"),
                    '"' => done.push_str("&quot;"),
                    other => done.push(other),
                }
            }
            done
        }
        "uri" => {
            let mut done = String::new();
            for byte in plain(value).bytes() {
                if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                    done.push(char::from(byte));
                } else {
                    done.push_str(&format!("%{byte:02X}"));
                }
            }
            done
        }
        "sh" => {
            let items = match value {
                Json::Array(items) => items.as_ref().clone(),
                other => vec![other.clone()],
            };
            let mut words = Vec::new();
            for item in &items {
                words.push(match item {
                    Json::Text(text) => format!("'{}'", text.replace('\'', "'\\''")),
                    Json::Array(_) | Json::Object(_) => {
                        return error(format!("{} ({}) can not be escaped for shell", item.kind(), item.brief()));
                    }
                    other => other.compact(),
                });
            }
            words.join(" ")
        }
        "base64" => api::secret::base64(plain(value).as_bytes()),
        "base64d" => {
            let text = plain(value);
            match base64::decode(&text) {
                Some(bytes) if !bytes.is_empty() || text.trim_end_matches('=').is_empty() => {
                    String::from_utf8_lossy(&bytes).into_owned()
                }
                _ => return error(format!("{} ({}) is not valid base64 data", value.kind(), value.brief())),
            }
        }
        other => return error(format!("{other} is not a valid format")),
    };
    Ok(Json::text(&text))
}

fn row(value: &Json, name: &str, between: &str, quote: &dyn Fn(&str) -> String) -> Result<String, Stop> {
    let Json::Array(items) = value else {
        return error(format!("{} ({}) cannot be {name}-formatted, only array", value.kind(), value.brief()));
    };
    let mut cells = Vec::new();
    for item in items.iter() {
        cells.push(match item {
            Json::Null => String::new(),
            Json::Bool(value) => value.to_string(),
            Json::Number(value) if value.is_nan() => String::new(),
            Json::Number(value) => number(*value),
            Json::Text(text) => quote(text),
            other => return error(format!("{} ({}) is not valid in a csv row", other.kind(), other.brief())),
        });
    }
    Ok(cells.join(between))
}
