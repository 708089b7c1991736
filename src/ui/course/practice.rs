//! Tasks without end, and the way to an exam and to writing a lesson: below the map.

use leptos::prelude::*;
use session::{CourseMsg, CoursePage, Msg};

use super::show;
use crate::bridge::bridge;
use crate::effects::chance;
use crate::words::{Word, fill, say};

/// The levels.
const LEVELS: [(u8, Word); 3] = [(1, Word::Easy), (2, Word::Middling), (3, Word::Hard)];

#[component]
pub(super) fn More() -> impl IntoView {
    let bridge = bridge();
    let level = |(level, word): (u8, Word)| {
        let start = move |_| bridge.send(Msg::Course(CourseMsg::Practice(chance::number(), level)));
        let label = fill(Word::PracticeLevel, &[("level", say(word))]);
        view! { <button type="button" aria-label=label on:click=start>{say(word)}</button> }
    };
    let open = |page, word| {
        view! { <button type="button" on:click=move |_| show(bridge, Some(page))>{say(word)}</button> }
    };
    view! {
        <section class="course-part">
            <h3>{say(Word::Practice)}</h3>
            <p class="hint">{say(Word::PracticeWhat)}</p>
            <p class="actions">{LEVELS.map(level).into_iter().collect_view()}</p>
        </section>
        <section class="course-part">
            <h3>{say(Word::Exam)}</h3>
            <p class="hint">{say(Word::ExamWhat)}</p>
            <p class="actions">{open(CoursePage::Exam, Word::ToExam)}</p>
        </section>
        <section class="course-part">
            <h3>{say(Word::Builder)}</h3>
            <p class="hint">{say(Word::BuilderWhat)}</p>
            <p class="actions">{open(CoursePage::Builder, Word::ToBuilder)}</p>
        </section>
    }
}
