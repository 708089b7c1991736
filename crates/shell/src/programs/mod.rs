//! The programs, by the kind of machine they are found on.

use crate::kernel::Process;
use crate::sys::{Host, Sys};

/// A program.
pub struct Program {
    /// The word that starts it.
    pub name: &'static str,
    /// The machines that have it.
    pub hosts: &'static [Host],
    /// Starts it. The words do not hold its name.
    pub start: fn(Sys, Vec<String>) -> Process,
}

/// Every program; add a line to add one. The first that fits the machine is taken.
pub static PROGRAMS: &[Program] = &[];

/// The program a word starts on a kind of machine.
#[must_use]
pub fn find(name: &str, host: Host) -> Option<&'static Program> {
    PROGRAMS.iter().find(|program| program.name == name && program.hosts.contains(&host))
}
