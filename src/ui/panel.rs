//! The pane beside the terminal: the way of a request, an object, who reaches what, or the cluster's make.

mod inspector;
mod lab;
mod matrix;
mod several;
mod walk;

use leptos::html::H2;
use leptos::prelude::*;
use session::{Model, Msg, Panel};

use super::why;
use crate::bridge::bridge;
use crate::effects::stand::once_drawn;
use crate::words::{Word, say};

/// What is open; a request comes before everything else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Why,
    Object,
    Several,
    Matrix,
    Lab,
    Walk,
}

#[component]
pub(super) fn SidePanel() -> impl IntoView {
    let bridge = bridge();
    let open = bridge.view(|model: &Model| match (model.is_asked(), model.panel()) {
        (true, _) => Open::Why,
        (false, Some(Panel::Object(_))) => Open::Object,
        (false, Some(Panel::Several(_))) => Open::Several,
        (false, Some(Panel::Matrix)) => Open::Matrix,
        (false, Some(Panel::Lab)) => Open::Lab,
        (false, Some(Panel::Walk)) => Open::Walk,
        (false, None) => Open::Nothing,
    });
    let content = move || match open.get() {
        Open::Nothing => ().into_any(),
        Open::Why => view! { <why::Why/> }.into_any(),
        Open::Object => view! { <inspector::Inspector/> }.into_any(),
        Open::Several => view! { <several::SeveralPanel/> }.into_any(),
        Open::Matrix => view! { <matrix::MatrixPanel/> }.into_any(),
        Open::Lab => view! { <lab::LabPanel/> }.into_any(),
        Open::Walk => view! { <walk::WalkPanel/> }.into_any(),
    };
    view! { {content} }
}

/// A panel's frame: its heading takes the focus when it opens, for whoever opened it came for it.
#[component]
fn Frame(
    /// What the panel is to assistive technology.
    label: &'static str,
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    children: Children,
) -> impl IntoView {
    let bridge = bridge();
    let heading = NodeRef::<H2>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            // A heading that cannot take the focus can still be found.
            once_drawn(move || drop(heading.focus()));
        }
    });
    view! {
        <section class="side-panel" aria-label=label>
            <div class="bar">
                <h2 node_ref=heading tabindex="-1">{title}</h2>
                <button type="button" class="quiet" on:click=move |_| bridge.send(Msg::ShowPanel(None))>{say(Word::Close)}</button>
            </div>
            {children()}
        </section>
    }
}
