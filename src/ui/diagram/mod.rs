//! The diagram: a scene as SVG, its summary as a live region, and the whole of it in words.

pub(super) mod badge;
mod camera;
mod drag;
mod figure;
mod link;
mod packet;
mod tools;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::svg::Svg;
use session::scene::{FigureId, Scene, Shape};
use session::{Model, Msg};
use web_sys::{KeyboardEvent, PointerEvent};

use super::ask::{AskForm, asking};
use super::marks::{self, Mark};
use super::pieces::piece;
use super::player::Player;
use super::timeline::{Happened, PastBanner, TimeBar};
use super::{gallery, measure};
use crate::bridge::{Picture, bridge};
use crate::words::{Word, fill, say};

/// The room of the diagram that stands there now, which is the first view's while the page is made; `None` where there is none.
#[must_use]
pub fn room() -> Option<(i32, i32)> {
    let stage = document().query_selector(".stage").ok()??;
    Some(measure::content_of(&stage)).filter(|room| room.0 > 0)
}

#[component]
pub(super) fn Diagram() -> impl IntoView {
    let bridge = bridge();
    let asking = asking();
    let picture = bridge.view(|model: &Model| Picture(model.scene()));
    let revision = bridge.view(Model::revision);
    let past = bridge.view(|model: &Model| model.clock().past.is_some());
    let tone = Memo::new(move |_| picture.get().0.tone);
    let summary = Memo::new(move |_| picture.get().0.summary.clone());
    let stage = NodeRef::<Div>::new();
    let drawing = NodeRef::<Svg>::new();
    let camera = camera::Camera::new(stage, picture);
    let drag = drag::Drag::new(camera);
    let search = tools::Search::new();
    let view_open = RwSignal::new(false);
    measure::size_of(stage, move |width, height| {
        camera.set_room(width, height);
        bridge.send(Msg::Room(width, height));
    });

    let width = Memo::new(move |_| picture.get().0.width);
    let height = Memo::new(move |_| picture.get().0.height);
    let drawn = move |length: i32| format!("{:.0}px", f64::from(length) * camera.scale.get());
    let size = move || format!("inline-size: {}; block-size: {}", drawn(width.get()), drawn(height.get()));
    let figures = move || -> Vec<(FigureId, Shape)> {
        picture.get().0.figures.iter().map(|figure| (figure.id.clone(), figure.shape)).collect()
    };
    let links = move || -> Vec<String> { picture.get().0.links.iter().map(|link| link.id.clone()).collect() };
    let moved = move |event: PointerEvent| {
        if let Some(drawing) = drawing.get_untracked() {
            drag.moved(&event, &drawing);
        }
    };
    let press = move |event: KeyboardEvent| {
        camera.press(&event);
    };
    let line = move || {
        drag.line.get().map(|(x1, y1, x2, y2)| {
            view! { <line class="rubber" x1=x1 y1=y1 x2=x2 y2=y2/><circle class="rubber" cx=x2 cy=y2 r="5"/> }
        })
    };
    let starting = move || {
        let start = asking.start.get()?;
        let name = picture.get().0.figure(&start).map(|figure| figure.title.clone()).unwrap_or_default();
        Some(fill(Word::AskStarting, &[("name", &name)]))
    };
    let expanded = |open: RwSignal<bool>| move || if open.get() { "true" } else { "false" };
    view! {
        <section class="pane diagram" class:past=past id="pane-diagram" aria-label=say(Word::Diagram)>
            <div class="bar">
                <h2>{say(Word::Diagram)}</h2>
                <p class="summary" role="status"><Mark tone=tone/><span>{summary}</span></p>
                <button type="button" class="primary" aria-expanded=expanded(asking.open) on:click=move |_| asking.open.update(|open| *open = !*open)>
                    {say(Word::AskARequest)}
                </button>
                <button type="button" class="quiet" aria-expanded=expanded(view_open) on:click=move |_| view_open.update(|open| *open = !*open)>
                    {say(Word::View)}
                </button>
                <camera::Zoom camera=camera/>
            </div>
            {piece(move || view! { <AskForm/><tools::Tools search=search open=view_open/><PastBanner/> }.into_any())}
            <div class="stage-frame">
                <div
                    class="stage"
                    node_ref=stage
                    on:wheel=move |event| camera.wheel(&event)
                    on:pointerdown=move |event| drag.down(&event)
                    on:pointermove=moved
                    on:pointerup=move |event| drag.up(&event)
                    on:pointercancel=move |_| drag.leave()
                    on:keydown=press
                >
                    <svg
                        node_ref=drawing
                        role="group"
                        aria-label=say(Word::DiagramOfCluster)
                        data-diagram
                        data-revision=move || revision.get().to_string()
                        viewBox=move || format!("0 0 {} {}", width.get(), height.get())
                        style=size
                    >
                        {piece(move || {
                            view! {
                                <For each=figures key=Clone::clone let:item>
                                    {figure::view(item.0, item.1, picture, drag, search)}
                                </For>
                            }
                            .into_any()
                        })}
                        {piece(move || {
                            view! {
                                <For each=links key=Clone::clone let:id>{link::view(id, picture)}</For>
                                <packet::Overlay width=width/>
                                {line}
                            }
                            .into_any()
                        })}
                    </svg>
                </div>
            </div>
            <gallery::Invitation/>
            <p class="starting" role="status">{starting}</p>
            {piece(|| view! { <Player/><TimeBar/> }.into_any())}
            <div class="words">{piece(move || view! { <Twin picture=picture/><Happened/> }.into_any())}</div>
        </section>
    }
}

/// A figure or a link, followed through the pictures. One that is gone looks as it did, until its elements are taken away.
fn part<T>(picture: Memo<Picture>, find: impl Fn(&Scene) -> Option<&T> + Send + Sync + 'static) -> Memo<Option<T>>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |before: Option<&Option<T>>| find(&picture.get().0).cloned().or_else(|| before.cloned().flatten()))
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
            <summary>{say(Word::DiagramInWords)}</summary>
            <ul>{sentences}</ul>
        </details>
    }
}
