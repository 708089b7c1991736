//! `cargo xtask serve`: the page, reloading as one types.

use std::process::Stdio;

use crate::args::Args;
use crate::failure::{Failure, Outcome};
use crate::project::Project;
use crate::{build, process};

/// Serves the page until one presses Ctrl-C. Quick to compile rather than small to download: see `build` for that.
///
/// # Errors
/// When something cannot be set up, or the port is taken.
pub(crate) fn run(project: &Project, mut args: Args) -> Outcome {
    let port = args.take_value("--port")?.unwrap_or_else(|| "8080".to_owned());
    args.finish()?;
    let mut trunk = build::trunk(project)?;
    // esbuild watches web/src and Trunk everything else, web/dist included. esbuild ends when its standard input does,
    // which is when this program ends, however it ends: so it never outlives the server.
    let mut watch = build::web_script(project, "watch").stdin(Stdio::piped()).spawn().map_err(|error| {
        Failure::new(format!("esbuild did not run: {error}"), "cargo xtask setup installs it again")
    })?;
    println!("the page will be at http://127.0.0.1:{port} when it is compiled; Ctrl-C ends this");
    // Not dist/: that stays the site as it is published, which the journeys and the budget are about.
    trunk.args(["serve", "--address", "127.0.0.1", "--port", &port, "--dist", "target/serve"]);
    let served = process::show(&mut trunk, "is the port free? cargo xtask serve --port 8081 takes another");
    drop(watch.stdin.take());
    drop(watch.wait());
    served
}
