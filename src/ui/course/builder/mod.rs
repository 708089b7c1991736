//! Writing a lesson: the fields of a draft, what the screen offers for them, and what a test finds.

mod fields;
mod goals;
mod result;
mod wrong;

use leptos::prelude::*;
use session::course::builder::{Builder, BuilderMsg};
use session::course::draft::{Draft, DraftStep, Field, Place};
use session::course::offers::Offer;
use session::{CourseMsg, CoursePage, Model, Msg};

use super::{Title, show, tell};
use crate::bridge::bridge;
use crate::words::{Word, fill, say};
use fields::{long, short};

const KINDS: [(&str, Word); 5] = [
    ("fix", Word::KindFix),
    ("build", Word::KindBuild),
    ("diagnose", Word::KindDiagnose),
    ("predict", Word::KindPredict),
    ("lesson", Word::Lesson),
];

/// The ways around a task, by the word of the format.
const BYPASSES: [(&str, Word); 4] = [
    ("delete-policies", Word::AllowPolicies),
    ("delete-pods", Word::AllowPods),
    ("relabel-pods", Word::AllowRelabel),
    ("point-at-pods", Word::AllowPoint),
];

/// A button that does something to the draft.
fn build(name: impl Into<String>, msg: BuilderMsg) -> AnyView {
    tell(name, "", CourseMsg::Builder(msg))
}

#[component]
pub(super) fn BuilderPage() -> impl IntoView {
    let bridge = bridge();
    let builder = bridge.view(Model::builder);
    // Fields are made anew only when something else than typing has changed them, so that nobody loses the one they are in.
    let serial = Memo::new(move |_| builder.with(|builder| builder.serial));
    let offers = Memo::new(move |_| builder.with(|builder| builder.offers.clone()));
    let fields = move || {
        let _ = serial.get();
        fields(&bridge.now(Model::builder).draft, offers)
    };
    view! {
        <Title text=say(Word::Builder)>
            <button type="button" class="quiet" on:click=move |_| show(bridge, Some(CoursePage::Map))>{say(Word::Map)}</button>
            <button type="button" class="quiet" on:click=move |_| show(bridge, None)>{say(Word::Close)}</button>
        </Title>
        <div class="course-page draft" tabindex="-1">
            <p class="hint">{say(Word::BuilderHow)}</p>
            {recorded(builder)}
            {fields}
            {result::result(builder)}
        </div>
    }
}

/// The commands that would be taken.
fn recorded(builder: Memo<Builder>) -> AnyView {
    let lines = Memo::new(move |_| builder.with(|builder| builder.recorded.clone()));
    let count = move || fill(Word::Recorded, &[("count", &lines.with(Vec::len).to_string())]);
    let items = move || lines.get().into_iter().map(|line| view! { <li><code>{line}</code></li> }).collect_view();
    view! {
        <details class="recorded">
            <summary>{count}</summary>
            <ol class="hints">{items}</ol>
            <p class="actions">{build(say(Word::Record), BuilderMsg::Record)}</p>
        </details>
    }
    .into_any()
}

fn fields(draft: &Draft, offers: Memo<Vec<Offer>>) -> AnyView {
    let bridge = bridge();
    let option = |(kind, word): (&'static str, Word)| view! { <option value=kind selected=kind == draft.kind>{say(word)}</option> };
    let options = KINDS.map(option).into_iter().collect_view();
    let choose = move |event| {
        bridge.send(Msg::Course(CourseMsg::Builder(BuilderMsg::Write(Field::Kind, event_target_value(&event)))));
    };
    let several = draft.steps.len() > 1;
    let steps = draft.steps.iter().enumerate().map(|(at, step)| self::step(at, step, several, offers)).collect_view();
    view! {
        {short(say(Word::DraftTitle), Field::Title, &draft.title)}
        <label>{say(Word::DraftKind)}<select on:change=choose>{options}</select></label>
        {short(say(Word::DraftLevel), Field::Level, &draft.level)}
        {short(say(Word::DraftMinutes), Field::Minutes, &draft.minutes)}
        {long(say(Word::DraftIntroduction), Field::Introduction, &draft.introduction, false)}
        {long(say(Word::DraftStart), Field::Start, &draft.start, true)}
        <p class="actions">{build(say(Word::TakeStart), BuilderMsg::TakeStart)}</p>
        {steps}
        <p class="actions">{build(say(Word::AddStep), BuilderMsg::AddStep)}</p>
        <fieldset>
            <legend>{say(Word::KeepGoals)}</legend>
            <p class="hint">{say(Word::KeepHow)}</p>
            {goals::goals(Place::Keep, &draft.keep, offers)}
        </fieldset>
        {allows(draft)}
    }
    .into_any()
}

fn step(at: usize, step: &DraftStep, several: bool, offers: Memo<Vec<Offer>>) -> AnyView {
    let remove = several.then(|| build(say(Word::RemoveStep), BuilderMsg::RemoveStep(at)));
    view! {
        <fieldset>
            <legend>{fill(Word::DraftStep, &[("step", &(at + 1).to_string())])}</legend>
            {short(say(Word::DraftTitle), Field::StepTitle(at), &step.title)}
            {long(say(Word::DraftText), Field::StepText(at), &step.text, false)}
            <h3>{say(Word::Goals)}</h3>
            {goals::goals(Place::Step(at), &step.goals, offers)}
            {long(say(Word::DraftHints), Field::Hints(at), &step.hints, false)}
            {long(say(Word::Solution), Field::Solution(at), &step.solution, true)}
            <p class="actions">
                {build(say(Word::TakeCommands), BuilderMsg::TakeCommands(at))}
                {build(say(Word::TakeText), BuilderMsg::TakeText(at))}
            </p>
            {wrong::mistakes(at, &step.wrong, offers)}
            <p class="actions">{remove}</p>
        </fieldset>
    }
    .into_any()
}

/// Which ways around the task are no cheating.
fn allows(draft: &Draft) -> AnyView {
    let bridge = bridge();
    let way = |(bypass, word): (&'static str, Word)| {
        let change = move |event| {
            let msg = BuilderMsg::Allow(bypass.to_owned(), event_target_checked(&event));
            bridge.send(Msg::Course(CourseMsg::Builder(msg)));
        };
        let allowed = draft.allows.iter().any(|other| other == bypass);
        view! { <label class="switch"><input type="checkbox" checked=allowed on:change=change/><span>{say(word)}</span></label> }
    };
    view! {
        <fieldset>
            <legend>{say(Word::Allows)}</legend>
            <p class="hint">{say(Word::AllowsHow)}</p>
            {BYPASSES.map(way).into_iter().collect_view()}
        </fieldset>
    }
    .into_any()
}
