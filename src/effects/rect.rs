//! Where an element is on the screen.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The left and the upper side of an element, in CSS pixels from those of the window.
#[must_use]
pub fn corner_of(element: &JsValue) -> (f64, f64) {
    let rect = || {
        let ask: Function = Reflect::get(element, &"getBoundingClientRect".into()).ok()?.dyn_into().ok()?;
        let rect = ask.call0(element).ok()?;
        let side = |name: &str| Reflect::get(&rect, &name.into()).ok()?.as_f64();
        Some((side("left")?, side("top")?))
    };
    rect().unwrap_or_default()
}
