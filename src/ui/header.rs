//! The page's name, what can be opened beside the terminal, the panes of a narrow screen, and the way back to the
//! beginning.

use leptos::prelude::*;
use session::{Msg, Panel};

use crate::bridge::{Pane, bridge};

const PANES: [(Pane, &str); 3] =
    [(Pane::Manifest, "Manifest"), (Pane::Diagram, "Diagram"), (Pane::Terminal, "Terminal")];

#[component]
pub(super) fn Header() -> impl IntoView {
    let bridge = bridge();
    let tabs = PANES.map(|(pane, name)| {
        let current = move || if bridge.pane.get() == pane { "true" } else { "false" };
        view! { <button type="button" aria-current=current on:click=move |_| bridge.pane.set(pane)>{name}</button> }
    });
    let open = move |panel| {
        bridge.send(Msg::ShowPanel(Some(panel)));
        bridge.pane.set(Pane::Terminal);
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
            <button type="button" class="quiet" on:click=move |_| open(Panel::Matrix)>"Who reaches what"</button>
            <button type="button" class="quiet" on:click=move |_| open(Panel::Lab)>"Cluster"</button>
            <button type="button" class="quiet" on:click=move |_| bridge.send(Msg::Reset)>"Start over"</button>
            <nav class="tabs" aria-label="Panes">{tabs.into_iter().collect_view()}</nav>
        </header>
    }
}
