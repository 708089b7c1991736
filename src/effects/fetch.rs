//! Texts that are loaded when they are first needed: of the site, and lessons of other sites.

use js_sys::{Reflect, Uint8Array};
use session::course::NotFetched;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

/// The text at an address relative to the page; `None` when it is not to be had.
pub async fn text(address: &str) -> Option<String> {
    JsFuture::from(response(address).await?.text().ok()?).await.ok()?.as_string()
}

/// The text at an address that may be anybody's: of more than so many bytes not one more is read.
///
/// # Errors
/// Why there is none.
pub async fn limited(address: &str, most: usize) -> Result<String, NotFetched> {
    let response = response(address).await.ok_or(NotFetched::Unavailable)?;
    let body = response.body().ok_or(NotFetched::Unavailable)?;
    let declared = response.headers().get("content-length").ok().flatten();
    if declared.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > most) {
        drop(body.cancel());
        return Err(NotFetched::TooLarge);
    }
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into().map_err(|_| NotFetched::Unavailable)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = chunk(&reader).await.map_err(|_| NotFetched::Unavailable)? {
        if bytes.len() + chunk.len() > most {
            drop(reader.cancel());
            return Err(NotFetched::TooLarge);
        }
        bytes.extend(chunk);
    }
    String::from_utf8(bytes).map_err(|_| NotFetched::NotText)
}

/// What came next; `None` at the end.
async fn chunk(reader: &ReadableStreamDefaultReader) -> Result<Option<Vec<u8>>, JsValue> {
    let read = JsFuture::from(reader.read()).await?;
    if Reflect::get(&read, &"done".into())?.is_truthy() {
        return Ok(None);
    }
    Ok(Some(Uint8Array::new(&Reflect::get(&read, &"value".into())?).to_vec()))
}

async fn response(address: &str) -> Option<Response> {
    let window = web_sys::window()?;
    let response: Response = JsFuture::from(window.fetch_with_str(address)).await.ok()?.dyn_into().ok()?;
    response.ok().then_some(response)
}
