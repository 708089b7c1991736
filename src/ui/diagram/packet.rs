//! The way of one request over the diagram: a line through its stops, and a dot that travels it.

use leptos::prelude::*;
use session::scene::{Point, Route};

use super::super::marks;

/// The overlay of a route. Numbers are those of the list beside the terminal.
pub(super) fn view(route: &Route) -> AnyView {
    let mut places: Vec<(Point, Vec<usize>)> = Vec::new();
    for (number, stop) in route.stops.iter().enumerate() {
        match places.last_mut() {
            Some((point, numbers)) if *point == stop.point => numbers.push(number + 1),
            _ => places.push((stop.point, vec![number + 1])),
        }
    }
    let corners: Vec<String> = places.iter().map(|(point, _)| format!("{} {}", point.x, point.y)).collect();
    let way = format!("M{}", corners.join("L"));
    let dots = places
        .iter()
        .map(|(point, numbers)| {
            let text = match numbers.as_slice() {
                [one] => one.to_string(),
                [first, .., last] => format!("{first}–{last}"),
                [] => String::new(),
            };
            let width = i32::try_from(text.chars().count()).unwrap_or_default() * 8 + 12;
            view! {
                <rect x=point.x - width / 2 y=point.y - 10 width=width height="20" rx="10"/>
                <text x=point.x y=point.y + 4 text-anchor="middle">{text}</text>
            }
        })
        .collect_view();
    let travel = format!("offset-path: path('{way}')");
    view! {
        <g class=format!("route {}", marks::class(route.tone)) aria-hidden="true">
            <path d=way/>
            {dots}
            <circle class="packet" r="7" style=travel/>
        </g>
    }
    .into_any()
}
