//! The page's name, what can be opened, and which panes are shown.

use leptos::prelude::*;
use session::{Msg, Panel};

use super::{course, icon, settings};
use crate::bridge::bridge;
use crate::layout::Pane;
use crate::words::{Word, say};

const MENU: &str = "menu";

#[component]
pub(super) fn Header() -> impl IntoView {
    let bridge = bridge();
    let layout = bridge.layout;
    let open = move |panel| {
        bridge.send(Msg::ShowPanel(Some(panel)));
        layout.pane.set(Pane::Terminal);
    };
    view! {
        <header class="masthead">
            <svg class="logo" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
                <path d="M9 16h6m2-1 6-6m-6 8 6 6"/>
                <circle cx="6" cy="16" r="3.5"/>
                <circle cx="25.5" cy="7" r="3.5"/>
                <circle cx="25.5" cy="25" r="3.5"/>
            </svg>
            <h1>"Services Playground"</h1>
            // Beside the name where there is room, and a popover where there is not.
            <nav id=MENU popover="auto" class="menu" aria-label=say(Word::Menu)>
                {entry(Word::Course, move || course::toggle(bridge))}
                {entry(Word::Walk, move || open(Panel::Walk))}
                {entry(Word::Scenes, move || bridge.gallery.set(true))}
                {entry(Word::Reach, move || open(Panel::Matrix))}
                {entry(Word::Cluster, move || open(Panel::Lab))}
                {entry(Word::GiveAway, move || bridge.share.set(true))}
            </nav>
            <div class="tools">
                {shown(layout.manifest_away, Word::ManifestShown, "M2 3h12v10H2zM6.5 3v10")}
                {shown(layout.terminal_away, Word::TerminalShown, "M2 3h12v10H2zM2 9h12")}
                <button type="button" class="icon" aria-label=say(Word::Shortcuts) title=say(Word::Shortcuts) on:click=move |_| bridge.shortcuts.set(true)>
                    {icon("M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M8 12v.1")}
                </button>
                <button type="button" class="icon" title=say(Word::Settings) popovertarget=settings::ID aria-label=say(Word::Settings)>
                    {icon("M2 4.5h7m4 0h1M2 11.5h1m4 0h7M11 2.5v4M5 9.5v4")}
                </button>
                <button type="button" class="icon menu-button" popovertarget=MENU aria-label=say(Word::Menu)>
                    {icon("M2 4h12M2 8h12M2 12h12")}
                </button>
            </div>
            <settings::Settings/>
        </header>
    }
}

/// Something that can be opened. A menu that is a popover closes with it.
fn entry(name: Word, open: impl Fn() + 'static) -> AnyView {
    view! {
        <button type="button" class="quiet" popovertarget=MENU popovertargetaction="hide" on:click=move |_| open()>
            {say(name)}
        </button>
    }
    .into_any()
}

/// Puts a pane away or brings it back.
fn shown(away: RwSignal<bool>, name: Word, way: &'static str) -> AnyView {
    let pressed = move || if away.get() { "false" } else { "true" };
    let turn = move |_| away.update(|away| *away = !*away);
    view! {
        <button type="button" class="icon wide" aria-pressed=pressed aria-label=say(name) title=say(name) on:click=turn>
            {icon(way)}
        </button>
    }
    .into_any()
}
