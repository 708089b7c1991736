//! The keys of a command line, as readline has them: moving, cutting, history, searching it.
//!
//! The front end owns the text: before each key it says what the line is, and afterwards shows what became of it. So
//! typing, selecting, pasting and input methods stay the platform's own.

mod paste;
mod search;
mod words;

pub use self::paste::paste;
use self::search::Search;

/// A line with its caret, in bytes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    /// The text.
    pub text: String,
    /// Where the caret is.
    pub caret: usize,
}

impl Line {
    /// A line with the caret at its end.
    #[must_use]
    pub fn at_end(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { caret: text.len(), text }
    }
}

/// A key that was pressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key<'a> {
    /// What it types, or its name as browsers name it, such as `ArrowUp`.
    pub name: &'a str,
    /// Whether Control is held.
    pub control: bool,
    /// Whether Alt is held.
    pub alt: bool,
}

/// What a key asks of the front end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asked {
    /// Nothing: the key is not one of the line's.
    Unknown,
    /// To show this line.
    Show(Line),
    /// To hand this line over, and show an empty one.
    Submit(String),
    /// To show an empty line and end what runs.
    Interrupt,
    /// To say that the input ends.
    EndOfInput,
    /// To clear the screen.
    Clear,
    /// To go on with the word at the caret.
    Complete,
}

/// What the keys of a line remember.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LineEditor {
    /// Steps back from the newest line of the history; 0 is the line being typed.
    back: usize,
    /// What was being typed when the first step back was made.
    draft: String,
    /// What was cut last.
    cut: String,
    /// Whether the key before cut too: then both belong together.
    cutting: bool,
    search: Option<Search>,
    /// Whether Escape was pressed: the next Tab leaves the line.
    leaving: bool,
}

impl LineEditor {
    /// What stands before the line instead of the prompt, while its history is searched.
    #[must_use]
    pub fn search_prompt(&self) -> Option<String> {
        self.search.as_ref().map(Search::prompt)
    }

    /// Does what a key asks; `history` has the lines typed before, oldest first.
    pub fn press(&mut self, line: &Line, key: Key<'_>, history: &[String]) -> Asked {
        let leaving = std::mem::take(&mut self.leaving);
        let cutting = std::mem::take(&mut self.cutting);
        if let Some(asked) = self.press_in_search(key, history) {
            return asked;
        }
        match (key.name, key.control, key.alt) {
            ("Enter", false, false) => self.submit(line.text.clone()),
            ("Tab", false, false) if !leaving && !line.text.is_empty() => Asked::Complete,
            ("Escape", ..) => {
                self.leaving = true;
                Asked::Unknown
            }
            ("ArrowUp", false, false) | ("p", true, false) => self.step(line, history, 1),
            ("ArrowDown", false, false) | ("n", true, false) => self.step(line, history, -1),
            ("r", true, false) => {
                self.search = Some(Search::new(line.clone(), history.len()));
                Asked::Show(line.clone())
            }
            ("c", true, false) => {
                self.forget();
                Asked::Interrupt
            }
            ("d", true, false) if line.text.is_empty() => Asked::EndOfInput,
            ("l", true, false) => Asked::Clear,
            (".", false, true) => insert(line, last_word(history)),
            ("y", true, false) => insert(line, &self.cut),
            ("a", true, false) => moved(line, 0),
            ("e", true, false) => moved(line, line.text.len()),
            ("b", true, false) => moved(line, words::char_before(line)),
            ("f", true, false) => moved(line, words::char_after(line)),
            ("b", false, true) => moved(line, words::word_before(line)),
            ("f", false, true) => moved(line, words::word_after(line)),
            ("t", true, false) => words::transpose(line).map_or(Asked::Unknown, Asked::Show),
            _ => {
                let range = match (key.name, key.control, key.alt) {
                    ("d", true, false) => return without(line, line.caret..words::char_after(line)),
                    ("h", true, false) => return without(line, words::char_before(line)..line.caret),
                    ("u", true, false) => 0..line.caret,
                    ("k", true, false) => line.caret..line.text.len(),
                    ("w", true, false) => words::blank_before(line)..line.caret,
                    ("Backspace", false, true) => words::word_before(line)..line.caret,
                    ("d", false, true) => line.caret..words::word_after(line),
                    _ => return Asked::Unknown,
                };
                self.cut(line, range, cutting)
            }
        }
    }

    fn submit(&mut self, text: String) -> Asked {
        self.forget();
        Asked::Submit(text)
    }

    /// A new line begins; what was cut is kept.
    fn forget(&mut self) {
        *self = Self { cut: std::mem::take(&mut self.cut), ..Self::default() };
    }

    /// Goes back or forth in the history.
    fn step(&mut self, line: &Line, history: &[String], by: isize) -> Asked {
        let Some(back) = self.back.checked_add_signed(by).filter(|back| *back <= history.len()) else {
            return Asked::Show(line.clone());
        };
        if self.back == 0 {
            self.draft.clone_from(&line.text);
        }
        self.back = back;
        let found = if back == 0 { None } else { history.get(history.len() - back) };
        Asked::Show(Line::at_end(found.unwrap_or(&self.draft)))
    }

    /// Takes a part out of the line and keeps it; parts that are cut one after the other are kept as one.
    fn cut(&mut self, line: &Line, range: std::ops::Range<usize>, more: bool) -> Asked {
        let part = line.text.get(range.clone()).unwrap_or_default();
        self.cut = match (more, range.start < line.caret) {
            (true, true) => format!("{part}{}", self.cut),
            (true, false) => format!("{}{part}", self.cut),
            (false, _) => part.to_owned(),
        };
        self.cutting = true;
        without(line, range)
    }

    /// What a key does while the history is searched; `None` when it ends the search and means something to the line.
    fn press_in_search(&mut self, key: Key<'_>, history: &[String]) -> Option<Asked> {
        let search = self.search.as_mut()?;
        let typed = key.name.chars().count() == 1 && !key.control && !key.alt;
        match key.name {
            "r" if key.control => search.older(history),
            "s" if key.control => search.newer(history),
            "Backspace" => search.shorten(history),
            name if typed => search.extend(name, history),
            "Shift" | "Control" | "Alt" | "Meta" => {}
            "g" | "c" if key.control => {
                let before = search.before.clone();
                self.search = None;
                return Some(Asked::Show(before));
            }
            "Enter" => {
                let text = search.line.text.clone();
                return Some(self.submit(text));
            }
            // Everything else takes the line that was found, and then does what it does.
            _ => {
                self.search = None;
                return matches!(key.name, "Escape" | "Tab").then(|| Asked::Unknown);
            }
        }
        Some(Asked::Show(search.line.clone()))
    }
}

fn moved(line: &Line, caret: usize) -> Asked {
    Asked::Show(Line { caret, ..line.clone() })
}

fn insert(line: &Line, text: &str) -> Asked {
    let (before, after) = line.text.split_at_checked(line.caret).unwrap_or((&line.text, ""));
    Asked::Show(Line { caret: before.len() + text.len(), text: format!("{before}{text}{after}") })
}

fn without(line: &Line, range: std::ops::Range<usize>) -> Asked {
    let (Some(before), Some(after)) = (line.text.get(..range.start), line.text.get(range.end..)) else {
        return Asked::Show(line.clone());
    };
    Asked::Show(Line { caret: before.len(), text: format!("{before}{after}") })
}

/// The last word of the line before: what Alt-. brings back.
fn last_word(history: &[String]) -> &str {
    history.last().and_then(|line| line.split_whitespace().last()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
