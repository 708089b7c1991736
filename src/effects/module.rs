//! Modules of `web/src` that are loaded when they are needed. index.html defines how, because only there `import` is relative to
//! the page.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Loads the module that a global function of this name imports.
///
/// # Errors
/// What the browser throws when it cannot be had.
pub async fn load(import: &str) -> Result<JsValue, JsValue> {
    let global = js_sys::global();
    let import = function(&global, import)?;
    JsFuture::from(import.call0(&global)?.dyn_into::<Promise>()?).await
}

/// A function of a module, or of the page.
///
/// # Errors
/// When it has none of that name: what is there instead.
pub fn function(of: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(of, &name.into())?.dyn_into::<Function>()
}
