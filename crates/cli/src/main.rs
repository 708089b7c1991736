//! `playground`: the session in a native terminal.
#![forbid(unsafe_code)]

mod check;
mod clients;
mod replay;
mod scene;
mod shell;

use std::process::ExitCode;

const USAGE: &str = "Usage: playground shell | check FOLDER | bring FILE | home FILE | replay FILE | compare-clients FILE [COUNT [TEXT]]

  shell         a cluster of your own and a shell beside it, in this terminal
  check FOLDER  checks a lesson, or all lessons of a course
  bring FILE    makes manifests of what `kubectl get ... -o yaml` printed of a real cluster; says on
                stderr what is not as it was there
  home FILE     makes a script of manifests that builds them on kind or minikube, and compares every answer
  replay FILE   does what a recording did and prints the answers
  compare-clients FILE [COUNT [TEXT]]
                holds the client programs against a recording of them; shows the first COUNT differences
                of the cases whose id, client or situation holds TEXT";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["shell"] => {
            return match shell::run() {
                Ok(code) => ExitCode::from(code),
                Err(error) => {
                    complain(&error.to_string());
                    ExitCode::FAILURE
                }
            };
        }
        ["--help" | "-h" | "help"] => Ok(USAGE.to_owned()),
        ["check", path] => check::check(path),
        ["bring", path] => scene::bring(path),
        ["home", path] => scene::home(path),
        ["replay", path] => replay::replay(path).map_err(|error| error.to_string()),
        ["replay-clients", path] => clients::replay(path).map_err(|error| error.to_string()),
        ["compare-clients", path, rest @ ..] => {
            let show = rest.first().and_then(|count| count.parse().ok()).unwrap_or(0);
            let filter = rest.get(1).copied().unwrap_or_default();
            clients::compare(path, show, filter).map_err(|error| error.to_string())
        }
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(text) => {
            say(&text);
            ExitCode::SUCCESS
        }
        Err(text) => {
            complain(&text);
            ExitCode::FAILURE
        }
    }
}

/// The program's own output; everything else goes through the terminal.
#[allow(clippy::print_stdout)]
fn say(text: &str) {
    println!("{text}");
}

#[allow(clippy::print_stderr)]
pub(crate) fn complain(text: &str) {
    eprintln!("{text}");
}
