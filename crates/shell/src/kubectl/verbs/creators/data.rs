//! Pairs from files and literals, for config maps and secrets.
//!
//! Models `handle…FromLiteralSources` and its siblings in `create_configmap.go` and `create_secret.go`.

use api::names;

use super::super::super::command::Call;
use super::super::super::errors::{Failure, Outcome};
use super::super::pairs;

/// The pairs that the flags give, in the order of their keys' coming.
///
/// # Errors
/// For files that are not there and words that are no pairs; `refuse` says what is wrong with a key.
pub(super) fn pairs(
    call: &Call,
    noun: &str,
    refuse: impl Fn(&str, Problem<'_>) -> String,
) -> Outcome<Vec<(String, String)>> {
    let flags = &call.flags;
    if flags.bool("append-hash") {
        return Err(Failure::text("--append-hash is not simulated by this playground"));
    }
    let (files, literals, envs) = (flags.all("from-file"), flags.all("from-literal"), flags.all("from-env-file"));
    if !(envs.is_empty() || files.is_empty() && literals.is_empty()) {
        return Err(Failure::text("from-env-file cannot be combined with from-file or from-literal"));
    }
    let mut found: Vec<(String, String)> = Vec::new();
    for source in files {
        found.extend(from_file(call, source).map_err(Failure::Text)?);
    }
    for source in literals {
        let pair = source.split_once('=').filter(|(key, _)| !key.is_empty());
        let pair = pair.ok_or_else(|| Failure::Text(format!("invalid literal source {source}, expected key=value")))?;
        found.push((pair.0.to_owned(), pair.1.to_owned()));
    }
    for path in envs {
        found.extend(from_env_file(call, path, noun).map_err(Failure::Text)?);
    }
    for (index, (key, _)) in found.iter().enumerate() {
        let wrong = names::is_config_map_key(key);
        if !wrong.is_empty() {
            return Err(Failure::Text(refuse(key, Problem::Invalid(&wrong))));
        }
        if found[..index].iter().any(|(known, _)| known == key) {
            return Err(Failure::Text(refuse(key, Problem::Taken)));
        }
    }
    Ok(found)
}

/// What is wrong with a key.
pub(super) enum Problem<'a> {
    /// It cannot be one.
    Invalid(&'a [String]),
    /// It is there already.
    Taken,
}

/// Models `ParseFileSource` and what its callers do with folders.
fn from_file(call: &Call, source: &str) -> Result<Vec<(String, String)>, String> {
    let base = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let (key, path) = match source.matches('=').count() {
        0 => (base(source), source),
        1 => match source.split_once('=').unwrap_or_default() {
            ("", path) => return Err(format!("key name for file path {path} missing")),
            (key, "") => return Err(format!("file path for key name {key} missing")),
            (key, path) => (key.to_owned(), path),
        },
        _ => return Err("key names or file paths cannot contain '='".to_owned()),
    };
    let absolute = crate::files::absolute(&call.sys.folder, path);
    if !call.sys.files(|files| files.is_folder(&absolute)) {
        let text = call.sys.read_file(path).map_err(|_| format!("error reading {path}: no such file or directory"))?;
        return Ok(vec![(key, text)]);
    }
    if source.contains('=') {
        return Err("cannot give a key name for a directory path".to_owned());
    }
    let names: Vec<String> = call.sys.files(|files| files.names(&absolute).map(str::to_owned).collect());
    // A folder within has no text.
    let read = |name: String| {
        let text = call.sys.read_file(&format!("{absolute}/{name}")).ok()?;
        Some((name, text))
    };
    Ok(names.into_iter().filter_map(read).collect())
}

/// Models `AddFromEnvFile`.
fn from_env_file(call: &Call, path: &str, noun: &str) -> Result<Vec<(String, String)>, String> {
    let absolute = crate::files::absolute(&call.sys.folder, path);
    if call.sys.files(|files| files.is_folder(&absolute)) {
        return Err(format!("env {noun} file cannot be a directory"));
    }
    let text = call.sys.read_file(path).map_err(|_| format!("error reading {path}: no such file or directory"))?;
    let lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pair = |line: &str| {
        let (key, value) = line.split_once('=').map_or((line, None), |(key, value)| (key, Some(value)));
        let wrong = pairs::env_name_errors(key);
        if !wrong.is_empty() {
            return Err(format!("{} is not a valid key name: {}", api::field::go_quote(key), wrong.join(";")));
        }
        let of_environment = || call.sys.env.get(key).cloned().unwrap_or_default();
        Ok((key.to_owned(), value.map_or_else(of_environment, str::to_owned)))
    };
    lines.map(pair).collect()
}
