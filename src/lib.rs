//! The web page: Leptos views and browser effects around a session, and nothing else.
//!
//! What the page shows is decided in `crates/`; this crate turns plain views into DOM and DOM events into messages.
//! It exists for wasm32 only, so native builds and tests of the workspace never compile Leptos.
//!
//! - [`bridge`]: the session, and its views as signals
//! - [`effects`]: what a browser does for a session, one file an effect
//! - [`layout`]: how the panes are arranged
//! - [`ui`]: the components
//! - [`words`]: what they say, in the language of whoever looks
#![cfg(target_arch = "wasm32")]
#![forbid(unsafe_code)]

pub mod bridge;
pub mod effects;
pub mod layout;
#[expect(unreachable_pub, reason = "the component macro makes public what stands beside a component")]
pub mod ui;
pub mod words;

pub use ui::App;

/// Puts the page into the document.
pub fn start() {
    effects::panic::install();
    leptos::mount::mount_to_body(App);
}
