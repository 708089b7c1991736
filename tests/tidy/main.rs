//! What ARCHITECTURE.md promises and no compiler checks: layers, registries, dependencies, the look of the sources.
//!
//! Every message names the place and the mend. A rule that gets in the way of something better is changed here, in a
//! commit that says why.
#![cfg(not(target_arch = "wasm32"))]

mod dependencies;
mod layers;
mod manifest;
mod registries;
mod sources;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the root Cargo.toml.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file's text.
fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// All files below a folder of the project whose names end in one of `endings`, in order, without what git ignores.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let ignored = ["target", "dist", "node_modules", ".tools", ".git"];
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !ignored.contains(&name.as_str()) {
                folders.push(path);
            } else if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A path as people and git write it.
fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Fails with all complaints at once, so that one run is enough to mend them.
fn assert_none(rule: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{rule}\n  {}\n", complaints.join("\n  "));
}
