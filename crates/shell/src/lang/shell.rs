//! The state of one shell.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Dialect;
use super::ast::Command;
use super::jobs::Job;
use super::parse::{self, Fault, SyntaxError};
use crate::stream::{Sink, Source};
use crate::sys::Sys;

/// The streams of a command.
#[derive(Clone, Debug)]
pub(crate) struct Io {
    pub(crate) stdin: Source,
    pub(crate) out: Sink,
    pub(crate) err: Sink,
    pub(crate) stdin_is_terminal: bool,
    pub(crate) stdout_is_terminal: bool,
}

/// What breaks the order of commands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Flow {
    /// `break n`
    Break(usize),
    /// `continue n`
    Continue(usize),
    /// `return n`
    Return(i32),
    /// `exit n`
    Exit(i32),
    /// Something was wrong and was said; the rest of the line is left out.
    Fault(i32),
}

/// What `set` can switch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Options {
    pub(crate) errexit: bool,
    pub(crate) nounset: bool,
    pub(crate) xtrace: bool,
    pub(crate) noglob: bool,
    pub(crate) pipefail: bool,
}

/// A shell on some machine. A clone is a subshell.
#[derive(Clone)]
pub(crate) struct Shell {
    /// Its machine.
    pub(crate) sys: Sys,
    pub(crate) dialect: Dialect,
    /// `$0`, which also stands before what it complains of.
    pub(crate) name: String,
    /// `$1` and so on.
    pub(crate) arguments: Vec<String>,
    pub(crate) variables: BTreeMap<String, String>,
    /// Which variables are lists, and whether texts are their keys.
    pub(crate) lists: BTreeMap<String, bool>,
    /// What the functions under way have made local: how it was before.
    pub(crate) locals: Vec<Vec<(String, Option<String>)>>,
    /// What to do at the end (`EXIT`) or after a failure (`ERR`), and on signals.
    pub(crate) traps: BTreeMap<String, String>,
    /// Files that `<(...)` made, until their command ends.
    pub(crate) opened: Vec<String>,
    pub(crate) exported: BTreeSet<String>,
    pub(crate) functions: BTreeMap<String, Rc<Command>>,
    pub(crate) aliases: BTreeMap<String, String>,
    pub(crate) options: Options,
    /// Whether it talks to a person.
    pub(crate) interactive: bool,
    /// `$?`
    pub(crate) status: i32,
    /// `$!`
    pub(crate) last_background: Option<u32>,
    pub(crate) jobs: Vec<Job>,
    /// The line of the command under way, from 1.
    pub(crate) line: usize,
    /// How many loops and functions are around the command under way.
    pub(crate) loops: usize,
    pub(crate) in_function: usize,
    /// Whether a failure is looked at (`if`, `&&`, `!`) and so does not end the shell under `set -e`.
    pub(crate) tested: bool,
    /// The status of the last command substitution in the words under way.
    pub(crate) substituted: Option<i32>,
}

impl Shell {
    /// A shell that has the variables of its environment.
    pub(crate) fn new(sys: Sys, dialect: Dialect, name: &str) -> Self {
        let mut variables = sys.env.clone();
        variables.insert("PWD".to_owned(), sys.folder.clone());
        variables.entry("IFS".to_owned()).or_insert_with(|| " \t\n".to_owned());
        Self {
            exported: sys.env.keys().cloned().collect(),
            variables,
            sys,
            dialect,
            name: name.to_owned(),
            arguments: Vec::new(),
            lists: BTreeMap::new(),
            locals: Vec::new(),
            traps: BTreeMap::new(),
            opened: Vec::new(),
            functions: BTreeMap::new(),
            aliases: BTreeMap::new(),
            options: Options::default(),
            interactive: false,
            status: 0,
            last_background: None,
            jobs: Vec::new(),
            line: 1,
            loops: 0,
            in_function: 0,
            tested: false,
            substituted: None,
        }
    }

    /// The streams it was started with.
    pub(crate) fn io(&self) -> Io {
        let sys = &self.sys;
        Io {
            stdin: sys.stdin.clone(),
            out: sys.out.clone(),
            err: sys.err.clone(),
            stdin_is_terminal: sys.stdin_is_terminal,
            stdout_is_terminal: sys.stdout_is_terminal,
        }
    }

    /// What a program that this shell starts sees.
    pub(crate) fn process(&self, io: &Io) -> Sys {
        let exported = self.exported.iter().filter_map(|name| Some((name.clone(), self.variables.get(name)?.clone())));
        Sys {
            stdin: io.stdin.clone(),
            out: io.out.clone(),
            err: io.err.clone(),
            stdin_is_terminal: io.stdin_is_terminal,
            stdout_is_terminal: io.stdout_is_terminal,
            env: exported.collect(),
            ..self.sys.clone()
        }
    }

    /// A variable or special parameter.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        match name {
            "?" => Some(self.status.to_string()),
            "$" => Some("1".to_owned()),
            "!" => self.last_background.map(|pid| pid.to_string()),
            "#" => Some(self.arguments.len().to_string()),
            "@" | "*" => (!self.arguments.is_empty()).then(|| self.arguments.join(" ")),
            "-" => Some(if self.interactive { "himBHs" } else { "hB" }.to_owned()),
            "0" => Some(self.name.clone()),
            "RANDOM" if self.dialect != Dialect::Dash => Some(self.random().to_string()),
            _ => match name.parse::<usize>() {
                Ok(index) => self.arguments.get(index.checked_sub(1)?).cloned(),
                // A list by its name alone is its first element.
                Err(_) if self.lists.contains_key(name) => self.variables.get(&format!("{name}[0]")).cloned(),
                Err(_) => self.variables.get(name).cloned(),
            },
        }
    }

    /// Chance of its own, so that looking at it changes nothing in the cluster.
    fn random(&self) -> u64 {
        cluster::Rng::new(self.sys.now().0 ^ (u64::from(self.sys.world.borrow().steps) << 40)).below(32_768)
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        let name = if self.lists.contains_key(name) { format!("{name}[0]") } else { name.to_owned() };
        self.variables.insert(name, value.to_owned());
    }

    pub(crate) fn export(&mut self, name: &str) {
        self.exported.insert(name.to_owned());
    }

    /// Says what is wrong, as this shell says it.
    pub(crate) fn complain(&self, io: &Io, text: &str) {
        io.err.line(format!("{}{text}", self.prefix()));
    }

    /// A builtin says what is wrong.
    pub(crate) fn complain_of(&self, io: &Io, builtin: &str, text: &str) {
        let line = self.line;
        match self.dialect {
            Dialect::Ash => io.err.line(format!("{}: {builtin}: line {}: {text}", self.name, line.saturating_sub(1))),
            _ => self.complain(io, &format!("{builtin}: {text}")),
        }
    }

    fn prefix(&self) -> String {
        let (name, line) = (&self.name, self.line);
        match self.dialect {
            Dialect::Bash if self.interactive => format!("{name}: "),
            Dialect::Bash => format!("{name}: line {line}: "),
            Dialect::Dash => format!("{name}: {line}: "),
            Dialect::Ash => format!("{name}: "),
        }
    }

    /// Parses with the aliases as they are now.
    pub(crate) fn parse(&self, text: &str) -> parse::Result<super::ast::Script> {
        let none = BTreeMap::new();
        let aliases = if self.interactive || self.dialect != Dialect::Bash { &self.aliases } else { &none };
        parse::parse(text, self.dialect, aliases)
    }

    /// Says why a text is no command. `from` names the text, such as `-c`.
    pub(crate) fn complain_of_syntax(&self, io: &Io, error: &SyntaxError, text: &str, from: Option<&str>) {
        let line = error.line;
        let fault = &error.fault;
        if self.dialect != Dialect::Bash {
            let expecting =
                |word: &Option<&str>| word.map(|word| format!(" (expecting \"{word}\")")).unwrap_or_default();
            let quoted = |token: &str| if token == "newline" { token.to_owned() } else { format!("\"{token}\"") };
            let ash = self.dialect == Dialect::Ash;
            let said = match fault {
                Fault::End { expecting: e } if ash => format!("unexpected end of file{}", expecting(e)),
                Fault::End { expecting: e } => format!("end of file unexpected{}", expecting(e)),
                Fault::Open('\'' | '"') if ash => "unterminated quoted string".to_owned(),
                Fault::Open('\'' | '"') => "Unterminated quoted string".to_owned(),
                Fault::Open(sign) if ash => format!("unexpected end of file (expecting \"{sign}\")"),
                Fault::Open(sign) => format!("end of file unexpected (expecting \"{sign}\")"),
                Fault::Unexpected { token, expecting: e } if ash => {
                    format!("unexpected {}{}", quoted(token), expecting(e))
                }
                Fault::Unexpected { token, expecting: e } => format!("{} unexpected{}", quoted(token), expecting(e)),
                Fault::BadSubstitution(_) => {
                    return self.complain(io, if ash { "syntax error: bad substitution" } else { "Bad substitution" });
                }
            };
            return match self.dialect {
                Dialect::Ash => io.err.line(format!("{}: syntax error: {said}", self.name)),
                _ => io.err.line(format!("{}: {line}: Syntax error: {said}", self.name)),
            };
        }
        let name = &self.name;
        let place = match from {
            _ if self.interactive => name.clone(),
            Some(from) => format!("{name}: {from}: line {line}"),
            None => format!("{name}: line {line}"),
        };
        match fault {
            Fault::End { .. } => {
                let place = place.replace(&format!("line {line}"), &format!("line {}", line + 1));
                io.err.line(format!("{place}: syntax error: unexpected end of file"));
            }
            Fault::Open(sign) => io.err.line(format!("{place}: unexpected EOF while looking for matching `{sign}'")),
            Fault::Unexpected { token, .. } => {
                io.err.line(format!("{place}: syntax error near unexpected token `{token}'"));
                if !self.interactive {
                    let shown = text.lines().nth(line - 1).unwrap_or_default();
                    io.err.line(format!("{place}: `{shown}'"));
                }
            }
            Fault::BadSubstitution(what) => io.err.line(format!("{place}: {what}: bad substitution")),
        }
    }
}
