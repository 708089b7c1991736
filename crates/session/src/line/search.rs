//! Searching the history backwards: Ctrl-R.

use super::Line;

/// A search under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Search {
    query: String,
    /// The line of the history that was found last, or its end.
    at: usize,
    failed: bool,
    /// What is shown: the line that was found, with the caret where the query is in it.
    pub(super) line: Line,
    /// The line before the search.
    pub(super) before: Line,
}

impl Search {
    pub(super) fn new(line: Line, end: usize) -> Self {
        Self { query: String::new(), at: end, failed: false, before: line.clone(), line }
    }

    pub(super) fn prompt(&self) -> String {
        let failed = if self.failed { "failed " } else { "" };
        format!("({failed}reverse-i-search)`{}': ", self.query)
    }

    /// A longer query is looked for from the line that is shown.
    pub(super) fn extend(&mut self, typed: &str, history: &[String]) {
        self.query.push_str(typed);
        self.look(history, (0..(self.at + 1).min(history.len())).rev());
    }

    pub(super) fn shorten(&mut self, history: &[String]) {
        self.query.pop();
        self.failed = false;
        if self.query.is_empty() {
            (self.at, self.line) = (history.len(), self.before.clone());
        } else {
            self.look(history, (0..history.len()).rev());
        }
    }

    pub(super) fn older(&mut self, history: &[String]) {
        self.look(history, (0..self.at.min(history.len())).rev());
    }

    pub(super) fn newer(&mut self, history: &[String]) {
        self.look(history, self.at + 1..history.len());
    }

    /// Looks through lines; what is shown stays when none of them has the query. Equal lines are found once.
    fn look(&mut self, history: &[String], mut lines: impl Iterator<Item = usize>) {
        if self.query.is_empty() {
            return;
        }
        let shown = self.line.text.clone();
        let again = |line: &str| line == shown && self.at < history.len();
        let current = self.at;
        let found = lines.find_map(|index| {
            let line = history.get(index)?;
            let caret = line.rfind(&self.query)?;
            (index == current || !again(line)).then(|| (index, Line { text: line.clone(), caret }))
        });
        match found {
            Some((at, line)) => (self.at, self.line, self.failed) = (at, line, false),
            None => self.failed = true,
        }
    }
}
