//! `cargo xtask test`: a list of named steps, each timed; one that fails does not hide the others.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use crate::args::Args;
use crate::browsers::{self, Browser};
use crate::failure::{Failure, Outcome};
use crate::project::Project;
use crate::tools::WASM_BINDGEN;
use crate::{build, check, npm, process, rust, size};

/// One step.
struct Step {
    name: &'static str,
    about: &'static str,
    /// Whether it looks at dist/, which is worth nothing when the step `site` has just failed to renew it.
    on_site: bool,
    run: fn(&Project) -> Outcome,
}

const STEPS: &[Step] = &[
    Step { name: "format", about: "all Rust is formatted", on_site: false, run: check::formatted },
    Step { name: "lints", about: "clippy, warnings as errors: the workspace", on_site: false, run: check::lints },
    Step { name: "page-lints", about: "clippy, warnings as errors: the page", on_site: false, run: check::page_lints },
    Step { name: "types", about: "tsc on web/", on_site: false, run: check::types },
    Step { name: "native", about: "native tests of all crates", on_site: false, run: check::native_tests },
    Step {
        name: "web-chromium",
        about: "tests/web in Chromium",
        on_site: false,
        run: |project| in_browser(project, Browser::Chromium),
    },
    Step {
        name: "web-firefox",
        about: "tests/web in Firefox",
        on_site: false,
        run: |project| in_browser(project, Browser::Firefox),
    },
    Step { name: SITE, about: "the site compiles as it is published", on_site: false, run: |p| build::site(p, None) },
    Step {
        name: "size",
        about: "every download is within size-budget.toml",
        on_site: true,
        run: |project| size::run(project, Args::none()),
    },
    Step {
        name: "journeys-chromium",
        about: "tests/e2e in Chromium against dist/",
        on_site: true,
        run: |project| journeys(project, Browser::Chromium),
    },
    Step {
        name: "journeys-firefox",
        about: "tests/e2e in Firefox against dist/",
        on_site: true,
        run: |project| journeys(project, Browser::Firefox),
    },
    Step {
        name: "journeys-webkit",
        about: "tests/e2e in WebKitGTK against dist/",
        on_site: true,
        run: |project| journeys(project, Browser::WebKit),
    },
];

/// What runs only when `--only` names it: it would take everybody's run past the time that one waits for.
const WHEN_ASKED: &[&str] = &["journeys-webkit"];

/// The step that writes dist/.
const SITE: &str = "site";

/// Runs all steps but those that have to be named, or those of `--only`.
///
/// # Errors
/// When a step fails or `--only` names one that does not exist.
pub(crate) fn run(project: &Project, mut args: Args) -> Outcome {
    let list = args.take_flag("--list");
    let only = args.take_value("--only")?;
    args.finish()?;
    if list {
        for step in STEPS {
            let when = if WHEN_ASKED.contains(&step.name) { " (only when named)" } else { "" };
            println!("{:18} {}{when}", step.name, step.about);
        }
        return Ok(());
    }
    let all = || STEPS.iter().map(|step| step.name).filter(|name| !WHEN_ASKED.contains(name)).collect();
    steps(project, &only.as_deref().map_or_else(all, |only| only.split(',').collect::<Vec<_>>()))
}

/// Runs the named steps in the order of the list, and sums up.
///
/// # Errors
/// As [`run`].
pub(crate) fn steps(project: &Project, names: &[&str]) -> Outcome {
    if let Some(unknown) = names.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        return Err(Failure::new(format!("there is no step {unknown:?}"), "cargo xtask test --list lists them"));
    }
    let mut results: Vec<(&Step, Duration, Outcome)> = Vec::new();
    for step in STEPS.iter().filter(|step| names.contains(&step.name)) {
        println!("\n== {}: {}", step.name, step.about);
        let started = Instant::now();
        let no_site = results.iter().any(|(earlier, _, outcome)| earlier.name == SITE && outcome.is_err());
        let outcome = if step.on_site && no_site {
            Err(Failure::new("not run, because there is no new site", "mend the step site first"))
        } else {
            (step.run)(project)
        };
        results.push((step, started.elapsed(), outcome));
    }
    summary(&results)
}

fn summary(results: &[(&Step, Duration, Outcome)]) -> Outcome {
    println!();
    for (step, time, outcome) in results {
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        println!("{word:7} {:18} {:>12}", step.name, process::seconds(*time));
    }
    for (step, _, outcome) in results {
        if let Err(failure) = outcome {
            println!("\n{}:\n{failure}", step.name);
        }
    }
    let failed = results.iter().filter(|(_, _, outcome)| outcome.is_err()).count();
    println!("\nsteps: {} passed, {failed} failed", results.len() - failed);
    if failed == 0 {
        return Ok(());
    }
    Err(Failure::new(format!("{failed} of {} steps failed", results.len()), "cargo xtask test --only STEP repeats one"))
}

/// The tests of tests/web, compiled to wasm and run in one browser.
fn in_browser(project: &Project, browser: Browser) -> Outcome {
    rust::wasm_target(project)?;
    let runner = WASM_BINDGEN.folder(project)?.join("wasm-bindgen-test-runner");
    browsers::executable(browser)?;
    let driver = browsers::driver(browser, project)?;
    let mut cargo = process::cargo(project.root(), ["test", "--package", "services-playground", "--test", "web"]);
    cargo.args(["--locked", "--target", rust::WASM]);
    // The runner takes the first driver it finds: show it just one.
    for other in ["CHROMEDRIVER", "GECKODRIVER", "SAFARIDRIVER", "MSEDGEDRIVER"] {
        cargo.env_remove(other);
        cargo.env_remove(format!("{other}_REMOTE"));
    }
    cargo.env(browser.driver_name().to_uppercase(), driver);
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    // Seconds. A machine that is busy compiling takes its time to start a browser.
    cargo.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    process::show(&mut cargo, "the failing test is named above; NO_HEADLESS=1 shows it in a window of your own browser")
}

/// The journeys of tests/e2e through dist/ in one browser.
fn journeys(project: &Project, browser: Browser) -> Outcome {
    let mut node = e2e(project, browser)?;
    let folder = project.root().join("test-results");
    let failed = folder.join(format!("journeys-{}.txt", browser.name()));
    fs::create_dir_all(&folder).map_err(|error| {
        Failure::new(
            format!("cannot make {}: {error}", folder.display()),
            "is the disk full, or the folder somebody else's?",
        )
    })?;
    node.args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout"]);
    node.arg("--test-reporter=./failures.mjs").arg("--test-reporter-destination").arg(&failed);
    // Two files at a time, each in a browser of its own: a journey mostly waits.
    node.arg("--test-concurrency=2").args(journey_files(&project.e2e())?);
    process::show(&mut node, "test-results/journeys/ has a picture of each failed journey, as the page was then")
        .map_err(
            // A reporter that wrote nothing leaves the reason above.
            |failure| failure.output(fs::read_to_string(&failed).unwrap_or_default()),
        )
}

/// Node in tests/e2e with the browser that the scripts there drive; the caller adds the script.
///
/// # Errors
/// When there is no site, no browser or no Node.
pub(crate) fn e2e(project: &Project, browser: Browser) -> Outcome<Command> {
    if !project.dist().join("index.html").is_file() {
        return Err(Failure::new("there is no site in dist/", "cargo xtask build writes it"));
    }
    npm::install(&project.e2e())?;
    let mut node = Command::new("node");
    node.current_dir(project.e2e());
    node.env("E2E_BROWSER", browser.name()).env("E2E_EXECUTABLE", browsers::executable(browser)?);
    // So that nothing of the surrounding run (a coverage tool, another test runner) changes how the scripts behave.
    if env::var_os("NODE_OPTIONS").is_some() {
        node.env_remove("NODE_OPTIONS");
    }
    Ok(node)
}

/// The journeys by name: Node 20 takes no pattern, and later ones no folder.
fn journey_files(e2e: &Path) -> Outcome<Vec<std::path::PathBuf>> {
    let folder = e2e.join("journeys");
    let entries = fs::read_dir(&folder).map_err(|error| {
        Failure::new(format!("cannot read {}: {error}", folder.display()), "restore the folder from git")
    })?;
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        return Err(Failure::new(format!("no journey in {}", folder.display()), "name journeys NAME.test.mjs"));
    }
    Ok(files)
}
