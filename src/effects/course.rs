//! What of the course a browser keeps, and what the page's address asks for.

use leptos::prelude::*;
use session::{CourseMsg, Msg};
use wasm_bindgen::JsValue;

use super::{clock, storage};
use crate::bridge::Bridge;
use crate::layout::Pane;

const CHOICE: &str = "course";
/// When that was, by the clock on the wall.
const SINCE: &str = "course-since";

/// Goes on where the last visit ended, and does what the address asks for, now and when it changes.
pub fn begin(bridge: Bridge) {
    if let Some(kept) = storage::choice(CHOICE) {
        let since = storage::choice(SINCE).and_then(|since| since.parse::<u64>().ok());
        let ago = since.map_or(0, |since| clock::wall().saturating_sub(since));
        bridge.send(Msg::Course(CourseMsg::Restore(kept, ago)));
        show(bridge);
    }
    let read = move || {
        let fragment = window().location().hash().unwrap_or_default();
        if !fragment.is_empty() {
            bridge.send(Msg::Open(fragment));
            forget_fragment();
            show(bridge);
        }
    };
    read();
    let listener = window_event_listener_untyped("hashchange", move |_| read());
    on_cleanup(move || listener.remove());
}

/// What the address asked for is done: when the page is loaded again, the visitor goes on with what they did since.
fn forget_fragment() {
    let location = window().location();
    let (path, search) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    if let Ok(history) = window().history() {
        // Where the address cannot be changed it asks again.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&[path, search].concat()));
    }
}

/// A screen with room for one pane shows the course, if it is open.
fn show(bridge: Bridge) {
    if bridge.now(|model| model.course().page().is_some()) {
        bridge.layout.pane.set(Pane::Lesson);
    }
}

/// Keeps what is to come back, and since when: the time of an exam goes on without the page.
pub fn keep(text: &str) {
    storage::choose(CHOICE, text);
    storage::choose(SINCE, &clock::wall().to_string());
}
