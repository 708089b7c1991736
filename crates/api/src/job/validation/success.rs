//! When an indexed job has succeeded before all its pods have. Models `validateSuccessPolicy`.

use serde_json::Value;

use super::INDEXED;
use super::policies::too_many;
use crate::field::go_quote;
use crate::tree::{int, items, list, not_negative, some, text};
use crate::{ErrorList, FieldError, Path, internal};

const MAX_RULES: usize = 20;
/// The most bytes of a rule's indexes.
const MAX_INDEXES_LENGTH: usize = 64 * 1024;

pub(super) fn policy(spec: &Value, path: &Path) -> ErrorList {
    let Some(policy) = some(spec, "successPolicy") else { return Vec::new() };
    let path = path.child("successPolicy");
    if text(spec, "completionMode") != INDEXED {
        let error = FieldError::invalid(&path, policy.clone(), "requires indexed completion mode");
        return vec![error.showing(internal::json("batch.v1.SuccessPolicy", policy))];
    }
    let rules_path = path.child("rules");
    let rules = list(policy, "rules");
    let mut errors = too_many(rules.len(), MAX_RULES, &rules_path);
    if rules.is_empty() {
        let detail = "at least one rules must be specified when the successPolicy is specified";
        errors.push(FieldError::required(&rules_path, detail));
    }
    // Upstream cannot get here without completions: their absence is an error that comes before.
    let completions = int(spec, "completions").unwrap_or(0);
    errors.extend(items(policy, "rules", &path).flat_map(|(path, rule)| self::rule(rule, completions, &path)));
    errors
}

/// Models `validateSuccessPolicyRule`.
fn rule(rule: &Value, completions: i64, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let (count, indexes) = (int(rule, "succeededCount"), rule.get("succeededIndexes").and_then(Value::as_str));
    if count.is_none() && indexes.is_none() {
        let detail = "at least one of succeededCount or succeededIndexes must be specified";
        errors.push(FieldError::required(path, detail));
    }
    let mut total = 0;
    if let Some(indexes) = indexes {
        let path = path.child("succeededIndexes");
        if indexes.len() > MAX_INDEXES_LENGTH {
            errors.push(FieldError::too_long(&path, MAX_INDEXES_LENGTH));
        }
        match count_indexes(indexes, completions) {
            Ok(counted) => total = counted,
            Err(why) => {
                let detail = format!("error parsing succeededIndexes: {why}");
                errors.push(FieldError::invalid(&path, indexes, detail));
            }
        }
    }
    let Some(count) = count else { return errors };
    errors.extend(not_negative(rule, "succeededCount", path));
    let path = path.child("succeededCount");
    for (most, what, counts) in [
        (completions, "the number of specified completions", true),
        (total, "the number of indexes in the specified succeededIndexes field", indexes.is_some()),
    ] {
        if counts && count > most {
            let detail = format!("must be less than or equal to {most} ({what})");
            errors.push(FieldError::invalid(&path, count, detail));
        }
    }
    errors
}

/// How many indexes a text such as `0-2,5` names. Models `validateIndexesFormat`.
fn count_indexes(indexes: &str, completions: i64) -> Result<i64, String> {
    let (mut total, mut last) = (0, None);
    for interval in indexes.split(',').filter(|_| !indexes.is_empty()) {
        let (first, end) = self::interval(interval, completions)?;
        if let Some(last) = last.filter(|last| *last >= first) {
            return Err(format!("non-increasing order, previous: {last}, current: {first}"));
        }
        total += end - first + 1;
        last = Some(end);
    }
    Ok(total)
}

/// Models `parseIndexInterval`.
fn interval(text: &str, completions: i64) -> Result<(i64, i64), String> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |text: &str| -> Result<i64, String> {
        let quoted = go_quote(text);
        let number: i64 = text.parse().map_err(|_| format!("cannot convert string to integer for index: {quoted}"))?;
        if number >= completions { Err(format!("too large index: {quoted}")) } else { Ok(number) }
    };
    match parts[..] {
        [first] => number(first).map(|first| (first, first)),
        [first, last] => {
            let (first, last) = (number(first)?, number(last)?);
            if first >= last {
                return Err(format!("non-increasing order, previous: {first}, current: {last}"));
            }
            Ok((first, last))
        }
        _ => Err(format!(
            "the fragment {} violates the requirement that an index interval can have at most two parts separated by '-'",
            go_quote(text)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_counted() {
        for (indexes, want) in [
            ("", Ok(0)),
            ("0-2,4", Ok(4)),
            ("1,1", Err("non-increasing order, previous: 1, current: 1")),
            ("3-2", Err("non-increasing order, previous: 3, current: 2")),
            ("5", Err("too large index: \"5\"")),
            ("a", Err("cannot convert string to integer for index: \"a\"")),
            ("1,", Err("cannot convert string to integer for index: \"\"")),
        ] {
            assert_eq!(count_indexes(indexes, 5), want.map_err(str::to_owned), "{indexes}");
        }
    }
}
