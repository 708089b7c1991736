//! Tones as shapes, so that nothing is said by colour alone.

use leptos::prelude::*;
use session::scene::Tone;

/// The class of a tone.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Waiting => "waiting",
        Tone::Leaving => "leaving",
        Tone::Bad => "bad",
    }
}

/// The sign before a small text of this tone; empty when there is nothing to say.
pub(super) fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Good => "✓",
        Tone::Waiting => "…",
        Tone::Leaving => "↓",
        Tone::Bad => "≠",
    }
}

/// The way of a mark in a square of 16: a tick, three dots, a fading ring or a cross, each in its own outline.
fn way(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "M8 5.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5",
        Tone::Good => "M8 1a7 7 0 1 1 0 14a7 7 0 1 1 0-14M4.8 8.2l2.3 2.3l4.2-4.6",
        Tone::Waiting => "M8 1a7 7 0 1 1 0 14a7 7 0 1 1 0-14M8 4.5v4l2.6 1.6",
        Tone::Leaving => "M8 3v8M4.6 8L8 11.4L11.4 8M3.5 14h9",
        Tone::Bad => "M8 1.2L15.2 14H.8zM8 6v3.6M8 11.6v.3",
    }
}

/// A mark as part of a drawing.
pub(super) fn mark(tone: Tone, x: i32, y: i32) -> AnyView {
    let class = format!("mark {}", class(tone));
    view! { <path class=class d=way(tone) transform=format!("translate({x} {y})")/> }.into_any()
}

/// A mark among words.
#[component]
pub(super) fn Mark(#[prop(into)] tone: Signal<Tone>) -> impl IntoView {
    view! {
        <svg class=move || format!("mark {}", class(tone.get())) viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d=move || way(tone.get())/>
        </svg>
    }
}
