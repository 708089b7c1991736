//! What a volume's manifest leaves out. Models `SetDefaults_Volume` and the defaults of its sources.

use serde_json::{Map, Value, json};

use super::defaults::{maps, or};

/// `rw-r--r--`, in decimal.
const DEFAULT_MODE: u32 = 420;

pub(super) fn volume(volume: &mut Map<String, Value>) {
    if volume.keys().all(|field| field == "name") {
        volume.insert("emptyDir".to_owned(), json!({}));
    }
    for source in ["secret", "configMap", "downwardAPI", "projected"] {
        if let Some(Value::Object(source)) = volume.get_mut(source) {
            or(source, "defaultMode", json!(DEFAULT_MODE));
        }
    }
    if let Some(Value::Object(image)) = volume.get_mut("image") {
        let reference = image.get("reference").and_then(Value::as_str).unwrap_or_default();
        let policy = if super::container_defaults::is_latest(reference) { "Always" } else { "IfNotPresent" };
        or(image, "pullPolicy", json!(policy));
    }
    if let Some(Value::Object(path)) = volume.get_mut("hostPath") {
        or(path, "type", json!(""));
    }
    if let Some(Value::Object(downward)) = volume.get_mut("downwardAPI") {
        field_references(downward);
    }
    if let Some(Value::Object(projected)) = volume.get_mut("projected") {
        for source in maps(projected, "sources") {
            if let Some(Value::Object(token)) = source.get_mut("serviceAccountToken") {
                or(token, "expirationSeconds", json!(3600));
            }
            if let Some(Value::Object(downward)) = source.get_mut("downwardAPI") {
                field_references(downward);
            }
        }
    }
}

fn field_references(downward: &mut Map<String, Value>) {
    for item in maps(downward, "items") {
        if let Some(Value::Object(field)) = item.get_mut("fieldRef") {
            or(field, "apiVersion", json!("v1"));
        }
    }
}
