//! Chance for what begins: which task, which exam. What the cluster does by chance has a seed of its own.

/// A number that people can read to each other.
#[must_use]
pub fn number() -> u64 {
    // Below a million and never negative.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let number = (js_sys::Math::random() * 1_000_000.0) as u64;
    number
}
