//! Streams between programs, and to the terminal.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use cluster::network::TraceId;

/// Which stream of a program a piece of output came by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channel {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
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

/// Where output goes: a terminal, a pipe, a file or nowhere. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Sink(Rc<RefCell<Vec<Chunk>>>, Channel);

impl Sink {
    /// Two ends of one list of chunks: standard output and standard error, in the order of writing.
    #[must_use]
    pub fn pair() -> (Self, Self) {
        let list = Rc::default();
        (Self(Rc::clone(&list), Channel::Out), Self(list, Channel::Err))
    }

    /// This sink under another name: `2>&1`.
    #[must_use]
    pub fn on(&self, channel: Channel) -> Self {
        Self(Rc::clone(&self.0), channel)
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
        if !text.is_empty() {
            self.0.borrow_mut().push(Chunk { channel: self.1, text, trace });
        }
    }

    /// Takes everything written so far, on either end.
    #[must_use]
    pub fn drain(&self) -> Vec<Chunk> {
        std::mem::take(&mut self.0.borrow_mut())
    }
}

/// Where input comes from: lines that were typed or piped. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub struct Source(Rc<RefCell<Input>>);

#[derive(Debug, Default)]
struct Input {
    text: VecDeque<String>,
    closed: bool,
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

    /// Adds text.
    pub fn feed(&self, text: &str) {
        if !text.is_empty() {
            self.0.borrow_mut().text.push_back(text.to_owned());
        }
    }

    /// Says that nothing more will come (Ctrl-D).
    pub fn close(&self) {
        self.0.borrow_mut().closed = true;
    }

    /// Takes the next line with its end, `Some("")` at the end of input, `None` while there is no whole line yet.
    #[must_use]
    pub fn take_line(&self) -> Option<String> {
        let mut input = self.0.borrow_mut();
        let all: String = input.text.drain(..).collect();
        match (all.find('\n'), input.closed) {
            (Some(end), _) => {
                let rest = all[end + 1..].to_owned();
                if !rest.is_empty() {
                    input.text.push_front(rest);
                }
                Some(all[..=end].to_owned())
            }
            (None, true) => Some(all),
            (None, false) => {
                if !all.is_empty() {
                    input.text.push_front(all);
                }
                None
            }
        }
    }

    /// Takes all input once it has ended; `None` until then.
    #[must_use]
    pub fn take_all(&self) -> Option<String> {
        let mut input = self.0.borrow_mut();
        input.closed.then(|| input.text.drain(..).collect())
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
