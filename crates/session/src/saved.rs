//! The text that brings a visit back. Whatever comes from a store or a link is hostile until decoded here.

/// The first line of every saved visit of this version.
const HEAD: &str = "services-playground 1";
/// More than this is no visit of ours.
const MOST: usize = 512 * 1024;

/// What is kept of a visit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saved {
    /// The seed of the cluster's chance.
    pub seed: u64,
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

/// A visit as text: a line that names the format, a line with the seed, and the editor's text as it is.
#[must_use]
pub fn encode(saved: &Saved) -> String {
    format!("{HEAD}\nseed {}\n{}", saved.seed, saved.text)
}

/// A visit from text.
///
/// # Errors
/// When the text is no visit of this version.
pub fn decode(text: &str) -> Result<Saved, Unreadable> {
    if text.len() > MOST {
        return Err(Unreadable::TooLarge);
    }
    let rest = text.strip_prefix(HEAD).and_then(|rest| rest.strip_prefix('\n')).ok_or(Unreadable::Version)?;
    let (seed, text) = rest.split_once('\n').ok_or(Unreadable::Damaged)?;
    let seed = seed.strip_prefix("seed ").and_then(|seed| seed.parse().ok()).ok_or(Unreadable::Damaged)?;
    if text.contains('\0') {
        return Err(Unreadable::Damaged);
    }
    Ok(Saved { seed, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_comes_back() {
        for text in ["", "\n", "kind: Pod\r\n# 😀\n---\n"] {
            let saved = Saved { seed: u64::MAX, text: text.to_owned() };
            assert_eq!(decode(&encode(&saved)), Ok(saved));
        }
    }

    #[test]
    fn what_is_no_visit_is_refused() {
        for (text, want) in [
            (String::new(), Unreadable::Version),
            ("services-playground 2\nseed 1\n".to_owned(), Unreadable::Version),
            ("services-playground 10".to_owned(), Unreadable::Version),
            (format!("{HEAD}\nseed 1"), Unreadable::Damaged),
            (format!("{HEAD}\nseed -1\n"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\n\0"), Unreadable::Damaged),
            (format!("{HEAD}\nseed 1\n{}", "x".repeat(MOST)), Unreadable::TooLarge),
        ] {
            assert_eq!(decode(&text), Err(want));
        }
    }
}
