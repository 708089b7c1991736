//! The known mistakes of a step: what makes them, how they are told from others, and what helps.

use leptos::prelude::*;
use session::course::builder::BuilderMsg;
use session::course::draft::{DraftWrong, Field, Place};
use session::course::offers::Offer;

use super::fields::{long, short};
use super::{build, goals};
use crate::words::{Word, fill, say};

pub(super) fn mistakes(step: usize, wrong: &[DraftWrong], offers: Memo<Vec<Offer>>) -> AnyView {
    let mistake = |(at, wrong): (usize, &DraftWrong)| {
        view! {
            <fieldset>
                <legend>{fill(Word::MistakeOf, &[("number", &(at + 1).to_string())])}</legend>
                {long(say(Word::MistakeCommands), Field::WrongCommands(step, at), &wrong.commands, true)}
                <h4>{say(Word::MistakeWhen)}</h4>
                {goals::goals(Place::Wrong(step, at), &wrong.when, offers)}
                {short(say(Word::Feedback), Field::Feedback(step, at), &wrong.feedback)}
                <p class="actions">{build(say(Word::RemoveMistake), BuilderMsg::RemoveWrong(step, at))}</p>
            </fieldset>
        }
    };
    view! {
        <h3>{say(Word::KnownMistakes)}</h3>
        <p class="hint">{say(Word::MistakeHow)}</p>
        {wrong.iter().enumerate().map(mistake).collect_view()}
        <p class="actions">{build(say(Word::TakeMistake), BuilderMsg::AddWrong(step))}</p>
    }
    .into_any()
}
