//! The one timer of the page: the session says when it wants to be told the time.

use gloo_timers::callback::Timeout;

use super::clock;

/// A wish to be woken; a new one replaces it.
#[derive(Default)]
pub struct Timer {
    waiting: Option<(u64, Timeout)>,
}

impl Timer {
    /// Calls `then` at this moment of [`clock::millis`], or as soon as it can.
    pub fn set(&mut self, at: u64, then: impl FnOnce() + 'static) {
        if self.waiting.as_ref().is_some_and(|(known, _)| *known == at) && at > clock::millis() {
            return;
        }
        let wait = u32::try_from(at.saturating_sub(clock::millis())).unwrap_or(u32::MAX);
        // One millisecond at least: a session that is always due must not keep the page from painting.
        self.waiting = Some((at, Timeout::new(wait.max(1), then)));
    }
}
