//! The controls of the dots: play, pause, step, pace, scrub, replay, and where the request is just now.

use leptos::prelude::*;
use session::Msg;
use session::scene::route::motion::SPEEDS;
use session::scene::{Flights, Stop};

use super::marks;
use super::play::play;
use crate::bridge::bridge;
use crate::layout::Pane;
use crate::words::{Word, say};

/// Milliseconds that an arrow key moves.
const STEP: f64 = 10.0;

#[component]
pub(super) fn Player() -> impl IntoView {
    let play = play();
    let shown = move || play.flights.with(Flights::count) > 0;
    let content = move || shown().then(controls);
    view! { {content} }
}

fn controls() -> AnyView {
    let bridge = bridge();
    let play = play();
    let single = move || play.route.with(Option::is_some);
    let playing = move || play.player.with(|player| player.playing);
    let toggle = move |_| play.change(|player, flights| player.toggle(flights.length()));
    let replay = move |_| play.change(|player, _| player.replay());
    let step = move |forward: bool| {
        play.change(|player, flights| {
            if let Some(motion) = flights.motion(0) {
                player.step(motion, forward);
            }
        });
    };
    let pace = move |faster: bool| play.change(|player, _| player.pace(faster));
    let seek = move |event| {
        if let Ok(moment) = event_target_value(&event).parse() {
            play.change(|player, flights| player.seek(flights.length(), moment));
        }
    };
    // A whole number of steps, or the end could not be reached by keys.
    let length = move || play.flights.with(|flights| format!("{:.0}", (flights.length() / STEP).ceil() * STEP));
    let moment = move || play.player.with(|player| format!("{:.0}", player.moment));
    let speed = move || play.player.with(|player| format!("{}×", SPEEDS.get(player.speed).copied().unwrap_or(1.0)));
    let slowest = move || play.player.with(|player| player.speed == 0);
    let fastest = move || play.player.with(|player| player.speed + 1 == SPEEDS.len());
    let micros = move || play.spot(0).map(|(spot, _)| format!("{} µs", spot.micros));
    let said = move || if single() { now_words() } else { many_words() };
    let valuetext = move || micros().unwrap_or_default();
    view! {
        <div class="player" role="group" aria-label=say(Word::Player)>
            <div class="buttons">
                <button type="button" class="tap" aria-label=move || say(if playing() { Word::Pause } else { Word::Play }) on:click=toggle>
                    <Icon way=Signal::derive(move || if playing() { PAUSE } else { PLAY })/>
                </button>
                <button type="button" class="tap" aria-label=say(Word::StepBack) hidden=move || !single() on:click=move |_| step(false)>
                    <Icon way=Signal::stored(BACK)/>
                </button>
                <button type="button" class="tap" aria-label=say(Word::StepOn) hidden=move || !single() on:click=move |_| step(true)>
                    <Icon way=Signal::stored(FORWARD)/>
                </button>
                <button type="button" class="tap replay" aria-label=say(Word::Replay) on:click=replay><Icon way=Signal::stored(REPLAY)/></button>
                <input
                    type="range"
                    aria-label=say(Word::Position)
                    min="0"
                    max=length
                    step=STEP
                    prop:value=moment
                    aria-valuetext=valuetext
                    on:input=seek
                />
                <span class="micros" aria-hidden="true">{micros}</span>
                <button type="button" class="tap" aria-label=say(Word::Slower) disabled=slowest on:click=move |_| pace(false)>"−"</button>
                <span class="speed">{speed}</span>
                <button type="button" class="tap" aria-label=say(Word::Faster) disabled=fastest on:click=move |_| pace(true)>"+"</button>
                <button type="button" class="tap close" aria-label=say(Word::CloseRequest) on:click=move |_| bridge.send(Msg::CloseTrace)>
                    "×"
                </button>
            </div>
            <p class="said" aria-live=move || if playing() { "off" } else { "polite" }>{said}" "
                <button type="button" class="link-button narrow" on:click=move |_| bridge.layout.pane.set(Pane::Terminal)>{say(Word::WhyHeading)}</button>
            </p>
        </div>
    }
    .into_any()
}

/// What the request does just now: or, when it has ended, how.
fn now_words() -> AnyView {
    let play = play();
    let route = play.route;
    let stop = Memo::new(move |_| play.stop());
    let over = Memo::new(move |_| play.is_over());
    let words = move || {
        route.with(|route| {
            let route = route.as_ref()?;
            if over.get() {
                let last = route.stops.last().map(|stop| format!("{} {}", stop.place, stop.text));
                let outcome = view! { <strong class=marks::class(route.tone)>{route.outcome.clone()}</strong> };
                return Some(view! { {outcome}". "{last} }.into_any());
            }
            let at = stop.get()?;
            route.stops.get(at).map(|stop| stop_words(at, route.stops.len(), stop))
        })
    };
    view! { {words} }.into_any()
}

fn stop_words(at: usize, of: usize, stop: &Stop) -> AnyView {
    let packet = match &stop.before {
        Some(before) => format!("{before}  ⇒  {}", stop.packet),
        None => stop.packet.clone(),
    };
    view! {
        <span class="count">{format!("{}/{of}", at + 1)}</span>
        " "
        <strong>{stop.place.clone()}</strong>
        " "
        {stop.text.clone()}
        <span class="packet-line">{packet}</span>
    }
    .into_any()
}

fn many_words() -> AnyView {
    let spread = bridge().view(session::Model::spread);
    let words = move || spread.get().map(|spread| spread.words);
    view! { {words} }.into_any()
}

pub(super) const PLAY: &str = "M5 3.5v9l7.5-4.5z";
pub(super) const PAUSE: &str = "M4.5 3.5v9M5.5 3.5v9M10.5 3.5v9M11.5 3.5v9";
const BACK: &str = "M11.5 3.5v9L5.5 8zM4 3.5v9";
pub(super) const FORWARD: &str = "M4.5 3.5v9L10.5 8zM12 3.5v9";
const REPLAY: &str = "M3.6 6.2a5 5 0 1 1-.4 3.2M3.2 2.6v3.8h3.8";

/// A small sign on a button.
#[component]
pub(super) fn Icon(
    /// Its path in a square of 16.
    #[prop(into)]
    way: Signal<&'static str>,
) -> impl IntoView {
    view! {
        <svg class="sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d=move || way.get()/></svg>
    }
}
