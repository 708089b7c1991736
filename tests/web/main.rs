//! Tests of the page in a real browser, run by `cargo xtask test` in Chromium and in Firefox.
#![cfg(target_arch = "wasm32")]

use leptos::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The text of the first element that a selector finds.
fn text(selector: &str) -> Option<String> {
    document().query_selector(selector).expect("a valid selector")?.text_content()
}

#[wasm_bindgen_test]
async fn the_page_stands_with_its_title_its_panes_and_a_diagram() {
    services_playground::begin().await;
    assert_eq!(text("h1").as_deref(), Some("Services Playground"));
    for pane in ["Manifest", "Diagram", "Terminal"] {
        assert!(text(&format!("main section[aria-label={pane}]")).is_some(), "{pane}");
    }
    assert_eq!(text("[data-diagram] .front-door .title").as_deref(), Some("nginx-service"));
    assert_eq!(text("[data-diagram] .machine .title").as_deref(), Some("minikube"));
}

#[wasm_bindgen_test]
fn when_the_page_breaks_it_says_so_and_leads_back() {
    services_playground::effects::panic::show("boom at src/x.rs:1:1").expect("there is a page");
    let dialog = document().query_selector("#panic[role=alertdialog]").ok().flatten().expect("a dialog");
    let said = dialog.text_content().unwrap_or_default();
    for words in ["boom at src/x.rs:1:1", "Your text is kept.", "Load the page again", "Begin anew without my text"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(document().active_element().as_ref(), Some(&dialog), "whoever cannot see it hears of it");
    dialog.remove();
}
