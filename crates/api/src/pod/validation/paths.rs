//! Paths of files within a volume.

use crate::{ErrorList, FieldError, Path};

/// Models `validatePathNoBacksteps`.
pub(super) fn no_backsteps(path: &Path, file: &str) -> Option<FieldError> {
    file.split('/').any(|part| part == "..").then(|| FieldError::invalid(path, file, "must not contain '..'"))
}

/// Models `validateLocalDescendingPath`.
pub(super) fn local_descending(path: &Path, file: &str) -> ErrorList {
    let absolute = file.starts_with('/').then(|| FieldError::invalid(path, file, "must be a relative path"));
    absolute.into_iter().chain(no_backsteps(path, file)).collect()
}

/// Models `ValidateLocalNonReservedPath`: names that begin with two dots are the kubelet's.
pub(super) fn local_non_reserved(path: &Path, file: &str) -> ErrorList {
    let mut errors = local_descending(path, file);
    if file.starts_with("..") && !file.starts_with("../") {
        errors.push(FieldError::invalid(path, file, "must not start with '..'"));
    }
    errors
}
