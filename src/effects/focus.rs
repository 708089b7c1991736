//! Moves the focus to where somebody wants to go on.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::stand::once_drawn;

/// Gives the focus to the first element that a selector finds, once the page has drawn what was changed.
pub fn focus(selector: &'static str) {
    once_drawn(move || {
        let found = document().query_selector(selector).ok().flatten();
        if let Some(found) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            // What takes no focus can still be clicked.
            let _ = found.focus();
        }
    });
}
