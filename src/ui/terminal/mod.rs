//! The terminal: a log that screen readers follow, and a line to type in.

mod keys;

use leptos::html::{Div, Input};
use leptos::prelude::*;
use session::line::LineEditor;
use session::{ConsoleLine, Model, Msg};

use super::{gallery, measure};
use crate::bridge::bridge;
use crate::effects::stand::once_drawn;
use crate::words::{Word, say};

#[component]
pub(super) fn Terminal() -> impl IntoView {
    let bridge = bridge();
    let log = NodeRef::<Div>::new();
    let input = NodeRef::<Input>::new();
    let lines = bridge.view(|model: &Model| model.console().lines().to_vec());
    let prompt = bridge.view(Model::prompt);
    let choices = RwSignal::new(Vec::<String>::new());
    let search = RwSignal::new(None::<(String, String)>);
    let editor = StoredValue::new(LineEditor::default());

    // The newest line is where one looks; when the pane gets narrower, lines wrap and it would slip out of sight.
    let newest = move || {
        if let Some(log) = log.get_untracked() {
            once_drawn(move || log.set_scroll_top(log.scroll_height()));
        }
    };
    Effect::new(move |_| {
        lines.track();
        newest();
    });
    measure::width_of(log, move |_| newest());
    let press = move |event: web_sys::KeyboardEvent| {
        if let Some(input) = input.get_untracked() {
            let around = keys::Around { choices, search };
            editor.update_value(|editor| keys::press(bridge, editor, &input, &event, around));
        }
    };
    let paste = move |event: web_sys::ClipboardEvent| {
        if let Some(input) = input.get_untracked() {
            keys::paste(bridge, &input, &event);
        }
    };
    let before = move || search.get().map_or_else(|| prompt.get(), |(searching, _)| searching);
    // What was found is not typed, so it is read out.
    let found = move || search.get().map(|(_, line)| line);
    let empty = move || lines.with(Vec::is_empty);
    // A keyboard on glass has no Ctrl.
    let runs = Memo::new(move |_| prompt.with(String::is_empty));
    let stop = move || {
        runs.get().then(|| {
            let interrupt = move |_| {
                bridge.send(Msg::Interrupt);
                if let Some(input) = input.get_untracked() {
                    // A line that takes no focus can still be clicked.
                    let _ = input.focus();
                }
            };
            view! { <button type="button" class="quiet" title="Ctrl-C" on:click=interrupt>{say(Word::StopProgram)}</button> }
        })
    };
    view! {
        <div class="terminal">
            <div class="bar"><h2>{say(Word::Terminal)}</h2></div>
            <gallery::Task/>
            <div class="log" node_ref=log role="log" aria-live="polite" aria-label=say(Word::Output) tabindex="0">
                <p class="welcome" hidden=move || !empty()>
                    {say(Word::TryThis)}" "<code>"kubectl get pods,svc,endpoints"</code>
                </p>
                <For each=move || lines.get() key=|line| (line.id, line.version) let:line>{row(line)}</For>
            </div>
            <p class="choices" role="status">{move || choices.get().join("  ")}</p>
            <p class="unseen" role="status">{found}</p>
            <div class="line">
                <label for="command"><span class="prompt" aria-hidden="true">{before}</span><span class="unseen">{say(Word::CommandLine)}</span></label>
                <input
                    node_ref=input
                    id="command"
                    type="text"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="send"
                    on:keydown=press
                    on:paste=paste
                />
                {stop}
            </div>
        </div>
    }
}

/// One line of output; one that reports a request leads to its story.
fn row(line: ConsoleLine) -> AnyView {
    let bridge = bridge();
    let pieces = line.pieces.into_iter().map(|piece| {
        let class = format!("{:?}", piece.channel).to_lowercase();
        view! { <span class=class>{piece.text}</span> }
    });
    let why = line.trace.map(|trace| {
        let show = move |_| bridge.send(Msg::ShowTrace(trace));
        view! { <button type="button" class="why" aria-label=say(Word::WhyLong) on:click=show>{say(Word::WhyShort)}</button> }
    });
    view! { <p>{pieces.collect_view()}{why}</p> }.into_any()
}
