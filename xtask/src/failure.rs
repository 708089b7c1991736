//! What a chore says when it cannot go on: what failed, the command that did, and the mend.

use std::fmt;

/// The result of every chore.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// A failure that a newcomer can act on. Prints as up to three lines and the end of the command's own output.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    command: Option<String>,
    output: String,
    mend: String,
}

impl Failure {
    /// `what` went wrong, and `mend` is what to do about it.
    pub(crate) fn new(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what: what.into(), command: None, output: String::new(), mend: mend.into() }
    }

    /// Adds the command that failed.
    pub(crate) fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// Adds what the command wrote of its failure: its last lines when they have not been on the screen already, or a list.
    pub(crate) fn output(mut self, output: impl Into<String>) -> Self {
        self.output = output.into();
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.output.lines() {
            writeln!(out, "  | {line}")?;
        }
        write!(out, "error: {}", self.what)?;
        if let Some(command) = &self.command {
            write!(out, "\n  command: {command}")?;
        }
        write!(out, "\n  mend: {}", self.mend)
    }
}
