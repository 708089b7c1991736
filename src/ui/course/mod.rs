//! The course's pane: its map, and the lesson that is open.

mod builder;
mod exam;
mod goal;
mod lesson;
mod map;
mod practice;
mod progress;
pub(super) mod prose;
mod sheet;

use leptos::html::H2;
use leptos::prelude::*;
use session::{CourseMsg, CoursePage, Model, Msg};

pub(super) use sheet::Sheet;

use crate::bridge::{Bridge, bridge};
use crate::effects::place;
use crate::effects::stand::once_drawn;
use crate::layout::Pane;
use crate::words::{Word, say};

/// Opens the course where it was left: at the lesson that is open, or at the map.
pub(super) fn toggle(bridge: Bridge) {
    let page = bridge.now(|model| match (model.course().page(), model.course().serial()) {
        (Some(_), _) => None,
        (None, 0) => Some(CoursePage::Map),
        (None, _) => Some(CoursePage::Lesson),
    });
    show(bridge, page);
}

/// Shows a page of the course and brings its pane to the front.
fn show(bridge: Bridge, page: Option<CoursePage>) {
    bridge.send(Msg::Course(CourseMsg::Show(page)));
    bridge.layout.pane.set(if page.is_some() { Pane::Lesson } else { Pane::Diagram });
}

#[component]
pub(super) fn CoursePane() -> impl IntoView {
    let page = bridge().view(|model: &Model| model.course().page());
    view! { {move || page.get().map(pane)} }
}

fn pane(page: CoursePage) -> AnyView {
    let bridge = bridge();
    let content = match page {
        CoursePage::Map => view! { <map::MapPage/> }.into_any(),
        CoursePage::Lesson => view! { <lesson::LessonPage/> }.into_any(),
        CoursePage::Exam => view! { <exam::ExamPage/> }.into_any(),
        CoursePage::Builder => view! { <builder::BuilderPage/> }.into_any(),
    };
    let trouble = bridge.view(|model: &Model| model.course().trouble().to_owned());
    let loading = bridge.view(|model: &Model| model.course().is_loading());
    view! {
        <section class="pane lesson" id="pane-lesson" aria-label=say(Word::Course)>
            <p class="trouble" role="alert">{trouble}</p>
            <p class="hint loading" role="status">{move || if loading.get() { say(Word::Loading) } else { "" }}</p>
            {content}
        </section>
    }
    .into_any()
}

/// A page's title, which takes the focus when the page opens: whoever opened it came for it. Beside it, what can be done.
#[component]
fn Title(
    /// The title.
    #[prop(into)]
    text: String,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<H2>::new();
    Effect::new(move |_| {
        // Inside of another page, a visitor who is elsewhere in it stays there.
        if let Some(heading) = heading.get().filter(|_| !place::is_elsewhere()) {
            // A heading that cannot take the focus can still be found.
            once_drawn(move || drop(heading.focus()));
        }
    });
    view! {
        <div class="bar">
            <h2 node_ref=heading tabindex="-1">{text}</h2>
            {children()}
        </div>
    }
}

/// A button that tells the course something.
fn tell(name: impl Into<String>, class: &'static str, msg: CourseMsg) -> AnyView {
    let bridge = bridge();
    view! { <button type="button" class=class on:click=move |_| bridge.send(Msg::Course(msg.clone()))>{name.into()}</button> }
        .into_any()
}
