//! When the page itself breaks: say so, in plain DOM because nothing else can be trusted any more, and lead back. The
//! learner's text was kept with every change of it.

use std::panic::PanicHookInfo;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, HtmlElement};

use super::storage;

/// Shows what happened when a panic ends the program.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        // If not even this works, the console has it.
        let _ = show(info);
    }));
}

fn show(info: &PanicHookInfo<'_>) -> Option<()> {
    let document = web_sys::window()?.document()?;
    if document.get_element_by_id("panic").is_some() {
        return Some(());
    }
    let dialog = document.create_element("div").ok()?;
    dialog.set_id("panic");
    for (name, value) in [("role", "alertdialog"), ("aria-label", "The playground broke"), ("tabindex", "-1")] {
        dialog.set_attribute(name, value).ok()?;
    }
    say(&document, &dialog, "h2", "The playground broke")?;
    say(&document, &dialog, "p", "This is a mistake in the playground, not in your text. Your text is kept.")?;
    say(&document, &dialog, "pre", &info.to_string())?;
    button(&document, &dialog, "Load the page again", || {})?;
    button(&document, &dialog, "Begin anew without my text", storage::forget)?;
    document.body()?.append_child(&dialog).ok()?;
    dialog.dyn_into::<HtmlElement>().ok()?.focus().ok()
}

fn say(document: &Document, parent: &Element, tag: &str, text: &str) -> Option<Element> {
    let element = document.create_element(tag).ok()?;
    element.set_text_content(Some(text));
    parent.append_child(&element).ok()?;
    Some(element)
}

fn button(document: &Document, parent: &Element, text: &str, first: fn()) -> Option<()> {
    let button = say(document, parent, "button", text)?.dyn_into::<HtmlElement>().ok()?;
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
