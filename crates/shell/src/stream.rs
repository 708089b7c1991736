//! Streams between programs, and to the terminal.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use cluster::network::{TraceId, Vantage};

use crate::files::FileSystems;

/// Which stream of a program a piece of output came by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channel {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
    /// What was typed, after its prompt, at the moment somebody read it. A front end that echoes by itself skips it.
    Echo,
}

/// A piece of output, as a terminal gets it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chunk {
    /// By which stream.
    pub channel: Channel,
    /// The text.
    pub text: String,
    /// The request it reports, if it reports one: from here the "why?" of a line is found.
    pub trace: Option<TraceId>,
}

/// Bytes that are kept of what was written since somebody read.
const MOST_UNREAD: usize = 8 << 20;

/// Where output goes: a terminal, a pipe, a file or nowhere. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Sink(Target, Channel);

#[derive(Clone, Debug)]
enum Target {
    Chunks(Rc<RefCell<Vec<Chunk>>>),
    File(FileSystems, Rc<(Vantage, String)>),
    Nowhere,
}

impl Sink {
    /// Two ends of one list of chunks: standard output and standard error, in the order of writing.
    #[must_use]
    pub fn pair() -> (Self, Self) {
        let list = Rc::default();
        (Self(Target::Chunks(Rc::clone(&list)), Channel::Out), Self(Target::Chunks(list), Channel::Err))
    }

    /// `/dev/null`.
    #[must_use]
    pub fn nowhere() -> Self {
        Self(Target::Nowhere, Channel::Out)
    }

    /// The end of a file, by its absolute path. The file is there already.
    #[must_use]
    pub(crate) fn file(systems: &FileSystems, machine: &Vantage, path: &str) -> Self {
        Self(Target::File(Rc::clone(systems), Rc::new((machine.clone(), path.to_owned()))), Channel::Out)
    }

    /// This sink under another name: `2>&1`.
    #[must_use]
    pub fn on(&self, channel: Channel) -> Self {
        Self(self.0.clone(), channel)
    }

    /// Writes text.
    pub fn write(&self, text: impl Into<String>) {
        self.push(text.into(), None);
    }

    /// Writes text and an end of line.
    pub fn line(&self, text: impl AsRef<str>) {
        self.push(format!("{}\n", text.as_ref()), None);
    }

    /// Writes text that reports a request.
    pub fn report(&self, text: impl Into<String>, trace: TraceId) {
        self.push(text.into(), Some(trace));
    }

    fn push(&self, text: String, trace: Option<TraceId>) {
        match &self.0 {
            Target::Chunks(list) if !text.is_empty() => {
                let mut list = list.borrow_mut();
                match list.last_mut() {
                    Some(last) if last.channel == self.1 && last.trace.is_none() && trace.is_none() => {
                        // What nobody reads is cut off: a program must not fill the memory.
                        if last.text.len() <= MOST_UNREAD {
                            last.text.push_str(&text);
                        }
                    }
                    _ => list.push(Chunk { channel: self.1, text, trace }),
                }
            }
            Target::File(systems, file) => {
                let (machine, path) = file.as_ref();
                let mut systems = systems.borrow_mut();
                // A file that was removed meanwhile takes what is written and is gone, as an open file would.
                if let Some(files) = systems.get_mut(machine) {
                    files.append(path, &text);
                }
            }
            Target::Chunks(_) | Target::Nowhere => {}
        }
    }

    /// Takes everything written so far, on either end; nothing if this is no list of chunks.
    #[must_use]
    pub fn drain(&self) -> Vec<Chunk> {
        match &self.0 {
            Target::Chunks(list) => std::mem::take(&mut list.borrow_mut()),
            Target::File(..) | Target::Nowhere => Vec::new(),
        }
    }
}

/// Where input comes from: lines that were typed or piped. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub struct Source(Rc<RefCell<Input>>);

/// Input that was not read yet.
#[derive(Debug, Default)]
struct Input {
    /// Lines with their ends, the last perhaps without; an empty one is a Ctrl-D.
    lines: VecDeque<String>,
    closed: bool,
    /// On a terminal: where what is read is shown.
    echo: Option<Sink>,
    /// On a terminal: what stands before the line that the reader waits for.
    prompt: Option<String>,
}

impl Source {
    /// A source that holds this text and ends after it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let source = Self::default();
        source.feed(text);
        source.close();
        source
    }

    /// A terminal's keyboard: what is read from it is shown there, as [`Channel::Echo`].
    #[must_use]
    pub fn keyboard(terminal: &Sink) -> Self {
        let source = Self::default();
        source.0.borrow_mut().echo = Some(terminal.on(Channel::Echo));
        source
    }

    /// Adds text.
    pub fn feed(&self, text: &str) {
        let mut input = self.0.borrow_mut();
        for line in text.split_inclusive('\n') {
            match input.lines.back_mut() {
                Some(last) if !last.is_empty() && !last.ends_with('\n') => last.push_str(line),
                _ => input.lines.push_back(line.to_owned()),
            }
        }
    }

    /// Ctrl-D: whoever reads sees the end of input once; more may follow.
    pub fn end(&self) {
        self.0.borrow_mut().lines.push_back(String::new());
    }

    /// Says that nothing more will come.
    pub fn close(&self) {
        self.0.borrow_mut().closed = true;
    }

    /// Forgets what was not read.
    pub fn discard(&self) {
        self.0.borrow_mut().lines.clear();
    }

    /// Says what stands before the next line, or that nobody asks for one.
    pub(crate) fn set_prompt(&self, prompt: Option<String>) {
        self.0.borrow_mut().prompt = prompt;
    }

    /// What stands before the next line, if a shell waits for one.
    #[must_use]
    pub(crate) fn prompt(&self) -> Option<String> {
        self.0.borrow().prompt.clone()
    }

    /// Takes the next line with its end, `Some("")` at the end of input, `None` while there is no whole line yet.
    #[must_use]
    pub fn take_line(&self) -> Option<String> {
        let mut input = self.0.borrow_mut();
        let line = match (input.lines.front(), input.lines.get(1)) {
            (None, _) if input.closed => String::new(),
            (None, _) => return None,
            (Some(line), _) if line.is_empty() || line.ends_with('\n') => input.lines.pop_front().unwrap_or_default(),
            (Some(_), None) if !input.closed => return None,
            // A Ctrl-D after the beginning of a line hands that over and is used up.
            (Some(_), _) => {
                let line = input.lines.pop_front().unwrap_or_default();
                if input.lines.front().is_some_and(String::is_empty) {
                    input.lines.pop_front();
                }
                line
            }
        };
        let prompt = input.prompt.take().unwrap_or_default();
        if let Some(echo) = &input.echo {
            echo.write(format!("{prompt}{line}"));
        }
        Some(line)
    }

    /// Takes all input once it has ended; `None` until then.
    #[must_use]
    pub fn take_all(&self) -> Option<String> {
        {
            let input = self.0.borrow();
            if !input.closed && !input.lines.iter().any(String::is_empty) {
                return None;
            }
        }
        let mut all = String::new();
        loop {
            let line = self.take_line()?;
            all.push_str(&line);
            if !line.ends_with('\n') {
                return Some(all);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_and_the_end_is_seen() {
        let source = Source::default();
        source.feed("a");
        assert_eq!(source.take_line(), None);
        source.feed("b\nc");
        assert_eq!(source.take_line().as_deref(), Some("ab\n"));
        assert_eq!((source.take_line(), source.take_all()), (None, None));
        source.close();
        assert_eq!(source.take_line().as_deref(), Some("c"));
        assert_eq!(source.take_line().as_deref(), Some(""));
    }

    #[test]
    fn a_keyboard_echoes_what_is_read_and_ends_more_than_once() {
        let (terminal, _) = Sink::pair();
        let keys = Source::keyboard(&terminal);
        keys.feed("ls\nhalf");
        keys.end();
        keys.end();
        keys.set_prompt(Some("$ ".to_owned()));
        assert_eq!(keys.take_line().as_deref(), Some("ls\n"));
        assert_eq!(keys.prompt(), None);
        assert_eq!(keys.take_line().as_deref(), Some("half"));
        assert_eq!(keys.take_line().as_deref(), Some(""));
        assert_eq!(keys.take_line(), None);
        keys.feed("a\nb\n");
        assert_eq!(keys.take_all(), None);
        keys.end();
        keys.feed("next\n");
        assert_eq!(keys.take_all().as_deref(), Some("a\nb\n"));
        let shown: String = terminal.drain().into_iter().map(|chunk| chunk.text).collect();
        assert_eq!(shown, "$ ls\nhalfa\nb\n");
    }

    #[test]
    fn both_ends_of_a_pair_keep_the_order() {
        let (out, err) = Sink::pair();
        out.line("one");
        err.line("two");
        let chunks = out.drain();
        assert_eq!(
            chunks.iter().map(|c| (c.channel, c.text.as_str())).collect::<Vec<_>>(),
            [(Channel::Out, "one\n"), (Channel::Err, "two\n")]
        );
        assert!(err.drain().is_empty());
    }
}
