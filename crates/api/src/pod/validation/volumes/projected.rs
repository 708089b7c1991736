//! Volumes that show what the cluster knows: several sources in one folder, and the pod itself as files.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::env::{field_reference, resource_reference};
use super::super::paths::local_non_reserved;
use super::sources::{key_to_path, mode};
use crate::tree::{int, items, some, text};
use crate::{ErrorList, FieldError, Path};

const MIN_EXPIRATION: i64 = 10 * 60;
const MAX_EXPIRATION: i64 = 1 << 32;

/// The fields of a pod that may be files. Models `validVolumeDownwardAPIFieldPathExpressions`.
const FILES: [&str; 5] =
    ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

/// Models `validateDownwardAPIVolumeSource`; upstream names the volume, not the item.
pub(super) fn downward_api(source: &Value, path: &Path) -> ErrorList {
    let mut errors: ErrorList = mode(source, "defaultMode", path).into_iter().collect();
    errors.extend(items(source, "items", path).flat_map(|(_, item)| file(item, path)));
    errors
}

/// Models `validateDownwardAPIVolumeFile`.
fn file(item: &Value, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let at = text(item, "path");
    if at.is_empty() {
        errors.push(FieldError::required(&path.child("path"), ""));
    }
    errors.extend(local_non_reserved(&path.child("path"), at));
    match (some(item, "fieldRef"), some(item, "resourceFieldRef")) {
        (Some(field), resource) => {
            errors.extend(field_reference(field, &FILES, &path.child("fieldRef")));
            if resource.is_some() {
                let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
                errors.push(FieldError::invalid(path, "resource", detail));
            }
        }
        (None, Some(resource)) => errors.extend(resource_reference(resource, true, &path.child("resourceFieldRef"))),
        (None, None) => errors.push(FieldError::required(path, "one of fieldRef and resourceFieldRef is required")),
    }
    errors.extend(mode(item, "mode", path));
    errors
}

/// Models `validateProjectedVolumeSource` and `validateProjectionSources`.
pub(super) fn projected(volume: &Value, path: &Path) -> ErrorList {
    let mut errors: ErrorList = mode(volume, "defaultMode", path).into_iter().collect();
    let mut seen = BTreeSet::new();
    for (at, source) in items(volume, "sources", path) {
        let mut kinds = 0;
        for kind in ["secret", "configMap"] {
            let Some(of) = some(source, kind) else { continue };
            kinds += 1;
            let name = text(of, "name");
            if name.is_empty() {
                errors.push(FieldError::required(&at.child(kind).child("name"), ""));
            }
            for (at, item) in items(of, "items", &at.child(kind)) {
                errors.extend(key_to_path(item, &at));
                errors.extend(conflict(text(item, "path"), name, &mut seen, path));
            }
        }
        if let Some(of) = some(source, "downwardAPI") {
            kinds += 1;
            let at = at.child("downwardAPI");
            for (_, item) in items(of, "items", &at) {
                errors.extend(file(item, &at));
                let file = text(item, "path");
                errors.extend(conflict(file, file, &mut seen, path));
            }
        }
        if let Some(token) = some(source, "serviceAccountToken") {
            kinds += 1;
            errors.extend(service_account_token(token, &at.child("serviceAccountToken"), path));
        }
        if let Some(bundle) = some(source, "clusterTrustBundle") {
            kinds += 1;
            let at = at.child("clusterTrustBundle");
            let file = text(bundle, "path");
            if file.is_empty() {
                errors.push(FieldError::required(&at.child("path"), ""));
            }
            errors.extend(local_non_reserved(&at.child("path"), file));
            errors.extend(conflict(file, file, &mut seen, path));
        }
        if kinds > 1 {
            errors.push(FieldError::forbidden(&at, "may not specify more than 1 volume type per source"));
        }
    }
    errors
}

/// Two files of one path; `shown` is what upstream names of them.
fn conflict<'a>(file: &'a str, shown: &str, seen: &mut BTreeSet<&'a str>, path: &Path) -> Option<FieldError> {
    let known = !file.is_empty() && !seen.insert(file);
    known.then(|| FieldError::invalid(path, shown, "conflicting duplicate paths"))
}

/// The file of a token is reported at the volume.
fn service_account_token(token: &Value, path: &Path, volume: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let seconds = int(token, "expirationSeconds").unwrap_or(0);
    let path = path.child("expirationSeconds");
    if seconds < MIN_EXPIRATION {
        errors.push(FieldError::invalid(&path, seconds, "may not specify a duration less than 10 minutes"));
    }
    if seconds > MAX_EXPIRATION {
        errors.push(FieldError::invalid(&path, seconds, "may not specify a duration larger than 2^32 seconds"));
    }
    let file = text(token, "path");
    let path = volume.child("path");
    if file.is_empty() {
        errors.push(FieldError::required(&path, ""));
    } else {
        errors.extend(local_non_reserved(&path, file));
    }
    errors
}
