//! A shell that talks to a person: prompts, Ctrl-C, Ctrl-D, history.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::shell::Shell;
use crate::programs;
use crate::sys::{Host, Pending, Sys, World};

/// Runs the shell of a machine for whoever sits at `sys.stdin`, until `exit` or the end of input.
///
/// `sys` is at the machine already: [`Sys::vantage`], [`Sys::host`] and [`Sys::env`] say which.
pub async fn interactive(sys: Sys) -> i32 {
    let mut shell = Shell::new(sys);
    let session = Session::open(&shell.sys);
    session.talk(&mut shell).await
}

/// Runs a program by its words, the first of which is its name or path; `None` when the machine has no such program.
pub async fn command(sys: Sys, mut argv: Vec<String>) -> Option<i32> {
    if argv.is_empty() {
        return None;
    }
    let name = argv.remove(0);
    let program = programs::find(&name, sys.host)?;
    Some((program.start)(sys, argv).await)
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
        loop {
            match self.read(&shell.sys, &prompt(shell)).await {
                Typed::Interrupt => shell.status = 130,
                Typed::End => {
                    shell.sys.err.line(if shell.sys.host == Host::Busybox { "" } else { "exit" });
                    return shell.status;
                }
                Typed::Line(line) => {
                    let line = line.trim_end_matches('\n');
                    self.remember(line);
                    if line.trim() == "exit" {
                        return shell.status;
                    }
                    if self.unless_interrupted(shell.run(line)).await.is_none() {
                        shell.status = 130;
                    }
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

fn prompt(shell: &Shell) -> String {
    match shell.sys.host {
        Host::Laptop => "$ ".to_owned(),
        Host::Node => "docker@minikube:~$ ".to_owned(),
        Host::Busybox => format!("{} # ", shell.sys.folder),
        Host::Debian => format!("root@host:{}# ", shell.sys.folder),
    }
}
