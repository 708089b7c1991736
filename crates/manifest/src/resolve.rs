//! What a scalar without quotes means.
//!
//! YAML 1.1 as goyaml.v2 has it: `yes` is a boolean, `0755` is 493, `1:30` is a string. Models goyaml.v2
//! resolve.go.

use std::borrow::Cow;

use crate::number::{parse_float, parse_int};
use crate::timestamp::is_timestamp;

/// The value of a scalar.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Scalar {
    Null,
    Bool(bool),
    /// Fits `i64` or `u64`.
    Int(i128),
    Float(f64),
    /// A string; `date`: one that looks like a timestamp, which is printed in quotes.
    Str {
        date: bool,
    },
}

impl Scalar {
    /// Whether the text is an ordinary string, so that it needs no quotes.
    pub(crate) fn is_plain_string(&self) -> bool {
        *self == Self::Str { date: false }
    }

    fn tag(&self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Int(_) => "!!int",
            Self::Float(_) => "!!float",
            Self::Str { date: true } => "!!timestamp",
            Self::Str { date: false } => "!!str",
        }
    }
}

/// The value of a scalar without quotes and without a tag.
pub(crate) fn resolve(text: &str) -> Scalar {
    resolve_hinted(text, true)
}

fn resolve_hinted(text: &str, timestamps: bool) -> Scalar {
    let string = Scalar::Str { date: false };
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => match text.as_bytes()[0] {
            // Go's ParseFloat allows `_` between digits.
            b'.' if text.contains("__") || text.ends_with('_') || text.starts_with("._") => string,
            b'.' => parse_float(&without_underscores(text)).map_or(string, Scalar::Float),
            b'0'..=b'9' | b'+' | b'-' => {
                if timestamps && is_timestamp(text) {
                    return Scalar::Str { date: true };
                }
                let digits: Cow<'_, str> = if text.contains('_') { text.replace('_', "").into() } else { text.into() };
                let int = parse_int(&digits).map(Scalar::Int);
                int.or_else(|| parse_float(&digits).map(Scalar::Float)).unwrap_or(string)
            }
            _ => string,
        },
    }
}

fn without_underscores(text: &str) -> Cow<'_, str> {
    if text.contains('_') { text.replace('_', "").into() } else { text.into() }
}

/// The value of a scalar with a tag in its long form, or why it has none.
pub(crate) fn resolve_tagged(tag: &str, text: &str) -> Result<Scalar, String> {
    let short = match tag.strip_prefix("tag:yaml.org,2002:") {
        Some(name @ ("bool" | "int" | "float" | "null" | "timestamp")) => name,
        _ => return Ok(Scalar::Str { date: false }),
    };
    let scalar = resolve_hinted(text, short == "timestamp");
    match (&scalar, short) {
        (Scalar::Int(value), "float") => Ok(Scalar::Float(*value as f64)),
        _ if scalar.tag().strip_prefix("!!") == Some(short) => Ok(scalar),
        _ => Err(format!("cannot decode {} `{text}` as a !!{short}", scalar.tag())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_what_goyaml_says() {
        let string = Scalar::Str { date: false };
        let date = Scalar::Str { date: true };
        for (text, want) in [
            ("y", Scalar::Bool(true)),
            ("Off", Scalar::Bool(false)),
            ("yEs", string.clone()),
            ("~", Scalar::Null),
            ("80", Scalar::Int(80)),
            ("1_000", Scalar::Int(1000)),
            ("0x50", Scalar::Int(80)),
            ("0o120", Scalar::Int(80)),
            ("08", Scalar::Float(8.0)),
            ("1e2", Scalar::Float(100.0)),
            (".5", Scalar::Float(0.5)),
            (".1_5", Scalar::Float(0.15)),
            (".1__5", string.clone()),
            ("1.10", Scalar::Float(1.1)),
            ("1:30", string.clone()),
            ("10.0.0.1", string.clone()),
            ("0x", string.clone()),
            ("-", string.clone()),
            ("_1", string.clone()),
            ("1.2.3", string.clone()),
            ("2001-01-01", date.clone()),
            ("2001-13-01", string.clone()),
            ("é", string),
        ] {
            assert_eq!(resolve(text), want, "{text}");
        }
        assert_eq!(resolve_tagged("tag:yaml.org,2002:float", "1"), Ok(Scalar::Float(1.0)));
        assert_eq!(resolve_tagged("tag:yaml.org,2002:str", "1"), Ok(Scalar::Str { date: false }));
        let error = resolve_tagged("tag:yaml.org,2002:int", "a");
        assert_eq!(error, Err("cannot decode !!str `a` as a !!int".to_owned()));
    }
}
