//! The terminal's output as lines: what a terminal makes of text, line ends and carriage returns.

use shell::stream::{Channel, Chunk};

/// Lines that are kept; older ones are forgotten, as terminals do.
const MOST: usize = 2000;

/// What a terminal shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Console {
    lines: Vec<ConsoleLine>,
    next: u64,
    /// Whether the last line has not ended yet.
    open: bool,
    /// Whether a carriage return was read and the next text begins the line anew.
    returned: bool,
}

/// One line.
#[derive(Clone, PartialEq, Debug)]
pub struct ConsoleLine {
    /// Grows from line to line; never used again.
    pub id: u64,
    /// Grows whenever the line becomes another.
    pub version: u32,
    /// Its text in pieces.
    pub pieces: Vec<Piece>,
    /// The request it is the last line to report, by the trace's number.
    pub trace: Option<usize>,
}

/// A piece of a line.
#[derive(Clone, PartialEq, Debug)]
pub struct Piece {
    /// Its text, without line ends.
    pub text: String,
    /// Where it came from.
    pub channel: Channel,
}

impl Console {
    /// The lines, oldest first.
    #[must_use]
    pub fn lines(&self) -> &[ConsoleLine] {
        &self.lines
    }

    /// Forgets all lines.
    pub fn clear(&mut self) {
        self.lines.clear();
        (self.open, self.returned) = (false, false);
    }

    /// Adds output.
    pub fn write(&mut self, chunk: &Chunk) {
        for part in chunk.text.split_inclusive(['\n', '\r']) {
            let text = part.trim_end_matches(['\n', '\r']);
            if !text.is_empty() {
                self.put(text, chunk);
            }
            match part.as_bytes().last() {
                Some(b'\n') => {
                    if !self.open {
                        self.put("", chunk);
                    }
                    (self.open, self.returned) = (false, false);
                }
                Some(b'\r') => self.returned = true,
                _ => {}
            }
        }
        if self.lines.len() > MOST {
            self.lines.drain(..self.lines.len() - MOST);
        }
    }

    /// A request is asked about at the last line that reports it, not at each.
    fn forget_trace(&mut self, trace: usize) {
        if let Some(line) = self.lines.iter_mut().rev().find(|line| line.trace == Some(trace)) {
            line.trace = None;
            line.version += 1;
        }
    }

    fn put(&mut self, text: &str, chunk: &Chunk) {
        if !self.open {
            self.lines.push(ConsoleLine { id: self.next, version: 0, pieces: Vec::new(), trace: None });
            self.next += 1;
            self.open = true;
        }
        if let Some(trace) = chunk.trace {
            self.forget_trace(trace.0);
        }
        let Some(line) = self.lines.last_mut() else { return };
        if std::mem::take(&mut self.returned) {
            line.pieces.clear();
        }
        line.version += 1;
        line.trace = chunk.trace.map(|trace| trace.0).or(line.trace);
        if !text.is_empty() {
            line.pieces.push(Piece { text: text.to_owned(), channel: chunk.channel });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(chunks: &[&str]) -> Vec<String> {
        let mut console = Console::default();
        for text in chunks {
            console.write(&Chunk { channel: Channel::Out, text: (*text).to_owned(), trace: None });
        }
        let text = |line: &ConsoleLine| line.pieces.iter().map(|piece| piece.text.as_str()).collect();
        console.lines().iter().map(text).collect()
    }

    #[test]
    fn lines_are_what_a_terminal_shows() {
        for (chunks, want) in [
            (&["a\nb", "c\n"][..], &["a", "bc"][..]),
            (&["\n\nx"], &["", "", "x"]),
            (&["10%\r", "100%\r\n", "done\n"], &["100%", "done"]),
            (&["a\r\nb\r\n"], &["a", "b"]),
            (&["x\r"], &["x"]),
        ] {
            assert_eq!(shown(chunks), want, "{chunks:?}");
        }
    }

    #[test]
    fn a_request_is_asked_about_at_its_last_line() {
        let mut console = Console::default();
        for (text, trace) in [("a\n", Some(0)), ("b\nc\n", Some(0)), ("d\n", None), ("e\n", Some(1))] {
            let trace = trace.map(cluster::network::TraceId);
            console.write(&Chunk { channel: Channel::Out, text: text.to_owned(), trace });
        }
        let traces: Vec<_> = console.lines().iter().map(|line| line.trace).collect();
        assert_eq!(traces, [None, None, Some(0), None, Some(1)]);
    }

    #[test]
    fn old_lines_are_forgotten_and_numbers_are_not_used_again() {
        let mut console = Console::default();
        let chunk = Chunk { channel: Channel::Out, text: "x\n".repeat(MOST + 5), trace: None };
        console.write(&chunk);
        assert_eq!((console.lines().len(), console.lines()[0].id), (MOST, 5));
        console.clear();
        console.write(&Chunk { text: "y\n".to_owned(), ..chunk });
        assert_eq!(console.lines()[0].id, u64::try_from(MOST).unwrap() + 5);
    }
}
