//! Choosing a request: a small form, and the state that dragging and the keys of the diagram share with it.

use leptos::prelude::*;
use session::ask::{Ask, Choices};
use session::scene::FigureId;
use session::{Model, Msg};

use crate::bridge::{Bridge, bridge};
use crate::words::{Word, say};

/// What is being chosen. Copying it copies a reference.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    /// Whether the form is open.
    pub(super) open: RwSignal<bool>,
    /// The labels of what is chosen; empty for the first there is.
    from: RwSignal<String>,
    to: RwSignal<String>,
    times: RwSignal<usize>,
    /// The box that a request is to start at, while its end is looked for by keyboard.
    pub(super) start: RwSignal<Option<FigureId>>,
}

impl Asking {
    pub(super) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            from: RwSignal::default(),
            to: RwSignal::default(),
            times: RwSignal::new(1),
            start: RwSignal::new(None),
        }
    }

    /// Opens the form with a box of the diagram as its beginning.
    pub(super) fn begin_at(self, bridge: Bridge, figure: &FigureId) {
        let label = bridge.now(|model| {
            let choices = model.choices();
            choices.from.iter().find(|origin| origin.figure == *figure).map(|origin| origin.label.clone())
        });
        if let Some(label) = label {
            self.from.set(label);
        }
        self.open.set(true);
    }
}

/// The state of the page that a component is in.
pub(super) fn asking() -> Asking {
    expect_context::<Asking>()
}

/// The numbers of requests that are offered.
const TIMES: [usize; 4] = [1, 10, 100, 1000];

fn chosen(asking: Asking, choices: &Choices) -> Option<Ask> {
    let (from, to) = (asking.from.get(), asking.to.get());
    let from = choices.from.iter().find(|origin| origin.label == from).or(choices.from.first())?;
    let to = choices.to.iter().find(|aim| label(aim) == to).or(choices.to.first())?;
    Some(Ask { from: from.clone(), to: to.clone(), times: asking.times.get() })
}

fn label(aim: &session::ask::Aim) -> String {
    format!("{} · {}", aim.label, aim.address())
}

#[component]
pub(super) fn AskForm() -> impl IntoView {
    let bridge = bridge();
    let asking = asking();
    let choices = bridge.view(|model: &Model| model.choices());
    let why_not = bridge.view(Model::unasked);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(ask) = untrack(|| choices.with(|choices| chosen(asking, choices))) {
            bridge.send(Msg::Ask(ask));
        }
    };
    let from = move || {
        let now = asking.from.get();
        choices.with(|choices| options(choices.from.iter().map(|origin| origin.label.clone()), &now))
    };
    let to = move || {
        let now = asking.to.get();
        choices.with(|choices| options(choices.to.iter().map(label), &now))
    };
    let times = move || options(TIMES.iter().map(|times| format!("{times} ×")), &format!("{} ×", asking.times.get()));
    let nothing = move || choices.with(|choices| choices.to.is_empty());
    let set_times = move |event| {
        let text = event_target_value(&event);
        asking.times.set(text.trim_end_matches(" ×").parse().unwrap_or(1));
    };
    view! {
        <form class="ask" aria-label=say(Word::AskARequest) hidden=move || !asking.open.get() on:submit=send>
            <label>
                <span>{say(Word::AskFrom)}</span>
                <select on:change=move |event| asking.from.set(event_target_value(&event))>{from}</select>
            </label>
            <span class="arrow" aria-hidden="true">"→"</span>
            <label>
                <span>{say(Word::AskTo)}</span>
                <select on:change=move |event| asking.to.set(event_target_value(&event))>{to}</select>
            </label>
            <label>
                <span>{say(Word::AskTimes)}</span>
                <select on:change=set_times>{times}</select>
            </label>
            <button type="submit" class="primary" disabled=nothing>{say(Word::AskSend)}</button>
            <p class="hint">{say(Word::AskHint)}</p>
        </form>
        <p class="ask-note" role="status">{move || why_not.get()}</p>
    }
}

fn options(labels: impl Iterator<Item = String>, now: &str) -> AnyView {
    let options = labels.map(|label| {
        let selected = label == now;
        view! { <option value=label.clone() selected=selected>{label.clone()}</option> }
    });
    options.collect_view().into_any()
}
