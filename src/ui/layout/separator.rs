//! The bar between two panes: dragged, or moved with the arrow keys as the ARIA pattern of a window splitter has it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use crate::bridge::bridge;
use crate::layout::{Layout, Split};
use crate::words::{Word, say};

/// Thousandths of the window that one key press moves.
const STEP: i32 = 20;

/// What a drag began with: where the pointer was, and how large the pane.
type Drag = Option<(i32, i32)>;

#[component]
pub(in crate::ui) fn Separator(split: Split) -> impl IntoView {
    let layout = bridge().layout;
    let (least, _, most) = split.range();
    let now = move || percent(layout.size(split));
    let upright = split != Split::Terminal;
    let drag = StoredValue::new(None::<(i32, i32)>);
    let start = move |event: PointerEvent| {
        let Some(bar) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        // Without the capture the bar lags behind a fast pointer, no more.
        let _ = bar.set_pointer_capture(event.pointer_id());
        drag.set_value(Some((place(&event, upright), i32::from(layout.size(split)))));
        event.prevent_default();
    };
    let go = move |event: PointerEvent| {
        let Some((from, size)): Drag = drag.get_value() else { return };
        let moved = (place(&event, upright) - from) * 1000 / window_size(upright).max(1);
        layout.resize(split, size + grows(split) * moved);
    };
    let stop = move |_| {
        if drag.get_value().is_some() {
            drag.set_value(None);
            layout.keep();
        }
    };
    view! {
        <div
            class="split"
            class:upright=upright
            data-split=name(split)
            role="separator"
            tabindex="0"
            aria-label=say(label(split))
            aria-orientation=if upright { "vertical" } else { "horizontal" }
            aria-controls=controls(split)
            aria-valuemin=percent(least)
            aria-valuemax=percent(most)
            aria-valuenow=now
            on:pointerdown=start
            on:pointermove=go
            on:pointerup=stop
            on:pointercancel=stop
            on:dblclick=move |_| layout.restore(split)
            on:keydown=move |event| press(layout, split, &event)
        ></div>
    }
}

fn press(layout: Layout, split: Split, event: &KeyboardEvent) {
    let (least, _, most) = split.range();
    let size = i32::from(layout.size(split));
    let size = match (event.key().as_str(), split) {
        ("ArrowLeft", Split::Lesson | Split::Manifest | Split::Panel) => size - grows(split) * STEP,
        ("ArrowRight", Split::Lesson | Split::Manifest | Split::Panel) => size + grows(split) * STEP,
        ("ArrowUp", Split::Terminal) => size + STEP,
        ("ArrowDown", Split::Terminal) => size - STEP,
        ("Home", _) => i32::from(least),
        ("End", _) => i32::from(most),
        ("Enter", Split::Manifest) => return layout.manifest_away.set(true),
        ("Enter", Split::Terminal) => return layout.terminal_away.set(true),
        _ => return,
    };
    event.prevent_default();
    layout.resize(split, size);
    layout.keep();
}

/// Whether the pane grows (1) or shrinks (-1) as its bar goes to the right or down.
fn grows(split: Split) -> i32 {
    if matches!(split, Split::Lesson | Split::Manifest) { 1 } else { -1 }
}

fn place(event: &PointerEvent, upright: bool) -> i32 {
    if upright { event.client_x() } else { event.client_y() }
}

/// CSS pixels.
fn window_size(upright: bool) -> i32 {
    let root = document().document_element();
    root.map_or(0, |root| if upright { root.client_width() } else { root.client_height() })
}

fn percent(size: u16) -> String {
    (size / 10).to_string()
}

fn name(split: Split) -> &'static str {
    match split {
        Split::Lesson => "lesson",
        Split::Manifest => "manifest",
        Split::Terminal => "terminal",
        Split::Panel => "panel",
    }
}

fn label(split: Split) -> Word {
    match split {
        Split::Lesson => Word::LessonWidth,
        Split::Manifest => Word::ManifestWidth,
        Split::Terminal => Word::TerminalHeight,
        Split::Panel => Word::PanelWidth,
    }
}

fn controls(split: Split) -> &'static str {
    match split {
        Split::Lesson => "pane-lesson",
        Split::Manifest => "pane-manifest",
        Split::Terminal | Split::Panel => "pane-terminal",
    }
}
