//! Where an element is on the screen.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use super::module;

/// The left and the upper side of an element, in CSS pixels from those of the window.
#[must_use]
pub fn corner_of(element: &JsValue) -> (f64, f64) {
    let rect = || {
        let rect = module::function(element, "getBoundingClientRect").ok()?.call0(element).ok()?;
        let side = |name: &str| Reflect::get(&rect, &name.into()).ok()?.as_f64();
        Some((side("left")?, side("top")?))
    };
    rect().unwrap_or_default()
}
