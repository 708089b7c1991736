//! Formatting and the checks that need no browser.

use crate::args::Args;
use crate::failure::Outcome;
use crate::project::Project;
use crate::{build, npm, process, rust, test};

/// `cargo xtask check`: the steps of `test` that a change should pass at every save.
///
/// # Errors
/// When a step fails.
pub(crate) fn run(project: &Project, args: Args) -> Outcome {
    args.finish()?;
    test::steps(project, &["format", "lints", "types", "native"])
}

/// `cargo xtask fmt`.
///
/// # Errors
/// When a file cannot be parsed.
pub(crate) fn format(project: &Project, args: Args) -> Outcome {
    args.finish()?;
    process::show(&mut process::cargo(project.root(), ["fmt", "--all"]), "the message above names the line")
}

/// All code is formatted.
pub(crate) fn formatted(project: &Project) -> Outcome {
    process::show(&mut process::cargo(project.root(), ["fmt", "--all", "--check"]), "cargo xtask fmt")
}

/// Clippy is content with everything that runs natively.
pub(crate) fn lints(project: &Project) -> Outcome {
    let args = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    process::show(&mut process::cargo(project.root(), args), "the warnings above say where and how")
}

/// Clippy is content with the page, which only exists for the browser.
pub(crate) fn page_lints(project: &Project) -> Outcome {
    rust::wasm_target(project)?;
    let mut clippy = process::cargo(project.root(), ["clippy", "--package", "services-playground", "--all-targets"]);
    clippy.args(["--locked", "--target", rust::WASM, "--", "-D", "warnings"]);
    process::show(&mut clippy, "the warnings above say where and how")
}

/// `cargo xtask schema`: writes the API schema anew, after a change of what it is made from.
///
/// # Errors
/// When the generator does not compile or cannot write.
pub(crate) fn schema(project: &Project, args: Args) -> Outcome {
    args.finish()?;
    let args = ["run", "--quiet", "--locked", "--package", "schemagen"];
    process::show(&mut process::cargo(project.root(), args), "the message above says what is wrong in xtask/schema")
}

/// `cargo xtask lessons`: what lessons promise, they keep.
///
/// # Errors
/// When one does not.
pub(crate) fn lessons(project: &Project, mut args: Args) -> Outcome {
    let only = args.take_value("--only")?;
    let folder = only.map_or_else(|| "public/lessons".to_owned(), |id| format!("public/lessons/{id}"));
    args.finish()?;
    let args = ["run", "--quiet", "--locked", "--package", "cli", "--", "check", &folder];
    process::show(&mut process::cargo(project.root(), args), "the lines above name the lesson and its step")
}

/// The TypeScript is what it says it is; esbuild only strips types.
pub(crate) fn types(project: &Project) -> Outcome {
    npm::install(&project.web())?;
    process::show(&mut build::web_script(project, "types"), "the message above names the line in web/src")
}

/// All native tests of all crates, tests/tidy among them.
pub(crate) fn native_tests(project: &Project) -> Outcome {
    let args = ["test", "--workspace", "--locked", "--no-fail-fast"];
    process::show(
        &mut process::cargo(project.root(), args),
        "the failing tests are named above: cargo test NAME runs one",
    )
}
