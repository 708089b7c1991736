//! The panes of a narrow screen: one at a time, each a tap away.

use leptos::prelude::*;

use crate::bridge::bridge;
use crate::layout::Pane;
use crate::words::{Word, say};

const TABS: [(Pane, Word); 4] = [
    (Pane::Lesson, Word::Lesson),
    (Pane::Manifest, Word::Manifest),
    (Pane::Diagram, Word::Diagram),
    (Pane::Terminal, Word::Terminal),
];

#[component]
pub(in crate::ui) fn Tabs() -> impl IntoView {
    let pane = bridge().layout.pane;
    let tabs = TABS.map(|(of, name)| {
        let current = move || if pane.get() == of { "true" } else { "false" };
        view! {
            <button type="button" data-tab=of.name() aria-current=current on:click=move |_| pane.set(of)>
                {say(name)}
            </button>
        }
    });
    view! { <nav class="tabs" aria-label=say(Word::Panes)>{tabs.into_iter().collect_view()}</nav> }
}
