//! One line of the diagram: solid, dashed or dotted, with an end that says what becomes of a packet.

use std::fmt::Write;

use leptos::prelude::*;
use session::scene::links::label_width;
use session::scene::{Link, Point, Tone};

use super::super::marks;
use super::part;
use crate::bridge::Picture;

const RADIUS: i32 = 8;

/// A link that follows the picture: its elements stay when its way changes, so that it moves with the boxes at its ends.
pub(super) fn view(id: String, picture: Memo<Picture>) -> AnyView {
    let link = part(picture, move |scene| scene.links.iter().find(|link| link.id == id));
    let of = move |read: fn(&Link) -> String| link.with(|link| link.as_ref().map(read).unwrap_or_default());
    let class = move || of(|link| format!("link {}", marks::class(link.tone)));
    let way = move || of(|link| rounded(&link.points));
    let end = move || of(|link| ending(link.tone, link.to.is_some()).to_owned());
    let place = move || {
        of(|link| {
            let end = link.points.last().copied().unwrap_or_default();
            format!("transform: translate({}px, {}px)", end.x, end.y)
        })
    };
    let label = move || link.get().and_then(|link| Some(label(&link, link.label_at?)));
    view! {
        <g class=class role="img" aria-label=move || of(|link| link.words.clone())>
            <path class="way" d=way/>
            <path class="end" d=end style=place/>
            {label}
        </g>
    }
    .into_any()
}

fn label(link: &Link, at: Point) -> AnyView {
    let width = label_width(&link.label);
    view! {
        <rect class="label" x=at.x - width / 2 y=at.y - 10 width=width height="20" rx="10"/>
        <text class="code" x=at.x y=at.y + 4 text-anchor="middle">{link.label.clone()}</text>
    }
    .into_any()
}

/// The end of a line at the origin: an arrow, a ring for those who wait, a cross for those who refuse, a bar where it
/// leads nowhere.
fn ending(tone: Tone, arrives: bool) -> &'static str {
    match (arrives, tone) {
        (false, _) => "M-9 0H9M-6 5H6M-3 10H3",
        (true, Tone::Bad) => "M-12-5l10 10m0-10l-10 10",
        (true, Tone::Waiting) => "M-8-4a4 4 0 1 1 0 8a4 4 0 1 1 0-8",
        (true, _) => "M-8-5L0 0L-8 5",
    }
}

/// The way through the corners, each rounded off.
fn rounded(points: &[Point]) -> String {
    let mut way = String::new();
    let mut before: Option<Point> = None;
    for (index, point) in points.iter().enumerate() {
        let next = points.get(index + 1);
        // Writing to a string cannot fail.
        let _ = match (before, next) {
            (Some(before), Some(next)) => {
                let (near, far) = (towards(*point, before), towards(*point, *next));
                write!(way, "L{} {}Q{} {} {} {}", near.x, near.y, point.x, point.y, far.x, far.y)
            }
            (None, _) => write!(way, "M{} {}", point.x, point.y),
            (Some(_), None) => write!(way, "L{} {}", point.x, point.y),
        };
        before = Some(*point);
    }
    way
}

/// The point a corner's radius away from `from`, or half the way if that is nearer.
fn towards(from: Point, to: Point) -> Point {
    let step = |a: i32, b: i32| a + (b - a).signum() * RADIUS.min((b - a).abs() / 2);
    Point { x: step(from.x, to.x), y: step(from.y, to.y) }
}
