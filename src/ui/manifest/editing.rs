//! A text that a program of the terminal wants edited: `kubectl edit` opens the object here.

use leptos::html::Textarea;
use leptos::prelude::*;
use session::{Editing, Model, Msg};
use web_sys::KeyboardEvent;

use crate::bridge::{Bridge, bridge};
use crate::effects::focus::focus;
use crate::layout::Pane;
use crate::words::{Word, fill, say};

/// Covers the manifest while there is something to edit.
#[component]
pub(super) fn EditingPanel() -> impl IntoView {
    let bridge = bridge();
    let editing = bridge.view(Model::editing);
    // Whoever typed `kubectl edit` wants to see the text.
    Effect::new(move |_| {
        if editing.with(Option::is_some) {
            bridge.layout.pane.set(Pane::Manifest);
        }
    });
    view! { {move || editing.get().map(panel)} }
}

fn panel(Editing { name, text }: Editing) -> AnyView {
    let bridge = bridge();
    let field = NodeRef::<Textarea>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            // A field that takes no focus can still be clicked.
            let _ = field.focus();
            let _ = field.set_selection_range(0, 0);
        }
    });
    let end = move |msg: Msg| {
        bridge.send(msg);
        back_to_terminal(bridge);
    };
    let save = move || {
        if let Some(field) = field.get_untracked() {
            end(Msg::EditSaved(field.value()));
        }
    };
    let press = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if event.ctrl_key() || event.meta_key() => {
            event.prevent_default();
            save();
        }
        "Escape" => end(Msg::EditLeft),
        _ => {}
    };
    let label = fill(Word::EditName, &[("name", &name)]);
    let title = label.clone();
    view! {
        <section class="editing" aria-label=say(Word::EditAnObject)>
            <h3>{title}<span class="hint">{say(Word::EditKeys)}</span></h3>
            <textarea node_ref=field aria-label=label spellcheck="false" autocapitalize="off" on:keydown=press prop:value=text></textarea>
            <p class="actions">
                <button type="button" class="primary" on:click=move |_| save()>{say(Word::SaveAndClose)}</button>
                <button type="button" on:click=move |_| end(Msg::EditLeft)>{say(Word::LeaveUnchanged)}</button>
            </p>
        </section>
    }
    .into_any()
}

/// The program goes on in the terminal, and so does who edits.
fn back_to_terminal(bridge: Bridge) {
    bridge.layout.pane.set(Pane::Terminal);
    focus("#command");
}
