//! Which language the page speaks: the one that was chosen, or the one that the browser asks for.

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::{CourseMsg, Msg};

use super::focus::focus;
use super::{fetch, place, storage};
use crate::bridge::Bridge;
use crate::words::{self, Language, Word, say};

const CHOICE: &str = "language";

/// Speaks as the visitor chose before, or as the browser asks.
pub fn begin(bridge: Bridge) {
    let asked = || window().navigator().language();
    let wished = place::embedded().and_then(|wishes| wishes.language);
    let language = wished.or_else(|| storage::choice(CHOICE)).or_else(asked).and_then(|tag| Language::of_tag(&tag));
    if let Some(language) = language {
        speak(bridge, language);
    }
}

/// Speaks another language from now on, and on the next visit.
pub fn choose(bridge: Bridge, language: Language) {
    storage::choose(CHOICE, language.tag());
    speak(bridge, language);
}

/// Speaks another language as long as the page stays.
pub fn speak(bridge: Bridge, language: Language) {
    if language == Language::English {
        words::speak_english();
        told(bridge, language);
        return;
    }
    spawn_local(async move {
        let file = fetch::text(&["words/", language.tag(), ".txt"].concat()).await;
        match file {
            Some(file) => {
                words::speak(&file);
                told(bridge, language);
            }
            None => bridge.send(Msg::Trouble(say(Word::LanguageNotLoaded).to_owned())),
        }
    });
}

/// The page is built anew in that language, and says which it is.
fn told(bridge: Bridge, language: Language) {
    bridge.send(Msg::Course(CourseMsg::Speak(language.tag().to_owned())));
    if bridge.language.get_untracked() != language {
        let focused = document().query_selector("body :focus").is_ok_and(|focused| focused.is_some());
        bridge.language.set(language);
        if focused {
            // What had the focus is gone with the views; mostly it was the list from which the language was chosen.
            focus("[popovertarget=settings]");
        }
    }
    if let Some(root) = document().document_element() {
        // A root that takes no attribute still shows the words.
        let _ = root.set_attribute("lang", language.tag());
    }
}
