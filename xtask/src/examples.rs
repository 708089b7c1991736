//! `cargo xtask examples`: the course pages of examples/, built by the tools that courses are made with.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::args::Args;
use crate::browsers::Browser;
use crate::failure::{Failure, Outcome};
use crate::project::Project;
use crate::tools::MDBOOK;
use crate::{build, npm, process, test};

/// What is installed for Python's tools.
const PYTHON_PACKAGES: [&str; 2] = ["mkdocs-material==9.8.2", "sphinx==9.0.4"];

/// Builds the pages and the site, and passes an exercise inside each page, in Chromium.
///
/// # Errors
/// When a tool is missing and cannot be installed, a page cannot be built, or an exercise cannot be passed.
pub(crate) fn run(project: &Project, args: Args) -> Outcome {
    args.finish()?;
    let examples = project.root().join("examples");
    let built = examples.join("built");
    // What a tool of before has left there is no page of today.
    let _ = fs::remove_dir_all(&built);
    pages(project, &examples, &built)?;
    build::site(project, None)?;
    let mut node = test::e2e(project, Browser::Chromium)?;
    node.env("E2E_EXAMPLES", &built).args(["--test", "--test-reporter=spec", "examples.test.mjs"]);
    process::show(&mut node, "the page that is named above does not show its exercise")
}

fn pages(project: &Project, examples: &Path, built: &Path) -> Outcome {
    let copied = fs::create_dir_all(built.join("html"))
        .and_then(|()| fs::copy(examples.join("html/index.html"), built.join("html/index.html")));
    copied.map_err(|error| Failure::new(format!("cannot write {}: {error}", built.display()), "is the disk full?"))?;

    let python = project.tools().join("python");
    if !python.join("bin/mkdocs").exists() {
        process::show(
            Command::new("python3").args(["-m", "venv"]).arg(&python),
            "install Python 3 with its module venv",
        )?;
        let mut pip = Command::new(python.join("bin/pip"));
        process::show(pip.args(["install", "--quiet"]).args(PYTHON_PACKAGES), "is the network up?")?;
    }
    let mend = "the tool's message above says what is wrong";
    let mut mkdocs = Command::new(python.join("bin/mkdocs"));
    mkdocs.args(["build", "--quiet", "--config-file"]).arg(examples.join("mkdocs/mkdocs.yml"));
    process::show(mkdocs.arg("--site-dir").arg(built.join("mkdocs")), mend)?;
    let mut sphinx = Command::new(python.join("bin/sphinx-build"));
    process::show(sphinx.arg("-q").arg(examples.join("sphinx")).arg(built.join("sphinx")), mend)?;

    let mut mdbook = Command::new(MDBOOK.folder(project)?.join("mdbook"));
    process::show(mdbook.arg("build").arg(examples.join("mdbook")).arg("--dest-dir").arg(built.join("mdbook")), mend)?;

    let docusaurus = examples.join("docusaurus");
    let mut install = npm::npm();
    install.current_dir(&docusaurus).args(["install", "--silent", "--no-package-lock"]);
    process::show(&mut install, "is the network up?")?;
    let mut docs = npm::npm();
    docs.current_dir(&docusaurus).args(["run", "--silent", "build", "--", "--out-dir"]).arg(built.join("docusaurus"));
    process::show(&mut docs, mend)
}
