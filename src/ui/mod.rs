//! The components of the page: a folder or a file each.

mod ask;
mod course;
mod diagram;
mod dialog;
mod embedded;
mod gallery;
mod header;
mod layout;
mod manifest;
mod marks;
mod measure;
mod panel;
mod pieces;
mod play;
mod player;
mod settings;
mod share;
mod shortcuts;
mod spread;
mod status;
mod terminal;
mod timeline;
mod why;

use leptos::prelude::*;

use session::Model;

pub use self::diagram::room;
use self::layout::{Separator, Tabs, bring_out};
pub use self::pieces::Pieces;
use self::pieces::piece;
use crate::bridge::{Bridge, bridge};
use crate::effects::place;
use crate::layout::{Pane, Split};
use crate::words::{Word, say};

/// The whole page.
#[component]
pub fn App(
    /// The session.
    model: Model,
    /// What went wrong when the last visit was brought back.
    trouble: Option<String>,
    /// How much of the page there is.
    pieces: Pieces,
) -> impl IntoView {
    let bridge = Bridge::new(model, trouble);
    provide_context(bridge);
    provide_context(pieces);
    provide_context(play::Play::new(bridge));
    provide_context(ask::Asking::new());
    // Another language builds the views anew: then words are plain text everywhere else.
    move || {
        bridge.language.track();
        view! { <Page/> }.into_any()
    }
}

#[component]
fn Page() -> impl IntoView {
    let layout = bridge().layout;
    let pane = move || layout.pane.get().name();
    // Half a screen shows the diagram and one other pane: the one that was in front last.
    let below = Memo::new(move |before: Option<&&'static str>| match (layout.pane.get(), before) {
        (Pane::Diagram, before) => before.copied().unwrap_or(Pane::Manifest.name()),
        (pane, _) => pane.name(),
    });
    let away = move || match (layout.manifest_away.get(), layout.terminal_away.get()) {
        (false, false) => "",
        (true, false) => "manifest",
        (false, true) => "terminal",
        (true, true) => "manifest terminal",
    };
    let wishes = place::embedded();
    let panes = wishes.as_ref().filter(|wishes| !wishes.panes.is_empty()).map(|wishes| wishes.panes.join(" "));
    let framed = wishes.is_some();
    let head =
        move || if framed { view! { <embedded::Bar/> }.into_any() } else { view! { <header::Header/> }.into_any() };
    bring_out();
    view! {
        {piece(head)}
        <main class="panes" data-panes=panes data-pane=pane data-below=below data-away=away style=move || layout.style()>
            <Tabs/>
            <div class="texts">
                {piece(|| view! { <course::CoursePane/> }.into_any())}
                <Separator split=Split::Lesson/>
                {piece(|| view! { <manifest::Manifest/> }.into_any())}
            </div>
            <Separator split=Split::Manifest/>
            <div class="views">
                {piece(|| view! { <diagram::Diagram/> }.into_any())}
                <Separator split=Split::Terminal/>
                <section class="pane console" id="pane-terminal" aria-label=say(Word::Terminal)>
                    {piece(|| view! { <terminal::Terminal/> }.into_any())}
                    <Separator split=Split::Panel/>
                    {piece(|| view! { <panel::SidePanel/> }.into_any())}
                </section>
            </div>
        </main>
        {piece(|| {
            view! {
                <status::Status/>
                <gallery::Gallery/>
                <course::Sheet/>
                <share::Share/>
                <shortcuts::Shortcuts/>
            }
            .into_any()
        })}
    }
}

/// A drawing of lines in a square of 16, for a button that says its name in words.
fn icon(way: &'static str) -> AnyView {
    view! { <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d=way/></svg> }.into_any()
}
