//! The gallery as a dialog of the browser's own: it holds the focus, Escape closes it, and what was before has the focus again.

use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::gallery::Card;

use crate::bridge::bridge;
use crate::effects::scenes;
use crate::words::{Word, say};

const HEADING: &str = "gallery-heading";

#[component]
pub(in crate::ui) fn Gallery() -> impl IntoView {
    let bridge = bridge();
    let dialog = NodeRef::<Dialog>::new();
    let cards = RwSignal::new(Vec::<Card>::new());
    Effect::new(move |_| {
        let (true, Some(dialog)) = (bridge.gallery.get(), dialog.get()) else { return };
        // A dialog that is open already stays so.
        let _ = dialog.show_modal();
        if cards.with_untracked(Vec::is_empty) {
            spawn_local(async move {
                if let Some(found) = scenes::cards(bridge).await {
                    cards.set(found);
                }
            });
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let choose = move |card: Card| {
        close();
        spawn_local(scenes::choose(bridge, card));
    };
    let list = move || cards.get().into_iter().map(|card| item(card, choose)).collect_view();
    view! {
        <dialog class="gallery" node_ref=dialog aria-labelledby=HEADING on:close=move |_| bridge.gallery.set(false)>
            <div class="bar">
                <h2 id=HEADING>{say(Word::Scenes)}</h2>
                <button type="button" class="quiet" on:click=move |_| close()>{say(Word::Close)}</button>
            </div>
            <p class="hint">{say(Word::ScenesIntroduction)}</p>
            <ul>{list}</ul>
        </dialog>
    }
}

fn item(card: Card, choose: impl Fn(Card) + Copy + Send + 'static) -> AnyView {
    let chosen = card.clone();
    view! {
        <li>
            <button type="button" on:click=move |_| choose(chosen.clone())>
                <strong>{card.title}</strong>
                <span>{card.what}</span>
            </button>
        </li>
    }
    .into_any()
}
