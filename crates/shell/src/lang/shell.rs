//! The state of one shell.

use crate::programs;
use crate::sys::Sys;

/// A shell on some machine.
pub(crate) struct Shell {
    /// Its machine and its streams.
    pub(crate) sys: Sys,
    /// `$?`
    pub(crate) status: i32,
}

impl Shell {
    pub(crate) fn new(sys: Sys) -> Self {
        Self { sys, status: 0 }
    }

    pub(crate) async fn run(&mut self, text: &str) {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        if words.is_empty() {
            return;
        }
        let name = words.remove(0);
        self.status = match programs::find(&name, self.sys.host) {
            Some(program) => (program.start)(self.sys.clone(), words).await,
            None => {
                self.sys.err.line(format!("bash: {name}: command not found"));
                127
            }
        };
    }
}
