//! Writes the committed API schema: `cargo xtask schema`. A test says when it is stale.
//!
//! Names, required-ness and docs come from the published types (`k8s-openapi`, Kubernetes 1.36). What OpenAPI does not
//! tell, Go's own types, pointers, empty-value rules and merge keys, comes from the hand-kept `go.txt`; the order of a struct's fields, from `order.txt`; the Gateway
//! API, which those types lack, from `gateway.txt`; what kubectl writes of itself, from `kubectl.txt`; what enumerations mean, from `enums.txt`.
#![forbid(unsafe_code)]

mod derive;
mod overlay;
mod render;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const GO: &str = include_str!("go.txt");
const GATEWAY: &str = include_str!("gateway.txt");
const ORDER: &str = include_str!("order.txt");
const KUBECTL: &str = include_str!("kubectl.txt");
const ENUMS: &str = include_str!("enums.txt");

fn main() -> ExitCode {
    let files = match files() {
        Ok(files) => files,
        Err(unused) => {
            eprintln_lines("go.txt names fields that the published types do not have:", &unused);
            return ExitCode::FAILURE;
        }
    };
    for (path, text) in files {
        if let Err(error) = write(&in_project(path), &text) {
            eprintln_lines("cannot write:", &[format!("{path}: {error}")]);
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Each committed file with the text it should have; or the lines of `go.txt` that are about nothing.
fn files() -> Result<[(&'static str, String); 3], Vec<String>> {
    let mut types = derive::types();
    let unused = overlay::apply(&mut types, GO);
    if !unused.is_empty() {
        return Err(unused);
    }
    Ok([
        ("crates/api/schema/fields.txt", format!("{}{GATEWAY}{KUBECTL}", render::fields(&types, GO, ORDER))),
        ("public/schema/summaries.txt", render::docs(&types, render::first_sentence)),
        ("public/schema/docs.txt", render::docs(&types, str::to_owned) + &render::enums(ENUMS)),
    ])
}

fn in_project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, text)
}

#[expect(clippy::print_stderr, reason = "a command-line tool reports on stderr")]
fn eprintln_lines(title: &str, lines: &[String]) {
    eprintln!("{title}");
    for line in lines {
        eprintln!("  {line}");
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_schema_is_what_this_program_writes() {
        for (path, text) in super::files().expect("go.txt is about published types") {
            let committed = std::fs::read_to_string(super::in_project(path)).expect("the file is committed");
            assert!(committed == text, "{path} is stale: cargo xtask schema writes it, commit the result");
        }
    }
}
