//! `cargo xtask bench`: the engine, manifests and commands natively, and the page in a browser.

use crate::args::Args;
use crate::browsers::Browser;
use crate::failure::{Failure, Outcome};
use crate::project::Project;
use crate::{build, process, test};

/// The native benchmarks: a crate and its `[[bench]]` with `harness = false`.
const NATIVE: [(&str, &str); 2] = [("cluster", "engine"), ("shell", "commands")];

/// Runs both halves, or the one of `--only`.
///
/// # Errors
/// When a benchmark does not compile or run.
pub(crate) fn run(project: &Project, mut args: Args) -> Outcome {
    let only = args.take_value("--only")?;
    args.finish()?;
    match only.as_deref() {
        None => native(project).and_then(|()| browser(project)),
        Some("native") => native(project),
        Some("browser") => browser(project),
        Some(other) => Err(Failure::new(format!("there is no benchmark {other:?}"), "--only native or --only browser")),
    }
}

fn native(project: &Project) -> Outcome {
    println!("== the engine, manifests and commands, compiled for speed");
    for (package, bench) in NATIVE {
        let args = ["bench", "--profile", "native", "--package", package, "--bench", bench];
        process::show(&mut process::cargo(project.root(), args), "the message above says what is wrong")?;
    }
    Ok(())
}

fn browser(project: &Project) -> Outcome {
    println!("== the page, as it is published");
    build::site(project, None)?;
    for browser in [Browser::Chromium, Browser::Firefox] {
        process::show(test::e2e(project, browser)?.arg("bench.mjs"), "the message above says what is wrong")?;
    }
    Ok(())
}
