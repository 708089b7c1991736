//! The text that brings a visit back. Whatever comes from a store or a link is hostile until decoded here.

use crate::editor::{FILE, Texts};

/// The first line of every saved visit of this version.
const HEAD: &str = "services-playground 3";
/// The first line of a visit that was saved when there was one file.
const HEAD_OF_ONE_FILE: &str = "services-playground 2";
/// The first line of a visit that was saved before the terminal's lines were kept.
const HEAD_WITHOUT_HISTORY: &str = "services-playground 1";
/// So many of the lines typed last are kept, and so many bytes of them.
const MOST_HISTORY: (usize, usize) = (500, 64 * 1024);
/// More than this is no visit of ours.
const MOST: usize = 512 * 1024;
/// More than this is not written for files that were put aside.
const MOST_ASIDE: usize = 128 * 1024;

/// What is kept of a visit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saved {
    /// The seed of the cluster's chance.
    pub seed: u64,
    /// The lines that were typed in the terminal, oldest first.
    pub history: Vec<String>,
    /// The files of the editor.
    pub files: Texts,
    /// Which of them is open.
    pub open: usize,
    /// Sets of files that were put aside, the last of them last.
    pub aside: Vec<Texts>,
}

/// Why a saved visit cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// It was written by another version of the playground, or by something else.
    Version,
    /// It is larger than any visit can be.
    TooLarge,
    /// It is no visit although its first line says so.
    Damaged,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Version => "it was saved by another version",
            Self::TooLarge => "it is too large",
            Self::Damaged => "it is damaged",
        })
    }
}

impl std::error::Error for Unreadable {}

/// A visit as text: a line that names the format, lines with the seed and the lines of the terminal, which file is open, and
/// the sets of files: those of the editor first. A set is a line with its number of files; a file is a line with its length
/// in bytes and its name, and its text.
#[must_use]
pub fn encode(saved: &Saved) -> String {
    let (most, mut room) = MOST_HISTORY;
    let mut kept: Vec<&str> = Vec::new();
    for line in saved.history.iter().rev().take(most).filter(|line| !line.contains(['\n', '\0'])) {
        let Some(left) = room.checked_sub(line.len()) else { break };
        room = left;
        kept.push(line);
    }
    let mut text = format!("{HEAD}\nseed {}\nhistory {}\n", saved.seed, kept.len());
    for line in kept.iter().rev() {
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(&format!("open {}\n", saved.open));
    encode_set(&mut text, &saved.files);
    // The newest come last: when there is no room for all, the oldest stay behind.
    let mut room = MOST_ASIDE;
    let fits = |set: &&Texts| {
        let size = set.iter().map(|(name, text)| name.len() + text.len() + 32).sum();
        let left = room.checked_sub(size);
        room = left.unwrap_or_default();
        left.is_some()
    };
    let aside: Vec<&Texts> = saved.aside.iter().rev().take_while(fits).collect();
    for set in aside.iter().rev() {
        encode_set(&mut text, set);
    }
    text
}

pub(crate) fn encode_set(into: &mut String, set: &Texts) {
    into.push_str(&format!("files {}\n", set.len()));
    for (name, text) in set {
        into.push_str(&format!("{} {name}\n{text}\n", text.len()));
    }
}

/// A visit from text.
///
/// # Errors
/// When the text is no visit of a version that is known.
pub fn decode(text: &str) -> Result<Saved, Unreadable> {
    if text.len() > MOST {
        return Err(Unreadable::TooLarge);
    }
    let (head, rest) = text.split_once('\n').ok_or(Unreadable::Version)?;
    if ![HEAD, HEAD_OF_ONE_FILE, HEAD_WITHOUT_HISTORY].contains(&head) {
        return Err(Unreadable::Version);
    }
    read(head, rest).filter(|saved| saved.files.iter().all(|(_, text)| !text.contains('\0'))).ok_or(Unreadable::Damaged)
}

/// What follows the first line.
fn read(head: &str, mut rest: &str) -> Option<Saved> {
    let seed = number(&mut rest, "seed ")?;
    let mut history = Vec::new();
    if head != HEAD_WITHOUT_HISTORY {
        let count = number(&mut rest, "history ")?;
        for _ in 0..count.min(u64::try_from(MOST_HISTORY.0).ok()?) {
            history.push(line(&mut rest)?.to_owned());
        }
    }
    if head != HEAD {
        return Some(Saved {
            seed,
            history,
            files: vec![(FILE.to_owned(), rest.to_owned())],
            open: 0,
            aside: Vec::new(),
        });
    }
    let open = usize::try_from(number(&mut rest, "open ")?).ok()?;
    let files = read_set(&mut rest)?;
    let mut aside = Vec::new();
    while !rest.is_empty() {
        aside.push(read_set(&mut rest)?);
    }
    Some(Saved { seed, history, files, open, aside })
}

pub(crate) fn read_set(rest: &mut &str) -> Option<Texts> {
    let count = number(rest, "files ")?;
    let mut set = Texts::new();
    for _ in 0..count {
        let (length, name) = line(rest)?.split_once(' ')?;
        let (text, behind) = rest.split_at_checked(length.parse().ok()?)?;
        *rest = behind.strip_prefix('\n')?;
        set.push((name.to_owned(), text.to_owned()));
    }
    Some(set)
}

pub(crate) fn line<'t>(rest: &mut &'t str) -> Option<&'t str> {
    let (line, behind) = rest.split_once('\n')?;
    *rest = behind;
    Some(line)
}

pub(crate) fn number(rest: &mut &str, word: &str) -> Option<u64> {
    line(rest)?.strip_prefix(word)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A visit with one file.
    fn visit(seed: u64, history: Vec<String>, text: &str) -> Saved {
        Saved { seed, history, files: vec![(FILE.to_owned(), text.to_owned())], open: 0, aside: Vec::new() }
    }

    #[test]
    fn what_was_saved_comes_back() {
        for text in ["", "\n", "kind: Pod\r\n# 😀\n---\n", "files 7\n3 x\n"] {
            for history in [vec![], vec!["ls".to_owned(), "echo é".to_owned()]] {
                let saved = visit(u64::MAX, history, text);
                assert_eq!(decode(&encode(&saved)), Ok(saved.clone()));
                let files = vec![("a b.yaml".to_owned(), text.to_owned()), ("c.yaml".to_owned(), "x".to_owned())];
                let more = Saved { aside: vec![files.clone(), vec![]], files, open: 1, ..saved };
                assert_eq!(decode(&encode(&more)), Ok(more));
            }
        }
    }

    #[test]
    fn visits_of_before_are_read_and_only_the_newest_lines_are_kept() {
        let before = visit(7, vec![], "kind: Pod\n");
        assert_eq!(decode("services-playground 1\nseed 7\nkind: Pod\n"), Ok(before));
        let before = visit(7, vec!["ls".to_owned()], "kind: Pod\n");
        assert_eq!(decode("services-playground 2\nseed 7\nhistory 1\nls\nkind: Pod\n"), Ok(before));
        let history = (0..600).map(|n| n.to_string()).collect();
        let saved = decode(&encode(&visit(1, history, ""))).unwrap();
        assert_eq!((saved.history.len(), saved.history[0].as_str()), (500, "100"));
        let history = vec!["old".to_owned(), "x".repeat(MOST_HISTORY.1), "a\nb".to_owned(), "new".to_owned()];
        let saved = decode(&encode(&visit(1, history, ""))).unwrap();
        assert_eq!(saved.history, ["new"]);
    }

    #[test]
    fn of_what_was_put_aside_the_newest_are_kept() {
        let set = |text: &str| vec![("x.yaml".to_owned(), text.to_owned())];
        let aside = vec![set("old"), set(&"x".repeat(MOST_ASIDE)), set("new")];
        let saved = decode(&encode(&Saved { aside, ..visit(1, vec![], "") })).unwrap();
        assert_eq!(saved.aside, [set("new")]);
    }

    #[test]
    fn what_is_no_visit_is_refused() {
        for (text, want) in [
            (String::new(), Unreadable::Version),
            ("services-playground 4\nseed 1\n".to_owned(), Unreadable::Version),
            ("services-playground 10".to_owned(), Unreadable::Version),
            (format!("{HEAD}\nseed 1"), Unreadable::Damaged),
            (format!("{HEAD}\nseed -1\n"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\n"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\nhistory 2\nls\n"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\nhistory 0\nopen 0\nfiles 1\n1 a\n\0\n"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\nhistory 0\nopen 0\nfiles 1\n2 a\né"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\nhistory 0\nopen 0\nfiles 1\n1 a\né\n"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\nhistory 0\nopen 0\nfiles 18446744073709551615\n"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\nhistory 0\n{}", "x".repeat(MOST)), Unreadable::TooLarge),
        ] {
            assert_eq!(decode(&text), Err(want), "{text:.60}");
        }
    }
}
