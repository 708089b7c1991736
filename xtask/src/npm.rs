//! Packages from npm, by the lock file beside each package.json.
//!
//! The lock files name no registry (`npm config omit-lockfile-registry-resolved`), so they install from whichever one a
//! machine uses; the checksums in them say that it is the same code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::process;
use crate::project::Project;

/// The oldest Node that everything here runs on.
const OLDEST_NODE: u32 = 20;

/// Installs the packages of `folder`, once for each content of its lock file.
///
/// # Errors
/// When Node is missing or too old, or npm cannot install.
pub(crate) fn install(folder: &Path) -> Outcome {
    node()?;
    let lock = fs::read_to_string(folder.join("package-lock.json")).map_err(|error| {
        Failure::new(format!("cannot read {}/package-lock.json: {error}", folder.display()), "restore it from git")
    })?;
    // npm empties node_modules first and this file is written last: a broken-off install is never taken for a whole one.
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let what = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut npm = npm();
    // No package here needs its install script, and what does not run cannot harm.
    npm.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]);
    process::quiet(
        &format!("installing the npm packages of {what}"),
        "10 s",
        &mut npm,
        "is the network up? After editing package.json, run \
         `npm install --omit-lockfile-registry-resolved` in that folder and commit package-lock.json",
    )?;
    fs::write(&stamp, lock)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", stamp.display()), "is the disk full?"))
}

/// npm itself.
pub(crate) fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Checks that there is a Node, and new enough.
fn node() -> Outcome {
    let mend = "install Node.js 20 or newer, with npm (https://nodejs.org, or the package nodejs of your system)";
    let version = process::read(Command::new("node").arg("--version"))
        .ok_or_else(|| Failure::new("there is no Node.js", mend).command("node --version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    match major {
        Some(OLDEST_NODE..) => Ok(()),
        _ => Err(Failure::new(format!("Node.js {} is too old", version.trim()), mend).command("node --version")),
    }
}

/// Where npm puts the programs of web/; wasm-opt is among them.
pub(crate) fn programs(project: &Project) -> PathBuf {
    project.web().join("node_modules/.bin")
}

/// One of the programs of web/.
pub(crate) fn program(project: &Project, name: &str) -> Command {
    let mut npm = npm();
    npm.current_dir(project.web()).args(["exec", "--offline", "--", name]);
    npm
}
