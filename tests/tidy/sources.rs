//! How sources look: short, finished, safe, and the same on every machine.

use std::fs;

use crate::{assert_none, files, read, root, shown};

/// Where one thought has become several.
const LONGEST: usize = 600;

const OUR_CODE: &[&str] = &["crates", "src", "xtask", "tests", "web/src", "fuzz"];

fn our_files(endings: &[&str]) -> Vec<std::path::PathBuf> {
    OUR_CODE.iter().flat_map(|folder| files(folder, endings)).collect()
}

#[test]
fn no_file_is_longer_than_a_thought() {
    let complaints: Vec<_> = our_files(&[".rs", ".ts", ".mjs"])
        .iter()
        .filter_map(|path| {
            let lines = read(path).lines().count();
            (lines > LONGEST).then(|| format!("{}: {lines} lines: split it by thought", shown(path)))
        })
        .collect();
    assert_none(&format!("No file is longer than {LONGEST} lines."), &complaints);
}

#[test]
fn nothing_is_left_for_later() {
    // Written apart, so that this file does not find itself.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    complain(
        &our_files(&[".rs", ".ts", ".mjs", ".toml", ".css"]),
        &marks,
        "do it, or open an issue and leave the code whole",
    );
}

#[test]
fn no_machine_is_named() {
    let mut everything = our_files(&[".rs", ".ts", ".mjs", ".toml", ".json", ".css"]);
    everything.extend(files(".ci", &[""]));
    everything.extend(fs::read_dir(root()).expect("the project is there").filter_map(|entry| Some(entry.ok()?.path())));
    everything.retain(|path| path.is_file() && !path.ends_with(".git"));
    // Users' homes, and the folder of this checkout. Containers have homes too: the engine may name those.
    let here = format!("{}/", root().display());
    let homes = [concat!("/ho", "me/"), concat!("/Use", "rs/"), concat!("/ro", "ot/")];
    let (engine, rest): (Vec<_>, Vec<_>) = everything.into_iter().partition(|path| shown(path).starts_with("crates/"));
    let mend = "find the place at run time, or take a made-up name";
    complain(&engine, &[&here], mend);
    complain(&rest, &[&[here.as_str()], &homes[..]].concat(), mend);
}

#[test]
fn lock_files_name_no_registry() {
    complain(
        &files("", &["package-lock.json"]),
        &["\"resolved\""],
        "npm install --omit-lockfile-registry-resolved writes it without",
    );
}

#[test]
fn the_page_sorts_with_little_code() {
    let mut complaints = Vec::new();
    // `api::arrange` itself is the one place that may, and tests are not in the page.
    let apart = ["crates/api/src/arrange.rs", "crates/cli/", "/tests/", "tests.rs", "/benches/"];
    for path in files("crates", &[".rs"]).into_iter().chain(files("src", &[".rs"])) {
        let name = shown(&path);
        if apart.iter().any(|part| name.contains(part)) {
            continue;
        }
        for (at, line) in read(&path).lines().take_while(|line| !line.contains("mod tests {")).enumerate() {
            if [".sort(", ".sort_by", ".sort_unstable"].iter().any(|method| line.contains(method)) {
                complaints.push(format!("{name}:{}: use api::arrange::Arrange", at + 1));
            }
        }
    }
    assert_none("The standard library's sorts are kilobytes of code each.", &complaints);
}

/// Says where each of `marks` stands.
fn complain(files: &[std::path::PathBuf], marks: &[&str], mend: &str) {
    let mut complaints = Vec::new();
    for path in files {
        for (at, line) in read(path).lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) {
                complaints.push(format!("{}:{}: {mark}: {mend}", shown(path), at + 1));
            }
        }
    }
    assert_none("Sources are whole, and the same on every machine.", &complaints);
}

#[test]
fn every_crate_forbids_unsafe_code() {
    let mut roots: Vec<_> = files("crates", &["src/lib.rs", "lib.rs", "main.rs"])
        .into_iter()
        .chain(files("xtask", &["main.rs"]))
        .filter(|path| path.parent().is_some_and(|folder| folder.ends_with("src")))
        .collect();
    roots.extend([root().join("src/lib.rs"), root().join("src/main.rs")]);
    let complaints: Vec<_> = roots
        .iter()
        .filter(|path| !read(path).contains("#![forbid(unsafe_code)]"))
        .map(|path| format!("{}: write #![forbid(unsafe_code)] below its documentation", shown(path)))
        .collect();
    assert_none("No crate has unsafe code.", &complaints);
}
