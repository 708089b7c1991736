//! Why a request ended as it did: its way hop by hop, each with the reason that leads to a line of the manifest.

use leptos::html::{Button, H2, Li};
use leptos::prelude::*;
use session::scene::{Route, Stop};
use session::{Model, Msg};

use super::diagram::badge;
use super::marks;
use super::play::{Play, play};
use super::spread::SpreadView;
use crate::bridge::bridge;
use crate::layout::Pane;
use crate::words::{Word, say};

#[component]
pub(super) fn Why() -> impl IntoView {
    let bridge = bridge();
    let play = play();
    let route = play.route;
    let many = bridge.view(|model: &Model| model.spread().is_some());
    let heading = NodeRef::<H2>::new();
    let trace = Memo::new(move |_| (many.get(), route.with(|route| route.as_ref().map(|route| route.trace))));
    // Who asked why is brought to the answer.
    Effect::new(move |_| {
        if trace.get() != (false, None) {
            request_animation_frame(move || {
                if let Some(Some(heading)) = heading.try_get_untracked() {
                    // A heading that cannot take the focus can still be found.
                    let _ = heading.focus();
                }
            });
        }
    });
    let close = move |_| bridge.send(Msg::CloseTrace);
    let body = move || match route.get() {
        Some(route) => story(play, &route),
        None => view! { <SpreadView/> }.into_any(),
    };
    let back = move || many.get() && route.with(Option::is_some);
    let all = move |_| bridge.send(Msg::ShowSample(None));
    let title = move || if route.with(Option::is_some) { say(Word::WhyHeading) } else { say(Word::WhoAnswered) };
    view! {
        <section class="side-panel why-panel" aria-label=say(Word::WhyPanel)>
            <div class="bar">
                <h2 node_ref=heading tabindex="-1">{title}</h2>
                <button type="button" class="quiet" hidden=move || !back() on:click=all>{say(Word::AllOfThem)}</button>
                <button type="button" class="quiet narrow" on:click=move |_| bridge.layout.pane.set(Pane::Diagram)>
                    {say(Word::ShowOnDiagram)}
                </button>
                <button type="button" class="quiet" on:click=close>{say(Word::Close)}</button>
            </div>
            {body}
        </section>
    }
}

fn story(play: Play, route: &Route) -> AnyView {
    let stops = route.stops.iter().enumerate().map(|(hop, stop)| step(play, hop, stop)).collect_view();
    view! {
        <p class=format!("outcome {}", marks::class(route.tone))>
            {badge::small(route.ending.sign())}
            <span>{format!("{}: {}", route.title, route.outcome)}</span>
        </p>
        <ol>{stops}</ol>
    }
    .into_any()
}

fn step(play: Play, hop: usize, stop: &Stop) -> AnyView {
    let bridge = bridge();
    let candidates = stop.candidates.iter().map(|candidate| {
        view! { <li class=marks::class(candidate.tone)>{candidate.text.clone()}</li> }
    });
    let candidates = candidates.collect_view();
    let because = stop.because.as_ref().map(|because| {
        let show = move |_| bridge.send(Msg::ShowReason(hop));
        view! {
            <p class="because">
                {say(Word::BecauseOf)}" "
                <button type="button" class="link-button" on:click=show>{because.text.clone()}</button>
            </p>
        }
    });
    let current = move || play.stop() == Some(hop);
    let class = format!("hop {}", marks::class(stop.tone));
    let item = NodeRef::<Li>::new();
    // The list follows the packet.
    Effect::new(move |_| {
        if current()
            && let Some(item) = item.get()
            && let Some(panel) = item.closest(".side-panel").ok().flatten()
        {
            panel.set_scroll_top((item.offset_top() - panel.client_height() / 3).max(0));
        }
    });
    let (reasoned, button) = (stop.because.is_some(), NodeRef::<Button>::new());
    // Its boxes light up and the editor shows the line; who goes through the hops stays among them.
    let go = move |_| {
        play.change(|player, flights| {
            let moment = flights.motion(0).map(|motion| motion.start_of(hop)).unwrap_or_default();
            player.seek(flights.length(), moment);
        });
        if reasoned && is_wide() {
            bridge.send(Msg::ShowReason(hop));
            request_animation_frame(move || {
                if let Some(button) = button.get_untracked() {
                    // A button that is gone needs no focus.
                    let _ = button.focus();
                }
            });
        }
    };
    let packet = match &stop.before {
        Some(before) => view! { <p class="packet-line"><del>{before.clone()}</del></p><p class="packet-line"><ins>{stop.packet.clone()}</ins></p> }.into_any(),
        None => view! { <p class="packet-line">{stop.packet.clone()}</p> }.into_any(),
    };
    view! {
        <li node_ref=item class=class class:now=current>
            <p>
                <button type="button" class="hop-button" node_ref=button aria-current=move || current().then_some("step") on:click=go>
                    <strong>{stop.place.clone()}</strong>" "{stop.text.clone()}
                </button>
            </p>
            {packet}
            <ul class="candidates">{candidates}</ul>
            {because}
        </li>
    }
    .into_any()
}

/// Whether the panes stand side by side, so that showing something in one hides no other.
fn is_wide() -> bool {
    document().document_element().is_some_and(|root| root.client_width() >= 768)
}
