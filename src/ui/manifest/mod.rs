//! The manifest: a plain text field that CodeMirror replaces once it is loaded, and below it what is wrong.

mod codemirror;
mod editing;
mod problems;

use leptos::html::{Div, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::{Model, Msg};

use crate::bridge::{ToEditor, bridge};
use codemirror::CodeMirror;

const LABEL: &str = "Manifest, in YAML";

#[component]
pub(super) fn Manifest() -> impl IntoView {
    let bridge = bridge();
    let field = NodeRef::<Textarea>::new();
    let host = NodeRef::<Div>::new();
    let editor = StoredValue::new_local(None::<CodeMirror>);
    let loaded = RwSignal::new(false);
    let problems = bridge.view(Model::diagnostics);
    let text = bridge.now(|model| model.text().to_owned());

    // Once the page stands, not before: a learner sees the diagram first, and can type already.
    Effect::new(move |_| {
        spawn_local(async move {
            let Ok(module) = codemirror::load().await else { return };
            let (Some(host), Some(field)) = (host.get_untracked(), field.get_untracked()) else { return };
            let focused = document().active_element().as_ref() == Some(field.as_ref());
            let text = field.value();
            let made = CodeMirror::new(
                &module,
                &host,
                &text,
                LABEL,
                move |text| bridge.send(Msg::EditorChanged(text)),
                move |text, offset| bridge.now(|model| model.complete_manifest(text, offset)),
                move |text, offset| bridge.now(|model| model.hover_manifest(text, offset)),
            );
            let Some(made) = made else { return };
            made.set_problems(&problems.get_untracked());
            loaded.set(true);
            if focused {
                made.focus();
            }
            editor.set_value(Some(made));
        });
    });
    Effect::new(move |_| {
        let problems = problems.get();
        editor.with_value(|editor| editor.iter().for_each(|editor| editor.set_problems(&problems)));
    });
    Effect::new(move |_| {
        let Some(command) = bridge.to_editor.get() else { return };
        let done = editor.with_value(|editor| editor.as_ref().map(|editor| editor.obey(&command)));
        if done.is_none()
            && let Some(field) = field.get_untracked()
        {
            obey(&field, &command);
            // A script's change of a field makes no event of its own.
            if let ToEditor::Change(_) = command {
                bridge.send(Msg::EditorChanged(field.value()));
            }
        }
    });

    view! {
        <section class="pane manifest" id="pane-manifest" aria-label="Manifest">
            <h2>"Manifest"<span class="hint">"Escape, then Tab leaves the editor"</span></h2>
            <div class="editor">
                <textarea
                    node_ref=field
                    data-editor
                    aria-label=LABEL
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    hidden=loaded
                    prop:value=text
                    on:input=move |event| bridge.send(Msg::EditorChanged(event_target_value(&event)))
                ></textarea>
                <div class="codemirror" node_ref=host></div>
            </div>
            <problems::Problems problems=problems/>
            <editing::EditingPanel/>
        </section>
    }
}

/// The plain text field does what the editor would.
fn obey(field: &web_sys::HtmlTextAreaElement, command: &ToEditor) {
    let offset = |at: &usize| u32::try_from(*at).unwrap_or(u32::MAX);
    match command {
        ToEditor::Replace(text) => field.set_value(text),
        ToEditor::Change(change) => {
            // Offsets beyond the text change nothing.
            let _ = field.set_range_text_with_start_and_end(&change.insert, offset(&change.from), offset(&change.to));
        }
        ToEditor::Reveal(from, to) => {
            // A field that cannot be selected in still gets the focus.
            let _ = field.set_selection_range(offset(from), offset(to));
            let _ = field.focus();
        }
    }
}
