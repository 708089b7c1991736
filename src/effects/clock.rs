//! The clock of the page, which goes forward and knows no date; and the one on the wall, to tell how long a visitor was away.

/// Milliseconds since the page was opened, as exactly as the browser says.
#[must_use]
pub fn precise() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Whole milliseconds since the page was opened.
#[must_use]
pub fn millis() -> u64 {
    whole(precise())
}

/// Whole milliseconds since 1970, as the visitor's device has it: it may be set back.
#[must_use]
pub fn wall() -> u64 {
    let since = web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.time_origin());
    whole(since + precise())
}

fn whole(millis: f64) -> u64 {
    // Milliseconds since the page was opened, and since 1970, are far below 2^53 and never negative.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = millis as u64;
    whole
}
