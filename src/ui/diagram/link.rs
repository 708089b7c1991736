//! One line of the diagram: solid, dashed or dotted, with an end that says what becomes of a packet.

use std::fmt::Write;

use leptos::prelude::*;
use session::scene::{Link, Point, Tone};

use super::super::marks;
use crate::bridge::Picture;

const RADIUS: i32 = 8;

/// A link that follows the picture.
pub(super) fn view(id: String, picture: Memo<Picture>) -> AnyView {
    let link = Memo::new(move |_| picture.get().0.links.iter().find(|link| link.id == id).cloned());
    let content = move || link.get().map(|link| content(&link));
    let class = move || format!("link {}", link.with(|l| l.as_ref().map(|l| marks::class(l.tone)).unwrap_or_default()));
    let label = move || link.with(|link| link.as_ref().map(|link| link.words.clone()).unwrap_or_default());
    view! { <g class=class role="img" aria-label=label>{content}</g> }.into_any()
}

fn content(link: &Link) -> AnyView {
    let end = link.points.last().copied().unwrap_or_default();
    let label = link.label_at.map(|at| {
        let width = i32::try_from(link.label.chars().count()).unwrap_or_default() * 7 + 14;
        view! {
            <rect class="label" x=at.x - width / 2 y=at.y - 10 width=width height="20" rx="10"/>
            <text class="code" x=at.x y=at.y + 4 text-anchor="middle">{link.label.clone()}</text>
        }
    });
    view! {
        <path class="way" d=rounded(&link.points)/>
        <path class="end" d=ending(link.tone, link.to.is_some()) transform=format!("translate({} {})", end.x, end.y)/>
        {label}
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
