//! The functions of templates: Go's own and kubectl's.

use std::cmp::Ordering;

use api::Value;

use super::truth;

/// Every function.
const NAMES: &[&str] = &[
    "and",
    "base64decode",
    "eq",
    "exists",
    "ge",
    "gt",
    "html",
    "index",
    "js",
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
    "urlquery",
];

pub(super) fn is_known(name: &str) -> bool {
    NAMES.contains(&name)
}

type Arguments<'a> = &'a [Option<Value>];

pub(super) fn call(name: &str, arguments: Arguments<'_>) -> Result<Option<Value>, String> {
    let value = |at: usize| arguments.get(at).cloned().flatten().unwrap_or(Value::Null);
    let wrong = |want: &str| format!("wrong number of args for {name}: want {want} got {}", arguments.len());
    let incompatible = || format!("error calling {name}: incompatible types for comparison");
    let order = || compare(&value(0), &value(1)).ok_or_else(incompatible);
    // A missing value equals another one and nothing else.
    let same = |at: usize| match (value(0), value(at)) {
        (a, b) if a.is_null() || b.is_null() => Ok(a == b),
        (a, b) => compare(&a, &b).map(Ordering::is_eq).ok_or_else(incompatible),
    };
    let found = match name {
        "and" => arguments.iter().find(|a| !truth(a.as_ref())).or(arguments.last()).cloned().flatten(),
        "or" => arguments.iter().find(|a| truth(a.as_ref())).or(arguments.last()).cloned().flatten(),
        "not" => Some((!truth(arguments.first().and_then(Option::as_ref))).into()),
        "eq" if arguments.len() < 2 => return Err(wrong("at least 2")),
        "eq" => {
            let mut any = false;
            for at in 1..arguments.len() {
                any = any || same(at)?;
            }
            Some(any.into())
        }
        "ne" => Some((!same(1)?).into()),
        "lt" => Some(order()?.is_lt().into()),
        "le" => Some(order()?.is_le().into()),
        "gt" => Some(order()?.is_gt().into()),
        "ge" => Some(order()?.is_ge().into()),
        "len" => Some(length(&value(0))?.into()),
        "index" => index(arguments)?,
        "slice" => Some(slice(arguments)?),
        "html" => Some(escaped(&joined(arguments), html).into()),
        "js" => Some(escaped(&joined(arguments), js).into()),
        "urlquery" => Some(escaped(&joined(arguments), url).into()),
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
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

fn text(value: Option<&Value>) -> String {
    value.map_or_else(|| "<nil>".to_owned(), show)
}

fn joined(arguments: Arguments<'_>) -> String {
    arguments.iter().map(|argument| text(argument.as_ref())).collect()
}

/// Each character as it is, or what stands for it.
fn escaped(text: &str, of: fn(char) -> Option<String>) -> String {
    text.chars().map(|c| of(c).unwrap_or_else(|| c.to_string())).collect()
}

fn html(c: char) -> Option<String> {
    let word = match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&#34;",
        '\'' => "&#39;",
        '\0' => "\u{fffd}",
        _ => return None,
    };
    Some(word.to_owned())
}

fn js(c: char) -> Option<String> {
    match c {
        '\\' | '\'' | '"' => Some(format!("\\{c}")),
        '<' | '>' | '&' | '=' => Some(format!("\\u{:04X}", u32::from(c))),
        c if c < ' ' => Some(format!("\\u{:04X}", u32::from(c))),
        _ => None,
    }
}

/// Models `url.QueryEscape`.
fn url(c: char) -> Option<String> {
    match c {
        c if c.is_ascii_alphanumeric() || "-_.~".contains(c) => None,
        ' ' => Some("+".to_owned()),
        c => Some(c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")).collect()),
    }
}

/// A value as Go's `%v` prints it.
#[must_use]
pub fn show(value: &Value) -> String {
    match value {
        Value::Number(number) if number.is_f64() => float(number.as_f64().unwrap_or(0.0)),
        Value::Array(list) => format!("[{}]", list.iter().map(show).collect::<Vec<_>>().join(" ")),
        Value::Object(map) => {
            let pairs: Vec<String> = map.iter().map(|(key, value)| format!("{key}:{}", show(value))).collect();
            format!("map[{}]", pairs.join(" "))
        }
        other => api::go::format(other),
    }
}

/// The shortest digits; with an exponent from a million on. Models `strconv.FormatFloat` with `g` and -1.
fn float(number: f64) -> String {
    let text = format!("{number:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// The value with every number a float, as Go's JSON decoder has it.
pub(super) fn with_floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or_else(|| value.clone(), Value::from),
        Value::Array(list) => list.iter().map(with_floats).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), with_floats(value))).collect(),
        other => other.clone(),
    }
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        // Whole numbers and floats do not compare.
        (Value::Number(a), Value::Number(b)) if a.is_f64() == b.is_f64() => a.as_f64().partial_cmp(&b.as_f64()),
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
        Value::Null => Err("error calling len: len of nil pointer".to_owned()),
        other => Err(format!("error calling len: len of type {}", type_name(other))),
    }
}

fn index(arguments: Arguments<'_>) -> Result<Option<Value>, String> {
    let mut value = arguments.first().cloned().flatten();
    for key in arguments.iter().skip(1) {
        value = match (value, key) {
            (Some(Value::Array(list)), Some(Value::Number(at))) => {
                let found = at.as_u64().and_then(|at| usize::try_from(at).ok());
                if at.is_f64() {
                    return Err("error calling index: cannot index slice/array with type float64".to_owned());
                }
                if found == Some(list.len()) {
                    return Err("error calling index: reflect: slice index out of range".to_owned());
                }
                let item = found.and_then(|at| list.get(at)).cloned();
                Some(item.ok_or_else(|| format!("error calling index: index out of range: {at}"))?)
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

/// The verbs `%s %v %d %q %t %f %x %%` with width and precision.
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
        let mut number = || {
            let mut number = None;
            while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
                number = Some(number.unwrap_or(0usize).saturating_mul(10).saturating_add(digit as usize).min(1000));
                chars.next();
            }
            number
        };
        let width = number().unwrap_or(0);
        let precision = chars.next_if_eq(&'.').map(|_| {
            let mut digits = 0usize;
            while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
                digits = digits.saturating_mul(10).saturating_add(digit as usize).min(100);
                chars.next();
            }
            digits
        });
        let verb = chars.next().unwrap_or('%');
        if verb == '%' {
            out.push('%');
            continue;
        }
        let Some(value) = rest.next() else {
            out.push_str(&format!("%!{verb}(MISSING)"));
            continue;
        };
        let word = verb_of(verb, value.as_ref(), precision);
        let pad = width.saturating_sub(word.chars().count());
        let fill = if zero && !left { "0" } else { " " }.repeat(pad);
        out.push_str(&if left { format!("{word}{fill}") } else { format!("{fill}{word}") });
    }
    let extra: Vec<String> = rest
        .map(|value| match value {
            None | Some(Value::Null) => "<nil>".to_owned(),
            Some(value) => format!("{}={}", type_name(value), show(value)),
        })
        .collect();
    if extra.is_empty() { out } else { format!("{out}%!(EXTRA {})", extra.join(", ")) }
}

/// One value by one verb; a verb that does not fit the type says so, as Go does.
fn verb_of(verb: char, value: Option<&Value>, precision: Option<usize>) -> String {
    let word = text(value);
    let float = value.and_then(Value::as_f64).unwrap_or(0.0);
    let kind = value.map_or("<nil>", type_name);
    match (verb, kind) {
        ('v', _) | ('s', "string" | "<nil>") | ('d', "int") | ('t', "bool") => {
            precision.filter(|_| kind == "string").map_or(word.clone(), |most| word.chars().take(most).collect())
        }
        ('s', "[]interface {}" | "map[string]interface {}") => word,
        ('q', "string") => api::field::go_quote(&word),
        ('f' | 'F', "float64") => format!("{float:.*}", precision.unwrap_or(6)),
        ('g', "float64") => word,
        ('x', "string") => word.bytes().map(|byte| format!("{byte:02x}")).collect(),
        ('T', _) => kind.to_owned(),
        _ => format!("%!{verb}({kind}={word})"),
    }
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
