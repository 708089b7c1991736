//! The functions of templates: Go's own and kubectl's.

use std::cmp::Ordering;

use api::Value;
use api::go::format as go_format;

use super::truth;

/// Every function.
const NAMES: &[&str] = &[
    "and",
    "base64decode",
    "eq",
    "exists",
    "ge",
    "gt",
    "index",
    "le",
    "len",
    "lt",
    "ne",
    "not",
    "or",
    "print",
    "printf",
    "println",
    "slice",
];

pub(super) fn is_known(name: &str) -> bool {
    NAMES.contains(&name)
}

type Arguments<'a> = &'a [Option<Value>];

pub(super) fn call(name: &str, arguments: Arguments<'_>) -> Result<Option<Value>, String> {
    let value = |at: usize| arguments.get(at).cloned().flatten().unwrap_or(Value::Null);
    let wrong = |want: &str| format!("wrong number of args for {name}: want {want} got {}", arguments.len());
    let order = || {
        compare(&value(0), &value(1)).ok_or_else(|| format!("error calling {name}: incompatible types for comparison"))
    };
    let found = match name {
        "and" => arguments.iter().find(|a| !truth(a.as_ref())).or(arguments.last()).cloned().flatten(),
        "or" => arguments.iter().find(|a| truth(a.as_ref())).or(arguments.last()).cloned().flatten(),
        "not" => Some((!truth(arguments.first().and_then(Option::as_ref))).into()),
        "eq" if arguments.len() < 2 => return Err(wrong("at least 2")),
        "eq" => Some((1..arguments.len()).any(|at| compare(&value(0), &value(at)) == Some(Ordering::Equal)).into()),
        "ne" => Some((compare(&value(0), &value(1)) != Some(Ordering::Equal)).into()),
        "lt" => Some(order()?.is_lt().into()),
        "le" => Some(order()?.is_le().into()),
        "gt" => Some(order()?.is_gt().into()),
        "ge" => Some(order()?.is_ge().into()),
        "len" => Some(length(&value(0))?.into()),
        "index" => index(arguments)?,
        "slice" => Some(slice(arguments)?),
        "print" => Some(arguments.iter().map(|a| text(a.as_ref())).collect::<String>().into()),
        "println" => {
            let words: Vec<String> = arguments.iter().map(|a| text(a.as_ref())).collect();
            Some(format!("{}\n", words.join(" ")).into())
        }
        "printf" => Some(printf(arguments).into()),
        "exists" => Some(exists(arguments).into()),
        "base64decode" => Some(base64(&text(arguments.first().and_then(Option::as_ref)))?.into()),
        _ => return Err(format!("function \"{name}\" not defined")),
    };
    Ok(found)
}

pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "interface {}",
        Value::Bool(_) => "bool",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

fn text(value: Option<&Value>) -> String {
    value.map_or_else(|| "<nil>".to_owned(), go_format)
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        _ => None,
    }
}

fn length(value: &Value) -> Result<usize, String> {
    match value {
        Value::String(text) => Ok(text.len()),
        Value::Array(list) => Ok(list.len()),
        Value::Object(map) => Ok(map.len()),
        other => Err(format!("error calling len: len of type {}", type_name(other))),
    }
}

fn index(arguments: Arguments<'_>) -> Result<Option<Value>, String> {
    let mut value = arguments.first().cloned().flatten();
    for key in arguments.iter().skip(1) {
        value = match (value, key) {
            (Some(Value::Array(list)), Some(Value::Number(at))) => {
                let at = at.as_u64().and_then(|at| usize::try_from(at).ok()).unwrap_or(usize::MAX);
                Some(list.get(at).cloned().ok_or("error calling index: index out of range")?)
            }
            (Some(Value::Object(map)), Some(Value::String(key))) => map.get(key).cloned(),
            (None | Some(Value::Null), _) => return Err("error calling index: index of untyped nil".to_owned()),
            (Some(other), _) => {
                return Err(format!("error calling index: can't index item of type {}", type_name(&other)));
            }
        };
    }
    Ok(value)
}

fn slice(arguments: Arguments<'_>) -> Result<Value, String> {
    let bound = |at: usize| arguments.get(at).and_then(|a| a.as_ref()?.as_u64()).and_then(|n| usize::try_from(n).ok());
    let out = || "error calling slice: index out of range".to_owned();
    match arguments.first().and_then(Option::as_ref) {
        Some(Value::String(text)) => {
            let range = bound(1).unwrap_or(0)..bound(2).unwrap_or(text.len());
            text.get(range).map(Into::into).ok_or_else(out)
        }
        Some(Value::Array(list)) => {
            let range = bound(1).unwrap_or(0)..bound(2).unwrap_or(list.len());
            list.get(range).map(|part| part.to_vec().into()).ok_or_else(out)
        }
        _ => Err("error calling slice: can't slice item".to_owned()),
    }
}

fn exists(arguments: Arguments<'_>) -> bool {
    let Some(Some(first)) = arguments.first() else { return false };
    let mut value = first;
    for key in arguments.iter().skip(1).flatten() {
        let next = match (value, key) {
            (Value::Object(map), Value::String(key)) => map.get(key),
            (Value::Array(list), Value::Number(at)) => at.as_u64().and_then(|at| list.get(usize::try_from(at).ok()?)),
            _ => None,
        };
        let Some(next) = next else { return false };
        value = next;
    }
    true
}

/// The verbs `%s %v %d %q %t %%` with a width.
fn printf(arguments: Arguments<'_>) -> String {
    let format = text(arguments.first().and_then(Option::as_ref));
    let mut rest = arguments.iter().skip(1);
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let left = chars.next_if_eq(&'-').is_some();
        let zero = chars.next_if_eq(&'0').is_some();
        let mut width = 0usize;
        while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
            width = width.saturating_mul(10).saturating_add(digit as usize).min(1000);
            chars.next();
        }
        let verb = chars.next().unwrap_or('%');
        if verb == '%' {
            out.push('%');
            continue;
        }
        let Some(value) = rest.next() else {
            out.push_str(&format!("%!{verb}(MISSING)"));
            continue;
        };
        let word = text(value.as_ref());
        let word = match (verb, value) {
            ('q', _) => api::field::go_quote(&word),
            ('d', Some(Value::String(_))) => format!("%!d(string={word})"),
            _ => word,
        };
        let pad = width.saturating_sub(word.chars().count());
        let fill = if zero && !left { "0" } else { " " }.repeat(pad);
        out.push_str(&if left { format!("{word}{fill}") } else { format!("{fill}{word}") });
    }
    out
}

fn base64(text: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0u32, 0u32);
    for c in text.trim_end_matches('=').bytes() {
        let digit = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return Err("error calling base64decode: illegal base64 data".to_owned()),
        };
        bits = (bits << 6) | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(((bits >> count) & 0xff) as u8);
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
