//! Writes the committed API schema: `cargo run -p schemagen`, or with `-- --check` only compares.
//!
//! Names, required-ness and docs come from the published types (`k8s-openapi`, Kubernetes 1.36). What OpenAPI does not
//! tell, Go's own types, pointers, empty-value rules and merge keys, comes from the hand-kept `go.txt`; the Gateway
//! API, which those types lack, from `gateway.txt`.
#![forbid(unsafe_code)]

mod derive;
mod overlay;
mod render;

use std::path::Path;
use std::process::ExitCode;

const GO: &str = include_str!("go.txt");
const GATEWAY: &str = include_str!("gateway.txt");

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    let mut types = derive::types();
    let unused = overlay::apply(&mut types, GO);
    if !unused.is_empty() {
        eprintln_lines("go.txt names fields that the published types do not have:", &unused);
        return ExitCode::FAILURE;
    }
    let fields = format!("{}{}", render::fields(&types, GO), GATEWAY);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = [
        ("crates/api/schema/fields.txt", fields),
        ("public/schema/summaries.txt", render::docs(&types, render::first_sentence)),
        ("public/schema/docs.txt", render::docs(&types, str::to_owned)),
    ];
    let mut stale = Vec::new();
    for (path, text) in files {
        let file = root.join(path);
        if check {
            if std::fs::read_to_string(&file).ok().as_deref() != Some(&text) {
                stale.push(path.to_owned());
            }
        } else if let Err(error) = write(&file, &text) {
            eprintln_lines("cannot write:", &[format!("{path}: {error}")]);
            return ExitCode::FAILURE;
        }
    }
    if stale.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln_lines("stale, run `cargo run -p schemagen`:", &stale);
    ExitCode::FAILURE
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
