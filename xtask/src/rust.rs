//! The Rust side of set-up: the compiler target of the page, and the crates for builds without a network.

use std::path::Path;
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::process;
use crate::project::Project;

/// What the page is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure that the toolchain of rust-toolchain.toml can compile for the browser.
///
/// # Errors
/// When the target is missing and rustup cannot add it.
pub(crate) fn wasm_target(project: &Project) -> Outcome {
    let ask = &mut Command::new("rustc");
    let library = process::read(ask.current_dir(project.root()).args(["--print", "target-libdir", "--target", WASM]));
    if library.is_some_and(|folder| Path::new(folder.trim()).is_dir()) {
        return Ok(());
    }
    if process::on_path(&["rustup"]).is_none() {
        return Err(Failure::new(
            format!("this Rust has no {WASM} target, and there is no rustup to add it"),
            "install rustup (https://rustup.rs), or the target from where your Rust came from",
        ));
    }
    // Without --toolchain: rustup reads rust-toolchain.toml in the project's folder.
    let mut add = Command::new("rustup");
    add.current_dir(project.root()).args(["target", "add", WASM]);
    process::quiet(
        &format!("adding the Rust target {WASM}"),
        "20 s",
        &mut add,
        "is the network up? Run the same command again; `rustup show` tells which toolchain is in use",
    )
}

/// Downloads every crate of the lock file, because Trunk builds offline.
///
/// # Errors
/// When a crate is missing and cannot be downloaded.
pub(crate) fn crates(project: &Project) -> Outcome {
    // Silent when everything is there, which a first, offline try tells within a tenth of a second.
    if process::read(&mut process::cargo(project.root(), ["fetch", "--locked", "--offline", "--quiet"])).is_some() {
        return Ok(());
    }
    process::quiet(
        "downloading the crates of Cargo.lock",
        "20 s",
        &mut process::cargo(project.root(), ["fetch", "--locked"]),
        "is the network up? When Cargo.lock is out of date, run `cargo check` and commit the lock file",
    )
}
