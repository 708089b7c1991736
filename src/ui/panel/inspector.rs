//! One object: what it is tied to and why not, its story, faults to switch on, `kubectl describe`, its YAML, and a node's
//! rules.

use leptos::prelude::*;
use session::panel::{Chapter, Inspection, RuleLine, Rules, Said, Switch, Tie};
use session::{Model, Msg};

use super::super::marks::{self, Mark};
use super::Frame;
use crate::bridge::bridge;
use crate::words::{Word, fill, say};

#[component]
pub(super) fn Inspector() -> impl IntoView {
    let bridge = bridge();
    let seen = bridge.view(Model::inspection);
    let title = Memo::new(move |_| seen.with(|seen| seen.as_ref().map(|seen| seen.title.clone()).unwrap_or_default()));
    let of = move |read: fn(&Inspection) -> bool| seen.with(|seen| seen.as_ref().is_some_and(|seen| read(seen)));
    let text = move |read: fn(&Inspection) -> &String| seen.with(|seen| seen.as_ref().map(|seen| read(seen).clone()));
    let ties = part(seen, |seen| &seen.ties);
    let switches = part(seen, |seen| &seen.switches);
    let story = part(seen, |seen| &seen.story);
    let events = part(seen, |seen| &seen.events);
    let rules = Memo::new(move |_| seen.with(|seen| seen.as_ref().and_then(|seen| seen.rules.clone())));
    view! {
        <Frame label=say(Word::Inspector) title=title>
            <p class="actions">
                <button type="button" hidden=move || !of(|seen| seen.in_manifest) on:click=move |_| bridge.send(Msg::ShowInManifest)>
                    {say(Word::ShowInManifest)}
                </button>
                <button type="button" hidden=move || !of(|seen| seen.exists && seen.deletable) on:click=move |_| bridge.send(Msg::DeleteInspected)>
                    {say(Word::Delete)}
                </button>
            </p>
            <p class="hint" hidden=move || of(|seen| seen.exists)>{say(Word::NotInCluster)}</p>
            <div hidden=move || ties.with(Vec::is_empty)>
                <h3>{move || seen.with(|seen| seen.as_ref().map(|seen| seen.ties_title))}</h3>
                <ul class="ties">{move || ties.get().into_iter().map(tie).collect_view()}</ul>
            </div>
            <fieldset hidden=move || switches.with(Vec::is_empty)>
                <legend>{say(Word::GoWrong)}</legend>
                {move || switches.get().into_iter().map(switch).collect_view()}
            </fieldset>
            <details hidden=move || story.with(Vec::is_empty)>
                <summary>{say(Word::Story)}</summary>
                <ol class="story">{move || story.get().into_iter().map(chapter).collect_view()}</ol>
            </details>
            <details hidden=move || events.with(Vec::is_empty)>
                <summary>{say(Word::ItsEvents)}</summary>
                <ul class="story">{move || events.get().into_iter().map(said).collect_view()}</ul>
            </details>
            {move || rules.get().map(kernel)}
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

type Seen = Memo<Option<std::sync::Arc<Inspection>>>;

/// A list of the inspection, as a signal that changes when the list does.
fn part<T>(seen: Seen, read: fn(&Inspection) -> &Vec<T>) -> Memo<Vec<T>>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| seen.with(|seen| seen.as_ref().map(|seen| read(seen).clone()).unwrap_or_default()))
}

fn tie(tie: Tie) -> AnyView {
    let bridge = bridge();
    let reasons = tie.reasons.into_iter().map(|(words, fix)| {
        let fix = fix.map(|fix| {
            let title = fix.title.clone();
            let change = move |_| bridge.mend(&fix);
            view! { <button type="button" class="fix" on:click=change>{title}</button> }
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

/// A change: its time leads back to that moment.
fn chapter(chapter: Chapter) -> AnyView {
    let bridge = bridge();
    let show = move |_| bridge.send(Msg::LookBack { at: chapter.at, watching: false });
    let label = fill(Word::LookBackAt, &[("time", &chapter.time)]);
    let because = (!chapter.because.is_empty()).then(|| {
        let causes = chapter.because.into_iter().map(|cause| view! { <li>{cause}</li> });
        view! { <ul class="causes" aria-label=say(Word::BecauseList)>{causes.collect_view()}</ul> }
    });
    view! {
        <li>
            <button type="button" class="link-button time-link" aria-label=label on:click=show>{chapter.time}</button>
            " "
            {chapter.text}
            {because}
        </li>
    }
    .into_any()
}

fn said(said: Said) -> AnyView {
    view! {
        <li class=marks::class(said.tone)>
            <span class="time-link">{said.time}</span>
            " "
            <span>{said.text}</span>
        </li>
    }
    .into_any()
}

/// What kube-proxy wrote into the node's kernel. Rules of a Service lead to it.
fn kernel(rules: Rules) -> AnyView {
    let counted = rules.lines.iter().any(|line| line.packets.is_some());
    let rows = rules.lines.into_iter().map(|line| rule(line, counted)).collect_view();
    let left_out = (rules.left_out > 0).then(|| fill(Word::MoreNotShown, &[("count", &rules.left_out.to_string())]));
    view! {
        <details>
            <summary>{say(Word::ItsRules)}</summary>
            <p class="hint">{say(Word::KernelWrote)}" "<code>{rules.command}</code></p>
            <div class="scroll" tabindex="0" role="region" aria-label=say(Word::RulesOfNode)>
                <table class="rules">
                    <thead>
                        <tr>
                            {counted.then(|| view! { <th scope="col">{say(Word::RuleMet)}</th> })}
                            <th scope="col">{say(Word::Rule)}</th>
                            <th scope="col">{say(Word::RuleBecause)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="hint">{left_out}</p>
        </details>
    }
    .into_any()
}

fn rule(line: RuleLine, counted: bool) -> AnyView {
    let bridge = bridge();
    let met = line.packets.filter(|packets| *packets > 0).is_some();
    let packets = counted.then(|| view! { <td class="number">{line.packets.map(|packets| packets.to_string())}</td> });
    let object = line.object.map(|object| {
        let name = format!("{} {}", object.kind.kind, object.name);
        let show = move |_| bridge.send(Msg::ShowObject(object.clone()));
        view! { <button type="button" class="link-button" on:click=show>{name}</button> }
    });
    view! { <tr class:met=met>{packets}<td class="text">{line.text}</td><td>{object}</td></tr> }.into_any()
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
