//! `cargo xtask release`: what is given away of a version.

use std::process::Command;

use crate::args::Args;
use crate::failure::Outcome;
use crate::project::Project;
use crate::{build, process};

/// Builds the site and packs it, the element and the lessons into release/.
///
/// # Errors
/// When the site does not compile, or npm or tar is missing.
pub(crate) fn run(project: &Project, args: Args) -> Outcome {
    args.finish()?;
    build::site(project, None)?;
    let mut node = Command::new("node");
    let out = project.root().join("release");
    node.arg(project.web().join("scripts/release.mjs")).args([project.dist(), out]).arg(env!("CARGO_PKG_VERSION"));
    process::show(
        &mut node,
        "the message above names the line in web/scripts/release.mjs; tar and npm have to be on PATH",
    )
}
