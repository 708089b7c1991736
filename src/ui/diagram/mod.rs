//! The diagram: a scene as SVG, its summary as a live region, and the whole of it in words.

mod figure;
mod link;
mod packet;

use leptos::html::Div;
use leptos::prelude::*;
use session::scene::{FigureId, Shape};
use session::{Model, Msg};

use super::marks::{self, Mark};
use super::measure;
use crate::bridge::{Picture, bridge};

#[component]
pub(super) fn Diagram() -> impl IntoView {
    let bridge = bridge();
    let picture = bridge.view(|model: &Model| Picture(model.scene()));
    let revision = bridge.view(Model::revision);
    let tone = Memo::new(move |_| picture.get().0.tone);
    let summary = Memo::new(move |_| picture.get().0.summary.clone());
    let system = bridge.view(Model::shows_system);
    let stage = NodeRef::<Div>::new();
    measure::width_of(stage, move |width| bridge.send(Msg::Room(width)));

    let width = Memo::new(move |_| picture.get().0.width);
    let height = Memo::new(move |_| picture.get().0.height);
    let route = bridge.view(Model::route);
    let figures = move || -> Vec<(FigureId, Shape)> {
        picture.get().0.figures.iter().map(|figure| (figure.id.clone(), figure.shape)).collect()
    };
    let links = move || -> Vec<String> { picture.get().0.links.iter().map(|link| link.id.clone()).collect() };
    view! {
        <section class="pane diagram" id="pane-diagram" aria-label="Diagram">
            <div class="bar">
                <h2>"Diagram"</h2>
                <p class="summary" role="status"><Mark tone=tone/><span>{summary}</span></p>
                <label class="switch">
                    <input
                        type="checkbox"
                        prop:checked=system
                        on:change=move |event| bridge.send(Msg::ShowSystem(event_target_checked(&event)))
                    />
                    "Show the cluster's own"
                </label>
            </div>
            <div class="stage" node_ref=stage>
                <svg
                    role="group"
                    aria-label="Diagram of the cluster"
                    data-diagram
                    data-revision=move || revision.get().to_string()
                    width=move || width.get().to_string()
                    height=move || height.get().to_string()
                >
                    <For each=figures key=Clone::clone let:item>
                        {figure::view(item.0, item.1, picture, route)}
                    </For>
                    <For each=links key=Clone::clone let:id>{link::view(id, picture)}</For>
                    {move || route.get().map(|route| packet::view(&route))}
                </svg>
            </div>
            <Twin picture=picture/>
        </section>
    }
}

/// The diagram in words.
#[component]
fn Twin(picture: Memo<Picture>) -> impl IntoView {
    let sentences = move || {
        let scene = picture.get().0;
        scene
            .sentences
            .iter()
            .map(|sentence| {
                let class = marks::class(sentence.tone);
                view! { <li class=class>{sentence.text.clone()}</li> }
            })
            .collect_view()
    };
    view! {
        <details class="twin">
            <summary>"The diagram in words"</summary>
            <ul>{sentences}</ul>
        </details>
    }
}
