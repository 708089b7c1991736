//! Where the page stands: by itself, or inside another page.

use std::cell::OnceCell;

use leptos::prelude::{document, window};
use session::embed::Wishes;
use web_sys::Element;

thread_local! {
    static WISHES: OnceCell<Option<Wishes>> = const { OnceCell::new() };
}

/// What the address of an embedded page wishes; `None` when the page stands for itself.
#[must_use]
pub fn embedded() -> Option<Wishes> {
    let read = || Wishes::read(&window().location().search().unwrap_or_default());
    WISHES.with(|wishes| wishes.get_or_init(read).clone())
}

/// Whether the visitor is in the page around and not in this one: then nothing may take the focus or scroll by itself, because
/// both reach through frames.
#[must_use]
pub fn is_elsewhere() -> bool {
    embedded().is_some() && !document().has_focus().unwrap_or(true)
}

/// Scrolls until an element can be seen, if the visitor is here.
pub fn show(element: &Element) {
    if !is_elsewhere() {
        element.scroll_into_view();
    }
}

/// The folder of the site's address, with the slash at its end.
#[must_use]
pub fn site() -> String {
    let location = window().location();
    let (origin, path) = (location.origin().unwrap_or_default(), location.pathname().unwrap_or_default());
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    [&origin, folder, "/"].concat()
}
