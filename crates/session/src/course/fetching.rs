//! A lesson's files on their way: they come one by one, in any order.

use std::fmt;

use super::desk::Origin;

/// Bytes of a file that is fetched: whoever fetches reads no further.
pub const MOST_FETCHED: usize = course::MOST_OF_A_FILE;

/// Why a file could not be had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotFetched {
    /// There is none, or no way to it.
    Unavailable,
    /// It has more than [`MOST_FETCHED`] bytes.
    TooLarge,
    /// It is no text in UTF-8.
    NotText,
}

impl fmt::Display for NotFetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable => f.write_str("could not be loaded. Is there a network?"),
            Self::TooLarge => write!(f, "is larger than {} kB: it was not loaded.", MOST_FETCHED >> 10),
            Self::NotText => f.write_str("is no text in UTF-8."),
        }
    }
}

/// The files of a lesson's folder.
const FILES: [&str; 3] = ["lesson.yaml", "start.yaml", "text.md"];

/// A lesson that is being fetched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fetching {
    pub(super) id: String,
    /// The step at which to begin.
    pub(super) step: usize,
    pub(super) origin: Origin,
    folder: String,
    texts: [Option<String>; 3],
}

/// Where a lesson of this site is, from the page.
pub(super) fn folder(id: &str) -> String {
    format!("lessons/{id}")
}

/// What an arrival means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fetched {
    /// More is on its way, or this was none of it.
    More,
    /// All is there.
    All,
    /// It cannot be had.
    Failed(NotFetched),
}

impl Fetching {
    /// A lesson of this site.
    pub(super) fn of(id: &str, step: usize) -> Self {
        Self { id: id.to_owned(), step, origin: Origin::Course, folder: folder(id), texts: [const { None }; 3] }
    }

    /// A lesson of this site as a task of an exam.
    pub(super) fn task(id: &str, at: usize) -> Self {
        Self { origin: Origin::Task(at), ..Self::of(id, 0) }
    }

    /// A lesson in a folder of another site.
    pub(super) fn elsewhere(folder: String) -> Self {
        Self { origin: Origin::Elsewhere(Some(folder.clone())), folder, ..Self::of("lesson-from-elsewhere", 0) }
    }

    /// Where its files are.
    pub(super) fn addresses(&self) -> Vec<String> {
        FILES.iter().map(|file| format!("{}/{file}", self.folder)).collect()
    }

    /// Takes what arrived.
    pub(super) fn take(&mut self, address: &str, text: Result<String, NotFetched>) -> Fetched {
        let Some(at) = self.addresses().iter().position(|known| known == address) else { return Fetched::More };
        // Only what a lesson begins with may be left out.
        let text = match text {
            Ok(text) => text,
            Err(NotFetched::Unavailable) if FILES[at] == "start.yaml" => String::new(),
            Err(why) => return Fetched::Failed(why),
        };
        self.texts[at] = Some(text);
        if self.texts.iter().all(Option::is_some) { Fetched::All } else { Fetched::More }
    }

    /// The files, once all are there.
    pub(super) fn texts(&self) -> (&str, &str, &str) {
        let [lesson, start, text] = &self.texts;
        (
            lesson.as_deref().unwrap_or_default(),
            start.as_deref().unwrap_or_default(),
            text.as_deref().unwrap_or_default(),
        )
    }
}
