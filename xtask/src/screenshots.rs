//! `cargo xtask screenshots`: the page as students see it.

use crate::args::Args;
use crate::browsers::Browser;
use crate::failure::Outcome;
use crate::project::Project;
use crate::{build, process, test};

/// Builds the site and pictures it.
///
/// # Errors
/// When the site does not compile or the browser does not run.
pub(crate) fn run(project: &Project, args: Args) -> Outcome {
    args.finish()?;
    build::site(project, None)?;
    process::show(test::e2e(project, Browser::Chromium)?.arg("screenshots.mjs"), "the message above says what is wrong")
}
