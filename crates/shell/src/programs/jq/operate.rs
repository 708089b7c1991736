//! Arithmetic and comparison. Models src/builtin.c.

use std::cmp::Ordering;
use std::rc::Rc;

use super::eval::{LONGEST, Stop, error};
use super::value::Json;

fn refuse<T>(a: &Json, b: &Json, why: &str) -> Result<T, Stop> {
    error(format!("{} ({}) and {} ({}) {why}", a.kind(), a.brief(), b.kind(), b.brief()))
}

/// One of `+ - * / % == != < <= > >=`.
pub(super) fn binary(sign: &str, a: &Json, b: &Json) -> Result<Json, Stop> {
    let order = |met: fn(Ordering) -> bool| Ok(Json::Bool(met(a.compare(b))));
    match sign {
        "+" => add(a, b),
        "-" => subtract(a, b),
        "*" => multiply(a, b),
        "/" => divide(a, b),
        "%" => remainder(a, b),
        "==" => order(Ordering::is_eq),
        "!=" => order(Ordering::is_ne),
        "<" => order(Ordering::is_lt),
        "<=" => order(Ordering::is_le),
        ">" => order(Ordering::is_gt),
        _ => order(Ordering::is_ge),
    }
}

pub(super) fn add(a: &Json, b: &Json) -> Result<Json, Stop> {
    match (a, b) {
        (Json::Null, other) | (other, Json::Null) => Ok(other.clone()),
        (Json::Number(a), Json::Number(b)) => Ok(Json::Number(a + b)),
        (Json::Text(a), Json::Text(b)) if a.len() + b.len() <= LONGEST => Ok(Json::text(&format!("{a}{b}"))),
        (Json::Text(_), Json::Text(_)) => Err(Stop::Limit),
        (Json::Array(a), Json::Array(b)) => Ok(Json::array(a.iter().chain(b.iter()).cloned().collect())),
        (Json::Object(a), Json::Object(b)) => {
            let mut fields = a.as_ref().clone();
            for (key, value) in b.iter() {
                match fields.iter_mut().find(|(known, _)| known == key) {
                    Some((_, old)) => *old = value.clone(),
                    None => fields.push((Rc::clone(key), value.clone())),
                }
            }
            Ok(Json::object(fields))
        }
        _ => refuse(a, b, "cannot be added"),
    }
}

fn subtract(a: &Json, b: &Json) -> Result<Json, Stop> {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => Ok(Json::Number(a - b)),
        (Json::Array(a), Json::Array(b)) => {
            Ok(Json::array(a.iter().filter(|item| !b.iter().any(|gone| gone.same(item))).cloned().collect()))
        }
        _ => refuse(a, b, "cannot be subtracted"),
    }
}

fn multiply(a: &Json, b: &Json) -> Result<Json, Stop> {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => Ok(Json::Number(a * b)),
        (Json::Text(text), Json::Number(times)) | (Json::Number(times), Json::Text(text)) => {
            if *times <= 0.0 {
                return Ok(Json::Null);
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive; the cast saturates")]
            let times = if *times < 1.0 { 1 } else { *times as usize };
            match text.len().checked_mul(times) {
                Some(length) if length <= LONGEST => Ok(Json::text(&text.repeat(times))),
                _ => Err(Stop::Limit),
            }
        }
        (Json::Object(_), Json::Object(_)) => Ok(merge(a, b)),
        _ => refuse(a, b, "cannot be multiplied"),
    }
}

/// Objects within objects are merged too. Models `jv_object_merge_recursive`.
fn merge(a: &Json, b: &Json) -> Json {
    let (Json::Object(a), Json::Object(b)) = (a, b) else { return b.clone() };
    let mut fields = a.as_ref().clone();
    for (key, value) in b.iter() {
        match fields.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = merge(old, value),
            None => fields.push((Rc::clone(key), value.clone())),
        }
    }
    Json::object(fields)
}

fn divide(a: &Json, b: &Json) -> Result<Json, Stop> {
    match (a, b) {
        (Json::Number(_), Json::Number(0.0)) => refuse(a, b, "cannot be divided because the divisor is zero"),
        (Json::Number(a), Json::Number(b)) => Ok(Json::Number(a / b)),
        (Json::Text(a), Json::Text(b)) => Ok(split(a, b)),
        _ => refuse(a, b, "cannot be divided"),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "as C casts: the whole part")]
fn remainder(a: &Json, b: &Json) -> Result<Json, Stop> {
    match (a, b) {
        (Json::Number(x), Json::Number(y)) if x.is_nan() || y.is_nan() => Ok(Json::Number(f64::NAN)),
        (Json::Number(x), Json::Number(y)) => {
            let divisor = (*y as i64).unsigned_abs();
            if divisor == 0 {
                return refuse(a, b, "cannot be divided (remainder) because the divisor is zero");
            }
            let rest = (*x as i64).unsigned_abs() % divisor;
            Ok(Json::Number(if *x < 0.0 { -(rest as f64) } else { rest as f64 }))
        }
        _ => refuse(a, b, "cannot be divided (remainder)"),
    }
}

/// A text taken apart at each separator.
pub(super) fn split(text: &str, separator: &str) -> Json {
    let parts: Vec<Json> = if text.is_empty() {
        Vec::new()
    } else if separator.is_empty() {
        text.chars().map(|char| Json::text(char.encode_utf8(&mut [0; 4]))).collect()
    } else {
        text.split(separator).map(Json::text).collect()
    };
    Json::array(parts)
}

/// Whether `a` contains `b`. Models `jv_contains`.
pub(super) fn contains(a: &Json, b: &Json) -> Result<bool, Stop> {
    match (a, b) {
        (Json::Object(_), Json::Object(wanted)) => {
            for (key, value) in wanted.iter() {
                match a.field(key) {
                    Some(found) if holds(found, value) => {}
                    _ => return Ok(false),
                }
            }
            Ok(true)
        }
        (Json::Array(items), Json::Array(wanted)) => {
            Ok(wanted.iter().all(|value| items.iter().any(|item| holds(item, value))))
        }
        (Json::Text(a), Json::Text(b)) => Ok(a.contains(&**b)),
        _ if a.kind() == b.kind() => Ok(a.same(b)),
        _ => refuse(a, b, "cannot have their containment checked"),
    }
}

/// Inside of values other kinds just differ.
fn holds(a: &Json, b: &Json) -> bool {
    contains(a, b).unwrap_or(false)
}
