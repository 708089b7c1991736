//! What the address of an embedded page wishes, in its query: `?embed=NAME&panes=diagram+terminal&theme=dark&lang=tr`.

/// Panes that can be wished for, as the page calls them.
const PANES: [&str; 3] = ["manifest", "diagram", "terminal"];
/// A longer query is none of ours, in bytes.
const MOST: usize = 2000;

/// How bright the page is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// Light, whatever the system has.
    Light,
    /// Dark, whatever the system has.
    Dark,
}

impl Theme {
    /// By its name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The wishes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wishes {
    /// Under which name the browser keeps what is done here, apart from everything else.
    pub name: String,
    /// The panes to show beside the lesson; empty for all.
    pub panes: Vec<&'static str>,
    /// Light or dark; `None` for as the system has it.
    pub theme: Option<Theme>,
    /// The language, as a tag.
    pub language: Option<String>,
}

impl Wishes {
    /// Reads the query of an address; `None` when the page stands for itself. What cannot be understood is not wished.
    #[must_use]
    pub fn read(query: &str) -> Option<Self> {
        if query.len() > MOST {
            return None;
        }
        let mut wishes = None;
        let parts = || query.trim_start_matches('?').split('&').map(|part| part.split_once('=').unwrap_or((part, "")));
        for (_, name) in parts().filter(|(key, _)| *key == "embed") {
            let name = name.chars().filter(|sign| sign.is_ascii_alphanumeric() || *sign == '-').take(100).collect();
            wishes = Some(Self { name, ..Self::default() });
        }
        let mut wishes = wishes?;
        for (key, value) in parts() {
            match key {
                "panes" => {
                    let wished: Vec<&str> = value.split(['+', ',']).flat_map(|part| part.split("%20")).collect();
                    wishes.panes = PANES.into_iter().filter(|pane| wished.contains(pane)).collect();
                }
                "theme" => wishes.theme = Theme::of(value),
                "lang" => {
                    let is_tag = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'-';
                    wishes.language = (value.len() < 36 && value.bytes().all(is_tag)).then(|| value.to_owned());
                }
                _ => {}
            }
        }
        Some(wishes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read_and_what_is_no_wish_is_passed_over() {
        let read = |query: &str| {
            Wishes::read(query).map(|wishes| (wishes.name, wishes.panes.join(" "), wishes.theme, wishes.language))
        };
        let some = |name: &str, panes: &str, theme, language: Option<&str>| {
            Some((name.to_owned(), panes.to_owned(), theme, language.map(str::to_owned)))
        };
        for (query, want) in [
            ("", None),
            ("?panes=diagram", None),
            ("?embed", some("", "", None, None)),
            ("?embed=two-doors", some("two-doors", "", None, None)),
            ("?embed=../x%00&theme=dark&lang=tr", some("x00", "", Some(Theme::Dark), Some("tr"))),
            ("?embed=a&panes=terminal+diagram+<b>", some("a", "diagram terminal", None, None)),
            ("?embed=a&panes=terminal%20manifest&theme=pink&lang=<", some("a", "manifest terminal", None, None)),
        ] {
            assert_eq!(read(query), want, "{query}");
        }
        assert_eq!(read(&format!("?embed={}", "x".repeat(MOST))), None);
    }
}
