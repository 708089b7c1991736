//! The ways of requests over the diagram, and the dots that travel them.

use std::collections::BTreeSet;
use std::fmt::Write;

use leptos::prelude::*;
use session::scene::{Point, Route, Sign, Stop};

use super::super::marks;
use super::super::play::{Play, play};
use super::badge;

/// Everything that is laid over the diagram for the requests that are looked at.
#[component]
pub(super) fn Overlay(
    /// How wide the drawing is.
    width: Memo<i32>,
) -> impl IntoView {
    let play = play();
    let one = move || play.route.get().map(|route| single(play, &route, width));
    let many = move || play.routes.with(|routes| (!routes.is_empty()).then(|| several(play, routes, width)));
    view! { {one} {many} }
}

/// One way: a line through its stops with their numbers, and a packet that says where it wants to go.
fn single(play: Play, route: &Route, width: Memo<i32>) -> AnyView {
    let stop = Memo::new(move |_| play.stop());
    // Where a way comes by more than once, each visit has its numbers; they stand there one at a time.
    let mut places: Vec<(Point, Vec<(usize, usize)>)> = Vec::new();
    let mut before: Option<Point> = None;
    for (number, stop) in route.stops.iter().enumerate() {
        match places.iter_mut().find(|(point, _)| *point == stop.point) {
            Some((_, visits)) => match visits.last_mut() {
                Some((_, last)) if before == Some(stop.point) => *last = number,
                _ => visits.push((number, number)),
            },
            None => places.push((stop.point, vec![(number, number)])),
        }
        before = Some(stop.point);
    }
    let dots = places.into_iter().map(|(point, visits)| number(stop, point, visits)).collect_view();
    view! {
        <g class=format!("route {}", marks::class(route.tone)) aria-hidden="true">
            <path class="way" d=way(&route.stops)/>
            {dots}
            {packet(play, 0, route, true, width)}
        </g>
    }
    .into_any()
}

fn several(play: Play, routes: &[Route], width: Memo<i32>) -> AnyView {
    let ways: BTreeSet<String> = routes.iter().map(|route| way(&route.stops)).collect();
    let ways = ways.into_iter().map(|way| view! { <path class="way" d=way/> }).collect_view();
    let packets = routes.iter().enumerate().map(|(at, route)| packet(play, at, route, false, width)).collect_view();
    view! { <g class="route many" aria-hidden="true">{ways}{packets}</g> }.into_any()
}

fn way(stops: &[Stop]) -> String {
    let mut way = String::new();
    let mut pen: Option<Point> = None;
    let points = stops.iter().flat_map(|stop| std::iter::once(&stop.point).chain(&stop.corners));
    for point in points {
        if pen != Some(*point) {
            // Writing to a string cannot fail.
            let _ = write!(way, "{}{} {}", if pen.is_some() { "L" } else { "M" }, point.x, point.y);
        }
        pen = Some(*point);
    }
    way
}

/// The numbers of a point: those of the visit that is just now, else of the last that was, else of the first to come.
fn number(stop: Memo<Option<usize>>, point: Point, visits: Vec<(usize, usize)>) -> AnyView {
    let visit = Memo::new(move |_| {
        let now = stop.get().unwrap_or_default();
        visits.iter().rev().find(|(first, _)| *first <= now).or(visits.first()).copied().unwrap_or_default()
    });
    let text = move || match visit.get() {
        (first, last) if first == last => (first + 1).to_string(),
        (first, last) => format!("{}–{}", first + 1, last + 1),
    };
    let width = move || i32::try_from(text().chars().count()).unwrap_or_default() * 7 + 11;
    let class = move || match (stop.get(), visit.get()) {
        (Some(at), (first, last)) if (first..=last).contains(&at) => "number now",
        (Some(at), (_, last)) if at > last => "number gone",
        _ => "number",
    };
    view! {
        <g class=class>
            <rect x=move || point.x - width() / 2 y=point.y - 9 width=width height="18" rx="9"/>
            <text x=point.x y=point.y + 4 text-anchor="middle">{text}</text>
        </g>
    }
    .into_any()
}

/// A packet: an envelope, with the address it is for beside it while it is the only one; at its end, how it ended.
fn packet(play: Play, which: usize, route: &Route, labelled: bool, width: Memo<i32>) -> AnyView {
    let spot = Memo::new(move |_| play.spot(which));
    let transform = move || {
        spot.get().map_or_else(
            || "translate(-99 -99)".to_owned(),
            |(spot, _)| format!("translate({:.1} {:.1})", spot.x, spot.y),
        )
    };
    let under_way = move || spot.get().is_some_and(|(_, over)| !over);
    let over = Memo::new(move |_| spot.get().is_some_and(|(_, over)| over));
    let stop = Memo::new(move |_| spot.get().map(|(spot, _)| spot.stop));
    let addresses: Vec<String> = route.stops.iter().map(|stop| destination(&stop.packet)).collect();
    let leftwards = Memo::new(move |_| spot.get().is_some_and(|(spot, _)| spot.x > f64::from(width.get()) * 0.72));
    let ending = route.ending;
    let label = move || {
        let text = addresses.get(stop.get()?)?.clone();
        (labelled && !text.is_empty()).then(|| {
            let width = i32::try_from(text.chars().count()).unwrap_or_default() * 7 + 14;
            let x = if leftwards.get() { -width - 16 } else { 16 };
            view! {
                <rect class="address" x=x y="-30" width=width height="20" rx="6"/>
                <text class="code address" x=x + width / 2 y="-16" text-anchor="middle">{text}</text>
            }
        })
    };
    let end =
        move || over.get().then(|| if labelled { badge::large(ending, leftwards.get()) } else { dot(ending.sign()) });
    view! {
        <g class=format!("packet {}", marks::class(ending.tone())) transform=transform>
            <g class="envelope" class:hidden=move || !under_way()>
                <rect x="-12" y="-8" width="24" height="16" rx="3"/>
                <path d="M-12-6L0 2L12-6"/>
                {label}
            </g>
            {end}
        </g>
    }
    .into_any()
}

/// The end of one of many: its sign, small.
fn dot(sign: Sign) -> AnyView {
    view! { <svg x="-9" y="-9" width="18" height="18" style="overflow: visible">{badge::small(sign)}</svg> }.into_any()
}

/// `to 10.96.0.10:53` of `UDP 10.244.0.3:4711 → 10.96.0.10:53`
fn destination(packet: &str) -> String {
    packet.split_once("→ ").map(|(_, to)| format!("to {to}")).unwrap_or_default()
}
