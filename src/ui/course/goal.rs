//! One goal of a step: a mark and its words, or a question with its answers.

use leptos::prelude::*;
use session::course::view::{GoalState, GoalText};
use session::scene::Tone;
use session::{CourseMsg, Msg};

use super::super::marks::Mark;
use super::lesson::Open;
use super::prose;
use crate::bridge::bridge;
use crate::words::{Word, say};

pub(super) fn goal(open: Open, step: usize, place: usize, text: GoalText) -> AnyView {
    let state = Memo::new(move |_| {
        open.standing
            .with(|standing| standing.goals.get(step).and_then(|goals| goals.get(place)).cloned().unwrap_or_default())
    });
    let tone = Signal::derive(move || if state.with(|state| state.met) { Tone::Good } else { Tone::Plain });
    if !text.options.is_empty() {
        return question(open, (step, place), text, state, tone);
    }
    let met = move || say(if state.with(|state| state.met) { Word::Reached } else { Word::NotYet });
    let found = move || state.with(|state| state.words.clone());
    view! {
        <li class="goal" class:good=move || state.with(|state| state.met)>
            <Mark tone=tone/>
            <p>{prose::words(&text.words)}" "<span class="unseen">{met}</span></p>
            <p class="hint">{found}</p>
        </li>
    }
    .into_any()
}

fn question(
    open: Open,
    (step, place): (usize, usize),
    text: GoalText,
    state: Memo<GoalState>,
    tone: Signal<Tone>,
) -> AnyView {
    let bridge = bridge();
    let name = format!("question-{step}-{place}");
    let over = Memo::new(move |_| open.standing.with(|standing| standing.step != step));
    let chosen = Memo::new(move |_| state.with(|state| state.chosen));
    let options = text.options.into_iter().enumerate().map(|(at, words)| {
        let choose = move |_| bridge.send(Msg::Course(CourseMsg::Choose(place, at)));
        view! {
            <label class="switch">
                <input
                    type="radio"
                    name=name.clone()
                    prop:checked=move || chosen.get() == Some(at)
                    disabled=over
                    on:change=choose
                />
                <span>{prose::words(&words)}</span>
            </label>
        }
    });
    let because = move || {
        let (because, met) = state.with(|state| (state.because.clone(), state.met));
        (!because.is_empty()).then(|| {
            let class = if met { "note good" } else { "note waiting" };
            view! { <p class=class>{prose::words(&because)}</p> }
        })
    };
    view! {
        <li class="goal question" class:good=move || state.with(|state| state.met)>
            <Mark tone=tone/>
            <fieldset>
                <legend>{prose::words(&text.words)}</legend>
                {options.collect_view()}
                <div role="status">{because}</div>
            </fieldset>
        </li>
    }
    .into_any()
}
