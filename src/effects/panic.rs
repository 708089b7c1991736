//! When the page itself breaks: say so, in plain DOM because nothing else can be trusted any more, and lead back. The
//! learner's text was kept with every change of it.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, HtmlElement};

use super::storage;
use crate::words::{Word, say};

/// Shows what happened when a panic ends the program.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        // If not even this works, the console has it.
        let _ = show(&info.to_string());
    }));
}

/// Puts what happened before everything else; `None` when there is no page to put it on.
#[must_use]
pub fn show(what: &str) -> Option<()> {
    let document = web_sys::window()?.document()?;
    if document.get_element_by_id("panic").is_some() {
        return Some(());
    }
    let dialog = document.create_element("div").ok()?;
    dialog.set_id("panic");
    for (name, value) in [("role", "alertdialog"), ("aria-label", say(Word::Broke)), ("tabindex", "-1")] {
        dialog.set_attribute(name, value).ok()?;
    }
    add(&document, &dialog, "h2", say(Word::Broke))?;
    add(&document, &dialog, "p", say(Word::BrokeWhose))?;
    add(&document, &dialog, "pre", what)?;
    if let Some(text) = storage::unkept() {
        add(&document, &dialog, "p", say(Word::TextNotKept))?;
        let field = add(&document, &dialog, "textarea", &text)?;
        field.set_attribute("readonly", "").ok()?;
        field.set_attribute("aria-label", say(Word::TextNotKept)).ok()?;
    }
    button(&document, &dialog, say(Word::LoadAgain), || {})?;
    button(&document, &dialog, say(Word::BeginAnew), storage::forget)?;
    document.body()?.append_child(&dialog).ok()?;
    dialog.dyn_into::<HtmlElement>().ok()?.focus().ok()
}

fn add(document: &Document, parent: &Element, tag: &str, text: &str) -> Option<Element> {
    let element = document.create_element(tag).ok()?;
    element.set_text_content(Some(text));
    parent.append_child(&element).ok()?;
    Some(element)
}

fn button(document: &Document, parent: &Element, text: &str, first: fn()) -> Option<()> {
    let button = add(document, parent, "button", text)?.dyn_into::<HtmlElement>().ok()?;
    let click = Closure::<dyn Fn()>::new(move || {
        first();
        if let Some(window) = web_sys::window() {
            // A page that cannot be loaded again is one the visitor has to close.
            let _ = window.location().reload();
        }
    });
    button.set_onclick(Some(click.as_ref().unchecked_ref()));
    // The dialog stays until the page goes.
    click.forget();
    Some(())
}
