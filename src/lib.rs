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

use leptos::mount::mount_to;
use leptos::prelude::*;
use session::Starting;
use wasm_bindgen_futures::spawn_local;

use effects::stand::{apart, breathe, ready, stand};
use effects::storage;
pub use ui::{App, Pieces};

/// Makes the page and puts it into the document.
pub fn start() {
    effects::panic::install();
    spawn_local(begin());
}

/// The same for whoever wants to know when it stands. It is made in pieces, between which the browser paints and answers.
pub async fn begin() {
    ready().await;
    breathe().await;
    let (kept, trouble) = storage::load();
    breathe().await;
    let mut starting = Starting::new(kept);
    if let Some((width, height)) = ui::room() {
        starting.set_room(width, height);
    }
    while starting.step() {
        breathe().await;
    }
    let Some(page) = apart() else { return };
    let pieces = Pieces::none_yet();
    let model = starting.finish();
    mount_to(page.clone(), move || view! { <App model=model trouble=trouble pieces=pieces/> }).forget();
    while pieces.one_more() {
        breathe().await;
    }
    stand(&page);
}
