//! In place of the header, inside another page: whose this is, and the way to a page of its own.

use leptos::prelude::*;

use crate::bridge::bridge;
use crate::effects::place;
use crate::words::{Word, say};

#[component]
pub(super) fn Bar() -> impl IntoView {
    let bridge = bridge();
    // What is there at the moment somebody goes: made then, not with every change.
    let address = RwSignal::new(place::site());
    let refresh = move || {
        let fragment = bridge.now(|model| model.address(false, false)).unwrap_or_default();
        address.set([place::site(), fragment].concat());
    };
    view! {
        <header class="masthead embedded">
            <p>"Services Playground"</p>
            <a href=address target="_blank" rel="noopener" on:focus=move |_| refresh() on:pointerenter=move |_| refresh() on:click=move |_| refresh()>
                {say(Word::OpenAlone)}
            </a>
        </header>
    }
}
