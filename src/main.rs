//! Mounts the page. See the library of the same package.
#![forbid(unsafe_code)]

#[cfg(target_arch = "wasm32")]
fn main() {
    services_playground::start();
}

/// The page exists in a browser only: `cargo xtask serve` shows it, `playground` of `crates/cli` is the native one.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
