//! What the page says, in the language of whoever looks. English is part of the program; another language is a file that is
//! fetched when it is chosen. A change of language builds the page's views anew, so a word is plain text to a component.

mod english;

use std::cell::Cell;

pub use english::Word;
use english::{ENGLISH, KEYS};

/// A language that the page speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// Always at hand.
    English,
    /// `public/words/tr.txt`.
    Turkish,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Turkish];

    /// Its tag (BCP 47), as `<html lang>` has it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Turkish => "tr",
        }
    }

    /// What it calls itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Turkish => "Türkçe",
        }
    }

    /// The language that a tag such as `tr-TR` asks for.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let short = tag.split('-').next()?;
        Self::ALL.into_iter().find(|language| language.tag() == short)
    }
}

thread_local! {
    static SPOKEN: Cell<&'static [&'static str]> = const { Cell::new(ENGLISH) };
}

/// The text of a word.
#[must_use]
pub fn say(word: Word) -> &'static str {
    let at = word as usize;
    SPOKEN.get().get(at).copied().unwrap_or_default()
}

/// The text of a word with its holes filled.
#[must_use]
pub fn fill(word: Word, holes: &[(&str, &str)]) -> String {
    let mut text = say(word).to_owned();
    for (name, value) in holes {
        // Not by `replace`, which would fill holes in what was filled in.
        let hole = ["{", name, "}"].concat();
        if let Some(at) = text.find(&hole) {
            text.replace_range(at..at + hole.len(), value);
        }
    }
    text
}

/// Speaks English from now on.
pub fn speak_english() {
    SPOKEN.set(ENGLISH);
}

/// Speaks another language from now on: lines of a key, a tab and a text. What has no line stays English.
pub fn speak(file: &str) {
    let mut spoken = ENGLISH.to_vec();
    for (key, text) in file.lines().filter_map(|line| line.split_once('\t')) {
        if let Some(at) = KEYS.iter().position(|known| *known == key) {
            // A page has one or two languages in its life, and their words live as long as it does.
            spoken[at] = Box::leak(Box::from(text));
        }
    }
    SPOKEN.set(Box::leak(spoken.into_boxed_slice()));
}
