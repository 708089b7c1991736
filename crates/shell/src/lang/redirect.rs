//! Redirections.

use super::Dialect;
use super::ast::{Redirect, Target, Word};
use super::shell::{Flow, Io, Shell};
use crate::files::{FileError, absolute};
use crate::network::connect::Waiting;
use crate::network::connection;
use crate::network::resolver::{self, Unknown};
use crate::stream::{Channel, Sink, Source};

impl Shell {
    /// The streams after some redirections; `None` when one failed, which was said.
    pub(super) async fn redirect(&mut self, redirects: &[Redirect], io: &Io) -> Result<Option<Io>, Flow> {
        let mut io = io.clone();
        for Redirect { stream, to } in redirects {
            let done = match to {
                Target::Read(word) => self.read_from(word, &mut io).await?,
                Target::Here(slot) => {
                    let text = match slot.get() {
                        Some(word) => self.expand_text(word, &io).await?,
                        None => String::new(),
                    };
                    set_input(&mut io, Source::of(&text))
                }
                Target::Text(word) => {
                    let text = self.expand_text(word, &io).await?;
                    set_input(&mut io, Source::of(&(text + "\n")))
                }
                Target::Write { file, append } => match self.open(file, *append, &io).await? {
                    Some(sink) => {
                        set_output(&mut io, *stream, sink);
                        true
                    }
                    None => false,
                },
                Target::Both { file, append } => match self.open(file, *append, &io).await? {
                    Some(sink) => {
                        set_output(&mut io, 2, sink.clone());
                        set_output(&mut io, 1, sink);
                        true
                    }
                    None => false,
                },
                Target::Same(word) => {
                    let name = self.expand_text(word, &io).await?;
                    match name.as_str() {
                        "1" => {
                            let (out, terminal) = (io.out.on(Channel::Out), io.stdout_is_terminal);
                            set_output(&mut io, *stream, out);
                            io.stdout_is_terminal = terminal;
                        }
                        "2" => {
                            let terminal = io.stdout_is_terminal;
                            let err = io.err.clone();
                            set_output(&mut io, *stream, err);
                            io.stdout_is_terminal = terminal;
                        }
                        "-" => set_output(&mut io, *stream, Sink::nowhere()),
                        "0" => {}
                        _ => {
                            self.complain(&io, &format!("{name}: Bad file descriptor"));
                            return Ok(None);
                        }
                    }
                    true
                }
            };
            if !done {
                return Ok(None);
            }
        }
        Ok(Some(io))
    }

    async fn read_from(&mut self, word: &Word, io: &mut Io) -> Result<bool, Flow> {
        let name = self.expand_text(word, io).await?;
        if name == "/dev/null" {
            return Ok(set_input(io, Source::of("")));
        }
        if matches!(name.as_str(), "/dev/stdin" | "/dev/tty") {
            return Ok(true);
        }
        if let Some(connected) = self.connect(&name, io).await {
            return Ok(connected && set_input(io, Source::of("")));
        }
        match self.sys.read_file(&name) {
            Ok(text) => Ok(set_input(io, Source::of(&text))),
            Err(error) => {
                let text = match (self.dialect, error) {
                    (Dialect::Bash, error) => format!("{name}: {error}"),
                    (Dialect::Ash, FileError::NotFound) => format!("can't open {name}: no such file"),
                    (Dialect::Dash, FileError::NotFound) => format!("cannot open {name}: No such file"),
                    // A folder can be opened; reading it is what fails.
                    (_, FileError::IsFolder) => return Ok(set_input(io, Source::of(""))),
                    (_, FileError::Full) => format!("{name}: {error}"),
                };
                self.complain(io, &text);
                Ok(false)
            }
        }
    }

    /// bash's `/dev/tcp/HOST/PORT`, which people try ports with: whether somebody took the connection, after saying why
    /// not. What is written there is not sent. Models `lib/sh/netopen.c`.
    async fn connect(&self, path: &str, io: &Io) -> Option<bool> {
        let (host, service) =
            path.strip_prefix("/dev/tcp/").filter(|_| self.dialect == Dialect::Bash)?.split_once('/')?;
        let Ok(port) = service.parse::<u16>() else {
            self.complain(io, &format!("{service}: Servname not supported for ai_socktype"));
            self.complain(io, &format!("{path}: Invalid argument"));
            return Some(false);
        };
        let lookup = resolver::addresses(&self.sys, host).await;
        let Some(ip) = lookup.first() else {
            let why = match lookup.result {
                Err(Unknown::TryAgain) => "Temporary failure in name resolution",
                _ => "Name or service not known",
            };
            self.complain(io, &format!("{host}: {why}"));
            self.complain(io, &format!("{path}: Invalid argument"));
            return Some(false);
        };
        let waiting = Waiting { blocking: true, patience: None };
        let Err((failure, trace)) = connection::open(&self.sys, ip, port, waiting).await else { return Some(true) };
        let text = format!("{}: connect: {failure}\n", self.name);
        match trace {
            Some(trace) => io.err.report(text, trace),
            None => io.err.write(text),
        }
        self.complain(io, &format!("{path}: {failure}"));
        Some(false)
    }

    /// Opens a file for writing; `None` when that failed, which was said.
    async fn open(&mut self, word: &Word, append: bool, io: &Io) -> Result<Option<Sink>, Flow> {
        let name = self.expand_text(word, io).await?;
        match name.as_str() {
            "/dev/null" => return Ok(Some(Sink::nowhere())),
            "/dev/stdout" | "/dev/tty" => return Ok(Some(io.out.clone())),
            "/dev/stderr" => return Ok(Some(io.err.clone())),
            _ => {}
        }
        if let Some(connected) = self.connect(&name, io).await {
            return Ok(connected.then(Sink::nowhere));
        }
        let path = absolute(&self.sys.folder, &name);
        let opened = if name.is_empty() {
            Err(FileError::NotFound)
        } else {
            self.sys.files(|files| if append && files.is_file(&path) { Ok(()) } else { files.write(&path, "") })
        };
        match opened {
            Ok(()) => Ok(Some(Sink::file(&self.sys.systems, &self.sys.vantage, &path))),
            Err(error) => {
                let text = match (self.dialect, error) {
                    (Dialect::Bash, error) => format!("{name}: {error}"),
                    (Dialect::Ash, FileError::NotFound) => format!("can't create {name}: nonexistent directory"),
                    (Dialect::Ash, FileError::IsFolder) => format!("can't create {name}: Is a directory"),
                    (Dialect::Dash, FileError::NotFound) => format!("cannot create {name}: Directory nonexistent"),
                    (Dialect::Dash, FileError::IsFolder) => format!("cannot create {name}: Is a directory"),
                    (Dialect::Ash, FileError::Full) => format!("can't create {name}: {error}"),
                    (Dialect::Dash, FileError::Full) => format!("cannot create {name}: {error}"),
                };
                self.complain(io, &text);
                Ok(None)
            }
        }
    }
}

fn set_input(io: &mut Io, source: Source) -> bool {
    io.stdin = source;
    io.stdin_is_terminal = false;
    true
}

fn set_output(io: &mut Io, stream: u8, sink: Sink) {
    match stream {
        1 => {
            io.out = sink;
            io.stdout_is_terminal = false;
        }
        2 => io.err = sink,
        _ => {}
    }
}
