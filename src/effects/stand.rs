//! The page comes into being piece by piece, apart from the document, while there the first view stands (`web/src/first-view.ts`);
//! once it is whole it takes that view's place.

use std::cell::Cell;

use js_sys::Promise;
use leptos::prelude::{document, request_animation_frame};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DocumentFragment, HtmlElement, MessageChannel};

use super::module;

thread_local! {
    static STANDS: Cell<bool> = const { Cell::new(false) };
}

/// Does something once the page has drawn what was changed: while it is made apart, nothing can be seen, scrolled to or focused.
pub fn once_drawn(then: impl FnOnce() + 'static) {
    request_animation_frame(move || if STANDS.get() { then() } else { once_drawn(then) });
}

/// Where the page is made: an element that is not in the document. `None` where there is no document to speak of.
#[must_use]
pub fn apart() -> Option<HtmlElement> {
    document().create_element("div").ok()?.dyn_into().ok()
}

/// Puts what was made there into the document, in place of the first view.
pub fn stand(made: &HtmlElement) {
    let page = document().create_document_fragment();
    while let Some(node) = made.first_child() {
        // A node that is somewhere can be somewhere else.
        let _ = page.append_child(&node);
    }
    if instead(&page).is_err()
        && let Some(body) = document().body()
    {
        // `cargo xtask serve` shows the page without what publishing adds.
        let _ = body.append_child(&page);
    }
    STANDS.set(true);
}

/// Has `web/src/rest.ts` do it, which knows what else waits for the page.
fn instead(page: &DocumentFragment) -> Result<(), JsValue> {
    let rest = rest()?;
    module::function(&rest, "stand")?.call1(&rest, page)?;
    Ok(())
}

/// What `web/src/rest.ts` offers.
fn rest() -> Result<JsValue, JsValue> {
    js_sys::Reflect::get(&js_sys::global(), &"programRest".into())
}

/// Waits until as much of the program is there as the page of this visit needs.
pub async fn ready() {
    // `cargo xtask serve` has the program whole.
    let ready = rest().and_then(|rest| module::function(&rest, "ready")?.call0(&rest)?.dyn_into::<Promise>());
    if let Ok(ready) = ready {
        // It is not refused: where the rest does not come the visitor is told, and may try again.
        let _ = JsFuture::from(ready).await;
    }
}

/// Lets the browser paint and answer: what follows is a task of its own.
pub async fn breathe() {
    // Timers that follow each other wait for 4 ms each, messages do not.
    let Ok(channel) = MessageChannel::new() else { return };
    let task = Promise::new(&mut |begin, refuse| {
        channel.port1().set_onmessage(Some(&begin));
        if let Err(why) = channel.port2().post_message(&JsValue::NULL) {
            let _ = refuse.call1(&JsValue::NULL, &why);
        }
    });
    // Without a task of its own it goes on in this one.
    let _ = JsFuture::from(task).await;
}
