//! `split MODULE LIST FIRST REST`, `split traced MODULE TRACED`, `split list MODULE RAN LIST`: see the library of the same package.
//! `cargo xtask` calls this; it is a program of its own so that only a build of the site compiles what reads wasm.
#![forbid(unsafe_code)]
#![expect(clippy::print_stderr, reason = "a program says what went wrong")]

use std::collections::BTreeSet;
use std::fs;
use std::process::ExitCode;

use split::list::List;
use split::program::Program;
use split::{Failure, names, split, traced};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("split: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result<(), Failure> {
    match args {
        ["traced", module, traced] => write(traced, &traced::write(&Program::read(&read(module)?)?)?),
        ["list", module, ran, list] => {
            let module = read(module)?;
            let program = Program::read(&module)?;
            let ran: BTreeSet<u32> = text(ran)?.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
            let names: Vec<_> = program
                .defined()
                .map(|function| (names::lasting(&program, function), ran.contains(&function)))
                .collect();
            let made = List::of(names.iter().map(|(name, ran)| (name.as_str(), *ran)));
            write(list, made.text().as_bytes())
        }
        [module, list, first, rest] => {
            let (at_first, later) = split(&read(module)?, &List::read(&text(list)?)?)?;
            write(first, &at_first)?;
            write(rest, &later)
        }
        _ => Err("say what: MODULE LIST FIRST REST, or traced MODULE TRACED, or list MODULE RAN LIST".into()),
    }
}

fn read(file: &str) -> Result<Vec<u8>, Failure> {
    fs::read(file).map_err(|why| format!("{file}: {why}").into())
}

fn text(file: &str) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|why| format!("{file}: {why}").into())
}

fn write(file: &str, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(file, bytes).map_err(|why| format!("{file}: {why}").into())
}
