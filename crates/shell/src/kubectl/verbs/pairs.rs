//! `key=value` words of the command line.

use api::{Map, Value, json};

use super::super::errors::{Failure, Outcome};

/// Labels as `--labels` has them. Models `ParseLabels`.
///
/// # Errors
/// For a word that is no pair.
pub(super) fn labels(text: &str) -> Outcome<Map<String, Value>> {
    let mut labels = Map::new();
    for part in text.split(',').filter(|_| !text.is_empty()) {
        let parts: Vec<&str> = part.split('=').collect();
        match parts.as_slice() {
            ["", _] => return Err(Failure::text("unexpected empty label key")),
            [key, value] => drop(labels.insert((*key).to_owned(), (*value).into())),
            _ => return Err(Failure::Text(format!("unexpected label spec: {part}"))),
        }
    }
    Ok(labels)
}

/// Annotations as `--annotations` has them. Models `ParsePairs`.
///
/// # Errors
/// For words that are no pairs.
pub(super) fn annotations(words: &[String]) -> Outcome<Map<String, Value>> {
    let mut all = Map::new();
    let mut wrong = Vec::new();
    for word in words {
        match word.split_once('=') {
            Some((key, value)) if !key.is_empty() => drop(all.insert(key.to_owned(), value.into())),
            _ => wrong.push(word.as_str()),
        }
    }
    if wrong.is_empty() {
        Ok(all)
    } else {
        Err(Failure::Text(format!("invalid annotations format: {}", wrong.join(", "))))
    }
}

/// What keeps a text from being the name of a variable, by kubectl's own rule: servers take more. Models
/// apimachinery's `IsEnvVarName`.
pub(super) fn env_name_errors(name: &str) -> Vec<String> {
    let word = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.');
    let mut errors = Vec::new();
    if !name.starts_with(word) || !name.chars().all(|c| word(c) || c.is_ascii_digit()) {
        errors.push("a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')".to_owned());
    }
    errors.extend(match name {
        "." => Some("must not be '.'".to_owned()),
        ".." => Some("must not be '..'".to_owned()),
        name if name.starts_with("..") => Some("must not start with '..'".to_owned()),
        _ => None,
    });
    errors
}

/// Variables as `--env` has them. Models `parseEnvs`.
///
/// # Errors
/// For a word that is no variable.
pub(super) fn env(words: &[String]) -> Outcome<Vec<Value>> {
    let mut all: Vec<Value> = Vec::new();
    for word in words {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        if !word.contains('=') || !env_name_errors(name).is_empty() {
            return Err(Failure::Text(format!("invalid env: {word}")));
        }
        all.push(if value.is_empty() { json!({"name": name}) } else { json!({"name": name, "value": value}) });
    }
    Ok(all)
}
