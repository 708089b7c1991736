//! The keys of a terminal's line: history, and the three that every terminal has.

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
}

/// Does what a key asks.
pub(super) fn press(bridge: Bridge, past: &mut Past, input: &HtmlInputElement, event: &KeyboardEvent) {
    let control = event.ctrl_key() && !event.alt_key() && !event.meta_key();
    let selected = input.selection_start() != input.selection_end();
    match event.key().as_str() {
        "Enter" if !event.is_composing() => {
            let line = input.value();
            clear(past, input);
            bridge.send(Msg::TerminalLine(line));
        }
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
    let end = u32::try_from(line.encode_utf16().count()).unwrap_or(u32::MAX);
    // A caret that cannot be moved stays where it is.
    let _ = input.set_selection_range(end, end);
}
