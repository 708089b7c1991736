//! Virtual time as the learner has it in hand: its pace, what happened in it, and looking back.
//!
//! - [`pace`]: how the front end's clock moves the cluster's
//! - [`past`]: the cluster as it was at an earlier moment
//! - [`timeline`]: what happened, as marks

pub mod pace;
pub mod past;
pub mod timeline;

#[cfg(test)]
mod tests;

use cluster::Instant;

pub use pace::{Pace, SPEEDS};
pub use past::Past;
pub use timeline::{Lane, Mark, Timeline};

/// The time, ready to be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clock {
    /// The cluster's newest moment.
    pub now: Instant,
    /// Whether its time stands still.
    pub paused: bool,
    /// Which of [`SPEEDS`].
    pub speed: usize,
    /// The moment that is looked at, when it is not the newest.
    pub past: Option<Instant>,
    /// Whether the past is being watched as it goes by.
    pub watching: bool,
}

/// A moment as a time of day.
#[must_use]
pub fn time_of_day(moment: Instant) -> String {
    let time = api::time::format_rfc3339(moment.unix_seconds());
    time.get(11..19).unwrap_or_default().to_owned()
}

/// How long ago, in words.
#[must_use]
pub fn ago(now: Instant, then: Instant) -> String {
    let seconds = (now - then) / 1_000_000;
    match seconds {
        0..=119 => format!("{seconds} s ago"),
        _ => format!("{} min ago", seconds / 60),
    }
}

/// The moment so many milliseconds after the cluster came to be.
#[must_use]
pub fn moment(millis: u64) -> Instant {
    Instant::from_millis(millis)
}
