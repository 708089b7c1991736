//! The little that the rules need to know of a Cargo.toml: its dependency lines, read as text because comments count.

use std::path::{Path, PathBuf};

use crate::{files, read};

/// One `name = ...` in a dependencies section.
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// The section's header without brackets, `dev-dependencies`.
    pub(crate) section: String,
    /// Whether it takes its version from the workspace.
    pub(crate) from_workspace: bool,
    /// Whether a comment stands above it (a block of dependencies shares the one above its first) or beside it.
    pub(crate) has_reason: bool,
}

/// Every Cargo.toml of the project.
pub(crate) fn all() -> Vec<PathBuf> {
    files("", &["Cargo.toml"])
}

/// The name of the package that a Cargo.toml describes.
pub(crate) fn name(path: &Path) -> String {
    let text = read(path);
    let package = text.split("[package]").nth(1).unwrap_or_default();
    let line = package.lines().find_map(|line| line.strip_prefix("name = "));
    line.unwrap_or_default().trim_matches('"').to_owned()
}

/// The dependencies that a Cargo.toml names, of every kind.
pub(crate) fn dependencies(path: &Path) -> Vec<Dependency> {
    parse(&read(path))
}

fn parse(text: &str) -> Vec<Dependency> {
    let mut section = None;
    let mut reason_above = false;
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            let header = header.split(']').next().unwrap_or_default();
            section = header.ends_with("dependencies").then(|| header.to_owned());
            reason_above = false;
        } else if line.starts_with('#') {
            reason_above = true;
        } else if line.is_empty() {
            reason_above = false;
        } else if let (Some(section), Some((name, value))) = (&section, line.split_once('=')) {
            found.push(Dependency {
                name: name.trim().trim_end_matches(".workspace").to_owned(),
                line: at + 1,
                section: section.clone(),
                from_workspace: name.contains(".workspace") || value.contains("workspace = true"),
                has_reason: reason_above || value.contains(" # "),
            });
            reason_above = false;
        }
    }
    found
}

#[test]
fn dependency_lines_are_read_with_their_reasons() {
    let found = parse(
        "[package]\nname = \"x\"\n[dependencies]\n# why\nfirst = \"1\"\nsecond = \"2\"\nthird = \"3\" # why\n\
         fourth.workspace = true\n[target.'cfg(windows)'.dev-dependencies]\nfifth = { workspace = true }\n[lints]\na = 1\n",
    );
    let seen: Vec<_> =
        found.iter().map(|one| (one.name.as_str(), one.line, one.has_reason, one.from_workspace)).collect();
    assert_eq!(
        seen,
        [
            ("first", 5, true, false),
            ("second", 6, false, false),
            ("third", 7, true, false),
            ("fourth", 8, false, true),
            ("fifth", 10, false, true)
        ]
    );
    assert!(found[4].section.ends_with("dev-dependencies"));
}
