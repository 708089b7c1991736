//! What of the cluster is in the diagram: what stands for several pods, what is searched for, what is left out.

use leptos::prelude::*;
use session::scene::{FigureId, Grouping};
use session::{Model, Msg};

use wasm_bindgen::JsCast;
use web_sys::SvgElement;

use crate::bridge::bridge;
use crate::effects::place;
use crate::words::{Word, fill, say};

const GROUPINGS: [(Grouping, Word); 5] = [
    (Grouping::Auto, Word::GroupAuto),
    (Grouping::Pods, Word::GroupNone),
    (Grouping::Workload, Word::GroupWorkload),
    (Grouping::Namespace, Word::GroupNamespace),
    (Grouping::Node, Word::GroupNode),
];

#[component]
pub(super) fn Tools(
    /// What is searched for, and what was found.
    search: Search,
    /// Whether it is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    let bridge = bridge();
    let system = bridge.view(Model::shows_system);
    let grouping = bridge.view(|model: &Model| model.options().grouping);
    let filtering = bridge.view(|model: &Model| !model.options().filter.is_empty());
    let group = move |event| {
        let name = event_target_value(&event);
        if let Some((grouping, _)) = GROUPINGS.iter().find(|(_, known)| say(*known) == name) {
            bridge.send(Msg::Group(*grouping));
        }
    };
    let groupings = GROUPINGS.map(|(each, name)| {
        let name = say(name);
        view! { <option value=name selected=move || grouping.get() == each>{name}</option> }
    });
    let type_words = move |event| {
        search.words.set(event_target_value(&event));
        if filtering.get_untracked() {
            bridge.send(Msg::Filter(search.words.get_untracked()));
        }
    };
    let press = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            search.go_to_next();
        }
    };
    let only = move |event| {
        let words = if event_target_checked(&event) { search.words.get_untracked() } else { String::new() };
        bridge.send(Msg::Filter(words));
    };
    let count = move || match (search.words.with(String::is_empty), search.found.with(Vec::len)) {
        (true, _) => String::new(),
        (false, 0) => say(Word::NothingFound).to_owned(),
        (false, count) => fill(Word::CountFound, &[("count", &count.to_string())]),
    };
    view! {
        <div class="view-tools" role="group" aria-label=say(Word::ViewTools) hidden=move || !open.get()>
            <label>
                <span>{say(Word::GroupPods)}</span>
                <select on:change=group>{groupings.into_iter().collect_view()}</select>
            </label>
            <label>
                <span>{say(Word::Find)}</span>
                <input type="search" placeholder=say(Word::FindHint) on:input=type_words on:keydown=press prop:value=move || search.words.get()/>
            </label>
            <label class="switch">
                <input type="checkbox" prop:checked=filtering on:change=only/>
                {say(Word::OnlyThese)}
            </label>
            <label class="switch">
                <input
                    type="checkbox"
                    prop:checked=system
                    on:change=move |event| bridge.send(Msg::ShowSystem(event_target_checked(&event)))
                />
                {say(Word::ShowSystem)}
            </label>
            <p class="hint" role="status">{count}</p>
        </div>
    }
}

/// A search. Copying it copies a reference.
#[derive(Clone, Copy)]
pub(super) struct Search {
    words: RwSignal<String>,
    /// The figures that have to do with them.
    pub(super) found: Memo<Vec<FigureId>>,
    next: StoredValue<usize>,
}

impl Search {
    pub(super) fn new() -> Self {
        let bridge = bridge();
        let words = RwSignal::new(String::new());
        let revision = bridge.view(Model::revision);
        let found = Memo::new(move |_| {
            revision.track();
            words.with(|words| bridge.now(|model| model.find(words)))
        });
        Self { words, found, next: StoredValue::new(0) }
    }

    /// Brings the next that was found into view, with the focus on it.
    fn go_to_next(self) {
        let found = self.found.get_untracked();
        let at = self.next.get_value() % found.len().max(1);
        self.next.set_value(at + 1);
        let Some(id) = found.get(at) else { return };
        let quoted = id.0.replace('\\', "\\\\").replace('"', "\\\"");
        let element = document().query_selector(&format!("[data-figure=\"{quoted}\"]")).ok().flatten();
        if let Some(element) = element {
            place::show(&element);
            let cover = element.query_selector(".cover").ok().flatten();
            if let Some(cover) = cover.and_then(|cover| cover.dyn_into::<SvgElement>().ok()) {
                // What takes no focus was still brought into view.
                let _ = cover.focus();
            }
        }
    }
}
