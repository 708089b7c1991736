//! The scene as files for a real cluster.

use leptos::prelude::*;

use crate::bridge::bridge;
use crate::effects::file;
use crate::words::{Word, say};

#[component]
pub(super) fn TakeHome() -> impl IntoView {
    let (script, manifests) = bridge().now(|model| (model.take_home(), model.manifests()));
    view! {
        <section>
            <h3>{say(Word::TakeHome)}</h3>
            <p class="hint">{say(Word::TakeHomeIntroduction)}</p>
            <p class="actions">
                <a class="button" download="scene.sh" href=file::address("text/x-shellscript", script.as_bytes())>{say(Word::TakeHomeScript)}</a>
                <a class="button" download="scene.yaml" href=file::address("application/yaml", manifests.as_bytes())>{say(Word::TakeHomeManifests)}</a>
            </p>
        </section>
    }
}
