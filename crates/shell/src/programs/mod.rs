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
pub static PROGRAMS: &[Program] = &[Program {
    name: "kubectl",
    hosts: &[Host::Laptop, Host::Node],
    start: |sys, args| Box::pin(crate::kubectl::kubectl(sys, args)),
}];

/// The program a word starts on a kind of machine.
#[must_use]
pub fn find(name: &str, host: Host) -> Option<&'static Program> {
    PROGRAMS.iter().find(|program| program.name == name && program.hosts.contains(&host))
}

/// Where programs are.
const FOLDERS: &[&str] = &["/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/"];

/// The program's name in a word: the word, or the last part of a path to where programs are.
#[must_use]
pub fn name_of(word: &str) -> Option<&str> {
    if !word.contains('/') {
        return Some(word);
    }
    FOLDERS.iter().find_map(|folder| word.strip_prefix(folder)).filter(|name| !name.contains('/'))
}

/// Where a program is, if the machine has it.
#[must_use]
pub fn path_of(name: &str, host: Host) -> Option<String> {
    let found = find(name, host).is_some() || crate::lang::Dialect::of(name, host).is_some();
    let folder = if host == Host::Busybox { "/bin" } else { "/usr/bin" };
    found.then(|| format!("{folder}/{name}"))
}
