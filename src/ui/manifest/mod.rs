//! The manifest: its files as tabs, a plain text field that CodeMirror replaces once it is loaded, and below it what is wrong.

mod codemirror;
mod editing;
mod files;
mod problems;

use leptos::html::{Div, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::{FilesMsg, Model, Msg};

use crate::bridge::{ToEditor, bridge};
use crate::effects::module;
use crate::effects::stand::{breathe, once_drawn};
use crate::words::{Word, say};
use codemirror::{Answers, CodeMirror};

/// The id of the words that say how to leave the editor by keyboard.
const LEAVING: &str = "leaving-the-editor";

#[component]
pub(super) fn Manifest() -> impl IntoView {
    let bridge = bridge();
    let field = NodeRef::<Textarea>::new();
    let host = NodeRef::<Div>::new();
    let editor = StoredValue::new_local(None::<CodeMirror>);
    let loaded = RwSignal::new(false);
    let problems = bridge.view(Model::diagnostics);
    let text = bridge.now(|model| model.text().to_owned());
    // Whatever was asked before is in that text already.
    bridge.to_editor.update_untracked(Vec::clear);

    // Not before the page stands: a learner sees the diagram first, and can type already.
    once_drawn(move || {
        spawn_local(async move {
            let Ok(module) = module::load("importEditor").await else { return };
            breathe().await;
            // Here and below: the views may have been built anew meanwhile.
            let Some(Some(field)) = field.try_get_untracked() else { return };
            let (file, text) = (bridge.now(Model::open_file), field.value());
            let made = CodeMirror::new(
                &module,
                (file, &text),
                move |text| bridge.send(Msg::EditorChanged(text)),
                Answers {
                    complete: move |text: &str, offset| bridge.now(|model| model.complete_manifest(text, offset)),
                    hover: move |text: &str, offset| bridge.now(|model| model.hover_manifest(text, offset)),
                    ask: move |what: String| {
                        bridge.send(Msg::Files(if what == "apply" { FilesMsg::Apply } else { FilesMsg::Format }));
                    },
                },
            );
            let Some(made) = made else { return };
            breathe().await;
            let Some(Some(host)) = host.try_get_untracked() else { return };
            let focused = document().active_element().as_ref() == Some(field.as_ref());
            made.open(&host);
            let (file_now, text_now) = (bridge.now(Model::open_file), field.value());
            if (file_now, &text_now) != (file, &text) {
                made.obey(&ToEditor::Show(file_now, text_now));
            }
            loaded.set(true);
            if focused {
                made.focus();
            }
            editor.set_value(Some(made));
            breathe().await;
            if let Some(problems) = problems.try_get_untracked() {
                editor.with_value(|editor| editor.iter().for_each(|editor| editor.set_problems(&problems)));
            }
        });
    });
    on_cleanup(move || editor.with_value(|editor| editor.iter().for_each(CodeMirror::destroy)));
    Effect::new(move |_| {
        let problems = problems.get();
        editor.with_value(|editor| editor.iter().for_each(|editor| editor.set_problems(&problems)));
    });
    Effect::new(move |_| {
        if bridge.to_editor.with(Vec::is_empty) {
            return;
        }
        for command in bridge.to_editor.try_update_untracked(std::mem::take).unwrap_or_default() {
            let done = editor.with_value(|editor| {
                editor.as_ref().map(|editor| {
                    editor.obey(&command);
                    // A file that was left was left with the problems of then.
                    editor.set_problems(&problems.get_untracked());
                })
            });
            if done.is_none()
                && let Some(field) = field.get_untracked()
            {
                obey(&field, &command);
                // A script's change of a field makes no event of its own.
                if let ToEditor::Change(_) = command {
                    bridge.send(Msg::EditorChanged(field.value()));
                }
            }
        }
    });
    let key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            bridge.send(Msg::Files(FilesMsg::Apply));
        }
    };

    view! {
        <section class="pane manifest" id="pane-manifest" aria-label=say(Word::Manifest)>
            <h2 class="unseen">{say(Word::Manifest)}</h2>
            <files::Files/>
            <div class="editor" id=files::PANEL role="tabpanel" aria-label=say(Word::ManifestLabel)>
                <textarea
                    node_ref=field
                    data-editor
                    aria-label=say(Word::ManifestLabel)
                    aria-describedby=LEAVING
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    hidden=loaded
                    prop:value=text
                    on:keydown=key
                    on:input=move |event| bridge.send(Msg::EditorChanged(event_target_value(&event)))
                ></textarea>
                <div class="codemirror" node_ref=host></div>
                <p class="leaving hint" id=LEAVING>{say(Word::LeaveEditor)}</p>
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
        ToEditor::Show(_, text) => field.set_value(text),
        ToEditor::Change(changes) => {
            // From the end, so that the places of the others stay. Offsets beyond the text change nothing.
            for change in changes.iter().rev() {
                let (from, to) = (offset(&change.from), offset(&change.to));
                let _ = field.set_range_text_with_start_and_end(&change.insert, from, to);
            }
        }
        ToEditor::Reveal(from, to) => {
            // A field that cannot be selected in still gets the focus.
            let _ = field.set_selection_range(offset(from), offset(to));
            let _ = field.focus();
        }
    }
}
