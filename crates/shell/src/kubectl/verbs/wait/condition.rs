//! The conditions of `--for`.

use api::{Object, Value};

use super::super::super::errors::{Failure, Outcome};
use super::super::super::printers::jsonpath::{self, JsonPath};

/// What to wait for.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Condition {
    /// The object is there.
    Created,
    /// The object is gone.
    Deleted,
    /// `status.conditions` has this type with this status, whatever their case.
    Status(String, String),
    /// A path leads to one value, and to this one if one is given.
    Path(JsonPath, Option<String>),
}

impl Condition {
    /// Models `conditionFuncsFor`.
    ///
    /// # Errors
    /// For a word that is no condition.
    pub(super) fn parse(word: &str) -> Outcome<Self> {
        match word.to_lowercase().as_str() {
            "delete" => return Ok(Self::Deleted),
            "create" => return Ok(Self::Created),
            _ => {}
        }
        if let Some(condition) = word.strip_prefix("condition=") {
            let (name, value) = condition.split_once('=').unwrap_or((condition, "true"));
            return Ok(Self::Status(name.to_owned(), value.to_owned()));
        }
        match word.strip_prefix("jsonpath=") {
            Some(path) => Self::path(path),
            None => Err(Failure::Text(format!("unrecognized condition: {}", api::field::go_quote(word)))),
        }
    }

    /// Models `processJSONPathInput` and `newJSONPathParser`.
    fn path(text: &str) -> Outcome<Self> {
        let parts = split(text);
        if parts.len() > 2 {
            return Err(Failure::text(
                "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
            ));
        }
        let path = jsonpath::relaxed(&parts[0]).map_err(Failure::Text)?;
        let value = parts.get(1).map(|value| value.trim_matches(['\'', '"']).to_owned());
        if value.as_deref() == Some("") {
            return Err(Failure::text(
                "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
            ));
        }
        if path.is_empty() {
            return Err(Failure::text("jsonpath expression cannot be empty"));
        }
        Ok(Self::Path(JsonPath::parse(&path, true).map_err(Failure::Text)?, value))
    }

    /// Whether it holds of an object (`None`: it is not there): `None` for not yet.
    pub(super) fn holds(&self, object: Option<&Object>) -> Option<Result<(), String>> {
        match (self, object) {
            (Self::Created, _) | (Self::Deleted, None) => Some(Ok(())),
            (Self::Deleted, Some(_)) | (_, None) => None,
            (Self::Status(name, value), Some(object)) => has_status(object, name, value).then_some(Ok(())),
            (Self::Path(path, value), Some(object)) => leads_to(path, value.as_deref(), object),
        }
    }
}

/// At single `=` signs; two are an operator inside of the path. Models `splitJSONPathInput`.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '=' && chars.peek() != Some(&'=') {
            parts.push(String::new());
            continue;
        }
        let last = parts.len() - 1;
        parts[last].push(c);
        if c == '=' {
            parts[last].extend(chars.next());
        }
    }
    parts
}

/// Models `ConditionalWait.checkCondition`.
fn has_status(object: &Object, name: &str, value: &str) -> bool {
    let text = |condition: &Value, field: &str| condition.get(field).and_then(Value::as_str).map(str::to_lowercase);
    let conditions = object.list(&["status", "conditions"]);
    let Some(condition) = conditions.iter().find(|c| text(c, "type") == Some(name.to_lowercase())) else {
        return false;
    };
    let observed = condition.get("observedGeneration").and_then(Value::as_i64);
    let observed = observed.or_else(|| object.int(&["status", "observedGeneration"]));
    let outdated = object.generation() > 0 && observed.is_some_and(|observed| observed < object.generation());
    !outdated && text(condition, "status") == Some(value.to_lowercase())
}

/// Models `JSONPathWait.checkCondition`.
fn leads_to(path: &JsonPath, value: Option<&str>, object: &Object) -> Option<Result<(), String>> {
    let tree = object.to_value();
    let found = match path.find(&tree) {
        Ok(found) => found,
        Err(why) => return Some(Err(why)),
    };
    let first = found.first().filter(|values| !values.is_empty())?;
    if found.len() > 1 {
        return Some(Err("given jsonpath expression matches more than one list".to_owned()));
    }
    let [one] = first.as_slice() else {
        return Some(Err("given jsonpath expression matches more than one value".to_owned()));
    };
    let Some(wanted) = value else { return Some(Ok(())) };
    if one.is_object() || one.is_array() {
        return Some(Err("jsonpath leads to a nested object or list which is not supported".to_owned()));
    }
    (api::go::format(one).trim() == wanted.trim()).then_some(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_conditions() {
        let object = Object::new(api::json!({
            "metadata": {"generation": 2},
            "status": {
                "observedGeneration": 2, "phase": "Running", "n": 3, "ip": [{"a": 1}, {"a": 2}],
                "conditions": [{"type": "Ready", "status": "True"}],
            },
        }));
        for (word, want) in [
            ("condition=ready", Ok(Some(Ok(())))),
            ("condition=Ready=false", Ok(None)),
            ("condition=Nope", Ok(None)),
            ("delete", Ok(None)),
            ("CREATE", Ok(Some(Ok(())))),
            ("jsonpath={.status.phase}=Running", Ok(Some(Ok(())))),
            ("jsonpath=.status.n=3", Ok(Some(Ok(())))),
            ("jsonpath={.status.nope}", Ok(None)),
            ("jsonpath={.status.ip}", Ok(Some(Ok(())))),
            ("jsonpath={.status.ip[*].a}", Ok(Some(Err("given jsonpath expression matches more than one value")))),
            (
                "jsonpath={.status.ip}=1",
                Ok(Some(Err("jsonpath leads to a nested object or list which is not supported"))),
            ),
            ("jsonpath={.status.conditions[?(@.type==\"Ready\")].status}=True", Ok(Some(Ok(())))),
            ("ready", Err("unrecognized condition: \"ready\"")),
            (
                "jsonpath={.a}=",
                Err(
                    "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
                ),
            ),
        ] {
            let got = Condition::parse(word).map(|condition| condition.holds(Some(&object))).map_err(|f| f.message());
            let want = want.map(|held| held.map(|r: Result<(), &str>| r.map_err(str::to_owned))).map_err(str::to_owned);
            assert_eq!(got, want, "{word}");
        }
    }
}
