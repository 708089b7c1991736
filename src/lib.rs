//! The web page: Leptos views and browser effects around a session, and nothing else.
//!
//! What the page shows is decided in `crates/`; this crate turns plain views into DOM and DOM events into messages.
//! It exists for wasm32 only, so native builds and tests of the workspace never compile Leptos.
#![cfg(target_arch = "wasm32")]
#![forbid(unsafe_code)]

use leptos::prelude::*;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <main>
            <h1>"Services Playground"</h1>
        </main>
    }
}
