//! An exam: what it is, its tasks while it lasts, and its report.

use leptos::prelude::*;
use session::course::view::{ExamView, TaskView};
use session::{CourseMsg, CoursePage, Model, Msg};

use super::{Title, show, tell};
use crate::bridge::bridge;
use crate::effects::chance;
use crate::words::{Word, fill, say};

/// Tasks of a short exam and of a long one.
const LENGTHS: [(usize, Word); 2] = [(4, Word::ExamShort), (10, Word::ExamLong)];

#[component]
pub(super) fn ExamPage() -> impl IntoView {
    let bridge = bridge();
    let exam = bridge.view(|model: &Model| model.course().exam());
    // The time goes on every second; what stands around it does not.
    let still = Memo::new(move |_| exam.get().map(|exam| ExamView { left: String::new(), ..exam }));
    let left = Memo::new(move |_| exam.with(|exam| exam.as_ref().map(|exam| exam.left.clone())));
    let content = move || match still.get() {
        None => begin(),
        Some(exam) if exam.over => report(&exam),
        Some(exam) => tasks(&exam, left),
    };
    view! {
        <Title text=say(Word::Exam)>
            <button type="button" class="quiet" on:click=move |_| show(bridge, Some(CoursePage::Map))>{say(Word::Map)}</button>
            <button type="button" class="quiet" on:click=move |_| show(bridge, None)>{say(Word::Close)}</button>
        </Title>
        <div class="course-page" tabindex="-1">{content}</div>
    }
}

fn begin() -> AnyView {
    let bridge = bridge();
    let button = |(tasks, word): (usize, Word)| {
        let start = move |_| bridge.send(Msg::Course(CourseMsg::Exam(chance::number(), tasks)));
        view! { <button type="button" class="primary" on:click=start>{say(word)}</button> }
    };
    view! {
        <p>{say(Word::ExamWhat)}</p>
        <p class="actions">{LENGTHS.map(button).into_iter().collect_view()}</p>
    }
    .into_any()
}

fn tasks(exam: &ExamView, left: Memo<Option<String>>) -> AnyView {
    let bridge = bridge();
    let asked = RwSignal::new(false);
    let task = |(at, task): (usize, &TaskView)| {
        let open = move |_| bridge.send(Msg::Course(CourseMsg::Task(at)));
        let state = match (task.current, task.begun) {
            (true, _) => say(Word::TaskCurrent),
            (false, true) => say(Word::StateBegun),
            (false, false) => "",
        };
        view! {
            <li>
                <button type="button" class="entry" on:click=open>
                    <span class="number" aria-hidden="true">{at + 1}</span>
                    <span class="title">{task.title.clone()}</span>
                    <span class="hint">{points(task.points)}</span>
                    <span class="state">{state}</span>
                </button>
            </li>
        }
    };
    let question = move || {
        asked.get().then(|| {
            view! {
                <p class="actions" role="alertdialog" aria-label=say(Word::HandInAsks) on:click=move |_| asked.set(false)>
                    <span>{say(Word::HandInAsks)}</span>
                    {tell(say(Word::HandIn), "primary", CourseMsg::HandIn)}
                    <button type="button">{say(Word::GoOn)}</button>
                </p>
            }
        })
    };
    view! {
        <p>{say(Word::ExamRules)}</p>
        <p class="exam-left" role="timer">{move || fill(Word::TimeLeft, &[("time", &left.get().unwrap_or_default())])}</p>
        <ul class="course-part">{exam.tasks.iter().enumerate().map(task).collect_view()}</ul>
        <p class="actions">
            <button type="button" aria-expanded=move || asked.get().to_string() on:click=move |_| asked.set(true)>
                {say(Word::HandIn)}
            </button>
        </p>
        {question}
    }
    .into_any()
}

fn report(exam: &ExamView) -> AnyView {
    let bridge = bridge();
    let Some((reached, of, passed)) = exam.report else {
        return view! { <p role="status">{say(Word::Marking)}</p> }.into_any();
    };
    let row = |task: &TaskView| {
        let id = task.id.clone();
        let open = move |_| bridge.send(Msg::Course(CourseMsg::Open(id.clone())));
        let reached = task.reached.unwrap_or_default();
        view! {
            <tr>
                <th scope="row"><button type="button" class="quiet" on:click=open>{task.title.clone()}</button></th>
                <td>{fill(Word::PointsOf, &[("reached", &reached.to_string()), ("of", &task.points.to_string())])}</td>
            </tr>
        }
    };
    let words = fill(Word::PointsOf, &[("reached", &reached.to_string()), ("of", &of.to_string())]);
    view! {
        <p class=if passed { "note good" } else { "note waiting" } role="status">
            <strong>{words}</strong>" "{say(if passed { Word::ExamPassed } else { Word::ExamFailed })}
        </p>
        <table class="matrix">
            <caption class="unseen">{say(Word::ExamReport)}</caption>
            <tbody>{exam.tasks.iter().map(row).collect_view()}</tbody>
        </table>
        <p class="hint">{say(Word::ExamAgain)}</p>
        <p class="actions">{tell(say(Word::EndExam), "", CourseMsg::EndExam)}</p>
    }
    .into_any()
}

fn points(points: u32) -> String {
    fill(Word::Points, &[("points", &points.to_string())])
}
