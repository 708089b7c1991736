//! A scene given away, taken home, and brought in from a real cluster: one dialog of the browser's own.

mod bring;
mod give;
mod home;
mod picture;

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::bridge::bridge;
use crate::words::{Word, say};

const HEADING: &str = "share-heading";

#[component]
pub(super) fn Share() -> impl IntoView {
    let shown = bridge().share;
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let (true, Some(dialog)) = (shown.get(), dialog.get()) {
            // A dialog that is open already stays so.
            let _ = dialog.show_modal();
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    // What it shows costs something to make: nothing while it is closed.
    let parts = move || {
        shown.get().then(|| {
            view! {
                <give::Give/>
                <picture::Picture/>
                <home::TakeHome/>
                <bring::BringIn close=close/>
            }
        })
    };
    view! {
        <dialog class="share" node_ref=dialog aria-labelledby=HEADING on:close=move |_| shown.set(false)>
            <div class="bar">
                <h2 id=HEADING>{say(Word::GiveAway)}</h2>
                <button type="button" class="quiet" on:click=move |_| close()>{say(Word::Close)}</button>
            </div>
            {parts}
        </dialog>
    }
}
