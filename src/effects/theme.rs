//! Light or dark: as the system has it, or as the visitor chose. index.html reads the choice too, so that a page that loads
//! is never bright first and dark a moment later.

use leptos::prelude::document;

use super::storage;
use crate::words::Word;

const CHOICE: &str = "theme";

/// How bright the page is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// As the system has it.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All of them, with what they are called.
    pub const ALL: [(Self, Word); 3] =
        [(Self::System, Word::ThemeSystem), (Self::Light, Word::ThemeLight), (Self::Dark, Word::ThemeDark)];

    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What was chosen before.
#[must_use]
pub fn chosen() -> Theme {
    let name = storage::choice(CHOICE);
    let found = Theme::ALL.into_iter().find(|(theme, _)| name.as_deref() == Some(theme.name()));
    found.map_or(Theme::System, |(theme, _)| theme)
}

/// Shows the page so from now on, and on the next visit.
pub fn choose(theme: Theme) {
    storage::choose(CHOICE, theme.name());
    show(theme.name());
}

/// Shows the page so, by the theme's name.
pub fn show(name: &str) {
    if let Some(root) = document().document_element() {
        // A root that takes no attribute stays as the system has it.
        let _ = root.set_attribute("data-theme", name);
    }
}
