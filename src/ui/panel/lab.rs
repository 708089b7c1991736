//! What the cluster is made of, to be chosen.

use leptos::prelude::*;
use session::panel::lab::Question;
use session::{Model, Msg};

use super::Frame;
use crate::bridge::bridge;
use crate::words::{Word, say};

#[component]
pub(super) fn LabPanel() -> impl IntoView {
    let bridge = bridge();
    let lab = bridge.view(Model::lab);
    view! {
        <Frame label=say(Word::TheCluster) title=say(Word::TheCluster).to_owned()>
            <p class="hint">
                {say(Word::MadeAnew)}
            </p>
            {move || lab.get().questions.into_iter().map(question).collect_view()}
        </Frame>
    }
}

fn question(question: Question) -> AnyView {
    let bridge = bridge();
    let answers = question.answers.into_iter().map(|(name, change, chosen)| {
        let choose = move |_| bridge.send(Msg::ChooseLab(change));
        view! {
            <label class="switch">
                <input type="radio" name=question.label prop:checked=chosen on:change=choose/>
                {name}
            </label>
        }
    });
    view! {
        <fieldset>
            <legend>{question.label}</legend>
            <p class="hint">{question.help}</p>
            {answers.collect_view()}
        </fieldset>
    }
    .into_any()
}
