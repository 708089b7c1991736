//! Values without parts: numbers in range, quantities, times, base64.

use serde_json::{Number, Value};

use super::{Decoder, Step, json_type};
use crate::quantity::Quantity;
use crate::schema::{Scalar, Type};
use crate::time;

impl Decoder<'_> {
    /// A scalar that is not null; `None` when it has the wrong type and decoding goes on.
    pub(super) fn scalar(&mut self, scalar: Scalar, ty: &Type, value: &Value) -> Step<Option<Value>> {
        let decoded = match (scalar, value) {
            (Scalar::Any, value) => Ok(value.clone()),
            (Scalar::Bool, Value::Bool(_)) | (Scalar::String, Value::String(_)) => Ok(value.clone()),
            (Scalar::Int32, Value::Number(number)) => whole(number, i64::from(i32::MIN), i64::from(i32::MAX)),
            (Scalar::Int64, Value::Number(number)) => whole(number, i64::MIN, i64::MAX),
            (Scalar::Float64, Value::Number(_)) => Ok(value.clone()),
            // The types below decode themselves: their errors end decoding.
            (Scalar::IntOrString, Value::String(_)) => return Ok(Some(value.clone())),
            (Scalar::IntOrString, value) => {
                let number = match value {
                    Value::Number(number) => whole(number, i64::from(i32::MIN), i64::from(i32::MAX)),
                    other => Err(json_type(other).to_owned()),
                };
                return number.map(Some).map_err(|found| self.wrong_type(&found, "int32"));
            }
            (Scalar::Quantity, value) => {
                let text = match value {
                    Value::String(text) => text.trim().to_owned(),
                    Value::Number(number) => go_number(number),
                    other => other.to_string(),
                };
                let quantity = Quantity::parse(&text).map_err(|error| self.error(error.to_string()))?;
                return Ok(Some(Value::from(quantity.to_string())));
            }
            (Scalar::Time | Scalar::MicroTime, Value::String(text)) => {
                let (layout, micro) = match scalar {
                    Scalar::MicroTime => ("2006-01-02T15:04:05.000000Z07:00", true),
                    _ => ("2006-01-02T15:04:05Z07:00", false),
                };
                let time = time::parse_go(text, layout).map_err(|error| self.error(error))?;
                return Ok(Some(Value::from(time::format_go(time, micro))));
            }
            (Scalar::Time | Scalar::MicroTime, value) => return Err(self.wrong_type(json_type(value), "string")),
            (Scalar::Bytes, Value::String(text)) => match illegal_base64(text) {
                None => Ok(Value::from(text.replace(['\r', '\n'], ""))),
                Some(at) => {
                    let error = self.error(format!("illegal base64 data at input byte {at}"));
                    self.save(error);
                    return Ok(None);
                }
            },
            (_, value) => Err(json_type(value).to_owned()),
        };
        Ok(decoded.map_err(|found| self.wrong_type(&found, &ty.pointee().go_name())).map_err(|e| self.save(e)).ok())
    }
}

/// A whole number in range; otherwise what Go's message calls it.
fn whole(number: &Number, min: i64, max: i64) -> Result<Value, String> {
    let whole = number.as_i64().or_else(|| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 9e15)?;
        // In range by the line above.
        #[expect(clippy::cast_possible_truncation, reason = "whole and smaller than 2^53")]
        Some(float as i64)
    });
    match whole {
        Some(whole) if (min..=max).contains(&whole) => Ok(Value::from(whole)),
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
