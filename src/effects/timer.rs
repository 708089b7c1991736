//! The one timer of the page: the session says when it wants to be told the time.

use gloo_timers::callback::Timeout;

use super::clock;

/// A wish to be woken; a new one replaces it.
#[derive(Default)]
pub struct Timer {
    waiting: Option<(u64, Timeout)>,
    rung: bool,
}

impl Timer {
    /// Calls `then` at this moment of [`clock::millis`], or as soon as it can.
    ///
    /// What it calls has to say [`Timer::rang`] first: browsers may call a little early, and then the same wish is a new one.
    pub fn set(&mut self, at: u64, then: impl FnOnce() + 'static) {
        let waits = !self.rung && self.waiting.as_ref().is_some_and(|(known, _)| *known == at);
        if waits && at > clock::millis() {
            return;
        }
        self.rung = false;
        let wait = u32::try_from(at.saturating_sub(clock::millis())).unwrap_or(u32::MAX);
        // One millisecond at least: a session that is always due must not keep the page from painting.
        self.waiting = Some((at, Timeout::new(wait.max(1), then)));
    }

    /// The wish was granted: nothing waits any more.
    pub fn rang(&mut self) {
        self.rung = true;
    }
}
