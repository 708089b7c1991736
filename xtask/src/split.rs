//! The program in two parts: what a first view needs, and the rest, which loads once that view stands. What is of the rest says
//! `xtask/split/rest.txt`, which [`list`] writes anew.

use std::path::{Path, PathBuf};
use std::{fs, thread};

use crate::args::Args;
use crate::browsers::Browser;
use crate::failure::{Failure, Outcome};
use crate::project::Project;
use crate::{build, npm, process, test};

/// The list of what is of the rest.
const LIST: &str = "xtask/split/rest.txt";

/// Splits the program that Trunk has just written. `web/scripts/publish.mjs` puts the two parts in its place.
///
/// # Errors
/// When there is no program, or it cannot be split.
pub(crate) fn program(project: &Project) -> Outcome {
    let parts = ["first.wasm", "rest.wasm"].map(|part| project.dist().join(part));
    run(project, &[&whole(project)?, &project.root().join(LIST), &parts[0], &parts[1]])?;
    // They do not know of one another, so they are made small at the same time.
    thread::scope(|scope| {
        let running = parts.each_ref().map(|part| scope.spawn(|| smaller(project, part)));
        running.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| Err(died())))
    })
}

/// `cargo xtask split-list`: looks at the page and writes down what a first view does not need.
///
/// # Errors
/// When the site does not compile, or there is no Chromium.
pub(crate) fn list(project: &Project, args: Args) -> Outcome {
    args.finish()?;
    build::whole(project, None)?;
    let whole = whole(project)?;
    let kept = project.dist().join("whole.wasm");
    fs::copy(&whole, &kept).map_err(|error| unreadable(&kept, &error))?;
    run(project, &[Path::new("traced"), &kept, &whole])?;
    let ran = project.dist().join("ran.txt");
    process::show(
        test::e2e(project, Browser::Chromium)?.arg("profile.mjs").arg(&ran),
        "the message above says what the page did not do",
    )?;
    run(project, &[Path::new("list"), &kept, &ran, &project.root().join(LIST)])
}

/// The program in dist/, by Trunk's name.
fn whole(project: &Project) -> Outcome<PathBuf> {
    let dist = project.dist();
    let files = fs::read_dir(&dist).map_err(|error| unreadable(&dist, &error))?;
    files
        .filter_map(|file| Some(file.ok()?.path()))
        .find(|file| file.to_string_lossy().ends_with("_bg.wasm"))
        .ok_or_else(|| Failure::new("Trunk wrote no wasm to dist/", "see what it said above"))
}

fn run(project: &Project, words: &[&Path]) -> Outcome {
    let mut cargo = process::cargo(project.root(), ["run", "--quiet", "--locked", "--package", "split", "--"]);
    process::show(cargo.args(words), "the message above says what the module has that xtask/split does not know")
}

/// "z" as in wasm-opt -Oz: what a visitor waits for is the download.
fn smaller(project: &Project, part: &Path) -> Outcome {
    let mut optimizer = npm::program(project, "wasm-opt");
    process::show(optimizer.arg("-Oz").arg(part).arg("-o").arg(part), "the message above is of Binaryen's wasm-opt")
}

fn died() -> Failure {
    Failure::new("a thread of xtask died", "the message above says why")
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", file.display()), "is the disk full, or the folder somebody else's?")
}
