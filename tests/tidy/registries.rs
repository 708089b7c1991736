//! One place to add: what exists as a file is listed in its registry, and the other way round is the compiler's business.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::{assert_none, read, root, shown};

/// A slice in which every entry of a folder is listed.
struct Registry {
    /// The slice's name.
    name: &'static str,
    /// The file that defines it.
    file: &'static str,
    /// The folder whose entries belong into it.
    folder: &'static str,
    /// What a line of an entry holds when it belongs into the slice; modules without it are helpers.
    defines: &'static str,
}

const REGISTRIES: &[Registry] = &[
    Registry { name: "KINDS", file: "crates/api/src/kind.rs", folder: "crates/api/src", defines: "static KIND: " },
    Registry {
        name: "CONTROLLERS",
        file: "crates/cluster/src/controllers/mod.rs",
        folder: "crates/cluster/src/controllers",
        defines: "impl Controller for ",
    },
    Registry {
        name: "IMAGES",
        file: "crates/cluster/src/images/mod.rs",
        folder: "crates/cluster/src/images",
        defines: "impl Image for ",
    },
    Registry {
        name: "DIAGNOSTICS",
        file: "crates/diagnostics/src/checks/mod.rs",
        folder: "crates/diagnostics/src/checks",
        defines: "impl Check for ",
    },
    Registry {
        name: "VERBS",
        file: "crates/shell/src/kubectl/verbs/mod.rs",
        folder: "crates/shell/src/kubectl/verbs",
        defines: " VERB: ",
    },
    Registry {
        name: "PROGRAMS",
        file: "crates/shell/src/programs/mod.rs",
        folder: "crates/shell/src/programs",
        defines: " fn start(",
    },
    Registry {
        name: "DEPICTIONS",
        file: "crates/scene/src/depictions/mod.rs",
        folder: "crates/scene/src/depictions",
        defines: " DEPICTION: ",
    },
    Registry {
        name: "CHECKS",
        file: "crates/course/src/check/mod.rs",
        folder: "crates/course/src/check",
        defines: " CHECK: ",
    },
];

#[test]
fn what_exists_is_listed() {
    let mut complaints = Vec::new();
    for registry in REGISTRIES {
        let folder = root().join(registry.folder);
        // A layer that is still to come.
        if !folder.is_dir() {
            continue;
        }
        let file = root().join(registry.file);
        let listed = if file.is_file() { slice(&read(&file), registry.name) } else { None };
        for (entry, path) in entries(&folder) {
            if !defines(&read(&path), registry.defines) {
                continue;
            }
            match &listed {
                None => complaints
                    .push(format!("{}: no slice {} of what is in {}", registry.file, registry.name, registry.folder)),
                Some(listed) if !listed.contains(&format!("{entry}::")) => complaints.push(format!(
                    "{}: nothing of {entry}:: is in {} of {}: add its line",
                    shown(&path),
                    registry.name,
                    registry.file
                )),
                Some(_) => {}
            }
        }
    }
    assert_none("Everything that can be listed in a registry is.", &complaints);
}

/// Each module of a folder by name, with the file that defines it.
fn entries(folder: &Path) -> Vec<(String, std::path::PathBuf)> {
    let paths = fs::read_dir(folder).expect("the folder was just seen").filter_map(|entry| Some(entry.ok()?.path()));
    let mut found: Vec<_> = paths
        .filter_map(|path| {
            let name = path.file_stem()?.to_string_lossy().into_owned();
            let file = if path.is_dir() { path.join("mod.rs") } else { path };
            (file.is_file() && file.extension()? == "rs" && name != "mod" && name != "lib").then_some((name, file))
        })
        .collect();
    found.sort();
    found
}

/// Whether a line of code, not of comment, holds this.
fn defines(text: &str, what: &str) -> bool {
    text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(what))
}

/// The text of a slice's value: from its name to the closing `];`.
fn slice(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!(" {name}: "))?;
    Some(rest.split_once("];")?.0.to_owned())
}

#[test]
fn every_lesson_is_in_the_index() {
    let folder = root().join("public/lessons");
    if !folder.is_dir() {
        return;
    }
    let index = read(&folder.join("index.yaml"));
    let words: BTreeSet<&str> = index.split(|sign: char| !sign.is_alphanumeric() && sign != '-').collect();
    let lessons = fs::read_dir(&folder).expect("the folder was just seen").filter_map(|entry| Some(entry.ok()?.path()));
    let complaints: Vec<_> = lessons
        .filter(|lesson| lesson.is_dir())
        .filter(|lesson| !words.contains(&*lesson.file_name().unwrap_or_default().to_string_lossy()))
        .map(|lesson| format!("{}: add it to public/lessons/index.yaml, or nobody will find it", shown(&lesson)))
        .collect();
    assert_none("Every lesson is in the index.", &complaints);
}

#[test]
fn a_slice_and_its_entries_are_found_in_text() {
    let text = "pub mod pod;\npub static KINDS: &[&Kind] = &[\n    &pod::KIND,\n    &service::KIND,\n];\nfn x() {}\n";
    let listed = slice(text, "KINDS").expect("a slice");
    assert!(listed.contains("pod::") && listed.contains("service::") && !listed.contains("fn x"));
    assert!(defines("    pub static KIND: Kind = Kind {", "static KIND: "));
    assert!(!defines("// pub static KIND: see elsewhere\nstatic KINDS: u8 = 1;", "static KIND: "));
}
