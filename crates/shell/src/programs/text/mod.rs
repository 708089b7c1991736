//! Programs that work on text and files, GNU's and BusyBox's.

pub(crate) mod base64;
pub(super) mod column;
pub(super) mod cut;
pub(super) mod diff;
pub(super) mod files;
pub(super) mod find;
pub(crate) mod grep;
pub(super) mod head;
pub(super) mod lines;
pub(crate) mod print;
pub(crate) mod reader;
pub(super) mod sed;
pub(super) mod sort;
pub(crate) mod stream;
pub(super) mod translate;
pub(super) mod watch;
pub(super) mod wc;

use super::options::{Given, Spec};
use crate::sys::{Host, Sys};

/// Takes a text program's options; when they are wrong says so, and the status to end with.
fn parse(sys: &Sys, program: &str, spec: &Spec, argv: &[String]) -> Result<Given, i32> {
    spec.parse(argv).map_err(|fault| {
        sys.err.line(format!("{program}: {fault}"));
        if sys.host != Host::Busybox {
            sys.err.line(format!("Try '{program} --help' for more information."));
        }
        if program == "grep" && sys.host != Host::Busybox { 2 } else { 1 }
    })
}
