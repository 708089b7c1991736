//! Reaching into values. Models src/jv_aux.c.

use std::rc::Rc;

use super::eval::{Stop, error};
use super::value::Json;
use api::arrange::Arrange;

type Got = Result<Json, Stop>;

/// Arrays longer than this are not made by writing far behind their end.
const LONGEST: usize = 100_000;

/// A position in an array; negative ones count from its end.
fn position(index: f64, length: usize) -> Option<usize> {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and nothing is that long")]
    let index = index.floor() as i64;
    let length = i64::try_from(length).ok()?;
    usize::try_from(if index < 0 { index.saturating_add(length) } else { index }).ok()
}

/// Models `parse_slice`.
fn bounds(length: usize, key: &Json) -> Result<(usize, usize), Stop> {
    let bound = |name: &str, absent: usize, round: fn(f64) -> f64| match key.field(name) {
        None | Some(Json::Null) => Ok(absent),
        Some(Json::Number(number)) => {
            let index = round(*number);
            let whole = position(index, length);
            Ok(whole.map_or(0, |at| at.min(length)))
        }
        Some(_) => error("Start and end indices of an array slice must be numbers"),
    };
    let start = bound("start", 0, f64::floor)?;
    let end = bound("end", length, f64::ceil)?;
    Ok((start, end.max(start)))
}

fn is_slice(key: &Json) -> bool {
    matches!(key, Json::Object(_))
}

/// `.[key]`. Models `jv_get`.
pub(super) fn get(value: &Json, key: &Json) -> Got {
    match (value, key) {
        (Json::Object(_), Json::Text(name)) => Ok(value.field(name).cloned().unwrap_or(Json::Null)),
        (Json::Array(items), Json::Number(index)) => {
            Ok(position(*index, items.len()).and_then(|at| items.get(at)).cloned().unwrap_or(Json::Null))
        }
        (Json::Array(items), key) if is_slice(key) => {
            let (from, to) = bounds(items.len(), key)?;
            Ok(Json::array(items[from..to].to_vec()))
        }
        (Json::Text(text), key) if is_slice(key) => {
            let (from, to) = bounds(text.chars().count(), key)?;
            Ok(Json::text(&text.chars().skip(from).take(to - from).collect::<String>()))
        }
        (Json::Array(items), Json::Array(wanted)) => Ok(positions(items, wanted)),
        (Json::Null, Json::Text(_) | Json::Number(_) | Json::Null) => Ok(Json::Null),
        (Json::Null, key) if is_slice(key) => Ok(Json::Null),
        (value, Json::Text(name)) => error(format!("Cannot index {} with string \"{name}\"", value.kind())),
        (value, key) => error(format!("Cannot index {} with {}", value.kind(), key.kind())),
    }
}

/// Where an array is found in another.
fn positions(items: &[Json], wanted: &[Json]) -> Json {
    if wanted.is_empty() {
        return Json::Null;
    }
    let found = items.windows(wanted.len()).enumerate();
    let found = found.filter(|(_, part)| part.iter().zip(wanted).all(|(a, b)| a.same(b)));
    Json::array(found.map(|(at, _)| Json::count(at)).collect())
}

/// A value with one part replaced. Models `jv_set`.
fn set(value: Json, key: &Json, part: Json) -> Got {
    match (value, key) {
        (Json::Null, Json::Text(name)) => Ok(Json::object(vec![(Rc::clone(name), part)])),
        (Json::Object(mut fields), Json::Text(name)) => {
            let inside = Rc::make_mut(&mut fields);
            match inside.iter_mut().find(|(known, _)| known == name) {
                Some((_, old)) => *old = part,
                None => inside.push((Rc::clone(name), part)),
            }
            Ok(Json::Object(fields))
        }
        (Json::Null, key @ Json::Number(_)) => set(Json::array(Vec::new()), key, part),
        (Json::Array(mut items), Json::Number(index)) => {
            let inside = Rc::make_mut(&mut items);
            let Some(at) = position(*index, inside.len()) else { return error("Out of bounds negative array index") };
            if at > LONGEST {
                return error("Array index too large");
            }
            if at >= inside.len() {
                inside.resize(at + 1, Json::Null);
            }
            inside[at] = part;
            Ok(Json::Array(items))
        }
        (Json::Null, key) if is_slice(key) => set(Json::array(Vec::new()), key, part),
        (Json::Array(items), key) if is_slice(key) => {
            let Json::Array(part) = part else {
                return error("A slice of an array can only be assigned another array");
            };
            let (from, to) = bounds(items.len(), key)?;
            let mut inside = items.as_ref().clone();
            inside.splice(from..to, part.iter().cloned());
            Ok(Json::array(inside))
        }
        (value, key) => error(format!("Cannot update field at {} index of {}", key.kind(), value.kind())),
    }
}

fn keys(path: &Json) -> Result<&[Json], Stop> {
    match path {
        Json::Array(keys) => Ok(keys),
        _ => error("Path must be specified as an array"),
    }
}

/// Models `jv_getpath`: behind nothing there is nothing.
pub(super) fn get_path(value: &Json, path: &Json) -> Got {
    let mut value = value.clone();
    for key in keys(path)? {
        if matches!(value, Json::Null) {
            return Ok(Json::Null);
        }
        value = get(&value, key)?;
    }
    Ok(value)
}

/// Models `jv_setpath`.
pub(super) fn set_path(value: Json, path: &Json, new: Json) -> Got {
    set_keys(value, keys(path)?, new)
}

fn set_keys(value: Json, keys: &[Json], new: Json) -> Got {
    let Some((key, rest)) = keys.split_first() else { return Ok(new) };
    let part = get(&value, key)?;
    let part = set_keys(part, rest, new)?;
    set(value, key, part)
}

/// Models `jv_delpaths`: the deepest and last go first.
pub(super) fn delete(mut value: Json, mut paths: Vec<Json>) -> Got {
    paths.arrange_by(Json::compare);
    for path in paths.iter().rev() {
        value = delete_keys(value, keys(path)?)?;
    }
    Ok(value)
}

fn delete_keys(value: Json, keys: &[Json]) -> Got {
    match keys {
        [] => Ok(Json::Null),
        [key] => delete_key(value, key),
        [key, rest @ ..] => {
            let part = get(&value, key)?;
            if matches!(part, Json::Null) {
                return Ok(value);
            }
            let part = delete_keys(part, rest)?;
            set(value, key, part)
        }
    }
}

fn delete_key(value: Json, key: &Json) -> Got {
    match (value, key) {
        (Json::Null, _) => Ok(Json::Null),
        (Json::Object(mut fields), Json::Text(name)) => {
            Rc::make_mut(&mut fields).retain(|(known, _)| known != name);
            Ok(Json::Object(fields))
        }
        (Json::Array(mut items), Json::Number(index)) => {
            let inside = Rc::make_mut(&mut items);
            if let Some(at) = position(*index, inside.len()).filter(|at| *at < inside.len()) {
                inside.remove(at);
            }
            Ok(Json::Array(items))
        }
        (Json::Array(mut items), key) if is_slice(key) => {
            let (from, to) = bounds(items.len(), key)?;
            Rc::make_mut(&mut items).drain(from..to);
            Ok(Json::Array(items))
        }
        (Json::Object(_), key) => error(format!("Cannot delete {} field of object", key.kind())),
        (Json::Array(_), key) => error(format!("Cannot delete {} element of array", key.kind())),
        (value, _) => error(format!("Cannot delete fields from {}", value.kind())),
    }
}
