//! Tools that come as Rust source: which version, where they are kept, how they get there.
//!
//! A tool on PATH at exactly the pinned version is used as it is. Otherwise it is compiled, quickly rather than well, into
//! `<tools>/<name>-<version>/bin`, and found there the next time. The other tools (esbuild, wasm-opt, tsc) come from npm.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::args::Args;
use crate::browsers::{self, Browser};
use crate::failure::{Failure, Outcome};
use crate::process;
use crate::project::Project;
use crate::{npm, rust};

/// One tool at its pinned version.
pub(crate) struct Tool {
    /// The crate, which is also the folder's name.
    package: &'static str,
    /// The program that is asked for its version.
    program: &'static str,
    version: &'static str,
    /// Whether to build with the crate's own lock file.
    locked: bool,
    /// Measured on two cores.
    estimate: &'static str,
}

/// Builds and serves the page.
pub(crate) const TRUNK: Tool =
    Tool { package: "trunk", program: "trunk", version: "0.21.14", locked: true, estimate: "5 min" };

/// Makes JavaScript for the wasm, and runs tests in browsers. Exactly the version of the `wasm-bindgen` crate in Cargo.lock.
pub(crate) const WASM_BINDGEN: Tool = Tool {
    package: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    version: "0.2.130",
    // Its lock file names webpki-roots 1.0.11, which was withdrawn: with it the install fails.
    locked: false,
    estimate: "2 min",
};

/// Drives Firefox for the tests in browsers; Chromium brings its own driver.
pub(crate) const GECKODRIVER: Tool =
    Tool { package: "geckodriver", program: "geckodriver", version: "0.37.1", locked: true, estimate: "1 min" };

/// Builds the mdBook of examples/.
pub(crate) const MDBOOK: Tool =
    Tool { package: "mdbook", program: "mdbook", version: "0.5.4", locked: true, estimate: "5 min" };

impl Tool {
    /// The folder that holds the tool's programs, which are installed when they are not there.
    ///
    /// # Errors
    /// When the tool cannot be installed.
    pub(crate) fn folder(&self, project: &Project) -> Outcome<PathBuf> {
        if let Some(folder) = self.installed(project) {
            return Ok(folder);
        }
        self.install(project)?;
        Ok(self.home(project).join("bin"))
    }

    fn home(&self, project: &Project) -> PathBuf {
        project.tools().join(format!("{}-{}", self.package, self.version))
    }

    fn installed(&self, project: &Project) -> Option<PathBuf> {
        let kept = self.home(project).join("bin");
        let on_path = process::on_path(&[self.program]).and_then(|file| file.parent().map(PathBuf::from));
        on_path.into_iter().chain([kept]).find(|folder| {
            let version = process::read(Command::new(folder.join(self.program)).arg("--version"));
            version.is_some_and(|text| is_version(&text, self.version))
        })
    }

    /// Compiles into a folder beside the final one and renames it when whole, so that breaking off leaves nothing half.
    /// The build folder stays: a second try goes on where the first stopped.
    fn install(&self, project: &Project) -> Outcome {
        let home = self.home(project);
        let partial = project.tools().join(format!("partial-{}", self.package));
        let mut cargo = process::cargo(project.root(), ["install", self.package, "--version", self.version, "--force"]);
        cargo.arg("--root").arg(&partial).arg("--target-dir").arg(project.tools().join("build"));
        if self.locked {
            cargo.arg("--locked");
        }
        // As released, Trunk alone takes 15 minutes of one core. These programs run for moments: compile them quickly.
        cargo.env("CARGO_PROFILE_RELEASE_LTO", "off");
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        cargo.env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        cargo.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET").env_remove("RUSTFLAGS");
        let what = format!("installing {} {}", self.package, self.version);
        process::quiet(
            &what,
            self.estimate,
            &mut cargo,
            "is the network up, and a C compiler there (Debian: apt install build-essential)? Run the same again: it goes \
             on where it stopped",
        )?;
        if home.exists() {
            // Something of another version, or not working: `installed` refused it.
            fs::remove_dir_all(&home).map_err(|error| moved(&home, &error))?;
        }
        fs::rename(&partial, &home).map_err(|error| moved(&home, &error))
    }
}

fn moved(home: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}", home.display()), "may you write there? PLAYGROUND_TOOLS moves it")
}

/// Whether the first line that a program says about itself ends in exactly this version.
fn is_version(text: &str, version: &str) -> bool {
    text.lines().next().is_some_and(|line| line.split_whitespace().any(|word| word == version))
}

/// `cargo xtask setup`: everything, in the order in which it gets interesting.
///
/// # Errors
/// When something cannot be installed.
pub(crate) fn set_up_all(project: &Project, args: Args) -> Outcome {
    args.finish()?;
    rust::wasm_target(project)?;
    rust::crates(project)?;
    npm::install(&project.web())?;
    npm::install(&project.e2e())?;
    let mut found = Vec::new();
    for tool in [&TRUNK, &WASM_BINDGEN] {
        found.push((tool.package, tool.folder(project)?.join(tool.program)));
    }
    for browser in [Browser::Chromium, Browser::Firefox, Browser::WebKit] {
        found.push((browser.name(), browsers::executable(browser)?));
        found.push((browser.driver_name(), browsers::driver(browser, project)?));
    }
    for (what, file) in found {
        println!("{what:16} {}", file.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_matched_whole() {
        assert!(is_version("trunk 0.21.14\n", "0.21.14"));
        assert!(is_version("geckodriver 0.37.1 (abc 2026)\n\nThe source", "0.37.1"));
        assert!(!is_version("trunk 0.21.140\n", "0.21.14"));
        assert!(!is_version("", "0.21.14"));
    }
}
