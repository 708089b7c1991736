//! The functions that every program may call.

use super::ast::Expr;
use super::format::sprintf;
use super::run::{LONGEST, Machine, Stop};
use super::state::{Slot, whole};
use super::value::Value;

const KNOWN: &[&str] = &[
    "length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "tolower", "toupper", "int", "sqrt",
    "exp", "log", "sin", "cos", "atan2", "rand", "srand", "close", "fflush", "system", "strftime", "systime", "gensub",
];

pub(super) fn known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// Runs a function by its name.
pub(super) fn call<'a>(machine: &mut Machine<'a>, name: &str, arguments: &'a [Expr]) -> Result<Value, Stop> {
    match (name, arguments) {
        ("length", [Expr::Variable(variable)]) => {
            if let Slot::Array(array) = machine.state.peek(variable) {
                return Ok(Value::count(array.borrow().len()));
            }
            return Ok(Value::count(machine.state.text(variable).chars().count()));
        }
        ("length", []) => return Ok(Value::count(machine.state.field(0).shown("%.6g").chars().count())),
        ("split", [text, Expr::Variable(array), rest @ ..]) => return split(machine, text, array, rest.first()),
        ("sub" | "gsub", [pattern, by, rest @ ..]) => {
            return substitute(machine, name == "gsub", pattern, by, rest.first());
        }
        ("match", [text, pattern, ..]) => {
            let text = machine.eval(text)?.shown("%.6g");
            let pattern = machine.pattern(pattern)?;
            let found = machine.regex(&pattern)?.find(&text).map(|found| (found.start(), found.as_str().to_owned()));
            let (start, length) = match found {
                Some((start, found)) => {
                    (Value::count(text[..start].chars().count() + 1), Value::count(found.chars().count()))
                }
                None => (Value::Number(0.0), Value::Number(-1.0)),
            };
            machine.state.set("RSTART", start.clone());
            machine.state.set("RLENGTH", length);
            return Ok(start);
        }
        ("gensub", _) => return Err(Stop::Fault("function gensub never defined".to_owned())),
        _ => {}
    }
    let mut values = Vec::new();
    for argument in arguments {
        values.push(machine.eval(argument)?);
    }
    let text = |index: usize| values.get(index).map(|value: &Value| value.shown("%.6g")).unwrap_or_default();
    let number = |index: usize| values.get(index).map_or(0.0, Value::number);
    Ok(match name {
        "length" => Value::count(text(0).chars().count()),
        "substr" => Value::text(&substr(&text(0), number(1), values.get(2).map(Value::number))),
        "index" => {
            let (text, wanted) = (text(0), text(1));
            Value::count(text.find(&*wanted).map_or(0, |at| text[..at].chars().count() + 1))
        }
        "sprintf" => match values.split_first() {
            Some((format, rest)) => Value::text(&sprintf(&format.shown("%.6g"), rest)),
            None => Value::text(""),
        },
        "tolower" => Value::text(&text(0).to_lowercase()),
        "toupper" => Value::text(&text(0).to_uppercase()),
        "int" => Value::Number(number(0).trunc()),
        "sqrt" => Value::Number(number(0).sqrt()),
        "exp" => Value::Number(number(0).exp()),
        "log" => Value::Number(number(0).ln()),
        "sin" => Value::Number(number(0).sin()),
        "cos" => Value::Number(number(0).cos()),
        "atan2" => Value::Number(number(0).atan2(number(1))),
        "rand" => {
            machine.seed = machine.seed.wrapping_add(1);
            let below = cluster::Rng::new(machine.seed).below(1 << 30);
            #[expect(clippy::cast_precision_loss, reason = "below 2^30")]
            let share = below as f64 / f64::from(1u32 << 30);
            Value::Number(share)
        }
        "srand" => {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any number will do")]
            let seed = number(0).abs() as u64;
            machine.seed = seed << 20;
            Value::Number(0.0)
        }
        "close" | "fflush" => Value::Number(0.0),
        "system" => return Err(Stop::Fault("system() is not simulated here".to_owned())),
        other => return Err(Stop::Fault(format!("function {other} never defined"))),
    })
}

/// Positions count from 1; what lies outside is left out.
fn substr(text: &str, from: f64, length: Option<f64>) -> String {
    let start = from.round();
    let end = length.map_or(f64::INFINITY, |length| start + length.round());
    let skip = whole(start - 1.0);
    let take = whole(end - start.max(1.0));
    text.chars().skip(skip).take(take).collect()
}

fn split<'a>(
    machine: &mut Machine<'a>,
    text: &'a Expr,
    array: &str,
    separator: Option<&'a Expr>,
) -> Result<Value, Stop> {
    let text = machine.eval(text)?.shown("%.6g");
    let separator = match separator {
        Some(separator) => machine.pattern(separator)?,
        None => machine.state.text("FS"),
    };
    let parts = machine.state.split(&text, &separator);
    let array = machine.state.array(array);
    let mut array = array.borrow_mut();
    array.clear();
    for (index, part) in parts.iter().enumerate() {
        array.set(&(index + 1).to_string(), part.clone());
    }
    Ok(Value::count(parts.len()))
}

/// `sub` and `gsub`: how often something was replaced.
fn substitute<'a>(
    machine: &mut Machine<'a>,
    all: bool,
    pattern: &'a Expr,
    by: &'a Expr,
    place: Option<&'a Expr>,
) -> Result<Value, Stop> {
    let pattern = machine.pattern(pattern)?;
    let by = machine.eval(by)?.shown("%.6g");
    let text = match place {
        Some(place) => machine.eval(place)?.shown("%.6g"),
        None => machine.state.field(0).shown("%.6g"),
    };
    let regex = machine.regex(&pattern)?;
    let (mut done, mut last, mut count) = (String::new(), 0, 0usize);
    for found in regex.find_iter(&text) {
        done.push_str(&text[last..found.start()]);
        fill(&by, found.as_str(), &mut done);
        last = found.end();
        count += 1;
        if done.len() > LONGEST {
            return Err(Stop::Fault("this text became too long".to_owned()));
        }
        if !all {
            break;
        }
    }
    if count > 0 {
        done.push_str(&text[last..]);
        match place {
            Some(place) => machine.assign(place, Value::text(&done))?,
            None => machine.state.set_field(0, &Value::text(&done)),
        }
    }
    Ok(Value::count(count))
}

/// `&` is what was found, `\\&` a sign.
fn fill(by: &str, found: &str, done: &mut String) {
    let mut chars = by.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '&' => done.push_str(found),
            '\\' if matches!(chars.peek(), Some('&' | '\\')) => done.extend(chars.next()),
            char => done.push(char),
        }
    }
}
