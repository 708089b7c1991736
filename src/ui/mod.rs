//! The components of the page: a folder or a file each.

mod diagram;
mod header;
mod manifest;
mod marks;
mod measure;
mod panel;
mod status;
mod terminal;
mod why;

use leptos::prelude::*;

use crate::bridge::{Bridge, Pane};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let bridge = Bridge::new();
    provide_context(bridge);
    let pane = move || match bridge.pane.get() {
        Pane::Manifest => "manifest",
        Pane::Diagram => "diagram",
        Pane::Terminal => "terminal",
    };
    view! {
        <header::Header/>
        <main class="panes" data-pane=pane>
            <manifest::Manifest/>
            <diagram::Diagram/>
            <section class="pane console" id="pane-terminal" aria-label="Terminal">
                <terminal::Terminal/>
                <panel::SidePanel/>
            </section>
        </main>
        <status::Status/>
    }
}
