//! `playground`: the session in a native terminal.
#![forbid(unsafe_code)]

mod replay;

use std::process::ExitCode;

const USAGE: &str = "Usage: playground replay FILE\n\n  replay FILE   does what a recording did and prints the answers";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["replay", path] => replay::replay(path).map_err(|error| error.to_string()),
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
fn complain(text: &str) {
    eprintln!("{text}");
}
