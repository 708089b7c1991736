//! How a request ended, as a shape with a word: no two endings that mean different things look alike, colours aside.

use leptos::prelude::*;
use session::scene::{Ending, Sign};

use super::super::marks;

/// A badge at the origin of a drawing; its word stands on the right or on the left.
pub(super) fn large(ending: Ending, leftwards: bool) -> AnyView {
    let word = ending.word();
    let width = i32::try_from(word.chars().count()).unwrap_or_default() * 8 + 16;
    let x = if leftwards { -width - 18 } else { 18 };
    view! {
        <g class=format!("badge-end {}", marks::class(ending.tone()))>
            <path class="plate" d=plate(ending.sign())/>
            <path class="sign" d=sign(ending.sign())/>
            <rect class="word" x=x y="-12" width=width height="24" rx="12"/>
            <text x=x + width / 2 y="5" text-anchor="middle">{word}</text>
        </g>
    }
    .into_any()
}

/// The shape alone, as large as a line of text.
pub(crate) fn small(shape: Sign) -> AnyView {
    view! {
        <svg class="ending" viewBox="-17 -17 34 34" width="18" height="18" aria-hidden="true">
            <path class="plate" d=plate(shape)/>
            <path class="sign" d=sign(shape)/>
        </svg>
    }
    .into_any()
}

fn plate(sign: Sign) -> &'static str {
    match sign {
        Sign::Tick => "M0-14a14 14 0 1 1 0 28a14 14 0 1 1 0-28",
        Sign::Diamond => "M0-16L16 0L0 16L-16 0z",
        Sign::Triangle => "M0-15L16 12H-16z",
        Sign::Octagon => "M-6-15H6L15-6V6L6 15H-6L-15 6V-6z",
        Sign::BrokenRing => {
            "M-13-4A14 14 0 0 1-4-13M4-13A14 14 0 0 1 13-4M13 4A14 14 0 0 1 4 13M-4 13A14 14 0 0 1-13 4"
        }
        Sign::Question => "M-13-13H13V13H-13z",
    }
}

fn sign(sign: Sign) -> &'static str {
    match sign {
        Sign::Tick => "M-6 0l4 5l8-10",
        Sign::Diamond => "M-5 0H5",
        Sign::Triangle => "M0-6V4M0 8v.5",
        Sign::Octagon => "M-8 0H8",
        Sign::BrokenRing => "M-4-4L4 4M4-4L-4 4",
        Sign::Question => "M-4-4a4 4 0 1 1 5.5 3.7Q0 1 0 3.5M0 8v.5",
    }
}
