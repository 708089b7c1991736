//! Objects by their fields, as kubectl describes kinds it knows nothing of. Models `genericDescriber`.

use api::{Object, Value};

use super::{Text, View};

pub(super) fn describe(object: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.field(0, "Name", object.name());
    text.field(0, "Namespace", object.namespace());
    text.marks(object);
    let mut rest = object.to_value();
    if let Some(metadata) = rest.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in ["managedFields", "name", "namespace", "labels", "annotations"] {
            metadata.remove(field);
        }
    }
    content(&mut text, 0, &rest);
    text.events(object, view);
    text
}

/// Models `printUnstructuredContent`.
fn content(text: &mut Text, level: usize, value: &Value) {
    for (key, value) in value.as_object().into_iter().flatten() {
        let label = label(key);
        match value {
            Value::Object(_) => {
                text.line(level, format!("{label}:"));
                content(text, level + 1, value);
            }
            Value::Array(items) => {
                text.line(level, format!("{label}:"));
                for item in items {
                    match item {
                        Value::Object(_) => content(text, level + 1, item),
                        other => text.line(level + 1, api::go::format(other)),
                    }
                }
            }
            other => text.field(level, &label, api::go::format(other)),
        }
    }
}

/// `apiVersion` becomes `API Version`. Models `smartLabelFor`.
fn label(field: &str) -> String {
    const ACRONYMS: [&str; 4] = ["API", "URL", "UID", "GUID"];
    if !field.chars().all(|c| c.is_alphabetic() || c == '-') {
        return field.to_owned();
    }
    let words = merged(words(field));
    let shown = words.into_iter().map(|word| {
        let upper = word.to_uppercase();
        if ACRONYMS.contains(&upper.as_str()) {
            upper
        } else if word.to_lowercase() == word {
            word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect()
        } else {
            word
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// `clusterIPs` as `cluster`, `I`, `Ps`. Models `camelcase.Split`.
fn words(field: &str) -> Vec<String> {
    let class = |c: char| {
        if c.is_lowercase() {
            1
        } else if c.is_uppercase() {
            2
        } else {
            3
        }
    };
    let mut runs: Vec<String> = Vec::new();
    let mut last = 0;
    for c in field.chars() {
        match runs.last_mut().filter(|_| class(c) == last) {
            Some(run) => run.push(c),
            None => runs.push(c.to_string()),
        }
        last = class(c);
    }
    // The last capital before small letters belongs to them.
    for at in 1..runs.len() {
        let capital = runs[at - 1].ends_with(char::is_uppercase) && runs[at].starts_with(char::is_lowercase);
        if let Some(c) = capital.then(|| runs[at - 1].pop()).flatten() {
            runs[at].insert(0, c);
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Puts two or more capitals and a capitalised word after them together.
fn merged(words: Vec<String>) -> Vec<String> {
    let mut merged: Vec<String> = Vec::new();
    let mut open = false;
    for word in words {
        let joins = open && word.starts_with(char::is_uppercase);
        open = !joins && word.len() >= 2 && word.chars().all(|c| !c.is_alphabetic() || c.is_uppercase());
        match merged.last_mut().filter(|_| joins) {
            Some(last) => last.push_str(&word),
            None => merged.push(word),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_become_titles() {
        for (field, want) in [
            ("apiVersion", "API Version"),
            ("uid", "UID"),
            ("gatewayClassName", "Gateway Class Name"),
            ("controllerName", "Controller Name"),
            ("kubernetes.io/name", "kubernetes.io/name"),
            ("loadBalancerIP", "Load Balancer IP"),
        ] {
            assert_eq!(label(field), want, "{field}");
        }
    }
}
