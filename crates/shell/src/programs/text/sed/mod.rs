//! `sed`: GNU's and BusyBox's, without the commands that read and write files.

mod parse;
mod run;

use self::run::{Editor, Stop, Wanted};
use super::reader::Reader;
use crate::programs::options::Spec;
use crate::sys::{Host, Sys};

const SPEC: Spec = Spec {
    short: "nEre:f:isuz",
    long: &[
        ("quiet", 'n', false),
        ("silent", 'n', false),
        ("expression", 'e', true),
        ("file", 'f', true),
        ("regexp-extended", 'E', false),
        ("in-place", 'i', false),
        ("separate", 's', false),
    ],
};

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    // `-i.bak` keeps a copy; the copy is not kept here, but the option is taken.
    let argv: Vec<String> =
        argv.into_iter().map(|word| if word.starts_with("-i.") { "-i".to_owned() } else { word }).collect();
    let mut given = match super::parse(&sys, "sed", &SPEC, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let mut parts: Vec<String> = given.values('e').map(str::to_owned).collect();
    for file in given.values('f') {
        match sys.read_file(file) {
            Ok(text) => parts.push(text),
            Err(error) => {
                sys.err.line(format!("sed: couldn't open file {file}: {error}"));
                return 1;
            }
        }
    }
    if parts.is_empty() {
        if given.operands.is_empty() {
            sys.err.line("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...");
            return 1;
        }
        parts.push(given.operands.remove(0));
    }
    let script = parts.join("\n");
    let groups: Vec<Vec<String>> = if given.has('i') || given.has('s') {
        given.operands.iter().map(|name| vec![name.clone()]).collect()
    } else {
        vec![given.operands.clone()]
    };
    let mut failed = false;
    for files in groups {
        let commands = match parse::parse(&script, given.has('E') || given.has('r')) {
            Ok(commands) => commands,
            Err(why) => {
                sys.err.line(match (sys.host, why.rsplit_once(": ")) {
                    (Host::Busybox, Some((_, what))) => format!("sed: {what}"),
                    _ => format!("sed: {why}"),
                });
                return 1;
            }
        };
        let mut reader = Reader::new(&sys, "sed", &files);
        let mut editor = Editor::new(commands, given.has('n') || script.starts_with("#n\n"));
        let mut text = String::new();
        let ended = edit(&sys, &mut editor, &mut reader, given.has('i').then_some(&mut text)).await;
        failed |= reader.failed;
        if let (true, Some(name)) = (given.has('i') && !reader.failed, files.first()) {
            let path = crate::files::absolute(&sys.folder, name);
            // It cannot fail: the file was read a moment ago.
            let _ = sys.files(|files| files.write(&path, text));
        }
        if let Some(status) = ended {
            return status;
        }
    }
    if failed { 2 } else { 0 }
}

/// Lines, with one read ahead where the script has to know which is the last.
struct Lines<'a, 'b> {
    reader: &'a mut Reader<'b>,
    ahead: Option<Option<String>>,
    look: bool,
}

impl Lines<'_, '_> {
    /// The next line without its end, and whether it is the last.
    async fn next(&mut self) -> Option<(String, bool)> {
        let line = match self.ahead.take() {
            Some(line) => line,
            None => self.reader.line().await,
        }?;
        if self.look {
            self.ahead = Some(self.reader.line().await);
        }
        let last = matches!(self.ahead, Some(None));
        Some((line.strip_suffix('\n').unwrap_or(&line).to_owned(), last))
    }
}

/// Edits all lines; the exit code if the script gave one.
async fn edit(sys: &Sys, editor: &mut Editor, reader: &mut Reader<'_>, mut file: Option<&mut String>) -> Option<i32> {
    let mut lines = Lines { look: editor.asks_for_last(), reader, ahead: None };
    let mut wanted = None;
    loop {
        if !editor.again {
            let (line, last) = lines.next().await?;
            editor.number += 1;
            editor.last = last;
            match wanted.take() {
                Some(Wanted::Beside) => editor.space = format!("{}\n{line}", editor.space),
                Some(Wanted::Instead) => editor.space = line,
                None => {
                    editor.space = line;
                    editor.begin();
                }
            }
        } else {
            editor.begin();
        }
        let stop = editor.go_on();
        let out = std::mem::take(&mut editor.out);
        match &mut file {
            Some(file) => file.push_str(&out),
            None => sys.out.write(out),
        }
        match stop {
            Stop::Cycle => {}
            Stop::Line(why) => wanted = Some(why),
            Stop::Quit(status) => {
                // The rest of an edited file stays as it is.
                if let Some(file) = &mut file {
                    while let Some((line, _)) = lines.next().await {
                        file.push_str(&(line + "\n"));
                    }
                }
                return Some(status);
            }
            Stop::TooLong => {
                sys.err.line("sed: this ran too long, and was stopped");
                return Some(4);
            }
        }
    }
}

#[cfg(test)]
mod tests;
