//! What was typed on the learner's own cluster, and when: equal inputs at equal times give an equal cluster.

use cluster::Instant;

use super::link::MOST_LINES;
use crate::Model;
use crate::course::{self, Input};
use crate::update;

/// Ctrl-C and Ctrl-D, as the lines that they stand for.
const INTERRUPT: &str = "\u{3}";
const END: &str = "\u{4}";
/// A longer line is not remembered, in bytes.
const MOST_OF_LINE: usize = 8 * 1024;

/// The lines of a cluster's terminal since it was made.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Typed(Vec<(Instant, String)>);

impl Typed {
    /// Remembers an input that is typed.
    pub(crate) fn note(&mut self, at: Instant, input: &Input) {
        let line = match input {
            Input::Line(line) if line.len() <= MOST_OF_LINE && !line.contains('\n') => line,
            Input::Interrupt => INTERRUPT,
            Input::End => END,
            _ => return,
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
        let input = match line.as_str() {
            INTERRUPT => Input::Interrupt,
            END => Input::End,
            line => Input::Line(line.to_owned()),
        };
        course::again(model, *at, input);
        // What one would leave at once is not opened.
        if model.editing.is_some() {
            course::again(model, *at, Input::Edited(None));
        }
    }
    update::run(model, until);
    model.typed = Typed(lines);
}
