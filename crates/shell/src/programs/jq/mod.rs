//! jq 1.7.1: filters over JSON.
//!
//! - [`read`]: JSON texts to [`value`]s
//! - [`ast`], [`token`], [`parse`], [`check`]: programs as data, and text to them
//! - [`eval`] with [`bind`], [`path`], [`operate`], [`builtins`], [`regex`], [`format`]: running them

mod ast;
mod bind;
mod builtins;
mod check;
mod eval;
mod format;
mod operate;
mod options;
mod parse;
mod path;
mod read;
mod regex;
mod token;
mod value;

use std::cell::{Cell, RefCell};

use self::ast::Ast;
use self::eval::{Item, Machine, Stop};
use self::options::{Options, Wanted};
use self::value::{Json, Style};
use super::text::reader::Reader;
use crate::sys::Sys;

const PRELUDE: &str = include_str!("prelude.jq");

/// Output of one input beyond this is cut off.
const MOST_OUTPUT: usize = 8 << 20;

/// What became of an input.
#[derive(Clone, Copy, PartialEq)]
enum Ran {
    /// The last output, if there was one, was `null` or `false`.
    Outputs(Option<bool>),
    Failed,
    Halted(i32),
}

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let options = match options::parse(&sys, &argv) {
        Ok(Wanted::Run(options)) => options,
        Ok(Wanted::Done(status)) | Err(status) => return status,
    };
    let text = options.program.as_str();
    let prelude = match parse::definitions(PRELUDE) {
        Ok(prelude) => prelude,
        Err(why) => return complain(&sys, &why),
    };
    let program = match parse::parse(text) {
        Ok(program) => program,
        Err(why) => return complain(&sys, &why),
    };
    let machine = Machine {
        prelude: &prelude,
        globals: options.globals.clone(),
        inputs: RefCell::default(),
        messages: RefCell::default(),
        now: seconds(&sys),
        steps: Cell::new(0),
        depth: Cell::new(0),
        labels: Cell::new(0),
    };
    if let Err(why) = check::check(&machine, &program, text) {
        return complain(&sys, &why);
    }
    let mut runner = Runner { sys: &sys, options: &options, machine, program: &program, last: None, status: 0 };
    runner.inputs().await
}

fn complain(sys: &Sys, why: &str) -> i32 {
    sys.err.line(why);
    sys.err.line("jq: 1 compile error");
    3
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of our time are below 2^53")]
fn seconds(sys: &Sys) -> f64 {
    (sys.now().0 % 1_000_000) as f64 / 1e6 + sys.now().unix_seconds() as f64
}

struct Runner<'a> {
    sys: &'a Sys,
    options: &'a Options,
    machine: Machine<'a>,
    program: &'a Ast,
    /// Whether the last output was something.
    last: Option<bool>,
    status: i32,
}

impl Runner<'_> {
    /// Reads what there is and runs the program for each; the exit code.
    async fn inputs(&mut self) -> i32 {
        let options = self.options;
        let mut files = Reader::new(self.sys, "jq", &options.files);
        let mut reader = read::Reader::default();
        // `input` takes what comes later, so all of it has to be there.
        let ahead = options.null_input || options.slurp || options.program.contains("input");
        if options.null_input && !options.program.contains("input") {
            self.process(Json::Null, "<unknown>");
            return self.end(false);
        }
        let mut kept: Vec<Json> = Vec::new();
        let mut raw = String::new();
        let mut place = "<unknown>".to_owned();
        let mut halted = false;
        'all: while let Some(name) = files.next_input() {
            let name = if name == "-" { "<stdin>".to_owned() } else { name };
            let mut lines = 0;
            while let Some(line) = files.line_here().await {
                lines += usize::from(line.ends_with('\n'));
                place = format!("{name}:{lines}");
                let mut found = Vec::new();
                let read = if options.raw_input && options.slurp {
                    raw.push_str(&line);
                    Ok(())
                } else if options.raw_input {
                    found.push(Json::text(line.trim_end_matches('\n')));
                    Ok(())
                } else {
                    reader.feed(&line, &mut found)
                };
                if ahead {
                    kept.append(&mut found);
                }
                for value in found {
                    if self.process(value, &place) {
                        halted = true;
                        break 'all;
                    }
                }
                if let Err(why) = read {
                    self.drain(&mut kept, &place);
                    return self.malformed(&why);
                }
            }
        }
        if !halted && !options.raw_input {
            match reader.finish() {
                Ok(Some(value)) if ahead => kept.push(value),
                Ok(Some(value)) => drop(self.process(value, &place)),
                Ok(None) => {}
                Err(why) => {
                    self.drain(&mut kept, &place);
                    return self.malformed(&why);
                }
            }
        }
        if options.raw_input && options.slurp {
            kept.push(Json::text(&raw));
        }
        if options.slurp && !options.null_input {
            let all = if options.raw_input { Json::text(&raw) } else { Json::array(std::mem::take(&mut kept)) };
            self.process(all, &place);
        } else if ahead {
            self.drain(&mut kept, &place);
        }
        self.end(files.failed)
    }

    /// Runs the program over inputs that were kept, as far as it does not take them itself.
    fn drain(&mut self, kept: &mut Vec<Json>, place: &str) {
        self.machine.inputs.borrow_mut().extend(kept.drain(..));
        if self.options.null_input {
            self.process(Json::Null, "<unknown>");
            return;
        }
        loop {
            let Some(value) = self.machine.inputs.borrow_mut().pop_front() else { return };
            if self.process(value, place) {
                return;
            }
        }
    }

    fn malformed(&self, why: &str) -> i32 {
        self.sys.err.line(format!("jq: parse error: {why}"));
        5
    }

    /// Runs the program for one input; whether it was the last.
    fn process(&mut self, value: Json, place: &str) -> bool {
        match self.one(value, place) {
            Ran::Outputs(last) => {
                self.last = last.or(self.last);
                self.status = 0;
                false
            }
            Ran::Failed => {
                self.status = 5;
                false
            }
            Ran::Halted(status) => {
                self.status = status;
                true
            }
        }
    }

    fn one(&self, value: Json, place: &str) -> Ran {
        let (sys, options, machine) = (self.sys, self.options, &self.machine);
        machine.steps.set(0);
        machine.depth.set(0);
        let mut text = String::new();
        let mut last = None;
        let done = machine.eval(self.program, &None, Item::plain(value), &mut |item| {
            last = Some(item.value.truth());
            match &item.value {
                Json::Text(raw) if options.raw_output => text.push_str(raw),
                value => text.push_str(&value.dump(&options.style)),
            }
            if !options.join {
                text.push('\n');
            }
            if text.len() > MOST_OUTPUT { Err(Stop::Limit) } else { Ok(()) }
        });
        sys.out.write(text);
        sys.err.write(machine.messages.take());
        match done {
            Ok(()) => Ran::Outputs(last),
            Err(Stop::Halt(status)) => Ran::Halted(status),
            Err(Stop::Error(Json::Text(why))) => {
                sys.err.line(format!("jq: error (at {place}): {why}"));
                Ran::Failed
            }
            Err(Stop::Error(other)) => {
                sys.err.line(format!("jq: error (at {place}) (not a string): {}", other.compact()));
                Ran::Failed
            }
            Err(Stop::Break(_)) => {
                sys.err.line(format!("jq: error (at {place}): break"));
                Ran::Failed
            }
            Err(Stop::Limit) => {
                sys.err.line(format!("jq: error (at {place}): this ran too long or too deep, and was stopped"));
                Ran::Failed
            }
        }
    }

    /// The exit code.
    fn end(&self, failed: bool) -> i32 {
        match (failed, self.status, self.last) {
            (true, ..) => 2,
            (false, 0, _) if !self.options.exit_status => 0,
            (false, 0, None) => 4,
            (false, 0, Some(last)) => i32::from(!last),
            (false, status, _) => status,
        }
    }
}

/// How values are printed by default.
fn two_spaces() -> Style {
    Style { indent: "  ".to_owned(), ..Style::default() }
}

#[cfg(test)]
mod tests;
