//! Values without parts: numbers in range, quantities, times, base64.

use serde_json::{Number, Value};

use super::{Decoder, Place, Verdict, json_type};
use crate::quantity::Quantity;
use crate::schema::{Scalar, Type};
use crate::time;

/// The numbers of a Go type.
type Bounds = (i64, i64);
const INT32: Bounds = (i32::MIN as i64, i32::MAX as i64);
const INT64: Bounds = (i64::MIN, i64::MAX);

impl Decoder<'_> {
    /// A scalar that is not null.
    pub(super) fn scalar(&mut self, scalar: Scalar, ty: &Type, value: &mut Value, at: &Place<'_>) -> Verdict {
        let decoded = match (scalar, &mut *value) {
            (Scalar::Any, _)
            | (Scalar::Bool, Value::Bool(_))
            | (Scalar::String, Value::String(_))
            | (Scalar::Float64, Value::Number(_))
            | (Scalar::IntOrString, Value::String(_)) => Ok(()),
            (Scalar::Int32, Value::Number(number)) => whole(number, INT32),
            (Scalar::Int64, Value::Number(number)) => whole(number, INT64),
            // The types below decode themselves: their errors end decoding.
            (Scalar::IntOrString, value) => {
                let number = match value {
                    Value::Number(number) => whole(number, INT32),
                    other => Err(json_type(other).to_owned()),
                };
                return number.map(|()| true).map_err(|found| at.wrong_type(&found, "int32"));
            }
            (Scalar::Quantity, value) => {
                let quantity = match &*value {
                    Value::String(text) => Quantity::parse(text.trim()),
                    Value::Number(number) => Quantity::parse(&go_number(number)),
                    other => Quantity::parse(&other.to_string()),
                };
                let text = quantity.map_err(|error| at.error(error.to_string()))?.into_text();
                *value = Value::String(text);
                Ok(())
            }
            (Scalar::Time | Scalar::MicroTime, Value::String(text)) => {
                let (layout, micro) = match scalar {
                    Scalar::MicroTime => ("2006-01-02T15:04:05.000000Z07:00", true),
                    _ => ("2006-01-02T15:04:05Z07:00", false),
                };
                let time = time::parse_go(text, layout).map_err(|error| at.error(error))?;
                *text = time::format_go(time, micro);
                Ok(())
            }
            (Scalar::Time | Scalar::MicroTime, value) => return Err(at.wrong_type(json_type(value), "string")),
            (Scalar::Bytes, Value::String(text)) => match illegal_base64(text) {
                None => {
                    text.retain(|c| !matches!(c, '\r' | '\n'));
                    Ok(())
                }
                Some(place) => {
                    self.save(at.error(format!("illegal base64 data at input byte {place}")));
                    return Ok(false);
                }
            },
            (_, value) => Err(json_type(value).to_owned()),
        };
        if let Err(found) = decoded {
            self.save(at.wrong_type(&found, &ty.pointee().go_name()));
            return Ok(false);
        }
        Ok(true)
    }
}

/// Makes a number a whole one in range; otherwise what Go's message calls it.
fn whole(number: &mut Number, (min, max): Bounds) -> Result<(), String> {
    let whole = number.as_i64().or_else(|| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 9e15)?;
        // In range by the line above.
        #[expect(clippy::cast_possible_truncation, reason = "whole and smaller than 2^53")]
        Some(float as i64)
    });
    match whole {
        Some(whole) if (min..=max).contains(&whole) => {
            *number = whole.into();
            Ok(())
        }
        _ => Err(format!("number {}", go_number(number))),
    }
}

/// A number as kubectl sends it: whole floats without a point.
fn go_number(number: &Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Where standard base64 goes wrong. Models Go's `base64.StdEncoding.Decode`, which skips line ends.
fn illegal_base64(text: &str) -> Option<usize> {
    let mut digits = 0usize;
    let bytes = text.as_bytes();
    let mut at = 0;
    let line_end = |byte: u8| byte == b'\n' || byte == b'\r';
    while let Some(&byte) = bytes.get(at) {
        if line_end(byte) {
            at += 1;
            continue;
        }
        if byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/' {
            (digits, at) = (digits + 1, at + 1);
            continue;
        }
        if byte != b'=' || digits % 4 < 2 {
            return Some(at);
        }
        let mut rest = bytes.iter().enumerate().skip(at + 1).filter(|(_, byte)| !line_end(**byte));
        if digits % 4 == 2 {
            match rest.next() {
                Some((_, b'=')) => {}
                Some((wrong, _)) => return Some(wrong),
                None => return Some(bytes.len()),
            }
        }
        return rest.next().map(|(wrong, _)| wrong);
    }
    (!digits.is_multiple_of(4)).then_some(bytes.len() - digits % 4)
}
