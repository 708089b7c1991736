//! `match` and what is made of it.

use super::eval::{Stop, error};
use super::value::Json;

/// Every match of a pattern as jq describes it. Models `f_match` of src/builtin.c.
pub(super) fn matches(value: &Json, pattern: &Json, flags: &Json) -> Result<Json, Stop> {
    let (pattern, flags) = match (pattern, flags) {
        (Json::Array(both), _) => {
            (both.first().cloned().unwrap_or(Json::Null), both.get(1).cloned().unwrap_or(Json::Null))
        }
        (pattern, flags) => (pattern.clone(), flags.clone()),
    };
    let Json::Text(text) = value else {
        return error(format!("{} ({}) cannot be matched, as it is not a string", value.kind(), value.brief()));
    };
    let Json::Text(pattern) = &pattern else {
        return error(format!("{} ({}) cannot be matched, as it is not a string", pattern.kind(), pattern.brief()));
    };
    let flags = match &flags {
        Json::Null => "",
        Json::Text(flags) => flags,
        other => return error(format!("{} ({}) is not a string", other.kind(), other.brief())),
    };
    let mut builder = crate::regex::builder(pattern);
    let mut all = false;
    for flag in flags.chars() {
        match flag {
            'g' => all = true,
            'i' => drop(builder.case_insensitive(true)),
            'x' => drop(builder.ignore_whitespace(true)),
            's' => drop(builder.dot_matches_new_line(true)),
            'n' | 'l' | 'p' => {}
            _ => return error(format!("{flags} is not a valid modifier string")),
        }
    }
    let Ok(regex) = builder.build() else {
        return error(format!("Regex failure: {pattern} is no pattern that is understood here"));
    };
    let names: Vec<Option<&str>> = regex.capture_names().collect();
    let position = |at: usize| Json::count(text[..at].chars().count());
    let describe = |found: Option<regex_lite::Match<'_>>| match found {
        Some(found) => {
            (position(found.start()), Json::count(found.as_str().chars().count()), Json::text(found.as_str()))
        }
        None => (Json::Number(-1.0), Json::Number(0.0), Json::Null),
    };
    let mut described = Vec::new();
    for found in regex.captures_iter(text) {
        let mut captures = Vec::new();
        for (index, name) in names.iter().enumerate().skip(1) {
            let (offset, length, string) = describe(found.get(index));
            let name = name.map_or(Json::Null, Json::text);
            captures.push(Json::object(vec![
                ("offset".into(), offset),
                ("length".into(), length),
                ("string".into(), string),
                ("name".into(), name),
            ]));
        }
        let (offset, length, string) = describe(found.get(0));
        described.push(Json::object(vec![
            ("offset".into(), offset),
            ("length".into(), length),
            ("string".into(), string),
            ("captures".into(), Json::array(captures)),
        ]));
        if !all {
            break;
        }
    }
    Ok(Json::array(described))
}

/// The named groups of a match as an object.
pub(super) fn named(found: &Json) -> Json {
    let mut fields = Vec::new();
    if let Some(Json::Array(captures)) = found.field("captures") {
        for capture in captures.iter() {
            if let (Some(Json::Text(name)), Some(text)) = (capture.field("name"), capture.field("string")) {
                fields.push((name.clone(), text.clone()));
            }
        }
    }
    Json::object(fields)
}
