//! Why a request ended as it did: its way hop by hop, each with the reason that leads to a line of the manifest.

use leptos::html::H2;
use leptos::prelude::*;
use session::scene::{Route, Stop};
use session::{Model, Msg};

use super::marks::{self, Mark};
use crate::bridge::{Pane, bridge};

#[component]
pub(super) fn Why() -> impl IntoView {
    let bridge = bridge();
    let route = bridge.view(Model::route);
    let heading = NodeRef::<H2>::new();
    let trace = Memo::new(move |_| route.with(|route| route.as_ref().map(|route| route.trace)));
    // Who asked why is brought to the answer.
    Effect::new(move |_| {
        if trace.get().is_some() {
            request_animation_frame(move || {
                if let Some(heading) = heading.get_untracked() {
                    // A heading that cannot take the focus can still be found.
                    let _ = heading.focus();
                }
            });
        }
    });
    let close = move |_| bridge.send(Msg::CloseTrace);
    let body = move || route.get().map(|route| story(&route));
    view! {
        <section class="side-panel why-panel" aria-label="Why">
            <div class="bar">
                <h2 node_ref=heading tabindex="-1">"Why?"</h2>
                <button type="button" class="quiet narrow" on:click=move |_| bridge.pane.set(Pane::Diagram)>
                    "Show on the diagram"
                </button>
                <button type="button" class="quiet" on:click=close>"Close"</button>
            </div>
            {body}
        </section>
    }
}

fn story(route: &Route) -> AnyView {
    let stops = route.stops.iter().enumerate().map(|(hop, stop)| step(hop, stop)).collect_view();
    view! {
        <p class=format!("outcome {}", marks::class(route.tone))>
            <Mark tone=Signal::stored(route.tone)/>
            <span>{format!("{}: {}", route.title, route.outcome)}</span>
        </p>
        <ol>{stops}</ol>
    }
    .into_any()
}

fn step(hop: usize, stop: &Stop) -> AnyView {
    let bridge = bridge();
    let candidates = stop.candidates.iter().map(|candidate| {
        view! { <li class=marks::class(candidate.tone)>{candidate.text.clone()}</li> }
    });
    let candidates = candidates.collect_view();
    let because = stop.because.as_ref().map(|because| {
        let show = move |_| bridge.send(Msg::ShowReason(hop));
        view! {
            <p class="because">
                "because of "
                <button type="button" class="link-button" on:click=show>{because.text.clone()}</button>
            </p>
        }
    });
    view! {
        <li class=marks::class(stop.tone)>
            <p><strong>{stop.place.clone()}</strong>" "{stop.text.clone()}</p>
            <p class="packet-line">{stop.packet.clone()}</p>
            <ul class="candidates">{candidates}</ul>
            {because}
        </li>
    }
    .into_any()
}
