//! A scene given away, taken home, and brought in from a real cluster: one dialog of the browser's own.

mod bring;
mod give;
mod home;
mod picture;

use leptos::prelude::*;

use super::dialog::Dialog;
use crate::bridge::bridge;
use crate::words::Word;

#[component]
pub(super) fn Share() -> impl IntoView {
    let shown = bridge().share;
    // What it shows costs something to make: nothing while it is closed.
    let parts = move || {
        shown.get().then(|| {
            view! {
                <give::Give/>
                <picture::Picture/>
                <home::TakeHome/>
                <bring::BringIn/>
            }
        })
    };
    view! { <Dialog class="share" title=Word::GiveAway shown=shown>{parts}</Dialog> }
}
