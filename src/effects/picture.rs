//! The diagram as a file, by `web/src/picture.ts`.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::module;

/// Saves the diagram as `svg` or `png`. Returns whether it could be drawn.
pub async fn save(format: &str) -> bool {
    try_save(format).await.is_ok_and(|saved| saved.is_truthy())
}

async fn try_save(format: &str) -> Result<JsValue, JsValue> {
    let picture = module::load("importPicture").await?;
    let saved = module::function(&picture, "save")?.call1(&JsValue::NULL, &format.into())?;
    JsFuture::from(saved.dyn_into::<Promise>()?).await
}
