//! `cargo xtask build`: the static site in dist/.

use std::process::Command;

use crate::args::Args;
use crate::failure::Outcome;
use crate::project::Project;
use crate::tools::{TRUNK, WASM_BINDGEN};
use crate::{npm, process, rust, size, split};

/// Builds the site and prints what a visitor downloads.
///
/// # Errors
/// When a tool is missing and cannot be installed, or the site does not compile.
pub(crate) fn run(project: &Project, mut args: Args) -> Outcome {
    let public_url = args.take_value("--public-url")?;
    args.finish()?;
    site(project, public_url.as_deref())?;
    print!("{}", size::table(&size::downloads(project)?));
    Ok(())
}

/// Builds the site. Its addresses are relative unless `public_url` says where it will stand.
///
/// # Errors
/// As [`run`].
pub(crate) fn site(project: &Project, public_url: Option<&str>) -> Outcome {
    whole(project, public_url)?;
    split::program(project)?;
    // The policy, the service worker: what depends on all the other files. `serve` does without, and so reloads at once.
    process::show(
        &mut web_script(project, "publish-site"),
        "the message above names the line in web/scripts/publish.mjs",
    )
}

/// The site as Trunk makes it: one program, and not yet published.
///
/// # Errors
/// As [`run`].
pub(crate) fn whole(project: &Project, public_url: Option<&str>) -> Outcome {
    let mut trunk = trunk(project)?;
    trunk.args(["build", "--release"]);
    if let Some(url) = public_url {
        trunk.args(["--public-url", url]);
    }
    process::show(&mut trunk, "the compiler's message above says what is wrong; Trunk's own errors end with the cause")
}

/// Trunk with everything it needs set up, found and bundled; the caller adds the subcommand.
///
/// # Errors
/// When something cannot be set up, or web/ cannot be bundled.
pub(crate) fn trunk(project: &Project) -> Outcome<Command> {
    rust::wasm_target(project)?;
    npm::install(&project.web())?;
    let folders = [TRUNK.folder(project)?, WASM_BINDGEN.folder(project)?, npm::programs(project)];
    rust::crates(project)?;
    process::show(&mut web_script(project, "bundle"), "esbuild's message above names the line in web/src")?;
    let mut trunk = Command::new(folders[0].join("trunk"));
    trunk.current_dir(project.root()).env("PATH", process::path_with(&folders)?);
    // Trunk reads any NO_COLOR but `true` and `false` as a wrong argument.
    trunk.env_remove("NO_COLOR");
    Ok(trunk)
}

/// A script of web/package.json.
pub(crate) fn web_script(project: &Project, name: &str) -> Command {
    let mut npm = npm::npm();
    npm.current_dir(project.web()).args(["run", "--silent", name]);
    npm
}
