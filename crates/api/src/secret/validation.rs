//! What is wrong with a Secret. Models `ValidateSecret` of `pkg/apis/core/validation`.

use crate::metadata::IMMUTABLE;
use crate::{ErrorList, FieldError, Object, Path, names};

const MAX_BYTES: usize = 1024 * 1024;
/// The annotation that names the account of a token.
const ACCOUNT: &str = "kubernetes.io/service-account.name";

pub(super) fn secret(secret: &Object) -> ErrorList {
    let path = Path::new("data");
    let mut errors = Vec::new();
    let mut size = 0;
    for (key, value) in secret.map(&["data"]).into_iter().flatten() {
        let details = names::is_config_map_key(key).into_iter();
        errors.extend(details.map(|detail| FieldError::invalid(&path.key(key), key.as_str(), detail)));
        // Base64 has four letters for three bytes.
        size += value.as_str().map_or(0, |text| text.trim_end_matches('=').len() * 3 / 4);
    }
    if size > MAX_BYTES {
        errors.push(FieldError::too_long(&path, MAX_BYTES));
    }
    errors.extend(of_type(secret, &path));
    errors
}

/// The keys that a type needs.
fn of_type(secret: &Object, path: &Path) -> ErrorList {
    let has = |key: &str| secret.at(&["data", key]).is_some();
    let missing = |keys: &[&str]| -> ErrorList {
        let missing = keys.iter().filter(|key| !has(key));
        missing.map(|key| FieldError::required(&path.key(key), "")).collect()
    };
    match secret.str(&["type"]) {
        "kubernetes.io/service-account-token" if secret.annotation(ACCOUNT).is_none_or(str::is_empty) => {
            vec![FieldError::required(&Path::new("metadata.annotations").key(ACCOUNT), "")]
        }
        "kubernetes.io/dockercfg" => missing(&[".dockercfg"]),
        "kubernetes.io/dockerconfigjson" => missing(&[".dockerconfigjson"]),
        "kubernetes.io/basic-auth" if !has("username") && !has("password") => missing(&["username", "password"]),
        "kubernetes.io/ssh-auth" => {
            let empty = secret.str(&["data", "ssh-privatekey"]).is_empty();
            empty.then(|| FieldError::required(&path.key("ssh-privatekey"), "")).into_iter().collect()
        }
        "kubernetes.io/tls" => missing(&["tls.crt", "tls.key"]),
        _ => Vec::new(),
    }
}

/// Models `ValidateSecretUpdate`.
pub(super) fn update(secret: &Object, old: &Object) -> ErrorList {
    let mut errors = Vec::new();
    let kind = secret.str(&["type"]);
    if kind != old.str(&["type"]) {
        errors.push(FieldError::invalid(&Path::new("type"), kind, IMMUTABLE));
    }
    errors.extend(frozen(secret, old, &["data"]));
    errors.extend(self::secret(secret));
    errors
}

/// What may not change once `immutable` is set; of ConfigMaps too.
pub(crate) fn frozen(object: &Object, old: &Object, fields: &[&str]) -> ErrorList {
    const WHY: &str = "field is immutable when `immutable` is set";
    if !old.bool(&["immutable"]) {
        return Vec::new();
    }
    let thawed = !object.bool(&["immutable"]);
    let changed = fields.iter().filter(|field| object.at(&[field]) != old.at(&[field]));
    let fields = thawed.then_some("immutable").into_iter().chain(changed.copied());
    fields.map(|field| FieldError::forbidden(&Path::new(field), WHY)).collect()
}
