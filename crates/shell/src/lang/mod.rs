//! The shell language: what bash, dash and BusyBox's ash have in common, and their own words where they differ.
//!
//! - [`ast`], [`parse`]: commands as data, and text to them
//! - [`expand`] with [`braces`], [`pattern`], [`arithmetic`], [`lists`]: what words become
//! - [`shell`], [`execute`], [`redirect`], [`pipe`], [`builtins`]: doing what commands say, one await after the other
//! - [`interactive`]: talking to a person
//!
//! A shell is walked as an `async fn`, so that a program that waits inside a loop inside a pipe waits as a whole, and
//! Ctrl-C drops it as a whole.

mod arithmetic;
mod ast;
mod braces;
mod builtins;
mod condition;
mod execute;
mod expand;
mod interactive;
mod jobs;
mod lists;
mod parse;
mod pattern;
mod pipe;
mod redirect;
mod shell;

pub(crate) use builtins::names as builtin_names;
pub use interactive::{command, interactive};
pub(crate) use parse::is_name;
pub(crate) use pattern::matches as glob_matches;
pub(crate) use shell::Shell;

use crate::sys::{Host, Sys};

/// Whose words a shell speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dialect {
    /// bash 5.2
    Bash,
    /// Debian's /bin/sh
    Dash,
    /// BusyBox's ash
    Ash,
}

impl Dialect {
    /// The shell that a word starts on a machine.
    pub(crate) fn of(name: &str, sys: &Sys) -> Option<Self> {
        match (name, sys.host) {
            ("bash", _) if sys.tools.contains(&name) => Some(Self::Bash),
            ("sh" | "ash", Host::Busybox) => Some(Self::Ash),
            ("bash", Host::Laptop | Host::Node | Host::Debian) => Some(Self::Bash),
            ("sh" | "dash", Host::Laptop | Host::Node | Host::Debian) => Some(Self::Dash),
            _ => None,
        }
    }

    /// What is said of a variable that is not set (`set -u`).
    pub(crate) fn unset_text(self) -> &'static str {
        match self {
            Self::Bash => "unbound variable",
            Self::Dash | Self::Ash => "parameter not set",
        }
    }
}
