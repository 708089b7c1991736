//! The open lesson as a sheet of paper: its text, the tasks that were reached with room to answer, the manifests it begins with. On the screen it is
//! never seen; style/course.css shows it to printers, and nothing else.

use leptos::prelude::*;
use session::course::view::{GoalText, LessonText};

use super::prose::prose;
use crate::bridge::bridge;
use crate::words::{Word, say};

#[component]
pub(in crate::ui) fn Sheet() -> impl IntoView {
    let bridge = bridge();
    let printing = bridge.printing;
    let listening = window_event_listener_untyped("afterprint", move |_| printing.set(false));
    on_cleanup(move || listening.remove());
    Effect::new(move |_| {
        if printing.get() {
            // Drawn by then. A browser that has no printer says so itself.
            request_animation_frame(|| drop(window().print()));
        }
    });
    let lesson = move || {
        printing
            .get()
            .then(|| {
                bridge.now(|model| {
                    let mut lesson = model.course().lesson()?;
                    // A goal to come may tell the answer to a question of before.
                    lesson.steps.truncate(model.course().standing().step + 1);
                    Some((lesson, model.course().begins_with()))
                })
            })
            .flatten()
    };
    view! { {move || lesson().map(|(lesson, manifests)| sheet(&lesson, manifests))} }
}

fn sheet(lesson: &LessonText, manifests: String) -> AnyView {
    let steps = lesson.steps.iter().map(|step| {
        let goals = step.goals.iter().map(goal).collect_view();
        view! { <li><h3>{step.title.clone()}</h3>{prose(&step.text)}<ul>{goals}</ul></li> }
    });
    view! {
        <article class="printed">
            <h2>{lesson.title.clone()}</h2>
            {prose(&lesson.introduction)}
            <ol>{steps.collect_view()}</ol>
            <h3>{say(Word::SheetBegins)}</h3>
            <pre>{manifests}</pre>
        </article>
    }
    .into_any()
}

fn goal(goal: &GoalText) -> AnyView {
    let options = goal.options.iter().map(|option| view! { <li>{option.clone()}</li> }).collect_view();
    // A question with answers to choose from needs no room for another.
    let room = goal.options.is_empty().then(|| view! { <div class="room"></div> });
    view! { <li>{goal.words.clone()}<ul>{options}</ul>{room}</li> }.into_any()
}
