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

/// Variables as `--env` has them. Models `parseEnvs`.
///
/// # Errors
/// For a word that is no variable.
pub(super) fn env(words: &[String]) -> Outcome<Vec<Value>> {
    let mut all: Vec<Value> = Vec::new();
    for word in words {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        let first = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.'));
        let rest = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if !word.contains('=') || !first || !rest {
            return Err(Failure::Text(format!("invalid env: {word}")));
        }
        all.push(if value.is_empty() { json!({"name": name}) } else { json!({"name": name, "value": value}) });
    }
    Ok(all)
}
