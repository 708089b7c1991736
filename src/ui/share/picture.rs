//! The diagram as a picture.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::effects::picture;
use crate::words::{Word, say};

#[component]
pub(super) fn Picture() -> impl IntoView {
    let said = RwSignal::new("");
    let button = |format: &'static str, name| {
        let save = move |_| {
            spawn_local(async move {
                let saved = picture::save(format).await;
                said.set(say(if saved { Word::PictureSaved } else { Word::PictureNotSaved }));
            });
        };
        view! { <button type="button" on:click=save>{say(name)}</button> }
    };
    view! {
        <section>
            <h3>{say(Word::Picture)}</h3>
            <p class="actions">
                {button("svg", Word::PictureSvg)}
                {button("png", Word::PicturePng)}
                <span role="status">{said}</span>
            </p>
        </section>
    }
}
