//! A shell that talks to a person: prompts, Ctrl-C, Ctrl-D, history. And programs by their names.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::Dialect;
use super::shell::Shell;
use crate::sys::{Host, Pending, Place, Sys, World};
use crate::{machine, programs};

/// Runs the shell of a machine for whoever sits at `sys.stdin`, until `exit` or the end of input.
///
/// `sys` is at the machine already: [`Sys::vantage`], [`Sys::host`] and [`Sys::env`] say which.
pub async fn interactive(sys: Sys) -> i32 {
    let (dialect, name) = match sys.host {
        Host::Busybox => (Dialect::Ash, "sh"),
        Host::Laptop | Host::Node | Host::Debian => (Dialect::Bash, "bash"),
    };
    talk(Shell::new(sys, dialect, name)).await
}

/// Runs a program by its words, the first of which is its name or path; `None` when the machine has no such program.
///
/// A shell among them talks, if its input is a terminal and it was given nothing to do.
pub async fn command(sys: Sys, mut argv: Vec<String>) -> Option<i32> {
    if argv.is_empty() {
        return None;
    }
    let path = argv.remove(0);
    let name = programs::name_of(&path)?;
    match Dialect::of(name, &sys) {
        Some(dialect) => Some(shell(Shell::new(sys, dialect, &path), argv).await),
        None => Some((programs::find(name, &sys)?.start)(sys, argv).await),
    }
}

/// `sh`, `bash`: with `-c text`, with a file, or with what standard input holds.
async fn shell(mut shell: Shell, argv: Vec<String>) -> i32 {
    let io = shell.io();
    let mut words = argv.into_iter().peekable();
    let (mut text, mut interactive) = (false, false);
    while let Some(option) = words.next_if(|word| word.starts_with('-') && word.len() > 1) {
        for letter in option.trim_start_matches("--").chars() {
            match letter {
                'c' if !option.starts_with("--") => text = true,
                'i' if !option.starts_with("--") => interactive = true,
                'e' if !option.starts_with("--") => shell.options.errexit = true,
                'x' if !option.starts_with("--") => shell.options.xtrace = true,
                _ => {}
            }
        }
    }
    if text {
        let Some(text) = words.next() else {
            match shell.dialect {
                Dialect::Bash => io.err.line(format!("{}: -c: option requires an argument", shell.name)),
                _ => io.err.line(format!("{}: -c requires an argument", shell.name)),
            }
            return 2;
        };
        if let Some(name) = words.next() {
            shell.name = name;
        }
        shell.arguments = words.collect();
        return shell.run_text(&text, &io, Some("-c")).await;
    }
    if let Some(file) = words.next() {
        shell.arguments = words.collect();
        return match shell.sys.read_file(&file) {
            Ok(text) => {
                shell.name = file;
                shell.run_text(&text, &io, None).await
            }
            Err(error) => {
                match shell.dialect {
                    Dialect::Bash => io.err.line(format!("{}: {file}: {error}", shell.name)),
                    Dialect::Dash => io.err.line(format!("{}: 0: cannot open {file}: No such file", shell.name)),
                    Dialect::Ash => io.err.line(format!("{}: can't open '{file}': {error}", shell.name)),
                }
                if shell.dialect == Dialect::Bash { 127 } else { 2 }
            }
        };
    }
    if interactive || shell.sys.stdin_is_terminal { talk(shell).await } else { listen(shell).await }
}

/// Runs what comes by standard input, command by command, without prompts.
async fn listen(mut shell: Shell) -> i32 {
    let io = shell.io();
    let mut text = String::new();
    loop {
        let line = shell.sys.read_line().await;
        let ended = line.is_empty();
        text.push_str(&line);
        match shell.parse(&text) {
            Err(error) if error.is_incomplete() && !ended => continue,
            Err(error) => {
                shell.complain_of_syntax(&io, &error, &text, None);
                return 2;
            }
            Ok(script) => {
                if let Err(status) = shell.run_to_end(&script, &io).await {
                    shell.status = status;
                    shell.leave(&io).await;
                    return status;
                }
            }
        }
        text.clear();
        if ended {
            shell.leave(&io).await;
            return shell.status;
        }
    }
}

async fn talk(mut shell: Shell) -> i32 {
    shell.interactive = true;
    machine::greet(&mut shell);
    let session = Session::open(&shell.sys);
    session.talk(&mut shell).await
}

/// One of the shells that are open one in the other; the innermost hears Ctrl-C.
struct Session {
    world: Rc<RefCell<World>>,
    depth: usize,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.world.borrow_mut().shells = self.depth - 1;
    }
}

/// What came from the keyboard.
enum Typed {
    Line(String),
    End,
    Interrupt,
}

impl Session {
    fn open(sys: &Sys) -> Self {
        let mut world = sys.world.borrow_mut();
        world.shells += 1;
        Self { world: Rc::clone(&sys.world), depth: world.shells }
    }

    async fn talk(&self, shell: &mut Shell) -> i32 {
        let io = shell.io();
        let mut text = String::new();
        loop {
            if text.is_empty() {
                shell.report_jobs(&io);
            }
            let prompt = if text.is_empty() { machine::prompt(shell) } else { "> ".to_owned() };
            let sys = &shell.sys;
            self.world.borrow_mut().place = Some(Place {
                vantage: sys.vantage.clone(),
                host: sys.host,
                tools: sys.tools,
                folder: sys.folder.clone(),
                aliases: shell.aliases.clone(),
            });
            match self.read(sys, &prompt).await {
                Typed::Interrupt => {
                    // The echo of ^C does not end the line; ash ends one more.
                    io.err.write(if shell.dialect == Dialect::Bash { "\n" } else { "\n\n" });
                    text.clear();
                    shell.status = 130;
                    continue;
                }
                Typed::End if text.is_empty() => {
                    io.err.line(match (shell.dialect, shell.sys.host) {
                        (Dialect::Bash, Host::Node) => "logout",
                        (Dialect::Bash, _) => "exit",
                        _ => "",
                    });
                    shell.leave(&io).await;
                    return shell.status;
                }
                Typed::End => {}
                Typed::Line(line) => {
                    self.remember(line.trim_end_matches('\n'));
                    text.push_str(&line);
                    if shell.parse(&text).is_err_and(|error| error.is_incomplete()) {
                        continue;
                    }
                }
            }
            let text = std::mem::take(&mut text);
            let script = match shell.parse(&text) {
                Ok(script) => script,
                Err(error) => {
                    shell.complain_of_syntax(&io, &error, &text, None);
                    shell.status = 2;
                    continue;
                }
            };
            self.world.borrow_mut().interrupt_handled = false;
            match self.unless_interrupted(shell.run_to_end(&script, &io)).await {
                Some(Ok(_)) => {}
                Some(Err(status)) => {
                    shell.status = status;
                    shell.leave(&io).await;
                    return status;
                }
                None => {
                    shell.leave_functions();
                    if !std::mem::take(&mut self.world.borrow_mut().interrupt_handled) {
                        io.err.write("\n");
                    }
                    // What was under way was dropped where it was.
                    (shell.loops, shell.in_function, shell.tested, shell.status) = (0, 0, false, 130);
                }
            }
        }
    }

    /// Waits for a line, with a prompt if somebody types.
    async fn read(&self, sys: &Sys, prompt: &str) -> Typed {
        Pending(|| {
            if self.take_interrupt() {
                sys.stdin.set_prompt(None);
                return Poll::Ready(Typed::Interrupt);
            }
            if sys.stdin_is_terminal {
                sys.stdin.set_prompt(Some(prompt.to_owned()));
            }
            match sys.stdin.take_line() {
                Some(line) if line.is_empty() => Poll::Ready(Typed::End),
                Some(line) => Poll::Ready(Typed::Line(line)),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// Runs a command until it ends or Ctrl-C is pressed: then `None`.
    async fn unless_interrupted<T>(&self, command: impl Future<Output = T>) -> Option<T> {
        let mut command = pin!(command);
        std::future::poll_fn(|context: &mut Context<'_>| {
            if self.take_interrupt() { Poll::Ready(None) } else { command.as_mut().poll(context).map(Some) }
        })
        .await
    }

    /// Whether Ctrl-C was pressed and is meant for this shell.
    fn take_interrupt(&self) -> bool {
        let mut world = self.world.borrow_mut();
        world.shells == self.depth && std::mem::take(&mut world.interrupted)
    }

    /// Keeps a line for the history, unless it is empty or the one before.
    fn remember(&self, line: &str) {
        let mut world = self.world.borrow_mut();
        if !line.trim().is_empty() && world.history.last().is_none_or(|last| last != line) {
            world.history.push(line.to_owned());
        }
    }
}
