//! JSON in and out, as Go's encoding/json has it.

mod decode;
mod encode;

use api::Value;

pub(crate) use decode::{JsonError, decode, skip_blanks};
pub use encode::{list_to_json, to_go_json, to_json, to_json_compact};

/// The value of a JSON text, read as strictly as Go reads it.
///
/// # Errors
/// Why it is no JSON, in the words of Go's `json.Unmarshal`.
pub fn from_json(text: &str) -> Result<Value, String> {
    let tree = decode::unmarshal(text)?;
    crate::decode::decode(&tree).map(|(value, _)| value).map_err(|problem| problem.words.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_refused_in_words_of_go() {
        for (text, want) in [
            ("{\"a\": [1]} ", Ok(api::json!({"a": [1]}))),
            ("{", Err("unexpected end of JSON input")),
            ("{a: b}", Err("invalid character 'a' looking for beginning of object key string")),
            ("{\"a\": 1} x", Err("invalid character 'x' after top-level value")),
            ("{\"a\": 'b'}", Err("invalid character '\\'' looking for beginning of value")),
        ] {
            assert_eq!(from_json(text), want.map_err(str::to_owned), "{text}");
        }
    }
}
