//! The map of the course: its parts, and in each the lessons and exercises with how far one is.

use leptos::prelude::*;
use session::course::view::{Map, MapEntry, MapPart};
use session::scene::Tone;
use session::{CourseMsg, CoursePage, LessonKind, Model, Msg};

use super::super::marks::{self, Mark};
use super::{Title, practice, progress, show};
use crate::bridge::bridge;
use crate::words::{Word, fill, say};

#[component]
pub(super) fn MapPage() -> impl IntoView {
    let bridge = bridge();
    let map = bridge.view(|model: &Model| model.course().map());
    let open = bridge.view(|model: &Model| model.course().serial() > 0);
    let back = move || {
        open.get().then(|| {
            let back = move |_| show(bridge, Some(CoursePage::Lesson));
            view! { <button type="button" class="quiet" on:click=back>{say(Word::BackToLesson)}</button> }
        })
    };
    view! {
        <Title text=say(Word::Course)>
            {back}
            <button type="button" class="quiet" on:click=move |_| show(bridge, None)>{say(Word::Close)}</button>
        </Title>
        <div class="course-page" tabindex="-1">
            <p>{say(Word::CourseWhat)}</p>
            {move || parts(&map.get())}
            <practice::More/>
            <progress::ProgressTools/>
        </div>
    }
}

fn parts(map: &Map) -> AnyView {
    let (done, of) = map.done;
    let (done_words, of_words) = (done.to_string(), of.to_string());
    let words = fill(Word::DoneOf, &[("done", &done_words), ("of", &of_words)]);
    let bar = (of > 0).then(|| {
        view! {
            <p class="course-progress">
                <progress max=of_words value=done_words aria-label=say(Word::CourseDone)></progress>
                {words}
            </p>
        }
    });
    view! { {bar}{map.parts.iter().map(part).collect_view()} }.into_any()
}

fn part(part: &MapPart) -> AnyView {
    view! {
        <section class="course-part">
            <h3>{part.title.clone()}</h3>
            <ul>{part.entries.iter().map(entry).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn entry(entry: &MapEntry) -> AnyView {
    let bridge = bridge();
    let id = entry.id.clone();
    let open = move |_| bridge.send(Msg::Course(CourseMsg::Open(id.clone())));
    let state = match entry.tone {
        Tone::Good => say(Word::StateDone),
        Tone::Waiting => say(Word::StateBegun),
        _ => "",
    };
    view! {
        <li class=marks::class(entry.tone)>
            <button type="button" class="entry" on:click=open>
                <Mark tone=Signal::stored(entry.tone)/>
                <span class="title">{entry.title.clone()}</span>
                <span class="hint">{what(entry.kind, entry.level, entry.minutes)}</span>
                <span class="state">{state}</span>
            </button>
        </li>
    }
    .into_any()
}

/// What is to be done, how hard it is and how long it takes.
pub(super) fn what(kind: LessonKind, level: u8, minutes: u16) -> String {
    let word = match kind {
        LessonKind::Lesson => Word::Lesson,
        LessonKind::Build => Word::KindBuild,
        LessonKind::Fix => Word::KindFix,
        LessonKind::Diagnose => Word::KindDiagnose,
        LessonKind::Predict => Word::KindPredict,
    };
    let level = match (kind, level) {
        (LessonKind::Lesson, _) => "",
        (_, 1) => say(Word::Easy),
        (_, 2) => say(Word::Middling),
        _ => say(Word::Hard),
    };
    let minutes = fill(Word::Minutes, &[("minutes", &minutes.to_string())]);
    [say(word), level, minutes.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
