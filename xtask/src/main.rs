//! `cargo xtask`: all set-up and all checks of this project, one command each.
//!
//! A chore is a function `fn(&Project, Args) -> Outcome`, listed once in [`COMMANDS`]; help, dispatch and the README
//! follow that list. What a chore needs (a compiler target, Trunk, a browser) it asks for when it needs it, and is set up
//! then: there is no separate set-up to forget.
#![forbid(unsafe_code)]
// This is the one program of the workspace whose whole work is to talk to a terminal and to measure real time.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod args;
mod bench;
mod browsers;
mod build;
mod check;
mod examples;
mod failure;
mod help;
mod npm;
mod process;
mod project;
mod release;
mod rust;
mod scorm;
mod screenshots;
mod serve;
mod size;
mod split;
mod test;
mod tools;

use std::process::ExitCode;

use args::Args;
use failure::Outcome;
use project::Project;

/// One chore.
struct Command {
    name: &'static str,
    /// The arguments it takes, as help shows them.
    usage: &'static str,
    /// One line: what it is for.
    about: &'static str,
    run: fn(&Project, Args) -> Outcome,
}

/// Every chore there is, in the order in which one meets them.
const COMMANDS: &[Command] = &[
    Command {
        name: "serve",
        usage: "[--port N]",
        about: "set everything up and show the page at http://127.0.0.1:8080, reloading as you type",
        run: serve::run,
    },
    Command {
        name: "build",
        usage: "[--public-url /sub/path/]",
        about: "write the site to dist/ and print what a visitor downloads",
        run: build::run,
    },
    Command {
        name: "test",
        usage: "[--only STEP[,STEP]] [--list]",
        about: "run every test there is: format, lints, native, in browsers, journeys, download size",
        run: test::run,
    },
    Command {
        name: "check",
        usage: "",
        about: "the quick half of test, for every save: format, lints, types, native tests",
        run: check::run,
    },
    Command {
        name: "schema",
        usage: "",
        about: "write the API schema anew from the published Kubernetes types",
        run: check::schema,
    },
    Command {
        name: "lessons",
        usage: "[--only LESSON]",
        about: "check that every lesson keeps what it promises: its start fails, its solution passes, mistakes are told their own words",
        run: check::lessons,
    },
    Command {
        name: "split-list",
        usage: "",
        about: "look at the page in Chromium and write anew what loads only after its first view: xtask/split/rest.txt",
        run: split::list,
    },
    Command { name: "fmt", usage: "", about: "format all Rust code", run: check::format },
    Command {
        name: "size",
        usage: "",
        about: "print what a visitor downloads from dist/ and hold it against size-budget.toml",
        run: size::run,
    },
    Command {
        name: "examples",
        usage: "",
        about: "build the course pages of examples/ with their tools, and pass an exercise inside each",
        run: examples::run,
    },
    Command {
        name: "release",
        usage: "",
        about: "pack the site, the element as an npm package and the lessons as archives of this version, into release/",
        run: release::run,
    },
    Command {
        name: "scorm",
        usage: "--site URL --exercise ID [--title TEXT] [--out FILE]",
        about: "one exercise as a SCORM 1.2 package, for learning platforms such as Moodle",
        run: scorm::run,
    },
    Command {
        name: "bench",
        usage: "[--only native|browser]",
        about: "measure the engine, and the page from load to interactive and from key press to diagram",
        run: bench::run,
    },
    Command {
        name: "screenshots",
        usage: "",
        about: "picture the page at four widths, dark and light, into test-results/screenshots",
        run: screenshots::run,
    },
    Command {
        name: "setup",
        usage: "",
        about: "install everything the other commands need, now rather than on first use",
        run: tools::set_up_all,
    },
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_else(|| "--help".to_owned());
    if matches!(name.as_str(), "--help" | "-h" | "help") {
        help::print(COMMANDS, words.next().as_deref());
        return ExitCode::SUCCESS;
    }
    let args = Args::new(words);
    if args.asks_for_help() {
        help::print(COMMANDS, Some(&name));
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("error: there is no command {name:?}\n  mend: cargo xtask --help lists them all");
        return ExitCode::FAILURE;
    };
    match Project::find().and_then(|project| (command.run)(&project, args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
