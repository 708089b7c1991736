//! The gallery of scenes, what an empty cluster says of it, and the one thing to try of the scene that is open.

mod dialog;
mod task;

use leptos::prelude::*;
use session::Model;

pub(super) use dialog::Gallery;
pub(super) use task::Task;

use crate::bridge::bridge;
use crate::words::{Word, say};

/// In place of an empty diagram.
#[component]
pub(super) fn Invitation() -> impl IntoView {
    let bridge = bridge();
    let empty = bridge.view(Model::is_empty);
    view! {
        <div class="invitation" hidden=move || !empty.get()>
            <p>{say(Word::EmptyCluster)}</p>
            <button type="button" class="primary" on:click=move |_| bridge.gallery.set(true)>{say(Word::ChooseScene)}</button>
        </div>
    }
}
