//! How the page is arranged: which pane is in front, how large each is, and which are put away. Kept from visit to visit.

use leptos::prelude::*;

use crate::effects::storage;

const CHOICE: &str = "layout";

/// The panes; on a narrow screen each is a tab.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pane {
    /// A lesson, when one is open.
    Lesson,
    /// The editor.
    Manifest,
    /// The diagram.
    Diagram,
    /// The terminal, and what is looked at beside it.
    Terminal,
}

impl Pane {
    /// Its name in the document.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lesson => "lesson",
            Self::Manifest => "manifest",
            Self::Diagram => "diagram",
            Self::Terminal => "terminal",
        }
    }
}

/// The bars between panes. Each says how large one of its neighbours is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Split {
    /// The width of the lesson.
    Lesson,
    /// The width of the manifest.
    Manifest,
    /// The height of the terminal.
    Terminal,
    /// The width of what is beside the terminal.
    Panel,
}

impl Split {
    const ALL: [Self; 4] = [Self::Lesson, Self::Manifest, Self::Terminal, Self::Panel];

    /// Thousandths of the window: the least, the first and the most that a pane can have.
    #[must_use]
    pub fn range(self) -> (u16, u16, u16) {
        match self {
            Self::Lesson => (150, 240, 450),
            Self::Manifest => (150, 270, 600),
            Self::Terminal => (120, 300, 700),
            Self::Panel => (150, 340, 600),
        }
    }
}

/// The arrangement. Copying it copies a reference.
#[derive(Clone, Copy)]
pub struct Layout {
    /// The pane that was brought to the front last: what a narrow screen shows.
    pub pane: RwSignal<Pane>,
    /// Whether the manifest is put away.
    pub manifest_away: RwSignal<bool>,
    /// Whether the terminal is put away.
    pub terminal_away: RwSignal<bool>,
    sizes: RwSignal<[u16; 4]>,
}

impl Layout {
    /// The arrangement of the last visit. Whatever the store says, each pane gets a size that it can have.
    #[must_use]
    pub fn restored() -> Self {
        let kept = storage::choice(CHOICE).unwrap_or_default();
        let mut numbers = kept.split(' ').map(|number| number.parse::<u16>().ok());
        let sizes = Split::ALL.map(|split| {
            let (least, first, most) = split.range();
            numbers.next().flatten().map_or(first, |size| size.clamp(least, most))
        });
        let mut away = || RwSignal::new(numbers.next().flatten() == Some(1));
        let (manifest_away, terminal_away) = (away(), away());
        Self { pane: RwSignal::new(Pane::Diagram), manifest_away, terminal_away, sizes: RwSignal::new(sizes) }
    }

    /// How large a pane is, in thousandths of the window.
    #[must_use]
    pub fn size(self, split: Split) -> u16 {
        self.sizes.with(|sizes| sizes[split as usize])
    }

    /// Makes a pane so large, or as large as it can be.
    pub fn resize(self, split: Split, size: i32) {
        let (least, _, most) = split.range();
        let size = u16::try_from(size).unwrap_or_default().clamp(least, most);
        self.sizes.update(|sizes| sizes[split as usize] = size);
    }

    /// Gives a pane the size that it had at first.
    pub fn restore(self, split: Split) {
        self.resize(split, i32::from(split.range().1));
        self.keep();
    }

    /// Keeps the arrangement for the next visit.
    pub fn keep(self) {
        let away = [self.manifest_away, self.terminal_away].map(|away| u16::from(away.get_untracked()));
        let numbers = self.sizes.get_untracked().into_iter().chain(away);
        let words: Vec<String> = numbers.map(|number| number.to_string()).collect();
        storage::choose(CHOICE, &words.join(" "));
    }

    /// The sizes as the style sheet reads them.
    #[must_use]
    pub fn style(self) -> String {
        let [lesson, manifest, terminal, panel] = self.sizes.get().map(|size| size.to_string());
        ["--lesson:", &lesson, ";--manifest:", &manifest, ";--terminal:", &terminal, ";--panel:", &panel].concat()
    }
}
