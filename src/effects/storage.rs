//! What the browser keeps from visit to visit. A browser that keeps nothing is no error, but it is said.

use session::saved::Saved;
use web_sys::Storage;

use crate::bridge::read_saved;

const KEY: &str = "services-playground";

const DENIED: &str = "this browser keeps nothing for this page: copy your text before you leave";

/// The last visit, if there was one, and what went wrong with it.
#[must_use]
pub fn load() -> (Option<Saved>, Option<String>) {
    let Some(store) = open() else { return (None, Some(DENIED.to_owned())) };
    match store.get_item(KEY) {
        Ok(Some(text)) => match read_saved(&text) {
            Ok(saved) => (Some(saved), None),
            Err(words) => (None, Some(words)),
        },
        Ok(None) => (None, None),
        Err(_) => (None, Some(DENIED.to_owned())),
    }
}

/// Keeps a visit.
///
/// # Errors
/// In words, when the browser refuses.
pub fn store(text: &str) -> Result<(), String> {
    let store = open().ok_or(DENIED)?;
    store.set_item(KEY, text).map_err(|_| "the browser's store is full or closed: your text is not kept".to_owned())
}

/// Forgets every visit.
pub fn forget() {
    if let Some(store) = open() {
        // Where nothing can be removed nothing was kept.
        let _ = store.remove_item(KEY);
    }
}

fn open() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
