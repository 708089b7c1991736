//! The lesson that is open: its text, and for each step what is to be reached and how that stands.

use leptos::html::Li;
use leptos::prelude::*;
use session::course::view::{LessonText, Special, Standing};
use session::{CourseMsg, CoursePage, Model, Msg};

use super::{Title, goal, map, prose, show, tell};
use crate::bridge::{Bridge, bridge};
use crate::effects::place;
use crate::effects::stand::once_drawn;
use crate::words::{Word, fill, say};

/// How a lesson stands, and its text that stays.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub(super) text: StoredValue<LessonText>,
    pub(super) standing: Memo<Standing>,
}

#[component]
pub(super) fn LessonPage() -> impl IntoView {
    let bridge = bridge();
    let serial = bridge.view(|model: &Model| model.course().serial());
    let content = move || {
        // Read, not only tracked: a memo that was never read hears of no change.
        let _ = serial.get();
        bridge.now(|model| model.course().lesson()).map(lesson)
    };
    view! {
        {content}
    }
}

fn lesson(text: LessonText) -> AnyView {
    let bridge = bridge();
    let standing = bridge.view(|model: &Model| model.course().standing());
    let (title, kind) = (text.title.clone(), map::what(text.kind, text.level, text.minutes));
    let introduction = prose::prose(&text.introduction);
    let foreign = text.foreign.then(|| view! { <p class="note waiting">{say(Word::NotInYourLanguage)}</p> });
    let keep = text.keep.clone();
    let open = Open { text: StoredValue::new(text), standing };
    let reached = Memo::new(move |_| standing.with(|standing| (standing.step + 1).min(standing.of)));
    let finished = Memo::new(move |_| standing.with(|standing| standing.step >= standing.of));
    let news = Memo::new(move |before: Option<&(usize, String)>| {
        let step = standing.with(|standing| standing.step);
        let words = match before {
            Some((old, _)) if step > *old => fill(Word::StepDone, &[("step", &step.to_string())]),
            Some((old, words)) if step == *old => words.clone(),
            _ => String::new(),
        };
        (step, words)
    });
    view! {
        <Title text=title>
            <button type="button" class="quiet" on:click=move |_| show(bridge, Some(CoursePage::Map))>{say(Word::Map)}</button>
            <button type="button" class="quiet" on:click=move |_| show(bridge, None)>{say(Word::Close)}</button>
        </Title>
        <div class="course-page" tabindex="-1">
            <p class="hint">{kind}</p>
            {special(bridge)}
            {foreign}
            <div class="prose">{introduction}</div>
            <ol class="steps">
                <For each=move || 0..reached.get() key=|at| *at let:at>{step(open, at)}</For>
            </ol>
            {keeps(open, keep)}
            <ul>{move || finished.get().then(end)}</ul>
            <p class="unseen" role="status">{move || news.with(|(_, words)| words.clone())}</p>
        </div>
        {tools(standing)}
    }
    .into_any()
}

/// What is special about a lesson that is no part of the course.
fn special(bridge: Bridge) -> AnyView {
    let exam = bridge.view(|model: &Model| model.course().exam().filter(|exam| !exam.over).map(|exam| exam.left));
    match bridge.now(|model| model.course().special()) {
        Special::None => ().into_any(),
        Special::Practice(seed, level) => {
            let address = format!("#practice={seed}-{level}");
            let shown = address.clone();
            view! { <p class="hint">{say(Word::PracticeShare)}" "<a href=address>{shown}</a></p> }.into_any()
        }
        Special::Task(at) => {
            let task = (at + 1).to_string();
            let words = move || {
                fill(Word::TaskOf, &[("task", &task), ("time", &exam.get().unwrap_or_default())])
            };
            view! {
                <p class="exam-left">
                    {words}
                    <button type="button" class="quiet" on:click=move |_| show(bridge, Some(CoursePage::Exam))>{say(Word::ToTasks)}</button>
                </p>
            }
            .into_any()
        }
        Special::Elsewhere => view! { <p class="note waiting">{say(Word::FromElsewhere)}</p> }.into_any(),
        Special::Draft => {
            view! {
                <p class="note waiting">
                    {say(Word::OfDraft)}" "
                    <button type="button" class="quiet" on:click=move |_| show(bridge, Some(CoursePage::Builder))>{say(Word::ToBuilder)}</button>
                </p>
            }
            .into_any()
        }
    }
}

fn step(open: Open, at: usize) -> AnyView {
    let (title, text, goals, only) = open.text.with_value(|lesson| {
        let step = &lesson.steps[at];
        // The title of an only step without a heading of its own is that of the lesson.
        let only = lesson.steps.len() == 1 && step.title == lesson.title;
        (step.title.clone(), prose::prose(&step.text), step.goals.clone(), only)
    });
    let current = Memo::new(move |_| open.standing.with(|standing| standing.step == at));
    let place = NodeRef::<Li>::new();
    // What is new comes into sight; what the page begins with is there.
    if at > 0 {
        arrive(place);
    }
    let number = (at + 1).to_string();
    let heading = (!only).then(|| view! { <h3><span class="number" aria-hidden="true">{number}</span>{title}</h3> });
    let goals = goals.into_iter().enumerate().map(|(place, text)| goal::goal(open, at, place, text)).collect_view();
    view! {
        <li class="step" node_ref=place tabindex="-1" aria-current=move || current.get().then_some("step")>
            {heading}
            <div class="prose">{text}</div>
            <ul class="goals" aria-label=say(Word::Goals)>{goals}</ul>
            {move || current.get().then(|| help(open.standing))}
        </li>
    }
    .into_any()
}

/// Brings something new into sight, and the focus with it if it was in the lesson: what had it may take it no more. Whoever has
/// gone elsewhere before it is drawn, to the terminal say, stays there.
fn arrive(place: NodeRef<Li>) {
    let inside = in_lesson();
    Effect::new(move |_| {
        let Some(place) = place.get() else { return };
        once_drawn(move || {
            place::show(&place);
            let nowhere = document().active_element().is_none_or(|focused| focused.tag_name() == "BODY");
            if inside && (nowhere || in_lesson()) {
                // What cannot take the focus can still be seen.
                let _ = place.focus();
            }
        });
    });
}

/// Whether the focus is in the lesson.
fn in_lesson() -> bool {
    document().active_element().is_some_and(|focused| matches!(focused.closest("#pane-lesson"), Ok(Some(_))))
}

/// What helps with the current step.
fn help(standing: Memo<Standing>) -> AnyView {
    let feedback = Memo::new(move |_| standing.with(|standing| standing.feedback.clone()));
    let hints = Memo::new(move |_| standing.with(|standing| standing.hints.clone()));
    let more = Memo::new(move |_| standing.with(|standing| standing.more_hints));
    let solution = Memo::new(move |_| standing.with(|standing| standing.solution.clone()));
    let has_solution =
        Memo::new(move |_| standing.with(|standing| standing.has_solution && standing.solution.is_none()));
    let hint = |hint: String| view! { <li>{prose::words(&hint)}</li> };
    let buttons = move || {
        let hint = more.get().then(|| tell(say(Word::Hint), "", CourseMsg::Hint));
        // First the hints, then the whole of it.
        let solution =
            (has_solution.get() && !more.get()).then(|| tell(say(Word::Solution), "quiet", CourseMsg::Solution));
        view! { {hint}{solution} }
    };
    view! {
        <div class="help">
        <div class="feedback" role="status">{move || feedback.get().map(|words| view! { <p class="note waiting">{words}</p> })}</div>
        <ol class="hints" aria-live="polite">{move || hints.get().into_iter().map(hint).collect_view()}</ol>
        <p class="actions">{buttons}</p>
        <div aria-live="polite" data-solution>
            {move || solution.get().map(|text| view! { <h4>{say(Word::Solution)}</h4> {prose::commands(&text)} })}
        </div>
        </div>
    }
    .into_any()
}

/// What must be so all the time, said once something of it is not.
fn keeps(open: Open, words: Vec<String>) -> AnyView {
    let broken = Memo::new(move |_| {
        let words = &words;
        open.standing.with(|standing| {
            let kept = standing.keep.iter().zip(words).filter(|(state, _)| !state.met);
            kept.map(|(state, words)| (words.clone(), state.words.clone())).collect::<Vec<_>>()
        })
    });
    let item = |(words, found): (String, String)| view! { <li><strong>{words}</strong>" "<span class="hint">{found}</span></li> };
    view! {
        <div role="status">
            {move || {
                let broken = broken.get();
                (!broken.is_empty()).then(|| view! {
                    <div class="note bad"><p>{say(Word::MustStay)}</p><ul>{broken.into_iter().map(item).collect_view()}</ul></div>
                })
            }}
        </div>
    }
    .into_any()
}

/// What comes after the last step.
fn end() -> AnyView {
    let bridge = bridge();
    let (next, special, causes) =
        bridge.now(|model| (model.course().next(), model.course().special(), model.course().causes()));
    let again = match special {
        Special::Practice(seed, level) => {
            Some(tell(say(Word::PracticeMore), "primary", CourseMsg::Practice(seed + 1, level)))
        }
        _ => None,
    };
    let causes = causes.into_iter().map(|cause| view! { <li>{prose::words(&cause)}</li> }).collect_view();
    let next = next.map(|(id, title)| {
        let words = fill(Word::NextLesson, &[("title", &title)]);
        let open = move |_| bridge.send(Msg::Course(CourseMsg::Open(id.clone())));
        view! { <button type="button" class="primary" on:click=open>{words}</button> }
    });
    let place = NodeRef::<Li>::new();
    arrive(place);
    view! {
        <li class="note good course-end" node_ref=place tabindex="-1">
            <h3>{say(Word::AllDone)}</h3>
            <ul>{causes}</ul>
            <p class="actions">
                {next}
                {again}
                <button type="button" on:click=move |_| show(bridge, Some(CoursePage::Map))>{say(Word::Map)}</button>
            </p>
        </li>
    }
    .into_any()
}

/// The ways back.
fn tools(standing: Memo<Standing>) -> AnyView {
    let checkpoint = Memo::new(move |_| standing.with(|standing| standing.has_checkpoint));
    let printing = bridge().printing;
    let back = move || checkpoint.get().then(|| tell(say(Word::ToCheckpoint), "quiet", CourseMsg::ToCheckpoint));
    view! {
        <div class="lesson-tools" role="group" aria-label=say(Word::WaysBack)>
            {tell(say(Word::UndoStep), "quiet", CourseMsg::UndoStep)}
            {tell(say(Word::SetCheckpoint), "quiet", CourseMsg::SetCheckpoint)}
            {back}
            {tell(say(Word::StartAgain), "quiet", CourseMsg::StartAgain)}
            {tell(say(Word::LeaveLesson), "quiet", CourseMsg::Leave)}
            <button type="button" class="quiet" on:click=move |_| printing.set(true)>{say(Word::PrintSheet)}</button>
        </div>
    }
    .into_any()
}
