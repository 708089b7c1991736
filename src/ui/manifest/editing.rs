//! A text that a program of the terminal wants edited: `kubectl edit` opens the object here.

use leptos::html::Textarea;
use leptos::prelude::*;
use session::{Editing, Model, Msg};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::bridge::{Bridge, Pane, bridge};

/// Covers the manifest while there is something to edit.
#[component]
pub(super) fn EditingPanel() -> impl IntoView {
    let bridge = bridge();
    let editing = bridge.view(Model::editing);
    // Whoever typed `kubectl edit` wants to see the text.
    Effect::new(move |_| {
        if editing.with(Option::is_some) {
            bridge.pane.set(Pane::Manifest);
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
    let label = format!("Edit {name}");
    view! {
        <section class="editing" aria-label="Edit an object">
            <h3>{format!("Edit {name}")}<span class="hint">"Ctrl-Enter saves, Escape leaves it as it was"</span></h3>
            <textarea node_ref=field aria-label=label spellcheck="false" autocapitalize="off" on:keydown=press prop:value=text></textarea>
            <p class="actions">
                <button type="button" class="primary" on:click=move |_| save()>"Save and close"</button>
                <button type="button" on:click=move |_| end(Msg::EditLeft)>"Leave unchanged"</button>
            </p>
        </section>
    }
    .into_any()
}

/// The program goes on in the terminal, and so does who edits.
fn back_to_terminal(bridge: Bridge) {
    bridge.pane.set(Pane::Terminal);
    let command = document().get_element_by_id("command");
    if let Some(command) = command.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // A line that takes no focus can still be clicked.
        let _ = command.focus();
    }
}
