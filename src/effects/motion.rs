//! Whether the visitor's system asks for less movement.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use super::module;

/// Whether things should change without moving.
#[must_use]
pub fn is_reduced() -> bool {
    let window: JsValue = web_sys::window().into();
    let matched = || {
        let ask = module::function(&window, "matchMedia").ok()?;
        let answer = ask.call1(&window, &"(prefers-reduced-motion: reduce)".into()).ok()?;
        Reflect::get(&answer, &"matches".into()).ok()?.as_bool()
    };
    matched().unwrap_or(false)
}
