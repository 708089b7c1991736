//! One object: what it is tied to and why not, faults to switch on, `kubectl describe` and its YAML.

use leptos::prelude::*;
use session::panel::{Inspection, Switch, Tie};
use session::{Model, Msg};

use super::super::marks::{self, Mark};
use super::Frame;
use crate::bridge::{ToEditor, bridge};

#[component]
pub(super) fn Inspector() -> impl IntoView {
    let bridge = bridge();
    let seen = bridge.view(Model::inspection);
    let title = Memo::new(move |_| seen.with(|seen| seen.as_ref().map(|seen| seen.title.clone()).unwrap_or_default()));
    let ties = Memo::new(move |_| seen.with(|seen| seen.as_ref().map(|seen| seen.ties.clone()).unwrap_or_default()));
    let switches =
        Memo::new(move |_| seen.with(|seen| seen.as_ref().map(|seen| seen.switches.clone()).unwrap_or_default()));
    let of = move |read: fn(&Inspection) -> bool| seen.with(|seen| seen.as_ref().is_some_and(read));
    let text = move |read: fn(&Inspection) -> &String| seen.with(|seen| seen.as_ref().map(|seen| read(seen).clone()));
    view! {
        <Frame label="Inspector" title=title>
            <p class="actions">
                <button type="button" hidden=move || !of(|seen| seen.in_manifest) on:click=move |_| bridge.send(Msg::ShowInManifest)>
                    "Show in the manifest"
                </button>
                <button type="button" hidden=move || !of(|seen| seen.exists && seen.deletable) on:click=move |_| bridge.send(Msg::DeleteInspected)>
                    "Delete"
                </button>
            </p>
            <p class="hint" hidden=move || of(|seen| seen.exists)>"It is not in the cluster any more."</p>
            <div hidden=move || ties.with(Vec::is_empty)>
                <h3>"Tied to"</h3>
                <ul class="ties">{move || ties.get().into_iter().map(tie).collect_view()}</ul>
            </div>
            <fieldset hidden=move || switches.with(Vec::is_empty)>
                <legend>"Make something go wrong"</legend>
                {move || switches.get().into_iter().map(switch).collect_view()}
            </fieldset>
            <details open=true>
                <summary>"kubectl describe"</summary>
                <pre tabindex="0" aria-label="kubectl describe">{move || text(|seen| &seen.describe)}</pre>
            </details>
            <details>
                <summary>"YAML"</summary>
                <pre tabindex="0" aria-label="YAML">{move || text(|seen| &seen.yaml)}</pre>
            </details>
        </Frame>
    }
}

fn tie(tie: Tie) -> AnyView {
    let bridge = bridge();
    let reasons = tie.reasons.into_iter().map(|(words, fix)| {
        let fix = fix.map(|fix| {
            let change = move |_| bridge.to_editor.set(Some(ToEditor::Change(fix.change.clone())));
            view! { <button type="button" class="fix" on:click=change>{fix.title}</button> }
        });
        view! { <li>{words}" "{fix}</li> }
    });
    view! {
        <li class=marks::class(tie.tone)>
            <Mark tone=Signal::stored(tie.tone)/>
            <span>{tie.text}</span>
            <ul>{reasons.collect_view()}</ul>
        </li>
    }
    .into_any()
}

fn switch(switch: Switch) -> AnyView {
    let bridge = bridge();
    let turn = move |event| bridge.send(Msg::SetTrouble(switch.trouble, event_target_checked(&event)));
    view! {
        <label class="switch">
            <input type="checkbox" prop:checked=switch.on on:change=turn/>
            {switch.label}
        </label>
    }
    .into_any()
}
