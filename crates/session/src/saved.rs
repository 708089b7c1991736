//! The text that brings a visit back. Whatever comes from a store or a link is hostile until decoded here.

/// The first line of every saved visit of this version.
const HEAD: &str = "services-playground 2";
/// The first line of a visit that was saved before the terminal's lines were kept.
const HEAD_WITHOUT_HISTORY: &str = "services-playground 1";
/// So many of the lines typed last are kept, and so many bytes of them.
const MOST_HISTORY: (usize, usize) = (500, 64 * 1024);
/// More than this is no visit of ours.
const MOST: usize = 512 * 1024;

/// What is kept of a visit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saved {
    /// The seed of the cluster's chance.
    pub seed: u64,
    /// The lines that were typed in the terminal, oldest first.
    pub history: Vec<String>,
    /// The text of the editor.
    pub text: String,
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

/// A visit as text: a line that names the format, a line with the seed, the number of lines of the terminal and those,
/// and the editor's text as it is.
#[must_use]
pub fn encode(saved: &Saved) -> String {
    let (most, mut room) = MOST_HISTORY;
    let mut kept: Vec<&str> = Vec::new();
    for line in saved.history.iter().rev().take(most).filter(|line| !line.contains(['\n', '\0'])) {
        let Some(left) = room.checked_sub(line.len()) else { break };
        room = left;
        kept.push(line);
    }
    let history: String = kept.iter().rev().map(|line| format!("{line}\n")).collect();
    format!("{HEAD}\nseed {}\nhistory {}\n{history}{}", saved.seed, kept.len(), saved.text)
}

/// A visit from text.
///
/// # Errors
/// When the text is no visit of this version.
pub fn decode(text: &str) -> Result<Saved, Unreadable> {
    if text.len() > MOST {
        return Err(Unreadable::TooLarge);
    }
    let (head, rest) = text.split_once('\n').ok_or(Unreadable::Version)?;
    if head != HEAD && head != HEAD_WITHOUT_HISTORY {
        return Err(Unreadable::Version);
    }
    let (seed, mut text) = rest.split_once('\n').ok_or(Unreadable::Damaged)?;
    let seed = seed.strip_prefix("seed ").and_then(|seed| seed.parse().ok()).ok_or(Unreadable::Damaged)?;
    let mut history = Vec::new();
    if head == HEAD {
        let (count, mut rest) = text.split_once('\n').ok_or(Unreadable::Damaged)?;
        let count: usize = count.strip_prefix("history ").and_then(|n| n.parse().ok()).ok_or(Unreadable::Damaged)?;
        for _ in 0..count.min(MOST_HISTORY.0) {
            let (line, more) = rest.split_once('\n').ok_or(Unreadable::Damaged)?;
            history.push(line.to_owned());
            rest = more;
        }
        text = rest;
    }
    if text.contains('\0') {
        return Err(Unreadable::Damaged);
    }
    Ok(Saved { seed, history, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_comes_back() {
        for text in ["", "\n", "kind: Pod\r\n# 😀\n---\n"] {
            for history in [vec![], vec!["ls".to_owned(), "echo é".to_owned()]] {
                let saved = Saved { seed: u64::MAX, history, text: text.to_owned() };
                assert_eq!(decode(&encode(&saved)), Ok(saved));
            }
        }
    }

    #[test]
    fn a_visit_of_before_is_read_and_only_the_newest_lines_are_kept() {
        let before = Saved { seed: 7, history: vec![], text: "kind: Pod\n".to_owned() };
        assert_eq!(decode("services-playground 1\nseed 7\nkind: Pod\n"), Ok(before));
        let history = (0..600).map(|n| n.to_string()).collect();
        let saved = decode(&encode(&Saved { seed: 1, history, text: String::new() })).unwrap();
        assert_eq!((saved.history.len(), saved.history[0].as_str()), (500, "100"));
        let history = vec!["old".to_owned(), "x".repeat(MOST_HISTORY.1), "a\nb".to_owned(), "new".to_owned()];
        let saved = decode(&encode(&Saved { seed: 1, history, text: String::new() })).unwrap();
        assert_eq!(saved.history, ["new"]);
    }

    #[test]
    fn what_is_no_visit_is_refused() {
        for (text, want) in [
            (String::new(), Unreadable::Version),
            ("services-playground 3\nseed 1\n".to_owned(), Unreadable::Version),
            ("services-playground 10".to_owned(), Unreadable::Version),
            (format!("{HEAD}\nseed 1"), Unreadable::Damaged),
            (format!("{HEAD}\nseed -1\n"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\n"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\nhistory 2\nls\n"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\nhistory 0\n\0"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\nhistory 0\n{}", "x".repeat(MOST)), Unreadable::TooLarge),
        ] {
            assert_eq!(decode(&text), Err(want));
        }
    }
}
