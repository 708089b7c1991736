//! The scenes of the gallery, fetched when somebody wants one.

use leptos::prelude::{GetUntracked, Set};
use session::Msg;
use session::gallery::{self, Card, GalleryMsg};

use super::fetch;
use crate::bridge::Bridge;
use crate::layout::Pane;
use crate::words::{Language, Word, say};

/// All of them, in the language of the page; `None` when they could not be had, which is said.
pub async fn cards(bridge: Bridge) -> Option<Vec<Card>> {
    let address = match bridge.language.get_untracked() {
        Language::English => "scenes/index.txt".to_owned(),
        other => ["scenes/index.", other.tag(), ".txt"].concat(),
    };
    let index = fetch::text(&address).await;
    if index.is_none() {
        fail(bridge);
    }
    index.map(|index| gallery::cards(&index))
}

/// Opens one.
pub async fn choose(bridge: Bridge, card: Card) {
    match fetch::text(&["scenes/", &card.id, ".yaml"].concat()).await {
        Some(text) => {
            bridge.send(Msg::Gallery(GalleryMsg::Open(card, text)));
            bridge.layout.pane.set(Pane::Diagram);
        }
        None => fail(bridge),
    }
}

/// Opens the one of this id.
pub async fn open(bridge: Bridge, id: &str) {
    let Some(cards) = cards(bridge).await else { return };
    match cards.into_iter().find(|card| card.id == id) {
        Some(card) => choose(bridge, card).await,
        None => fail(bridge),
    }
}

fn fail(bridge: Bridge) {
    bridge.gallery.set(false);
    bridge.send(Msg::Trouble(say(Word::ScenesNotLoaded).to_owned()));
}
