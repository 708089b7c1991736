//! `cargo xtask scorm`: one exercise as a package for learning platforms.

use std::process::Command;

use crate::args::Args;
use crate::failure::{Failure, Outcome};
use crate::process;
use crate::project::Project;

/// Writes the package: `--site URL --exercise ID [--title TEXT] [--out FILE]`.
///
/// # Errors
/// When the site or the exercise is not said, or the file cannot be written.
pub(crate) fn run(project: &Project, mut args: Args) -> Outcome {
    let missing =
        |what: &str| Failure::new(format!("{what} is not said"), "cargo xtask scorm --site URL --exercise ID");
    let site = args.take_value("--site")?.ok_or_else(|| missing("where the site is"))?;
    let exercise = args.take_value("--exercise")?.ok_or_else(|| missing("which exercise"))?;
    let title = args.take_value("--title")?.unwrap_or_else(|| exercise.clone());
    let out = args.take_value("--out")?.unwrap_or_else(|| format!("{exercise}.zip"));
    args.finish()?;
    let mut node = Command::new("node");
    node.arg(project.web().join("scripts/scorm.mjs")).args([&site, &exercise, &title, &out]);
    process::show(&mut node, "the message above says which word it could not take")?;
    println!("{out}");
    Ok(())
}
