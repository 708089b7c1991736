//! Secret: data that is not for every eye.

pub(crate) mod validation;

use serde_json::{Map, Value};

use crate::kind::{AGE, Column, Kind, NAME, Strategy};
use crate::{ErrorList, Object};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "",
    version: "v1",
    kind: "Secret",
    plural: "secrets",
    singular: "secret",
    short_names: &[],
    categories: &[],
    namespaced: true,
    strategy: &SecretStrategy,
    columns: &[
        NAME,
        Column { name: "TYPE", wide: false, cell: |object, _| object.str(&["type"]).to_owned() },
        Column { name: "DATA", wide: false, cell: |object, _| object.map(&["data"]).map_or(0, Map::len).to_string() },
        AGE,
    ],
};

/// Models `pkg/registry/core/secret`.
struct SecretStrategy;

impl Strategy for SecretStrategy {
    /// Models `SetDefaults_Secret`.
    fn default(&self, object: &mut Object) {
        if object.str(&["type"]).is_empty() {
            object.set(&["type"], "Opaque");
        }
    }

    /// What `stringData` holds goes into `data`, in base64; it is never stored.
    fn prepare_create(&self, object: &mut Object) {
        let Some(Value::Object(plain)) = object.remove(&["stringData"]) else { return };
        for (key, value) in &plain {
            let text = base64(value.as_str().unwrap_or_default().as_bytes());
            object.set(&["data", key], text);
        }
    }

    fn prepare_update(&self, object: &mut Object, _old: &Object) {
        self.prepare_create(object);
    }

    fn validate_create(&self, object: &Object) -> ErrorList {
        validation::secret(object)
    }

    fn validate_update(&self, object: &Object, old: &Object) -> ErrorList {
        validation::update(object, old)
    }
}

/// Bytes in base64 with padding (RFC 4648).
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = (at(0) << 16) | (at(1) << 8) | at(2);
        for place in 0..4 {
            let letter = LETTERS.get(((bits >> (18 - 6 * place)) & 63) as usize).copied().unwrap_or(b'=');
            text.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_pads() {
        for (plain, want) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("password1", "cGFzc3dvcmQx")] {
            assert_eq!(super::base64(plain.as_bytes()), want);
        }
    }
}
