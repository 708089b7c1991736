//! What was typed on the learner's own cluster, and when: equal inputs at equal times give an equal cluster.

use cluster::Instant;

use super::link::MOST_LINES;
use crate::Model;
use crate::update::{self, Msg};

/// Ctrl-C and Ctrl-D, as the lines that they stand for.
const KEYS: [(&str, Msg); 2] = [("\u{3}", Msg::Interrupt), ("\u{4}", Msg::EndOfInput)];
/// A longer line is not remembered, in bytes.
const MOST_OF_LINE: usize = 8 * 1024;

/// The lines of a cluster's terminal since it was made.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Typed(Vec<(Instant, String)>);

impl Typed {
    /// Remembers what a message types.
    pub(crate) fn note(&mut self, at: Instant, msg: &Msg) {
        let line = match msg {
            Msg::TerminalLine(line) if line.len() <= MOST_OF_LINE && !line.contains('\n') => line,
            key => match KEYS.iter().find(|(_, msg)| msg == key) {
                Some((line, _)) => *line,
                None => return,
            },
        };
        if self.0.len() < MOST_LINES {
            self.0.push((at, line.to_owned()));
        }
    }

    /// The lines, oldest first.
    pub(crate) fn lines(&self) -> &[(Instant, String)] {
        &self.0
    }
}

/// Types lines again on a cluster that is new, each at its time, and lets time go on until it is `until`.
pub(super) fn again(model: &mut Model, lines: Vec<(Instant, String)>, until: Instant) {
    for (at, line) in &lines {
        update::run(model, *at);
        match line.as_str() {
            "\u{3}" => model.terminal.interrupt(),
            "\u{4}" => model.terminal.end_of_input(),
            line => model.terminal.submit(line),
        }
        update::run(model, *at);
        // What one would leave at once is not opened.
        if model.editing.is_some() {
            update::edited(model, None);
        }
        // Help is not read again.
        for document in std::mem::take(&mut model.to_load) {
            model.terminal.loaded(document, None);
        }
    }
    update::run(model, until);
    model.typed = Typed(lines);
}
