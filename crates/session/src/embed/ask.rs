//! A message from the page around the playground. Anybody may embed the page, so a message can only do what a visitor could.

use serde_json::Value;

use super::Theme;

/// A larger message is not read, in bytes of its JSON.
const MOST: usize = 64 * 1024;

/// What can be asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ask {
    /// Be light or dark.
    Theme(Theme),
    /// Speak this language.
    Language(String),
    /// Open what this fragment of an address names.
    Open(String),
}

/// Why a message does nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotAsked {
    /// It is too large.
    TooLarge,
    /// It is no object with a known `do` and what belongs to that.
    Unknown,
}

impl std::fmt::Display for NotAsked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the message is larger than 64 kB",
            Self::Unknown => r#"it has to be {"do": "theme" | "language" | "open", "is": "..."}"#,
        })
    }
}

impl std::error::Error for NotAsked {}

/// Decodes a message: JSON text.
///
/// # Errors
/// When it asks for nothing that is known.
pub fn ask(text: &str) -> Result<Ask, NotAsked> {
    if text.len() > MOST {
        return Err(NotAsked::TooLarge);
    }
    let message: Value = serde_json::from_str(text).map_err(|_| NotAsked::Unknown)?;
    let part = |name: &str| message.get(name).and_then(Value::as_str);
    let asked = match (part("do"), part("is").unwrap_or_default()) {
        (Some("theme"), name) => Theme::of(name).map(Ask::Theme),
        (Some("language"), tag) => Some(Ask::Language(tag.to_owned())),
        (Some("open"), fragment) => fragment.starts_with('#').then(|| Ask::Open(fragment.to_owned())),
        _ => None,
    };
    asked.ok_or(NotAsked::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_messages_are_read_and_others_refused() {
        assert_eq!(ask(r#"{"do":"theme","is":"dark"}"#), Ok(Ask::Theme(Theme::Dark)));
        assert_eq!(ask(r##"{"do":"open","is":"#lesson=two-doors"}"##), Ok(Ask::Open("#lesson=two-doors".to_owned())));
        for text in [
            "",
            "null",
            "[]",
            "{",
            r#"{"do":"theme"}"#,
            r#"{"do":"theme","is":{}}"#,
            r#"{"do":"open","is":"javascript:alert(1)"}"#,
            r#"{"do":"delete","is":"all"}"#,
            &"[".repeat(10_000),
        ] {
            assert_eq!(ask(text), Err(NotAsked::Unknown), "{text:.40}");
        }
        assert_eq!(ask(&" ".repeat(MOST + 1)), Err(NotAsked::TooLarge));
    }
}
