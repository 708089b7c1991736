//! Values as JSON text, as Go's encoding/json prints them.

use api::arrange::Arrange;
use api::go::write_json_string;
use api::schema::{Field, Shape, Struct, schema};
use api::{Object, Value};

use crate::number::format_json;

/// The value as `kubectl -o json` prints it: indented by four spaces, with a line break at the end.
#[must_use]
pub fn to_json(value: &Value) -> String {
    let mut text = String::new();
    write(value, None, Some(0), &mut text);
    text.push('\n');
    text
}

/// The value as Go prints what it holds as this struct, which is what most verbs make themselves: fields in the order in which
/// the struct declares them, where [`to_json`] and the API server's answers have them by name. Of a kind whose struct is not in
/// the schema, the beginning that all kinds share goes first.
#[must_use]
pub fn to_go_json(value: &Value, of: Option<&'static Struct>) -> String {
    let mut text = String::new();
    match (of, value) {
        (Some(of), _) => write(value, Some(Shape::Struct(of)), Some(0), &mut text),
        (None, Value::Object(map)) => {
            let head = ["kind", "apiVersion", "metadata"];
            let first = head.iter().filter_map(|field| map.get_key_value(*field));
            let rest = map.iter().filter(|(field, _)| !head.contains(&field.as_str()));
            let metadata = schema().get("meta.v1.ObjectMeta").map(Shape::Struct);
            let shape = |field: &str| metadata.filter(|_| field == "metadata");
            let mut entries = first.chain(rest).map(|(field, value)| (field.as_str(), value, shape(field)));
            write_entries(&mut entries, Some(0), &mut text);
        }
        (None, value) => write(value, None, Some(0), &mut text),
    }
    text.push('\n');
    text
}

/// What [`to_json`] makes of a `List` of objects, without a copy of them.
#[must_use]
pub fn list_to_json<'a>(objects: impl IntoIterator<Item = &'a Object>) -> String {
    let mut text = "{\n    \"apiVersion\": \"v1\",\n    \"items\": [".to_owned();
    for (at, object) in objects.into_iter().enumerate() {
        separate(at, Some(1), &mut text);
        write_entries(&mut object.fields().map(|(field, value)| (field, value, None)), Some(2), &mut text);
    }
    text.push_str(
        "\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n",
    );
    text
}

/// The value as Go's `json.Marshal` prints it, on one line and without a line break.
#[must_use]
pub fn to_json_compact(value: &Value) -> String {
    let mut text = String::new();
    write(value, None, None, &mut text);
    text
}

/// `shape`: what the value is in Go, when its fields go by that; `depth`: how deep it stands, or `None` for one line.
fn write(value: &Value, shape: Option<Shape<'static>>, depth: Option<usize>, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => text.push_str(&format_json(float)),
            None => text.push_str(&number.to_string()),
        },
        Value::String(string) => write_json_string(string, text),
        Value::Array(items) if items.is_empty() => text.push_str("[]"),
        Value::Object(entries) if entries.is_empty() => text.push_str("{}"),
        Value::Array(items) => {
            let of = match shape {
                Some(Shape::List(of)) => Some(schema().shape(of)),
                _ => None,
            };
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                separate(at, depth, text);
                write(item, of, depth.map(|depth| depth + 1), text);
            }
            break_line(depth, text);
            text.push(']');
        }
        Value::Object(entries) => match shape {
            Some(Shape::Struct(of)) => {
                let mut fields: Vec<_> =
                    entries.iter().map(|(key, value)| (of.field(key), key.as_str(), value)).collect();
                // What the struct does not have comes last.
                fields.arrange_by_key(|(field, ..)| field.map_or(usize::MAX, |field| field.place));
                let shape = |field: &'static Field| schema().shape(&field.ty);
                write_entries(&mut fields.into_iter().map(|(of, key, value)| (key, value, of.map(shape))), depth, text);
            }
            Some(Shape::Map(of)) => {
                let of = schema().shape(of);
                write_entries(&mut entries.iter().map(|(key, value)| (key.as_str(), value, Some(of))), depth, text);
            }
            _ => write_entries(&mut entries.iter().map(|(key, value)| (key.as_str(), value, None)), depth, text),
        },
    }
}

fn write_entries<'a>(
    entries: &mut dyn Iterator<Item = (&'a str, &'a Value, Option<Shape<'static>>)>,
    depth: Option<usize>,
    text: &mut String,
) {
    text.push('{');
    for (at, (key, value, shape)) in entries.enumerate() {
        separate(at, depth, text);
        write_json_string(key, text);
        text.push_str(if depth.is_some() { ": " } else { ":" });
        write(value, shape, depth.map(|depth| depth + 1), text);
    }
    break_line(depth, text);
    text.push('}');
}

fn separate(at: usize, depth: Option<usize>, text: &mut String) {
    if at > 0 {
        text.push(',');
    }
    break_line(depth.map(|depth| depth + 1), text);
}

fn break_line(depth: Option<usize>, text: &mut String) {
    if let Some(depth) = depth {
        text.push('\n');
        text.extend(std::iter::repeat_n("    ", depth));
    }
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    #[test]
    fn what_go_holds_as_a_struct_is_printed_in_its_order() {
        let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"labels": {"b": "1", "a": "2"}, "name": "web"},
            "spec": {"type": "ClusterIP", "ports": [{"port": 80, "name": "http", "odd": 1}]}});
        let order: Vec<String> = to_go_json(&service, schema().get("core.v1.Service"))
            .lines()
            .filter_map(|line| Some(line.split_once(": ")?.0.trim().trim_matches('"').to_owned()))
            .collect();
        let fields = "kind apiVersion metadata name labels a b spec ports name port odd type";
        assert_eq!(order.join(" "), fields);
        let text = to_go_json(&json!({"rules": [], "metadata": {}, "apiVersion": "v1", "kind": "Role"}), None);
        let order: Vec<&str> = text.lines().filter_map(|line| line.split('"').nth(1)).collect();
        assert_eq!(order.join(" "), "kind apiVersion metadata rules");
    }

    #[test]
    fn json_prints_as_go_prints_it() {
        let value = json!({"b": [1, {"c": null}], "a": {}, "l": [], "s": "<a>&\u{1}\"\\\u{2028}é😀", "f": 1.5});
        let compact = r#"{"a":{},"b":[1,{"c":null}],"f":1.5,"l":[],"s":"\u003ca\u003e\u0026\u0001\"\\\u2028é😀"}"#;
        assert_eq!(to_json_compact(&value), compact);
        let long = "{\n    \"b\": [\n        1,\n        {\n            \"c\": true\n        }\n    ]\n}\n";
        assert_eq!(to_json(&json!({"b": [1, {"c": true}]})), long);
        let objects = [json!({"kind": "A", "metadata": {"name": "x"}}), json!({"kind": "B", "spec": {}})];
        let list = json!({"apiVersion": "v1", "items": objects, "kind": "List", "metadata": {"resourceVersion": ""}});
        let objects = objects.map(Object::new);
        assert_eq!(list_to_json(&objects), to_json(&list));
        assert_eq!(crate::list_to_yaml(&objects), crate::to_yaml(&list));
    }
}
