//! Files that a visitor saves, and files that they choose.

use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

/// More than this is no file of ours.
const MOST: f64 = 1_000_000.0;

/// A file as an address that a link with `download` saves.
#[must_use]
pub fn address(kind: &str, bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut address = format!("data:{kind},");
    for byte in bytes {
        if byte.is_ascii_alphanumeric() {
            address.push(char::from(*byte));
        } else {
            let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
            address.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    address
}

/// The text of a file that was chosen; `None` when it cannot be read, or is far too large.
pub async fn text(file: &File) -> Option<String> {
    let blob: &Blob = file;
    if blob.size() > MOST {
        return None;
    }
    JsFuture::from(blob.text()).await.ok()?.as_string()
}
