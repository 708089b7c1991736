//! awk: the language as mawk and BusyBox have it, without `getline` and `system`.
//!
//! - [`ast`], [`token`], [`parse`]: programs as data, and text to them
//! - [`state`], [`value`]: what a program knows
//! - [`run`] with [`functions`], [`format`]: doing what it says

mod ast;
mod format;
mod functions;
mod parse;
mod run;
mod state;
mod token;
mod value;

use self::run::{Machine, Place, Stop};
use self::state::State;
use self::value::Value;
use super::options::Spec;
use super::text::reader::Reader;
use crate::files::absolute;
use crate::lang;
use crate::stream::Source;
use crate::sys::{Host, Sys};

const SPEC: Spec =
    Spec { short: "+F:v:f:W:", long: &[("field-separator", 'F', true), ("assign", 'v', true), ("file", 'f', true)] };

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match SPEC.parse(&argv) {
        Ok(given) => given,
        Err(fault) => {
            sys.err.line(format!("awk: {fault}"));
            return 2;
        }
    };
    let mut operands = given.operands.clone();
    let mut text = String::new();
    for file in given.values('f') {
        match sys.read_file(file) {
            Ok(more) => text.push_str(&more),
            Err(error) => {
                sys.err.line(match sys.host {
                    Host::Busybox => format!("awk: {file}: {error}"),
                    _ => format!("awk: cannot open {file} ({error})"),
                });
                return 2;
            }
        }
    }
    if !given.has('f') {
        if operands.is_empty() {
            sys.err.line(match sys.host {
                Host::Busybox => "BusyBox v1.36.1 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: awk [OPTIONS] [AWK_PROGRAM] [FILE]...",
                _ => "Usage: mawk [Options] 'program' [file ...]",
            });
            return if sys.host == Host::Busybox { 1 } else { 2 };
        }
        text = operands.remove(0);
    }
    let program = match parse::parse(&text) {
        Ok(program) => program,
        Err(fault) => {
            sys.err.line(match sys.host {
                Host::Busybox if fault.near == "end of file" => {
                    format!("awk: cmd. line:{}: Unexpected end of string", fault.line)
                }
                Host::Busybox => format!("awk: cmd. line:{}: Unexpected token", fault.line),
                _ => mawks_fault(&fault),
            });
            return if sys.host == Host::Busybox { 1 } else { 2 };
        }
    };
    let mut state = State::default();
    for (name, value) in [("FS", " "), ("OFS", " "), ("ORS", "\n"), ("RS", "\n"), ("SUBSEP", "\x1c")] {
        state.set(name, Value::text(value));
    }
    for name in ["OFMT", "CONVFMT"] {
        state.set(name, Value::text("%.6g"));
    }
    if let Some(separator) = given.value('F') {
        let separator = if separator == "t" { "\t".to_owned() } else { token::unescape(separator) };
        state.set("FS", Value::text(&separator));
    }
    for assignment in given.values('v') {
        assign(&mut state, assignment);
    }
    let environ = state.array("ENVIRON");
    for (name, value) in &sys.env {
        environ.borrow_mut().set(name, Value::input(value));
    }
    let arguments = state.array("ARGV");
    for (index, word) in std::iter::once(&"awk".to_owned()).chain(&operands).enumerate() {
        arguments.borrow_mut().set(&index.to_string(), Value::input(word));
    }
    state.set("ARGC", Value::count(operands.len() + 1));
    let mut runner = Runner {
        sys: &sys,
        machine: Machine::new(&program, state, sys.host == Host::Busybox),
        pipes: Vec::new(),
        files: Vec::new(),
    };
    let lines = program.rules.iter().any(|rule| !matches!(rule.when, ast::When::Begin));
    runner.all(&operands, lines).await
}

/// What mawk says of a program that it cannot read; to it a program ends with an end of line.
fn mawks_fault(fault: &parse::Fault) -> String {
    let (line, near) = (fault.line, fault.near.as_str());
    match near {
        "end of file" => format!("awk: line {}: missing }} near end of file", line + 1),
        ")" => format!("awk: line {line}: extra ')'"),
        near => format!("awk: line {line}: syntax error at or near {near}"),
    }
}

/// `name=value`; whether the word was one.
fn assign(state: &mut State, word: &str) -> bool {
    let Some((name, value)) = word.split_once('=').filter(|(name, _)| lang::is_name(name)) else { return false };
    state.set(name, Value::input(&token::unescape(value)));
    true
}

struct Runner<'a> {
    sys: &'a Sys,
    machine: Machine<'a>,
    /// What goes to commands, in the order in which they were named.
    pipes: Vec<(String, String)>,
    /// Files that were opened for writing.
    files: Vec<String>,
}

impl Runner<'_> {
    /// Runs all rules; the exit code.
    async fn all(&mut self, operands: &[String], lines: bool) -> i32 {
        let mut ended = self.rules(true, false);
        if ended.is_none() && lines {
            ended = self.lines(operands).await;
        }
        if !matches!(ended, Some(2)) {
            let at_end = self.rules(false, true);
            ended = ended.or(at_end);
            if at_end == Some(2) {
                ended = at_end;
            }
        }
        for (command, text) in std::mem::take(&mut self.pipes) {
            let mut inner = self.sys.clone();
            inner.stdin = Source::of(&text);
            inner.stdin_is_terminal = false;
            lang::command(inner, vec!["sh".to_owned(), "-c".to_owned(), command]).await;
        }
        match ended {
            Some(2) => 2,
            _ => self.machine.status,
        }
    }

    /// Runs the rules; `Some` when that was the last: 2 after a fault.
    fn rules(&mut self, begin: bool, end: bool) -> Option<i32> {
        let done = self.machine.rules(begin, end);
        self.hand_on();
        match done {
            Ok(()) | Err(Stop::Next | Stop::Break | Stop::Continue | Stop::Return(_)) => None,
            Err(Stop::Exit) => Some(0),
            Err(Stop::Fault(why)) => {
                self.sys.err.line(match self.sys.host {
                    Host::Busybox => format!("awk: cmd. line:1: {why}"),
                    _ => format!("awk: {why}"),
                });
                Some(2)
            }
        }
    }

    async fn lines(&mut self, operands: &[String]) -> Option<i32> {
        let sys = self.sys;
        let named: Vec<&String> = operands.iter().filter(|word| !is_assignment(sys, word)).collect();
        let mut number = 0;
        let only_stdin = ["-".to_owned()];
        let operands = if named.is_empty() {
            for word in operands {
                assign(&mut self.machine.state, word);
            }
            &only_stdin
        } else {
            operands
        };
        for operand in operands {
            if is_assignment(sys, operand) {
                assign(&mut self.machine.state, operand);
                continue;
            }
            let mut reader = Reader::new(sys, "awk", std::slice::from_ref(operand));
            if reader.next_input().is_none() {
                self.machine.status = 2;
                continue;
            }
            self.machine.state.set("FILENAME", Value::input(if operand == "-" { "" } else { operand }));
            let mut in_file = 0;
            let mut split = self.split_all(&mut reader).await.into_iter();
            loop {
                let record = match split.next() {
                    Some(record) => record,
                    None if &*self.machine.state.text("RS") != "\n" => break,
                    None => match reader.line_here().await {
                        Some(line) => line.strip_suffix('\n').unwrap_or(&line).to_owned(),
                        None => break,
                    },
                };
                (number, in_file) = (number + 1, in_file + 1);
                self.machine.state.set("NR", Value::count(number));
                self.machine.state.set("FNR", Value::count(in_file));
                self.machine.state.set_record(&record);
                let ended = self.rules(false, false);
                if ended.is_some() {
                    return ended;
                }
            }
        }
        None
    }

    /// With another `RS` than the end of line all is read before it is taken apart.
    async fn split_all(&mut self, reader: &mut Reader<'_>) -> Vec<String> {
        let separator = self.machine.state.text("RS");
        if &*separator == "\n" {
            return Vec::new();
        }
        let mut text = String::new();
        while let Some(line) = reader.line_here().await {
            text.push_str(&line);
        }
        let text = text.trim_end_matches('\n');
        let parts: Vec<&str> = if separator.is_empty() {
            text.split("\n\n").map(|part| part.trim_matches('\n')).filter(|part| !part.is_empty()).collect()
        } else if separator.chars().count() == 1 {
            text.split(&*separator).collect()
        } else {
            match self.machine.state.regex(&separator) {
                Some(regex) => return regex.split(text).map(str::to_owned).collect(),
                None => vec![text],
            }
        };
        parts.into_iter().map(str::to_owned).collect()
    }

    /// Hands on what was written.
    fn hand_on(&mut self) {
        for (place, text) in std::mem::take(&mut self.machine.written) {
            match place {
                Place::Output => self.sys.out.write(text),
                Place::File(name, _) if name == "/dev/stdout" || name == "-" => self.sys.out.write(text),
                Place::File(name, _) if name == "/dev/stderr" => self.sys.err.write(text),
                Place::File(name, _) if name == "/dev/null" => {}
                Place::File(name, append) => self.write_file(&name, append, &text),
                Place::Command(command) if matches!(command.as_str(), "cat 1>&2" | "cat >&2") => {
                    self.sys.err.write(text);
                }
                Place::Command(command) => match self.pipes.iter_mut().find(|(known, _)| *known == command) {
                    Some((_, known)) => known.push_str(&text),
                    None => self.pipes.push((command, text)),
                },
            }
        }
    }

    /// `>` empties a file once, when it is opened.
    fn write_file(&mut self, name: &str, append: bool, text: &str) {
        let path = absolute(&self.sys.folder, name);
        let first = !self.files.contains(&path);
        let opened = self.sys.files(|files| {
            if first && !(append && files.is_file(&path)) {
                files.write(&path, "")?;
            }
            files.append(&path, text);
            Ok::<(), crate::files::FileError>(())
        });
        match opened {
            Ok(()) if first => self.files.push(path),
            Ok(()) => {}
            Err(error) => self.sys.err.line(format!("awk: cannot open \"{name}\" for output: {error}")),
        }
    }
}

/// Whether an operand is `name=value` and no file.
fn is_assignment(sys: &Sys, word: &str) -> bool {
    let named = word.split_once('=').is_some_and(|(name, _)| lang::is_name(name));
    named && !sys.files(|files| files.is_file(&absolute(&sys.folder, word)))
}

#[cfg(test)]
mod tests;
