//! The keys of the page on one sheet: a button opens it, and `?` where nobody types.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::dialog::Dialog;
use crate::bridge::bridge;
use crate::words::{Word, say};

/// A part of the sheet, and its keys: one line each.
type Part = (Word, &'static [(&'static str, Word)]);

static PARTS: &[Part] = &[
    (Word::KeysEverywhere, &[("?", Word::KeyHelp), ("Esc", Word::KeyClose)]),
    (
        Word::Manifest,
        &[
            ("Ctrl Space", Word::KeySuggest),
            ("Ctrl Enter", Word::KeyApply),
            ("Shift Alt F", Word::KeyFormat),
            ("Ctrl Z", Word::KeyUndo),
            ("Ctrl F", Word::KeyFind),
            ("Esc, Tab", Word::KeyLeave),
            ("F2", Word::KeyRename),
        ],
    ),
    (
        Word::Terminal,
        &[
            ("Tab", Word::KeyComplete),
            ("↑ ↓", Word::KeyHistory),
            ("Ctrl R", Word::KeySearch),
            ("Ctrl C", Word::KeyInterrupt),
            ("Ctrl L", Word::KeyClear),
            ("Esc, Tab", Word::KeyLeave),
        ],
    ),
    (Word::KeysSeparators, &[("← → ↑ ↓", Word::KeyResize), ("Enter", Word::KeyPutAway)]),
];

#[component]
pub(super) fn Shortcuts() -> impl IntoView {
    let shown = bridge().shortcuts;
    let listening = window_event_listener(ev::keydown, move |event| {
        if event.key() == "?" && !is_typed(&event) {
            event.prevent_default();
            shown.set(true);
        }
    });
    on_cleanup(move || listening.remove());
    view! {
        <Dialog class="shortcuts" title=Word::Shortcuts shown=shown>
            <div class="parts">{PARTS.iter().map(part).collect_view()}</div>
        </Dialog>
    }
}

fn part((title, keys): &Part) -> AnyView {
    let rows = keys.iter().map(|(keys, does)| {
        let keys = keys.split(' ').map(|key| view! { <kbd>{key}</kbd>" " }).collect_view();
        view! { <div><dt>{keys}</dt><dd>{say(*does)}</dd></div> }
    });
    view! { <section><h3>{say(*title)}</h3><dl>{rows.collect_view()}</dl></section> }.into_any()
}

/// Whether a key goes into a text.
fn is_typed(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        let field =
            target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]");
        field.ok().flatten().is_some()
    })
}
