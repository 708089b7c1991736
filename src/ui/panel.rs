//! The pane beside the terminal: the way of a request, an object, who reaches what, or the cluster's make.

mod inspector;
mod lab;
mod matrix;

use leptos::html::H2;
use leptos::prelude::*;
use session::{Model, Msg, Panel};

use super::why;
use crate::bridge::bridge;

/// What is open; a request comes before everything else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Why,
    Object,
    Matrix,
    Lab,
}

#[component]
pub(super) fn SidePanel() -> impl IntoView {
    let bridge = bridge();
    let open = bridge.view(|model: &Model| match (model.route(), model.panel()) {
        (Some(_), _) => Open::Why,
        (None, Some(Panel::Object(_))) => Open::Object,
        (None, Some(Panel::Matrix)) => Open::Matrix,
        (None, Some(Panel::Lab)) => Open::Lab,
        (None, None) => Open::Nothing,
    });
    let content = move || match open.get() {
        Open::Nothing => ().into_any(),
        Open::Why => view! { <why::Why/> }.into_any(),
        Open::Object => view! { <inspector::Inspector/> }.into_any(),
        Open::Matrix => view! { <matrix::MatrixPanel/> }.into_any(),
        Open::Lab => view! { <lab::LabPanel/> }.into_any(),
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
            request_animation_frame(move || drop(heading.focus()));
        }
    });
    view! {
        <section class="side-panel" aria-label=label>
            <div class="bar">
                <h2 node_ref=heading tabindex="-1">{title}</h2>
                <button type="button" class="quiet" on:click=move |_| bridge.send(Msg::ShowPanel(None))>"Close"</button>
            </div>
            {children()}
        </section>
    }
}
