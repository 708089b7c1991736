//! The keys of the terminal's line: what the browser says of them goes to the session's model of a line, and what that
//! makes of the line is shown.

use leptos::prelude::*;
use session::line::{self, Asked, Key, Line, LineEditor};
use session::{Model, Msg};
use web_sys::{ClipboardEvent, HtmlInputElement, KeyboardEvent};

use crate::bridge::Bridge;

/// What the line shows beside itself.
#[derive(Clone, Copy)]
pub(super) struct Around {
    /// What the word at the caret could go on with.
    pub(super) choices: RwSignal<Vec<String>>,
    /// What stands before the line while its history is searched, and the line that was found.
    pub(super) search: RwSignal<Option<(String, String)>>,
}

/// Does what a key asks. Tab goes on with the line where it can, and leaves it where it cannot.
pub(super) fn press(
    bridge: Bridge,
    editor: &mut LineEditor,
    input: &HtmlInputElement,
    event: &KeyboardEvent,
    around: Around,
) {
    if event.key() != "Shift" && !around.choices.with_untracked(Vec::is_empty) {
        around.choices.set(Vec::new());
    }
    // Such keys belong to an input method, to the browser, or to the system.
    let shifted_tab = event.key() == "Tab" && event.shift_key();
    if event.is_composing() || event.meta_key() || shifted_tab {
        return;
    }
    let (control, alt) = (event.ctrl_key(), event.alt_key());
    // With a selection it copies, as everywhere.
    if control && event.key() == "c" && input.selection_start() != input.selection_end() {
        return;
    }
    // AltGr types signs; where Alt does, as on a Mac, the key itself says which letter it is.
    let (control, alt) = if control && alt { (false, false) } else { (control, alt) };
    let letter = event.code().strip_prefix("Key").map(str::to_lowercase).filter(|_| alt);
    let name = letter.unwrap_or_else(|| event.key());
    let line = line_of(input);
    let asked = editor.press(&line, Key { name: &name, control, alt }, &bridge.now(Model::history));
    let searching = editor.search_prompt();
    match asked {
        Asked::Unknown => {
            around.search.set(None);
            return;
        }
        Asked::Show(line) => {
            around.search.set(searching.map(|prompt| (prompt, line.text.clone())));
            show(input, &line);
        }
        Asked::Submit(text) => {
            around.search.set(None);
            show(input, &Line::default());
            bridge.send(Msg::TerminalLine(text));
        }
        Asked::Interrupt => {
            show(input, &Line::default());
            bridge.send(Msg::Interrupt);
        }
        Asked::EndOfInput => bridge.send(Msg::EndOfInput),
        Asked::Clear => bridge.send(Msg::ClearTerminal),
        Asked::Complete => {
            let Some(done) = bridge.now(|model| model.complete(&line.text, line.caret)) else { return };
            show(input, &Line { text: done.line, caret: done.caret });
            around.choices.set(done.choices);
        }
    }
    event.prevent_default();
}

/// Pasted lines run one after the other; without an end of line the browser pastes.
pub(super) fn paste(bridge: Bridge, input: &HtmlInputElement, event: &ClipboardEvent) {
    let Some(text) = event.clipboard_data().and_then(|data| data.get_data("text").ok()) else { return };
    let Some((lines, rest)) = line::paste(&line_of(input), &text) else { return };
    event.prevent_default();
    show(input, &rest);
    for line in lines {
        bridge.send(Msg::TerminalLine(line));
    }
}

/// The line as it stands in the page.
fn line_of(input: &HtmlInputElement) -> Line {
    let text = input.value();
    let caret = byte_of(&text, input.selection_start().ok().flatten().unwrap_or_default());
    Line { text, caret }
}

fn show(input: &HtmlInputElement, line: &Line) {
    if input.value() != line.text {
        input.set_value(&line.text);
    }
    let before = line.text.get(..line.caret).unwrap_or(&line.text);
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
