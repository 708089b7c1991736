//! The one thing to try of a scene, above the terminal in which it is tried.

use leptos::prelude::*;
use session::gallery::{Card, GalleryMsg};
use session::{Model, Msg};

use crate::bridge::{Bridge, bridge};
use crate::effects::focus::focus;
use crate::words::{Word, say};

#[component]
pub(in crate::ui) fn Task() -> impl IntoView {
    let bridge = bridge();
    let task = bridge.view(Model::task);
    view! { {move || task.get().map(|task| strip(bridge, task))} }
}

fn strip(bridge: Bridge, task: Card) -> AnyView {
    let command = task.command.clone();
    let run = move |_| {
        bridge.send(Msg::TerminalLine(command.clone()));
        // What it prints is read in the terminal, and the next line is typed there.
        focus("#command");
    };
    view! {
        <section class="task" aria-label=say(Word::ToTry)>
            <p><strong>{task.title}": "</strong>{task.task}</p>
            <p class="actions">
                <button type="button" class="run" aria-label=[say(Word::Run), " ", &task.command].concat() on:click=run>
                    <span aria-hidden="true">"▶ "</span><code>{task.command.clone()}</code>
                </button>
                <button type="button" class="link-button" on:click=move |_| bridge.send(Msg::Gallery(GalleryMsg::CloseTask))>{say(Word::Close)}</button>
            </p>
        </section>
    }
    .into_any()
}
