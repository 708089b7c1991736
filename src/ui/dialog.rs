//! A dialog of the browser's own: it holds the focus, Escape closes it, and what was before has the focus again.

use leptos::html;
use leptos::prelude::*;

use crate::words::{Word, say};

/// A dialog that is open while `shown` says so, with its title and a button that closes it.
#[component]
pub(super) fn Dialog(
    /// Which it is, for style sheets and for its heading.
    class: &'static str,
    /// Its title.
    title: Word,
    /// Whether it is open.
    shown: RwSignal<bool>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |was_open: Option<bool>| {
        let Some(dialog) = dialog.get() else { return false };
        let open = shown.get();
        if open {
            // One that is open already stays so.
            let _ = dialog.show_modal();
        } else if was_open == Some(true) {
            dialog.close();
        }
        open
    });
    let heading = [class, "-heading"].concat();
    view! {
        <dialog class=class node_ref=dialog aria-labelledby=heading on:close=move |_| shown.set(false)>
            <div class="bar">
                <h2 id=heading.clone()>{say(title)}</h2>
                <button type="button" class="quiet" on:click=move |_| shown.set(false)>{say(Word::Close)}</button>
            </div>
            {children()}
        </dialog>
    }
}
