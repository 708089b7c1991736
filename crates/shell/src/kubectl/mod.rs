//! kubectl 1.36.
//!
//! A verb is a file below [`verbs`] with one table of flags that drives parsing, help and completion. It resolves what
//! the command line names ([`resolve`]), asks the API server ([`objects`]) and prints ([`printers`]); errors print as
//! upstream's `checkErr` prints them ([`errors`]). Nothing here decides what is valid: the server does.

pub mod command;
pub mod config;
pub mod describe;
pub mod errors;
pub mod flags;
pub mod globals;
pub mod help;
pub mod objects;
pub mod printers;
pub mod resolve;
pub mod selectors;
mod sessions;
mod suggest;
pub mod tabwriter;
pub mod verbs;

use crate::sys::Sys;
use command::Verb;

/// The root of the command tree.
pub static ROOT: Verb = Verb {
    name: "kubectl",
    usage: "kubectl [flags]",
    long: "kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/",
    verbs: verbs::VERBS,
    ..Verb::EMPTY
};

/// Runs a command line, given without its first word; returns the exit code.
pub async fn kubectl(sys: Sys, args: Vec<String>) -> i32 {
    command::execute(sys, &ROOT, args).await
}
