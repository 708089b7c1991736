//! What the browser keeps from visit to visit. A browser that keeps nothing is no error, but it is said.

use std::cell::RefCell;

use session::saved::Saved;
use web_sys::Storage;

use super::place;
use crate::bridge::read_saved;
use crate::words::{Word, say};

const KEY: &str = "services-playground";
/// What is added to the key for a visit that could not be read.
const UNREAD: &str = ".unread";

thread_local! {
    /// What could not be kept.
    static UNKEPT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The key of everything of this page: what is done inside of another page is kept apart.
fn key() -> String {
    place::embedded().map_or_else(|| KEY.to_owned(), |wishes| [KEY, ".embed.", &wishes.name].concat())
}

/// The last visit, if there was one, and what went wrong with it.
#[must_use]
pub fn load() -> (Option<Saved>, Option<String>) {
    let denied = || (None, Some(say(Word::StoreDenied).to_owned()));
    let Some(store) = open() else { return denied() };
    match store.get_item(&key()) {
        Ok(Some(text)) => match read_saved(&text) {
            Ok(saved) => (Some(saved), None),
            Err(words) => {
                // The next change is kept in its place; what cannot be read today may be read by another version.
                let _ = store.set_item(&[&key(), UNREAD].concat(), &text);
                (None, Some(words))
            }
        },
        Ok(None) => (None, None),
        Err(_) => denied(),
    }
}

/// Keeps a visit.
///
/// # Errors
/// In words, when the browser refuses.
pub fn store(text: &str) -> Result<(), String> {
    let kept = match open() {
        Some(store) => store.set_item(&key(), text).map_err(|_| say(Word::StoreFull).to_owned()),
        None => Err(say(Word::StoreDenied).to_owned()),
    };
    UNKEPT.set(kept.is_err().then(|| text.to_owned()));
    kept
}

/// The visit that the browser refused to keep.
#[must_use]
pub fn unkept() -> Option<String> {
    UNKEPT.try_with(|unkept| unkept.try_borrow().ok()?.clone()).ok()?
}

/// How the visitor likes the page: a choice by its name.
#[must_use]
pub fn choice(name: &str) -> Option<String> {
    open()?.get_item(&[&key(), ".", name].concat()).ok()?
}

/// Keeps a choice. One that cannot be kept holds until the page is left, and [`store`] has said that nothing is kept.
pub fn choose(name: &str, value: &str) {
    if let Some(store) = open() {
        let _ = store.set_item(&[&key(), ".", name].concat(), value);
    }
}

/// Forgets every visit and every choice.
pub fn forget() {
    let Some(store) = open() else { return };
    // From the end, because what comes later moves up. Where nothing can be removed nothing was kept.
    for at in (0..store.length().unwrap_or_default()).rev() {
        if let Ok(Some(name)) = store.key(at)
            && name.starts_with(&key())
        {
            let _ = store.remove_item(&name);
        }
    }
}

fn open() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
