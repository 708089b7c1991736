//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// The folders of the project.
pub(crate) struct Project {
    root: PathBuf,
    tools: PathBuf,
}

impl Project {
    /// Finds the project that this program belongs to.
    ///
    /// # Errors
    /// When neither cargo nor the current folder tells where it is.
    pub(crate) fn find() -> Outcome<Self> {
        // Cargo tells the program's own folder at run time; what was known at compile time may have been moved since.
        let root = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(xtask) => PathBuf::from(xtask).parent().map(Path::to_path_buf),
            None => env::current_dir().ok(),
        };
        let root = root.filter(|root| root.join("Trunk.toml").is_file()).ok_or_else(|| {
            Failure::new("cannot find the project", "run it as `cargo xtask` from a folder of the project")
        })?;
        let tools = env::var_os("PLAYGROUND_TOOLS").map_or_else(|| root.join(".tools"), |folder| root.join(folder));
        Ok(Self { root, tools })
    }

    /// The folder of the root Cargo.toml. Every command runs here.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where compiled tools are kept.
    pub(crate) fn tools(&self) -> &Path {
        &self.tools
    }

    /// The built site.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The TypeScript package: sources, bundler and wasm-opt.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// The journeys through the built site.
    pub(crate) fn e2e(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }
}
