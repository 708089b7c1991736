//! The walk from a Service to what is wrong with it, station by station.

use leptos::prelude::*;
use session::panel::WalkMsg;
use session::scene::Tone;
use session::{Model, Msg};

use super::super::course::prose;
use super::super::marks::{self, Mark};
use super::Frame;
use crate::bridge::bridge;
use crate::words::{Word, say};

#[component]
pub(super) fn WalkPanel() -> impl IntoView {
    let bridge = bridge();
    let walk = bridge.view(Model::walk);
    let send = move |msg| bridge.send(Msg::Walk(msg));
    let services = Memo::new(move |_| walk.with(|walk| walk.services.clone()));
    let to = Memo::new(move |_| walk.with(|walk| walk.to.clone()));
    let from = Memo::new(move |_| walk.with(|walk| (walk.from.clone(), walk.asker)));
    let found = Memo::new(move |_| walk.with(|walk| (walk.stations.clone(), walk.fix.clone(), walk.has_line)));
    let options = move || services.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view();
    let askers = move || {
        let (names, asker) = from.get();
        let option = |(at, name): (usize, String)| {
            let name = if at == 0 { say(Word::WalkNewPod).to_owned() } else { format!("pod {name}") };
            view! { <option value=at.to_string() selected=at == asker>{name}</option> }
        };
        names.into_iter().enumerate().map(option).collect_view()
    };
    view! {
        <Frame label=say(Word::Walk) title=say(Word::Walk).to_owned()>
            <p class="hint">{say(Word::WalkWhat)}</p>
            <p class="walk-form">
                <label>
                    {say(Word::WalkTo)}
                    <input
                        type="text"
                        list="walk-services"
                        autocomplete="off"
                        spellcheck="false"
                        prop:value=to
                        on:change=move |event| send(WalkMsg::To(event_target_value(&event)))
                    />
                </label>
                <datalist id="walk-services">{options}</datalist>
                <label>
                    {say(Word::WalkFrom)}
                    <select on:change=move |event| send(WalkMsg::From(event_target_value(&event).parse().unwrap_or_default()))>
                        {askers}
                    </select>
                </label>
                <button type="button" class="primary" on:click=move |_| send(WalkMsg::Go)>{say(Word::WalkGo)}</button>
            </p>
            <div aria-live="polite">{move || stations(found.get())}</div>
        </Frame>
    }
}

fn stations((stations, fix, has_line): (Vec<session::Station>, Option<session::QuickFix>, bool)) -> AnyView {
    let bridge = bridge();
    let Some(last) = stations.last() else { return ().into_any() };
    let (all_fine, count) = (last.fine, stations.len());
    let advice = last.advice.clone();
    let fix = fix.map(|fix| {
        let title = fix.title.clone();
        view! { <button type="button" class="primary" on:click=move |_| bridge.mend(&fix)>{title}</button> }
    });
    let show = has_line.then(|| {
        view! { <button type="button" on:click=move |_| bridge.send(Msg::Walk(WalkMsg::ShowLine))>{say(Word::ShowLine)}</button> }
    });
    let end = if all_fine {
        view! { <p class="note good">{say(Word::WalkFine)}</p> }.into_any()
    } else {
        view! { <div class="note bad"><p>{prose::words(&advice)}</p><p class="actions">{fix}{show}</p></div> }
            .into_any()
    };
    let item = |station: session::Station| {
        let tone = if station.fine { Tone::Good } else { Tone::Bad };
        view! {
            <li class=marks::class(tone)>
                <Mark tone=Signal::stored(tone)/>
                <div>
                    <p><strong>{station.asks}</strong>" "{station.found}"."</p>
                    {prose::commands(&station.command)}
                </div>
            </li>
        }
    };
    view! {
        <ol class="walk" data-stations=count.to_string()>{stations.into_iter().map(item).collect_view()}</ol>
        {end}
    }
    .into_any()
}
