//! The virtual clock. It moves only when the outside says so.

use std::ops::{Add, Sub};

/// The wall-clock time at which every cluster's virtual time begins, in seconds since the Unix epoch:
/// 2026-11-23T09:00:00Z.
pub const EPOCH: i64 = 1_795_424_400;

/// A moment of virtual time: microseconds since the cluster came to be. The difference of two is in microseconds too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Instant(pub u64);

impl Instant {
    /// The moment this many milliseconds after the beginning.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis * 1000)
    }

    /// Whole milliseconds since the beginning.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0 / 1000
    }

    /// This moment on the wall, in whole seconds since the Unix epoch.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        EPOCH + i64::try_from(self.0 / 1_000_000).unwrap_or(i64::MAX - EPOCH)
    }

    /// This moment on the wall, in nanoseconds since the Unix epoch.
    #[must_use]
    pub fn unix_nanos(self) -> u64 {
        u64::try_from(EPOCH).unwrap_or(0).saturating_mul(1_000_000).saturating_add(self.0).saturating_mul(1_000)
    }

    /// This moment on the wall, in whole seconds, as tables count ages from it.
    #[must_use]
    pub fn now(self) -> api::kind::Now {
        api::kind::Now(self.unix_seconds())
    }
}

impl Add<u64> for Instant {
    type Output = Self;

    /// This moment and so many microseconds.
    fn add(self, micros: u64) -> Self {
        Self(self.0.saturating_add(micros))
    }
}

impl Sub for Instant {
    type Output = u64;

    /// The microseconds from `earlier` to this moment; 0 if it is later.
    fn sub(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_is_what_it_says() {
        assert_eq!(api::time::format_rfc3339(Instant::default().unix_seconds()), "2026-11-23T09:00:00Z");
        assert_eq!(Instant::from_millis(1500).unix_seconds(), EPOCH + 1);
        assert_eq!(Instant::from_millis(1500).unix_nanos(), 1_795_424_401_500_000_000);
        assert_eq!(Instant::from_millis(3) - Instant::from_millis(5), 0);
    }
}
