//! Tests of the page in a real browser, run by `cargo xtask test` in Chromium and in Firefox.
#![cfg(target_arch = "wasm32")]

use leptos::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_page_has_one_main_landmark_with_its_title() {
    let body = document().body().expect("a page has a body");
    let _mounted = mount_to(body, services_playground::App);
    let title = document().query_selector("main h1").expect("a valid selector").expect("a title");
    assert_eq!(title.text_content().as_deref(), Some("Services Playground"));
}
