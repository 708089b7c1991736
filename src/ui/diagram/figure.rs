//! One box of the diagram. It knows shapes, never kinds.

use leptos::prelude::*;
use session::Msg;
use session::scene::{Chip, Figure, FigureId, Line, Rect, Route, Shape};

use super::super::marks;
use crate::bridge::{Pane, Picture, bridge};

/// Pixels from the left side to text, and from line to line.
const INSET: i32 = 12;
const TITLE: i32 = 24;
const FIRST: i32 = 46;
const STEP: i32 = 18;
const CHIPS: i32 = 25;

/// A figure that follows the picture: its element stays when its place or its text changes.
pub(super) fn view(id: FigureId, shape: Shape, picture: Memo<Picture>, route: Memo<Option<Route>>) -> AnyView {
    let known = id.clone();
    let figure = Memo::new(move |_| picture.get().0.figure(&known).cloned());
    let known = id.clone();
    let lit = Memo::new(move |_| {
        route.with(|route| {
            let mut stops = route.iter().flat_map(|route| &route.stops);
            stops.any(|stop| stop.because.as_ref().is_some_and(|because| because.figure == known))
        })
    });
    let of = move |read: fn(&Figure) -> String| figure.with(|figure| figure.as_ref().map(read).unwrap_or_default());
    let class = move || {
        let tone = figure.with(|figure| figure.as_ref().map(|figure| marks::class(figure.tone)).unwrap_or_default());
        format!("figure {} {tone}{}", shape_class(shape), if lit.get() { " lit" } else { "" })
    };
    let place = move || of(|figure| format!("transform: translate({}px, {}px)", figure.frame.x, figure.frame.y));
    let content = move || figure.get().map(|figure| content(&figure));
    view! {
        <g class=class style=place>
            <g aria-hidden="true">{content}</g>
            {cover(id, shape, figure)}
        </g>
    }
    .into_any()
}

/// What hands and screen readers meet: a clear sheet over the figure that carries its name. What stands for an object
/// opens the inspector.
fn cover(id: FigureId, shape: Shape, figure: Memo<Option<Figure>>) -> AnyView {
    let bridge = bridge();
    let of = move |read: fn(&Figure) -> String| figure.with(|figure| figure.as_ref().map(read).unwrap_or_default());
    let label = move || of(|figure| figure.words.clone());
    let width = move || of(|figure| figure.frame.width.to_string());
    let height = move || of(|figure| figure.frame.height.to_string());
    if matches!(shape, Shape::Area | Shape::Device) {
        return view! { <rect class="cover" role="img" aria-label=label width=width height=height/> }.into_any();
    }
    let (clicked, pressed) = (id.clone(), id);
    let look = move |id: &FigureId| {
        bridge.send(Msg::ShowFigure(id.clone()));
        bridge.pane.set(Pane::Terminal);
    };
    let click = move |_| look(&clicked);
    let press = move |event: web_sys::KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            look(&pressed);
        }
    };
    view! {
        <rect
            class="cover"
            role="button"
            tabindex="0"
            rx="10"
            aria-label=label
            width=width
            height=height
            on:click=click
            on:keydown=press
        />
    }
    .into_any()
}

fn shape_class(shape: Shape) -> &'static str {
    match shape {
        Shape::Area => "area",
        Shape::Machine => "machine",
        Shape::Device => "device",
        Shape::Process => "process",
        Shape::FrontDoor => "front-door",
    }
}

fn content(figure: &Figure) -> AnyView {
    let Rect { width, height, .. } = figure.frame;
    let radius = if matches!(figure.shape, Shape::Area | Shape::Machine) { 14 } else { 10 };
    let marked = matches!(figure.shape, Shape::Process | Shape::FrontDoor);
    let left = if marked { INSET + 22 } else { INSET };
    let mut y = FIRST;
    let lines: Vec<AnyView> = figure
        .lines
        .iter()
        .map(|line| {
            let drawn = draw_line(line, y);
            y += if line.chips.is_empty() { STEP } else { CHIPS };
            drawn
        })
        .collect();
    view! {
        <rect class="outline" width=width height=height rx=radius/>
        {marked.then(|| marks::mark(figure.tone, INSET, TITLE - 13))}
        <text class="title" x=left y=TITLE>{figure.title.clone()}</text>
        <text class="badge" x=width - INSET y=TITLE text-anchor="end">{figure.badge.clone()}</text>
        {lines}
    }
    .into_any()
}

fn draw_line(line: &Line, y: i32) -> AnyView {
    let kind = if line.code { "code" } else { "words" };
    let class = format!("{kind} {}", marks::class(line.tone));
    let mut x = INSET + if line.text.is_empty() || line.chips.is_empty() { 0 } else { text_width(&line.text) };
    let chips: Vec<AnyView> = line
        .chips
        .iter()
        .map(|chip| {
            let drawn = draw_chip(chip, x, y);
            x += chip.width() + 4;
            drawn
        })
        .collect();
    let y = y + if line.chips.is_empty() { 0 } else { 3 };
    view! {
        <text class=class x=INSET y=y>{line.text.clone()}</text>
        {chips}
    }
    .into_any()
}

fn draw_chip(chip: &Chip, x: i32, y: i32) -> AnyView {
    let sign = marks::sign(chip.tone);
    let text = if sign.is_empty() { chip.text.clone() } else { format!("{sign} {}", chip.text) };
    let width = chip.width();
    view! {
        <g class=format!("chip {}", marks::class(chip.tone))>
            <rect x=x y=y - 11 width=width height=20 rx="6"/>
            <text class="code" x=x + width / 2 y=y + 3 text-anchor="middle">{text}</text>
        </g>
    }
    .into_any()
}

fn text_width(text: &str) -> i32 {
    i32::try_from(text.chars().count() + 1).unwrap_or_default() * 7
}
