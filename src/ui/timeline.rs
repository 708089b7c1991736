//! Time below the diagram: pause, step and pace; what happened, as marks on it; and the way back to any moment.

use leptos::prelude::*;
use session::time::{Lane, Mark, SPEEDS, Timeline, ago, time_of_day};
use session::{Model, Msg};

use super::marks;
use super::player::{FORWARD, Icon, PAUSE, PLAY};
use crate::bridge::bridge;
use crate::words::{Word, fill, say};

/// Says that the diagram shows the past, and leads back.
#[component]
pub(super) fn PastBanner() -> impl IntoView {
    let bridge = bridge();
    let clock = bridge.view(Model::clock);
    let words = move || {
        let clock = clock.get();
        clock.past.map(|past| fill(Word::LookingAt, &[("time", &time_of_day(past)), ("ago", &ago(clock.now, past))]))
    };
    let watching = move || clock.with(|clock| clock.watching);
    let watch = move |_| {
        if let Some(at) = clock.with_untracked(|clock| clock.past) {
            bridge.send(Msg::LookBack { at, watching: !clock.with_untracked(|clock| clock.watching) });
        }
    };
    let hidden = Memo::new(move |_| clock.with(|clock| clock.past.is_none()));
    view! {
        <div class="past-banner" hidden=hidden>
            <p role="status"><strong>{words}</strong>" "{say(Word::PresentElsewhere)}</p>
            <button type="button" on:click=watch>{move || if watching() { say(Word::StopWatching) } else { say(Word::WatchFromHere) }}</button>
            <button type="button" class="primary" on:click=move |_| bridge.send(Msg::ReturnToNow)>{say(Word::ReturnToNow)}</button>
        </div>
    }
}

#[component]
pub(super) fn TimeBar() -> impl IntoView {
    let bridge = bridge();
    let clock = bridge.view(Model::clock);
    let timeline = bridge.view(Model::timeline);
    let paused = Memo::new(move |_| clock.with(|clock| clock.paused));
    let speed = Memo::new(move |_| clock.with(|clock| clock.speed));
    // Whole tenths of a second: nobody sees less.
    let shown = Memo::new(move |_| clock.with(|clock| clock.past.unwrap_or(clock.now).millis() / 100));
    let end = Memo::new(move |_| timeline.with(|timeline| timeline.end.millis() / 100));
    let set_speed = move |event| {
        let name = event_target_value(&event);
        if let Some(speed) = SPEEDS.iter().position(|(_, _, known)| *known == name) {
            bridge.send(Msg::Speed(speed));
        }
    };
    let speeds = SPEEDS.iter().enumerate().map(|(at, (_, _, name))| {
        view! { <option value=*name selected=move || speed.get() == at>{*name}</option> }
    });
    let seek = move |event| {
        let Ok(tenths) = event_target_value(&event).parse::<u64>() else { return };
        let now = clock.with_untracked(|clock| clock.now);
        // The end of the line is now.
        if tenths >= now.millis() / 100 {
            bridge.send(Msg::ReturnToNow);
        } else {
            bridge.send(Msg::LookBack { at: session::time::moment(tenths * 100), watching: false });
        }
    };
    let text = move || {
        clock.with(|clock| match clock.past {
            Some(past) => fill(Word::InThePast, &[("time", &time_of_day(past))]),
            None => fill(Word::AtNow, &[("time", &time_of_day(clock.now))]),
        })
    };
    let lanes = move || timeline.with(|timeline| draw(timeline));
    let place = move || format!("inset-inline-start: {}%", percent(shown.get() as f64, end.get() as f64));
    view! {
        <section class="time" aria-label=say(Word::Time)>
            <div class="buttons">
                <button type="button" class="tap" aria-label=say(Word::TimeStill) aria-pressed=move || if paused.get() { "true" } else { "false" } on:click=move |_| bridge.send(Msg::Pause(!paused.get_untracked()))>
                    <Icon way=Signal::derive(move || if paused.get() { PLAY } else { PAUSE })/>
                </button>
                <button type="button" class="tap" aria-label=say(Word::TimeStep) on:click=move |_| bridge.send(Msg::StepTime)>
                    <Icon way=Signal::stored(FORWARD)/>
                </button>
                <select aria-label=say(Word::TimeSpeed) on:change=set_speed>{speeds.collect_view()}</select>
            </div>
            <button type="button" class="tap beside" aria-label=say(Word::EventBefore) on:click=move |_| bridge.send(Msg::LookBeside(false))>"‹"</button>
            <div class="names" aria-hidden="true"><span>{say(Word::LaneYou)}</span><span>{say(Word::LaneCluster)}</span><span>{say(Word::LaneRequests)}</span></div>
            <div class="track">
                {lanes}
                <div class="cursor" style=place></div>
                <input
                    type="range"
                    aria-label=say(Word::MomentShown)
                    aria-valuetext=text
                    min="0"
                    max=move || end.get().to_string()
                    prop:value=move || { end.track(); shown.get().to_string() }
                    on:input=seek
                />
            </div>
            <button type="button" class="tap beside" aria-label=say(Word::EventAfter) on:click=move |_| bridge.send(Msg::LookBeside(true))>"›"</button>
        </section>
    }
}

/// The newest of what happened in words, each leading back to its moment.
#[component]
pub(super) fn Happened() -> impl IntoView {
    let timeline = bridge().view(Model::timeline);
    view! {
        <details class="twin happened">
            <summary>{say(Word::HappenedInWords)}</summary>
            <ul>{move || timeline.with(|timeline| sentences(timeline))}</ul>
        </details>
    }
}

/// The marks, lane below lane. Their words stand in the list below; a pointer gets them as well.
fn draw(timeline: &Timeline) -> AnyView {
    let lanes = [(Lane::You, "you"), (Lane::Cluster, "cluster"), (Lane::Requests, "requests")].map(|(lane, name)| {
        let own = timeline.marks.iter().filter(|mark| mark.lane == lane);
        let marks = own.map(|mark| dot(mark, timeline)).collect_view();
        view! { <div class=format!("lane {name}")>{marks}</div> }
    });
    view! { <div class="lanes" aria-hidden="true">{lanes.into_iter().collect_view()}</div> }.into_any()
}

fn dot(mark: &Mark, timeline: &Timeline) -> AnyView {
    let more = if mark.count > 1 { format!(", and {} more", mark.count - 1) } else { String::new() };
    let title = format!("{} {}{more}", time_of_day(mark.at), mark.text);
    let place = format!("inset-inline-start: {}%", percent(mark.at.millis() as f64, timeline.end.millis() as f64));
    let class = format!("tick {}{}", marks::class(mark.tone), if mark.count > 4 { " many" } else { "" });
    view! { <i class=class style=place title=title></i> }.into_any()
}

fn sentences(timeline: &Timeline) -> AnyView {
    let bridge = bridge();
    let items = timeline.words.iter().map(|(at, text)| {
        let at = *at;
        let show = move |_| bridge.send(Msg::LookBack { at, watching: false });
        view! { <li><button type="button" class="link-button" on:click=show>{text.clone()}</button></li> }
    });
    items.collect_view().into_any()
}

fn percent(part: f64, whole: f64) -> String {
    format!("{:.2}", 100.0 * part / whole.max(1.0))
}
