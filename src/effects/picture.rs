//! The diagram as a file, by `web/src/picture.ts`.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Saves the diagram as `svg` or `png`. Returns whether it could be drawn.
pub async fn save(format: &str) -> bool {
    try_save(format).await.is_ok_and(|saved| saved.is_truthy())
}

async fn try_save(format: &str) -> Result<JsValue, JsValue> {
    let global = js_sys::global();
    let import = Reflect::get(&global, &"importPicture".into())?.dyn_into::<Function>()?;
    let module = JsFuture::from(import.call0(&global)?.dyn_into::<Promise>()?).await?;
    let save = Reflect::get(&module, &"save".into())?.dyn_into::<Function>()?;
    JsFuture::from(save.call1(&JsValue::NULL, &format.into())?.dyn_into::<Promise>()?).await
}
