//! One box of the diagram. It knows shapes, never kinds.

use std::fmt::Write;

use leptos::prelude::*;
use session::Msg;
use session::scene::layout::{DOT_GAP, Dots};
use session::scene::{Chip, Figure, FigureId, Gate, GateState, Line, Member, Rect, Shape, Tone};

use super::super::ask::asking;
use super::super::marks;
use super::super::play::play;
use super::drag::{self, Drag};
use super::part;
use super::tools::Search;
use crate::bridge::{Picture, bridge};
use crate::layout::Pane;

/// Pixels from the left side to text, and from line to line.
const INSET: i32 = 12;
const TITLE: i32 = 24;
const FIRST: i32 = 46;
const STEP: i32 = 18;
const CHIPS: i32 = 25;

/// A figure that follows the picture: its element stays when its place or its text changes.
pub(super) fn view(id: FigureId, shape: Shape, picture: Memo<Picture>, drag: Drag, search: Search) -> AnyView {
    let (play, asking) = (play(), asking());
    let known = id.clone();
    let figure = part(picture, move |scene| scene.figure(&known));
    let known = id.clone();
    // The reason of any hop; of the one that is just now, more so, and where that is.
    let lit = Memo::new(move |_| {
        let now = play.stop();
        play.route.with(|route| {
            let stops = route.iter().flat_map(|route| &route.stops).enumerate();
            let states = stops.map(|(at, stop)| {
                let because = stop.because.as_ref().is_some_and(|because| because.figure == known);
                match (because, Some(at) == now) {
                    (true, true) => " lit now",
                    (true, false) => " lit",
                    (false, true) if stop.figure == known => " here",
                    _ => "",
                }
            });
            states.max_by_key(|state| state.len()).unwrap_or_default()
        })
    });
    let known = id.clone();
    let found = Memo::new(move |_| search.found.with(|found| found.contains(&known)));
    let known = id.clone();
    let starting = Memo::new(move |_| asking.start.with(|start| start.as_ref() == Some(&known)));
    let of = move |read: fn(&Figure) -> String| figure.with(|figure| figure.as_ref().map(read).unwrap_or_default());
    let class = move || {
        let tone = figure.with(|figure| figure.as_ref().map(|figure| marks::class(figure.tone)).unwrap_or_default());
        let (found, starting) =
            (if found.get() { " found" } else { "" }, if starting.get() { " starting" } else { "" });
        format!("figure {} {tone}{}{found}{starting}", shape_class(shape), lit.get())
    };
    let place = move || of(|figure| format!("transform: translate({}px, {}px)", figure.frame.x, figure.frame.y));
    let content = move || figure.get().map(|figure| content(&figure));
    let name = id.0.to_string();
    let name = (shape != Shape::Area).then_some(name);
    view! {
        <g class=class style=place data-figure=name>
            <g aria-hidden="true">{content}</g>
            {cover(id, shape, figure, drag)}
        </g>
    }
    .into_any()
}

/// What hands and screen readers meet: a clear sheet over the figure that carries its name. What stands for an object
/// opens the inspector.
fn cover(id: FigureId, shape: Shape, figure: Memo<Option<Figure>>, drag: Drag) -> AnyView {
    let (bridge, asking) = (bridge(), asking());
    let of = move |read: fn(&Figure) -> String| figure.with(|figure| figure.as_ref().map(read).unwrap_or_default());
    let label = move || of(|figure| figure.words.clone());
    let width = move || of(|figure| figure.frame.width.to_string());
    let height = move || of(|figure| figure.frame.height.to_string());
    if shape == Shape::Area {
        return view! { <rect class="cover" role="img" aria-label=label width=width height=height/> }.into_any();
    }
    let (clicked, pressed) = (id.clone(), id);
    let is_known = |figure: &Figure| figure.object.is_some() || !figure.crowd.is_empty();
    let look = move |id: &FigureId| match figure.with_untracked(|figure| figure.as_ref().is_some_and(is_known)) {
        true => {
            bridge.send(Msg::ShowFigure(id.clone()));
            bridge.layout.pane.set(Pane::Terminal);
        }
        // What is no object cannot be looked at; but something can be sent from there.
        false => asking.begin_at(bridge, id),
    };
    let click = move |_| {
        if !drag.took_click() {
            look(&clicked);
        }
    };
    let press = move |event: web_sys::KeyboardEvent| {
        if drag::press(&event, &pressed, bridge, asking) {
            return;
        }
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
            aria-keyshortcuts="R"
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
        Shape::Crowd => "crowd",
        Shape::FrontDoor => "front-door",
    }
}

fn content(figure: &Figure) -> AnyView {
    let Rect { width, height, .. } = figure.frame;
    let radius = if matches!(figure.shape, Shape::Area | Shape::Machine) { 14 } else { 10 };
    let marked = matches!(figure.shape, Shape::Process | Shape::Crowd | Shape::FrontDoor);
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
        {dots(&figure.crowd, width)}
        {figure.gates.iter().map(|gate| draw_gate(gate, figure.frame)).collect_view()}
    }
    .into_any()
}

/// A dot for each of a crowd: full for those that are well, a ring for those that are not ready, a cross for the broken, a
/// dash for those on their way out. One path for each state, however many there are.
fn dots(crowd: &[Member], width: i32) -> AnyView {
    let dots = Dots::of(crowd.len(), width);
    let size = dots.step - DOT_GAP;
    let paths = [Tone::Good, Tone::Waiting, Tone::Bad, Tone::Leaving, Tone::Plain].map(|tone| {
        let mut way = String::new();
        for (index, _) in crowd.iter().enumerate().filter(|(_, member)| member.tone == tone) {
            let at = dots.at(index);
            // Writing to a string cannot fail.
            let _ = match tone {
                Tone::Bad => write!(way, "M{} {}l{size} {size}m0-{size}l-{size} {size}", at.x, at.y),
                Tone::Leaving => write!(way, "M{} {}h{size}", at.x, at.y + size / 2),
                Tone::Waiting => write!(way, "M{} {}h{s}v{s}h-{s}z", at.x + 1, at.y + 1, s = size - 2),
                _ => write!(way, "M{} {}h{size}v{size}h-{size}z", at.x, at.y),
            };
        }
        (!way.is_empty()).then(|| view! { <path class=format!("dots {}", marks::class(tone)) d=way/> })
    });
    paths.into_iter().collect_view().into_any()
}

/// A gate on the side where it stands: a bar across, with a gap where some may pass, broken where nobody looks.
fn draw_gate(gate: &Gate, frame: Rect) -> AnyView {
    let x = if gate.inward { 0 } else { frame.width };
    let (top, bottom) = (22, frame.height - 10);
    let middle = (top + bottom) / 2;
    let (class, way) = match gate.state {
        GateState::Closed => ("gate closed", format!("M{x} {top}V{bottom}M{} {middle}h12", x - 6)),
        GateState::Some => ("gate some", format!("M{x} {top}V{}M{x} {}V{bottom}", middle - 10, middle + 10)),
        GateState::Ignored => ("gate ignored", format!("M{x} {top}V{bottom}")),
    };
    view! { <path class=class d=way/> }.into_any()
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
