//! The only clock of the page: it goes forward and knows no date.

/// Whole milliseconds since the page was opened.
#[must_use]
pub fn millis() -> u64 {
    let now = web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now());
    // Milliseconds since the page was opened are far below 2^53 and never negative.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let millis = now as u64;
    millis
}
