//! The gallery as a dialog.

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::gallery::Card;

use crate::bridge::bridge;
use crate::effects::scenes;
use crate::ui::dialog::Dialog;
use crate::words::{Word, say};

#[component]
pub(in crate::ui) fn Gallery() -> impl IntoView {
    let bridge = bridge();
    let cards = RwSignal::new(Vec::<Card>::new());
    Effect::new(move |_| {
        if bridge.gallery.get() && cards.with_untracked(Vec::is_empty) {
            spawn_local(async move {
                if let Some(found) = scenes::cards(bridge).await {
                    cards.set(found);
                }
            });
        }
    });
    let choose = move |card: Card| {
        bridge.gallery.set(false);
        spawn_local(scenes::choose(bridge, card));
    };
    let list = move || cards.get().into_iter().map(|card| item(card, choose)).collect_view();
    view! {
        <Dialog class="gallery" title=Word::Scenes shown=bridge.gallery>
            <p class="hint">{say(Word::ScenesIntroduction)}</p>
            <ul>{list}</ul>
        </Dialog>
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
