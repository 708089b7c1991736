//! Objects by their fields, as kubectl describes kinds it knows nothing of. Models `genericDescriber`.

use api::{Object, Value};

use super::{Text, View};

pub(super) fn describe(object: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.field(0, "Name", object.name());
    text.field(0, "Namespace", object.namespace());
    text.labels("Labels", object.labels());
    text.annotations(object);
    let mut rest = object.value().clone();
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
    let mut words: Vec<String> = vec![String::new()];
    let mut last_lower = false;
    for c in field.chars() {
        if c.is_uppercase() && last_lower {
            words.push(String::new());
        }
        last_lower = c.is_lowercase() || c.is_ascii_digit();
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let title = |word: String| match word.to_lowercase().as_str() {
        "api" | "url" | "uid" | "ip" | "osi" | "id" | "dns" | "tls" => word.to_uppercase(),
        _ => word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect(),
    };
    words.into_iter().map(title).collect::<Vec<_>>().join(" ")
}
