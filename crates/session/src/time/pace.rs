//! How the front end's clock moves the cluster's: as fast, slower, faster, or not at all.

use cluster::Instant;

/// What can be chosen between: seconds of the cluster in so many seconds of the learner, and what to call it.
pub const SPEEDS: [(u64, u64, &str); 5] =
    [(1, 10, "1/10×"), (1, 4, "1/4×"), (1, 1, "1×"), (4, 1, "4×"), (20, 1, "20×")];

/// The one of [`SPEEDS`] at which both clocks go alike.
const ALIKE: usize = 2;

/// The pace of the cluster's time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Both clocks at one moment, the front end's in milliseconds; `None` until it has said what time it has.
    anchor: Option<(u64, Instant)>,
    /// The newest that the front end said.
    outside: u64,
    pub(crate) paused: bool,
    pub(crate) speed: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { anchor: None, outside: 0, paused: false, speed: ALIKE }
    }
}

impl Pace {
    fn ratio(&self) -> (u64, u64) {
        SPEEDS.get(self.speed).map_or((1, 1), |(numerator, denominator, _)| (*numerator, *denominator))
    }

    /// The front end says what time it has: the cluster's time then, whose newest moment is `now`.
    pub(crate) fn moment(&mut self, millis: u64, now: Instant) -> Instant {
        self.outside = self.outside.max(millis);
        if self.paused {
            self.anchor = Some((self.outside, now));
        }
        let (since, then) = *self.anchor.get_or_insert((self.outside, now));
        let (numerator, denominator) = self.ratio();
        (then + (self.outside - since) * 1000 * numerator / denominator).max(now)
    }

    /// Microseconds of the cluster's time in what the front end's clock moved since it was last heard of.
    pub(crate) fn elapsed(&self, millis: u64) -> u64 {
        let (numerator, denominator) = self.ratio();
        millis.saturating_sub(self.outside) * 1000 * numerator / denominator
    }

    /// The front end's time, in milliseconds, at a moment to come; `None` when it never comes.
    pub(crate) fn when(&self, moment: Instant) -> Option<u64> {
        let (since, then) = self.anchor.filter(|_| !self.paused)?;
        let (numerator, denominator) = self.ratio();
        // Rounded up: who comes too early finds nothing to do.
        Some(since + ((moment - then) * denominator).div_ceil(1000 * numerator))
    }

    /// Whether the front end has not said yet what time it has.
    pub(crate) fn is_anew(&self) -> bool {
        self.anchor.is_none()
    }

    /// The front end's newest time and so many milliseconds.
    pub(crate) fn soon(&self, millis: u64) -> u64 {
        self.outside + millis
    }

    /// From now on otherwise: whether time stands still, and which speed it has else.
    pub(crate) fn change(&mut self, paused: bool, speed: usize, now: Instant) {
        self.anchor = self.anchor.map(|_| (self.outside, now));
        (self.paused, self.speed) = (paused, speed.min(SPEEDS.len() - 1));
    }

    /// The cluster's time was moved by hand.
    pub(crate) fn moved(&mut self, now: Instant) {
        self.anchor = self.anchor.map(|_| (self.outside, now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_as_it_is_told_to() {
        let at = Instant::from_millis;
        let mut pace = Pace::default();
        assert_eq!(pace.when(at(5)), None, "nobody said yet what time it is");
        assert_eq!(pace.moment(1000, at(7)), at(7));
        assert_eq!(pace.moment(1500, at(7)), at(507));
        assert_eq!((pace.when(at(507)), pace.when(at(1007))), (Some(1500), Some(2000)));
        pace.change(false, 3, at(507));
        assert_eq!((pace.elapsed(1600), pace.moment(1600, at(507))), (400_000, at(907)));
        assert_eq!(pace.when(at(908)), Some(1601), "rounded up");
        pace.change(true, 3, at(907));
        assert_eq!((pace.moment(9000, at(907)), pace.when(at(9999))), (at(907), None));
        pace.change(false, 0, at(907));
        assert_eq!(pace.moment(9100, at(907)), at(917), "what went by meanwhile does not count");
        pace.moved(at(5000));
        assert_eq!(pace.moment(9110, at(5000)), at(5001));
    }
}
