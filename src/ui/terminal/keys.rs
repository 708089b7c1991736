//! The keys of a terminal's line: history, and the three that every terminal has.

use leptos::prelude::*;
use session::{Model, Msg};
use web_sys::{HtmlInputElement, KeyboardEvent};

use crate::bridge::Bridge;

/// Where one is among the lines typed before.
#[derive(Default)]
pub(super) struct Past {
    /// Steps back from the newest; 0 is the line being typed.
    back: usize,
    /// What was being typed when the first step back was made.
    draft: String,
    /// Whether Escape was pressed: the next Tab leaves the line.
    leaving: bool,
}

/// Does what a key asks. Tab goes on with the line where it can, and leaves it where it cannot; `choices` gets what
/// the line could go on with.
pub(super) fn press(
    bridge: Bridge,
    past: &mut Past,
    input: &HtmlInputElement,
    event: &KeyboardEvent,
    choices: RwSignal<Vec<String>>,
) {
    if event.key() != "Shift" && !choices.with_untracked(Vec::is_empty) {
        choices.set(Vec::new());
    }
    let control = event.ctrl_key() && !event.alt_key() && !event.meta_key();
    if event.key() != "Tab" {
        past.leaving = false;
    }
    let selected = input.selection_start() != input.selection_end();
    match event.key().as_str() {
        "Enter" if !event.is_composing() => {
            let line = input.value();
            clear(past, input);
            bridge.send(Msg::TerminalLine(line));
        }
        "Tab" if !event.shift_key() && !past.leaving && !input.value().is_empty() => {
            let line = input.value();
            let caret = input.selection_start().ok().flatten().unwrap_or_default();
            let Some(done) = bridge.now(|model| model.complete(&line, byte_of(&line, caret))) else { return };
            input.set_value(&done.line);
            set_caret(input, &done.line[..done.caret]);
            choices.set(done.choices);
        }
        "Escape" => past.leaving = true,
        "ArrowUp" => step(bridge, past, input, 1),
        "ArrowDown" => step(bridge, past, input, -1),
        // With a selection it copies, as everywhere.
        "c" if control && !selected => {
            clear(past, input);
            bridge.send(Msg::Interrupt);
        }
        "d" if control && input.value().is_empty() => bridge.send(Msg::EndOfInput),
        "l" if control => bridge.send(Msg::ClearTerminal),
        _ => return,
    }
    event.prevent_default();
}

fn clear(past: &mut Past, input: &HtmlInputElement) {
    *past = Past::default();
    input.set_value("");
}

fn step(bridge: Bridge, past: &mut Past, input: &HtmlInputElement, by: isize) {
    let lines = bridge.now(Model::history);
    let Some(back) = past.back.checked_add_signed(by).filter(|back| *back <= lines.len()) else { return };
    if past.back == 0 {
        past.draft = input.value();
    }
    past.back = back;
    let line = if back == 0 { past.draft.clone() } else { lines.get(lines.len() - back).cloned().unwrap_or_default() };
    input.set_value(&line);
    set_caret(input, &line);
}

/// Puts the caret behind the text that stands before it.
fn set_caret(input: &HtmlInputElement, before: &str) {
    let at = u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX);
    // A caret that cannot be moved stays where it is.
    let _ = input.set_selection_range(at, at);
}

/// The byte of a line at which so many UTF-16 units have passed.
fn byte_of(line: &str, units: u32) -> usize {
    let mut left = usize::try_from(units).unwrap_or(usize::MAX);
    let before = line.chars().take_while(|c| {
        let fits = left >= c.len_utf16();
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    before.map(char::len_utf8).sum()
}
