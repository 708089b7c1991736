//! The functions that every program may call.

use std::rc::Rc;

use super::ast::Ast;
use super::eval::{Done, Env, Item, LONGEST, Machine, Out, Stop, error, iterate};
use super::operate::{add, contains, split};
use super::path;
use super::read::{numeric, parse};
use super::value::{Json, sorted};
use api::arrange::Arrange;

/// What is done here, with the number of arguments; `prelude.jq` has the rest.
const KNOWN: &str = "_case/1 _match/2 _named/0 abs/0 add/0 builtins/0 ceil/0 contains/1 debug/0 delpaths/1 \
    empty/0 endswith/1 env/0 error/0 explode/0 fabs/0 first/1 flatten/1 floor/0 from_entries/0 fromdate/0 \
    fromjson/0 getpath/1 group_by/1 halt/0 halt_error/1 has/1 implode/0 indices/1 infinite/0 input/0 \
    input_line_number/0 inputs/0 isempty/1 isinfinite/0 isnan/0 join/1 keys/0 keys_unsorted/0 last/1 length/0 \
    limit/2 ltrim/0 ltrimstr/1 max/0 max_by/1 min/0 min_by/1 mktime/0 nan/0 not/0 now/0 nth/2 path/1 pow/2 \
    range/2 range/3 recurse/0 repeat/1 reverse/0 round/0 rtrim/0 rtrimstr/1 select/1 setpath/2 sort/0 \
    sort_by/1 split/1 sqrt/0 startswith/1 stderr/0 strftime/1 toarray/0 tojson/0 tonumber/0 tostring/0 trim/0 \
    type/0 unique/0 unique_by/1 until/2 utf8bytelength/0 while/2";

pub(super) fn knows(name: &str, arity: usize) -> bool {
    KNOWN.split(' ').any(|known| known.strip_prefix(name) == Some(&*format!("/{arity}")))
}

fn refuse<T>(value: &Json, why: &str) -> Result<T, Stop> {
    error(format!("{} ({}) {why}", value.kind(), value.brief()))
}

/// Runs a function by its name.
pub(super) fn call<'a>(
    machine: &Machine<'a>,
    name: &'a str,
    arguments: &'a [Ast],
    env: &Env<'a>,
    item: Item,
    out: Out<'_>,
) -> Done {
    match (name, arguments) {
        ("empty", []) => Ok(()),
        ("error", []) => Err(Stop::Error(item.value)),
        ("select", [condition]) => machine.values(condition, env, &item.value, &mut |met| {
            if met.truth() { out(item.clone()) } else { Ok(()) }
        }),
        ("recurse", []) => recurse(machine, &item, out),
        ("path", [filter]) => {
            for path in machine.paths(filter, env, &item.value)? {
                machine.emit(&item, path, out)?;
            }
            Ok(())
        }
        ("getpath", [keys]) => machine.values(keys, env, &item.value, &mut |keys| {
            let value = path::get_path(&item.value, &keys)?;
            let mut found = item.clone();
            if let (Some(path), Json::Array(keys)) = (&item.path, &keys) {
                found.path = Some(Rc::new(path.iter().chain(keys.iter()).cloned().collect()));
            }
            out(Item { value, ..found })
        }),
        ("first", [filter]) => some(machine, filter, env, item, 1.0, out),
        ("limit", [count, filter]) => machine.values(count, env, &item.value, &mut |count| match count {
            Json::Number(count) if count <= 0.0 => Ok(()),
            Json::Number(count) => some(machine, filter, env, item.clone(), count, out),
            other => refuse(&other, "number required"),
        }),
        ("last", [filter]) => {
            let mut last = None;
            machine.eval(filter, env, item, &mut |found| {
                last = Some(found);
                Ok(())
            })?;
            last.map_or(Ok(()), out)
        }
        ("nth", [count, filter]) => machine.values(count, env, &item.value, &mut |count| {
            let Json::Number(mut left) = count else { return refuse(&count, "number required") };
            if left < 0.0 {
                return error("nth doesn't support negative indices");
            }
            let label = machine.label();
            let mut nth = None;
            let done = machine.eval(filter, env, item.clone(), &mut |found| {
                if left < 1.0 {
                    nth = Some(found);
                    return Err(Stop::Break(label));
                }
                left -= 1.0;
                Ok(())
            });
            unless_broken(done, label)?;
            nth.map_or(Ok(()), &mut *out)
        }),
        ("isempty", [filter]) => {
            let label = machine.label();
            let mut empty = true;
            let done = machine.values(filter, env, &item.value, &mut |_| {
                empty = false;
                Err(Stop::Break(label))
            });
            unless_broken(done, label)?;
            machine.emit(&item, Json::Bool(empty), out)
        }
        ("until", [condition, step]) => go_on(machine, condition, true, step, env, item, out),
        ("while", [condition, step]) => go_on(machine, condition, false, step, env, item, out),
        ("repeat", [filter]) => loop {
            machine.eval(filter, env, item.clone(), &mut *out)?;
        },
        ("inputs", []) => loop {
            let Some(value) = machine.inputs.borrow_mut().pop_front() else { return Ok(()) };
            out(Item::plain(value))?;
        },
        ("range", [from, to]) => range(machine, [Some(from), Some(to), None], env, &item, out),
        ("range", [from, to, by]) => range(machine, [Some(from), Some(to), Some(by)], env, &item, out),
        ("input", []) => match machine.inputs.borrow_mut().pop_front() {
            Some(value) => out(Item::plain(value)),
            None => error("No more inputs"),
        },
        ("sort_by" | "group_by" | "unique_by" | "min_by" | "max_by", [filter]) => {
            let keyed = keyed(machine, filter, env, &item.value)?;
            machine.emit(&item, by_keys(name, keyed), out)
        }
        ("halt", []) => Err(Stop::Halt(0)),
        ("halt_error", [code]) => machine.values(code, env, &item.value, &mut |code| {
            let Json::Number(code) = code else { return error("halt_error/1: number required") };
            let mut messages = machine.messages.borrow_mut();
            match &item.value {
                Json::Text(text) => messages.push_str(text),
                other => messages.push_str(&(other.compact() + "\n")),
            }
            #[expect(clippy::cast_possible_truncation, reason = "exit codes are small; the cast saturates")]
            Err(Stop::Halt(code as i32 & 255))
        }),
        ("debug" | "stderr", []) => {
            let text = item.value.compact();
            let line = if name == "debug" { format!("[\"DEBUG:\",{text}]\n") } else { text };
            machine.messages.borrow_mut().push_str(&line);
            out(item)
        }
        ("env", []) => machine.emit(&item, machine.globals.get("ENV").cloned().unwrap_or(Json::Null), out),
        ("now", []) => machine.emit(&item, Json::Number(machine.now), out),
        (name, []) => machine.emit(&item, alone(name, &item.value)?, out),
        (name, [argument]) => machine.values(argument, env, &item.value, &mut |argument| {
            machine.emit(&item, with_one(name, &item.value, &argument)?, out)
        }),
        (name, [first, second]) => machine.values(second, env, &item.value, &mut |second| {
            machine.values(first, env, &item.value, &mut |first| {
                machine.emit(&item, with_two(name, &item.value, &first, &second)?, out)
            })
        }),
        _ => unknown(name, arguments.len()),
    }
}

fn unknown<T>(name: &str, arity: usize) -> Result<T, Stop> {
    error(format!("{name}/{arity} is not defined"))
}

fn unless_broken(done: Done, label: u32) -> Done {
    match done {
        Err(Stop::Break(inner)) if inner == label => Ok(()),
        done => done,
    }
}

/// `..`
fn recurse(machine: &Machine<'_>, item: &Item, out: Out<'_>) -> Done {
    machine.step()?;
    out(item.clone())?;
    if matches!(item.value, Json::Array(_) | Json::Object(_)) {
        iterate(item, &mut |part| recurse(machine, &part, &mut *out))?;
    }
    Ok(())
}

/// The first outputs of a filter.
fn some<'a>(machine: &Machine<'a>, filter: &'a Ast, env: &Env<'a>, item: Item, mut left: f64, out: Out<'_>) -> Done {
    let label = machine.label();
    let done = machine.eval(filter, env, item, &mut |found| {
        left -= 1.0;
        out(found)?;
        if left <= 0.0 { Err(Stop::Break(label)) } else { Ok(()) }
    });
    unless_broken(done, label)
}

/// `until` and `while`: each output of the step is gone on with, the first one first.
fn go_on<'a>(
    machine: &Machine<'a>,
    condition: &'a Ast,
    until: bool,
    step: &'a Ast,
    env: &Env<'a>,
    item: Item,
    out: Out<'_>,
) -> Done {
    let mut open = vec![item];
    while let Some(item) = open.pop() {
        let met = machine.all(condition, env, &item.value)?.first().is_some_and(Json::truth);
        match (met, until) {
            (true, true) => {
                out(item)?;
                continue;
            }
            (false, false) => continue,
            (true, false) => out(item.clone())?,
            (false, true) => {}
        }
        let mut next = Vec::new();
        machine.eval(step, env, item, &mut |found| {
            next.push(found);
            Ok(())
        })?;
        open.extend(next.into_iter().rev());
    }
    Ok(())
}

fn range<'a>(machine: &Machine<'a>, parts: [Option<&'a Ast>; 3], env: &Env<'a>, item: &Item, out: Out<'_>) -> Done {
    let all = |part: Option<&'a Ast>| match part {
        Some(part) => machine.all(part, env, &item.value),
        None => Ok(vec![Json::Number(1.0)]),
    };
    let [from, to, by] = parts;
    let (from, to, by) = (all(from)?, all(to)?, all(by)?);
    for from in &from {
        for to in &to {
            for by in &by {
                let (Json::Number(from), Json::Number(to), Json::Number(by)) = (from, to, by) else {
                    return error("Range bounds must be numeric");
                };
                let mut at = *from;
                while (*by > 0.0 && at < *to) || (*by < 0.0 && at > *to) {
                    machine.step()?;
                    machine.emit(item, Json::Number(at), out)?;
                    at += by;
                }
            }
        }
    }
    Ok(())
}

type Keyed = Vec<(Json, Json)>;

/// The items of an array with what a filter says of each.
fn keyed<'a>(machine: &Machine<'a>, filter: &'a Ast, env: &Env<'a>, value: &Json) -> Result<Keyed, Stop> {
    let Json::Array(items) = value else {
        return match value {
            Json::Object(_) => refuse(value, "cannot be sorted, as it is not an array"),
            other => error(format!("Cannot iterate over {} ({})", other.kind(), other.brief())),
        };
    };
    items.iter().map(|item| Ok((Json::array(machine.all(filter, env, item)?), item.clone()))).collect()
}

fn by_keys(name: &str, mut keyed: Keyed) -> Json {
    match name {
        "min_by" => {
            let least = keyed.into_iter().reduce(|a, b| if b.0.compare(&a.0).is_lt() { b } else { a });
            return least.map_or(Json::Null, |(_, item)| item);
        }
        "max_by" => {
            let most = keyed.into_iter().reduce(|a, b| if b.0.compare(&a.0).is_ge() { b } else { a });
            return most.map_or(Json::Null, |(_, item)| item);
        }
        _ => {}
    }
    keyed.arrange_by(|a, b| a.0.compare(&b.0));
    if name == "sort_by" {
        return Json::array(keyed.into_iter().map(|(_, item)| item).collect());
    }
    let groups = keyed.chunk_by(|a, b| a.0.same(&b.0));
    Json::array(if name == "unique_by" {
        groups.filter_map(|group| group.first().map(|(_, item)| item.clone())).collect()
    } else {
        groups.map(|group| Json::array(group.iter().map(|(_, item)| item.clone()).collect())).collect()
    })
}

fn plain_keys(value: &Json) -> Keyed {
    match value {
        Json::Array(items) => items.iter().map(|item| (item.clone(), item.clone())).collect(),
        _ => Vec::new(),
    }
}

fn text_of(value: &Json) -> &str {
    match value {
        Json::Text(text) => text,
        _ => "",
    }
}

/// Functions of the input alone.
fn alone(name: &str, value: &Json) -> Result<Json, Stop> {
    Ok(match (name, value) {
        ("not", _) => Json::Bool(!value.truth()),
        ("type", _) => Json::text(value.kind()),
        ("length", Json::Null) => Json::Number(0.0),
        ("length", Json::Bool(_)) => return refuse(value, "has no length"),
        ("length", Json::Number(number)) => Json::Number(number.abs()),
        ("length", Json::Text(text)) => Json::count(text.chars().count()),
        ("length", Json::Array(items)) => Json::count(items.len()),
        ("length", Json::Object(fields)) => Json::count(fields.len()),
        ("utf8bytelength", Json::Text(text)) => Json::count(text.len()),
        ("utf8bytelength", _) => return refuse(value, "only strings have UTF-8 byte length"),
        ("keys", Json::Object(fields)) => {
            Json::array(sorted(fields).into_iter().map(|(key, _)| Json::Text(key)).collect())
        }
        ("keys_unsorted", Json::Object(fields)) => {
            Json::array(fields.iter().map(|(key, _)| Json::Text(Rc::clone(key))).collect())
        }
        ("keys" | "keys_unsorted", Json::Array(items)) => Json::array((0..items.len()).map(Json::count).collect()),
        ("keys" | "keys_unsorted", _) => return refuse(value, "has no keys"),
        ("sort" | "unique", Json::Array(_)) => {
            by_keys(if name == "sort" { "sort_by" } else { "unique_by" }, plain_keys(value))
        }
        ("sort", _) => return refuse(value, "cannot be sorted, as it is not an array"),
        ("min", Json::Array(_)) => by_keys("min_by", plain_keys(value)),
        ("max", Json::Array(_)) => by_keys("max_by", plain_keys(value)),
        ("reverse", Json::Array(items)) => Json::array(items.iter().rev().cloned().collect()),
        ("reverse", Json::Text(text)) => Json::text(&text.chars().rev().collect::<String>()),
        ("reverse", Json::Null) => Json::array(Vec::new()),
        ("add", Json::Array(_) | Json::Object(_)) => {
            let mut sum = Json::Null;
            iterate(&Item::plain(value.clone()), &mut |item| {
                sum = add(&sum, &item.value)?;
                Ok(())
            })?;
            sum
        }
        ("unique" | "min" | "max" | "reverse" | "add" | "from_entries", value)
            if !matches!(value, Json::Array(_) | Json::Object(_)) =>
        {
            return error(format!("Cannot iterate over {} ({})", value.kind(), value.brief()));
        }
        ("from_entries", _) => from_entries(value)?,
        ("tostring", _) => Json::text(&super::format::plain(value)),
        ("tojson", _) => Json::text(&value.compact()),
        ("fromjson", Json::Text(text)) => match parse(text) {
            Ok(value) => value,
            Err(why) => return error(format!("{why} (while parsing '{text}')")),
        },
        ("fromjson", _) => return refuse(value, "only strings can be parsed"),
        ("tonumber", Json::Number(_)) => value.clone(),
        ("tonumber", Json::Text(text)) => match numeric(text.trim()) {
            Some(number) => Json::Number(number),
            None => match parse(text) {
                Err(why) => return error(format!("{why} (while parsing '{text}')")),
                Ok(_) => return refuse(value, "cannot be parsed as a number"),
            },
        },
        ("tonumber", _) => return refuse(value, "cannot be parsed as a number"),
        ("toarray", Json::Array(_)) => value.clone(),
        ("toarray", _) => Json::array(vec![value.clone()]),
        ("floor" | "ceil" | "round" | "sqrt" | "fabs" | "abs", Json::Number(number)) => Json::Number(match name {
            "floor" => number.floor(),
            "ceil" => number.ceil(),
            "round" => number.round(),
            "sqrt" => number.sqrt(),
            _ => number.abs(),
        }),
        ("floor" | "ceil" | "round" | "sqrt" | "fabs" | "abs", _) => return refuse(value, "number required"),
        ("isnan", Json::Number(number)) => Json::Bool(number.is_nan()),
        ("isinfinite", Json::Number(number)) => Json::Bool(number.is_infinite()),
        ("isnan" | "isinfinite", _) => return refuse(value, "number required"),
        ("nan", _) => Json::Number(f64::NAN),
        ("infinite", _) => Json::Number(f64::INFINITY),
        ("explode", Json::Text(text)) => {
            Json::array(text.chars().map(|char| Json::Number(f64::from(u32::from(char)))).collect())
        }
        ("explode", _) => return error("explode input must be a string"),
        ("implode", Json::Array(items)) => {
            let mut text = String::new();
            for item in items.iter() {
                let Json::Number(code) = item else {
                    return refuse(item, "can't be imploded, unicode codepoint needs to be numeric");
                };
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
                text.push(char::from_u32(*code as u32).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Json::text(&text)
        }
        ("implode", _) => return error("implode input must be an array"),
        ("trim" | "ltrim" | "rtrim", Json::Text(text)) => Json::text(match name {
            "trim" => text.trim(),
            "ltrim" => text.trim_start(),
            _ => text.trim_end(),
        }),
        ("trim" | "ltrim" | "rtrim", _) => return refuse(value, "cannot be trimmed"),
        ("_named", _) => super::regex::named(value),
        ("fromdate", Json::Text(text)) => match api::time::parse_rfc3339(text) {
            Some(seconds) => Json::Number(seconds_as_number(seconds)),
            None => return error(format!("date \"{text}\" does not match format \"%Y-%m-%dT%H:%M:%SZ\"")),
        },
        ("fromdate", _) => return error("strptime/1 requires string inputs and arguments"),
        ("mktime", _) => return error("mktime requires array inputs"),
        ("input_line_number", _) => Json::Number(0.0),
        ("builtins", _) => Json::array(KNOWN.split(' ').map(Json::text).collect()),
        _ => return unknown(name, 0),
    })
}

#[expect(clippy::cast_precision_loss, reason = "seconds of our time are far below 2^53")]
fn seconds_as_number(seconds: i64) -> f64 {
    seconds as f64
}

/// Keys may be named in several ways. Models `from_entries`.
fn from_entries(value: &Json) -> Result<Json, Stop> {
    let mut made = Json::object(Vec::new());
    iterate(&Item::plain(value.clone()), &mut |item| {
        let mut key = Json::Null;
        for name in ["key", "Key", "name", "Name", "k", "K"] {
            let found = path::get(&item.value, &Json::text(name))?;
            if !matches!(found, Json::Null | Json::Bool(false)) {
                key = found;
                break;
            }
            if matches!(found, Json::Bool(_)) {
                key = found;
            }
        }
        let key = match key {
            Json::Text(_) => key,
            Json::Null => return error("Cannot use null (null) as object key"),
            other => Json::text(&other.compact()),
        };
        let names = ["value", "Value", "v", "V"];
        let found = names.iter().find_map(|name| item.value.field(name)).cloned().unwrap_or(Json::Null);
        made = path::set_path(made.clone(), &Json::array(vec![key]), found)?;
        Ok(())
    })?;
    Ok(made)
}

/// Functions of one argument.
fn with_one(name: &str, value: &Json, argument: &Json) -> Result<Json, Stop> {
    Ok(match (name, value, argument) {
        ("has", Json::Object(_), Json::Text(key)) => Json::Bool(value.field(key).is_some()),
        ("has", Json::Array(items), Json::Number(index)) => {
            Json::Bool(*index >= 0.0 && Json::Number(*index).compare(&Json::count(items.len())).is_lt())
        }
        ("has", ..) => {
            return error(format!("Cannot check whether {} has a {} key", value.kind(), argument.kind()));
        }
        ("contains", ..) => Json::Bool(contains(value, argument)?),
        ("startswith", Json::Text(text), Json::Text(with)) => Json::Bool(text.starts_with(&**with)),
        ("endswith", Json::Text(text), Json::Text(with)) => Json::Bool(text.ends_with(&**with)),
        ("startswith" | "endswith", ..) => return error(format!("{name}() requires string inputs")),
        ("ltrimstr", Json::Text(text), Json::Text(start)) => Json::text(text.strip_prefix(&**start).unwrap_or(text)),
        ("rtrimstr", Json::Text(text), Json::Text(end)) => Json::text(text.strip_suffix(&**end).unwrap_or(text)),
        ("ltrimstr" | "rtrimstr", ..) => value.clone(),
        ("split", Json::Text(text), Json::Text(separator)) => split(text, separator),
        ("split", ..) => return error("split input and separator must be strings"),
        ("join", ..) => join(value, argument)?,
        ("flatten", Json::Array(items), Json::Number(depth)) => {
            if *depth < 0.0 {
                return error("flatten depth must not be negative");
            }
            let mut flat = Vec::new();
            flatten(items, *depth, &mut flat);
            Json::array(flat)
        }
        ("flatten", ..) => return error(format!("Cannot iterate over {} ({})", value.kind(), value.brief())),
        ("indices", Json::Text(text), Json::Text(wanted)) if wanted.is_empty() || text.is_empty() => Json::Null,
        ("indices", Json::Text(text), Json::Text(wanted)) => {
            let starts = text.char_indices().map(|(at, _)| at).enumerate();
            let found = starts.filter(|(_, at)| text[*at..].starts_with(&**wanted));
            Json::array(found.map(|(index, _)| Json::count(index)).collect())
        }
        ("indices", Json::Array(_), Json::Array(_)) | ("indices", Json::Null, _) => path::get(value, argument)?,
        ("indices", Json::Array(_), _) => path::get(value, &Json::array(vec![argument.clone()]))?,
        ("indices", ..) => path::get(value, argument)?,
        ("delpaths", _, Json::Array(paths)) => path::delete(value.clone(), paths.as_ref().clone())?,
        ("delpaths", ..) => return error("Paths must be specified as an array"),
        ("strftime", Json::Number(seconds), Json::Text(form)) =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
            Json::text(&strftime(form, *seconds as i64))
        }
        ("strftime", _, Json::Text(_)) => return error("strftime/1 requires parsed datetime inputs"),
        ("strftime", ..) => return error("strftime/1 requires a string format"),
        ("_case", Json::Text(text), upper) => {
            Json::text(&if upper.truth() { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() })
        }
        ("_case", ..) => return error("explode input must be a string"),
        _ => return unknown(name, 1),
    })
}

/// A moment by the fields that everyday formats have.
fn strftime(form: &str, seconds: i64) -> String {
    let (iso, http) = (api::time::format_rfc3339(seconds), api::time::format_http_date(seconds));
    let mut text = String::new();
    let mut chars = form.chars();
    while let Some(char) = chars.next() {
        if char != '%' {
            text.push(char);
            continue;
        }
        text.push_str(match chars.next() {
            Some('Y') => &iso[0..4],
            Some('m') => &iso[5..7],
            Some('d') => &iso[8..10],
            Some('H') => &iso[11..13],
            Some('M') => &iso[14..16],
            Some('S') => &iso[17..19],
            Some('T') => &iso[11..19],
            Some('F') => &iso[0..10],
            Some('a') => &http[0..3],
            Some('b') => &http[8..11],
            Some('Z') => "UTC",
            _ => "%",
        });
    }
    text
}

fn flatten(items: &[Json], depth: f64, flat: &mut Vec<Json>) {
    for item in items {
        match item {
            Json::Array(inner) if depth > 0.0 => flatten(inner, depth - 1.0, flat),
            other => flat.push(other.clone()),
        }
    }
}

fn join(value: &Json, separator: &Json) -> Result<Json, Stop> {
    let mut parts = Vec::new();
    iterate(&Item::plain(value.clone()), &mut |item| {
        parts.push(item.value);
        Ok(())
    })?;
    let mut text = Json::Null;
    for part in parts {
        let before = if matches!(text, Json::Null) { Json::text("") } else { add(&text, separator)? };
        let part = match part {
            Json::Bool(_) | Json::Number(_) => Json::text(&part.compact()),
            Json::Null => Json::text(""),
            other => other,
        };
        text = add(&before, &part)?;
        if text_of(&text).len() > LONGEST {
            return Err(Stop::Limit);
        }
    }
    Ok(if matches!(text, Json::Null) { Json::text("") } else { text })
}

/// Functions of two arguments.
fn with_two(name: &str, value: &Json, first: &Json, second: &Json) -> Result<Json, Stop> {
    Ok(match (name, first, second) {
        ("setpath", keys, new) => path::set_path(value.clone(), keys, new.clone())?,
        ("pow", Json::Number(base), Json::Number(power)) => Json::Number(base.powf(*power)),
        ("pow", other, _) => return refuse(other, "number required"),
        ("_match", pattern, flags) => super::regex::matches(value, pattern, flags)?,
        _ => return unknown(name, 2),
    })
}
