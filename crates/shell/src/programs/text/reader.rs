//! The lines of files, or of standard input, as they come.

use std::collections::VecDeque;

use crate::files::FileError;
use crate::sys::{Host, Sys};

/// Says that a file cannot be read, as this machine's programs do.
pub(crate) fn complain(sys: &Sys, program: &str, file: &str, error: FileError) {
    sys.err.line(match (sys.host, program) {
        (Host::Busybox, "grep" | "wc" | "awk") => format!("{program}: {file}: {error}"),
        (Host::Busybox, _) => format!("{program}: can't open '{file}': {error}"),
        (_, "head" | "tail") => format!("{program}: cannot open '{file}' for reading: {error}"),
        (_, "jq") => format!("jq: error: Could not open {file}: {error}"),
        (_, "awk") => format!("awk: cannot open {file} ({error})"),
        (_, "sort") => format!("{program}: cannot read: {file}: {error}"),
        _ => format!("{program}: {file}: {error}"),
    });
}

/// Lines of some inputs, one after the other.
pub(crate) struct Reader<'a> {
    sys: &'a Sys,
    program: &'static str,
    names: VecDeque<String>,
    open: Option<Open>,
    /// Whether an input could not be read.
    pub(crate) failed: bool,
}

enum Open {
    Stdin,
    Lines(VecDeque<String>),
}

impl<'a> Reader<'a> {
    /// The lines of files; `-`, or no file at all, is standard input.
    pub(crate) fn new(sys: &'a Sys, program: &'static str, files: &[String]) -> Self {
        let mut names: VecDeque<String> = files.iter().cloned().collect();
        if names.is_empty() {
            names.push_back("-".to_owned());
        }
        Self { sys, program, names, open: None, failed: false }
    }

    /// The next line with its end, over all inputs.
    pub(crate) async fn line(&mut self) -> Option<String> {
        loop {
            match &mut self.open {
                Some(Open::Stdin) => {
                    let line = self.sys.read_line().await;
                    if !line.is_empty() {
                        return Some(line);
                    }
                    self.open = None;
                }
                Some(Open::Lines(lines)) => match lines.pop_front() {
                    Some(line) => return Some(line),
                    None => self.open = None,
                },
                None => {
                    self.next_input()?;
                }
            }
        }
    }

    /// Opens the next input that can be opened; its name.
    pub(crate) fn next_input(&mut self) -> Option<String> {
        loop {
            let name = self.names.pop_front()?;
            if matches!(name.as_str(), "-" | "/dev/stdin") {
                self.open = Some(Open::Stdin);
                return Some(name);
            }
            if name == "/dev/null" {
                self.open = Some(Open::Lines(VecDeque::new()));
                return Some(name);
            }
            match self.sys.read_file(&name) {
                Ok(text) => {
                    self.open = Some(Open::Lines(text.split_inclusive('\n').map(str::to_owned).collect()));
                    return Some(name);
                }
                Err(error) => {
                    complain(self.sys, self.program, &name, error);
                    self.failed = true;
                }
            }
        }
    }

    /// The next line of the input that is open.
    pub(crate) async fn line_here(&mut self) -> Option<String> {
        match &mut self.open {
            Some(Open::Stdin) => Some(self.sys.read_line().await).filter(|line| !line.is_empty()),
            Some(Open::Lines(lines)) => lines.pop_front(),
            None => None,
        }
    }

    /// All lines that are left, without their ends.
    pub(crate) async fn rest(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        while let Some(line) = self.line().await {
            all.push(line.trim_end_matches('\n').to_owned());
        }
        all
    }
}
