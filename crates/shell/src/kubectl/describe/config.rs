//! ConfigMaps, Secrets and ServiceAccounts. Models `ConfigMapDescriber`, `describeSecret` and `describeServiceAccount`.

use api::{Object, Value};

use super::{Text, View, word};

pub(super) fn config_map(map: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.identity(map);
    text.line(0, "\nData\n====");
    for (key, value) in map.map(&["data"]).into_iter().flatten() {
        text.line(0, format!("{key}:\n----\n{}\n", value.as_str().unwrap_or_default()));
    }
    text.line(0, "\nBinaryData\n====");
    for (key, value) in map.map(&["binaryData"]).into_iter().flatten() {
        text.line(0, format!("{key}: {} bytes", decoded_length(value)));
    }
    text.line(0, "");
    text.events(map, view);
    text
}

pub(super) fn secret(secret: &Object, _view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.identity(secret);
    text.line(0, format!("\nType:\t{}", secret.str(&["type"])));
    text.line(0, "\nData\n====");
    for (key, value) in secret.map(&["data"]).into_iter().flatten() {
        text.line(0, format!("{key}:\t{} bytes", decoded_length(value)));
    }
    text
}

pub(super) fn service_account(account: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.identity(account);
    let secrets = account.list(&["imagePullSecrets"]);
    if secrets.is_empty() {
        text.line(0, "Image pull secrets:\t<none>");
    }
    for (at, secret) in secrets.iter().enumerate() {
        let title = if at == 0 { "Image pull secrets:" } else { "                   " };
        text.line(0, format!("{title}\t{}", word(secret, "name")));
    }
    text.events(account, view);
    text
}

/// The number of bytes that base64 text stands for.
fn decoded_length(value: &Value) -> usize {
    let text = value.as_str().unwrap_or_default();
    text.len() / 4 * 3 - text.bytes().rev().take_while(|byte| *byte == b'=').count().min(text.len() / 4 * 3)
}
