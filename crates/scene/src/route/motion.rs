//! Where a request's dot is at each moment: the engine's microseconds, stretched so that one can follow, and the player that
//! moves through them. Nothing here knows a clock: a front end says how much time went by.

use super::{Route, Stop};
use crate::figure::Point;

/// Milliseconds that a hop is shown for at speed 1: some for reading, and more for what takes longer in the cluster.
const READING: f64 = 420.0;
const A_MICROSECOND: f64 = 0.7;
/// Nothing is shown longer than this.
const LONGEST: f64 = 1200.0;
/// Milliseconds between two of many.
const APART: f64 = 110.0;

/// What can be chosen between, slowest first.
pub const SPEEDS: [f64; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];

/// A route in time.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Motion {
    legs: Vec<Leg>,
    length: f64,
}

/// One hop in time.
#[derive(Clone, PartialEq, Debug)]
struct Leg {
    start: f64,
    length: f64,
    /// The engine's microseconds at its beginning and its end.
    from: u64,
    took: u64,
    /// From the stop's own point to the next stop's.
    way: Vec<Point>,
}

/// Where a dot is.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Spot {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Which stop it is at, or has left last.
    pub stop: usize,
    /// Microseconds of virtual time since it was sent.
    pub micros: u64,
}

impl Motion {
    /// A route in time.
    #[must_use]
    pub fn of(route: &Route) -> Self {
        let mut legs = Vec::with_capacity(route.stops.len());
        let mut start = 0.0;
        for (at, stop) in route.stops.iter().enumerate() {
            let length = shown_for(stop.took);
            let way = way(stop, route.stops.get(at + 1));
            legs.push(Leg { start, length, from: stop.at, took: stop.took, way });
            start += length;
        }
        Self { legs, length: start }
    }

    /// Milliseconds from its beginning to its end, at speed 1.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.length
    }

    /// How many stops it has.
    #[must_use]
    pub fn stops(&self) -> usize {
        self.legs.len()
    }

    /// When a stop begins; the end for one that is not there.
    #[must_use]
    pub fn start_of(&self, stop: usize) -> f64 {
        self.legs.get(stop).map_or(self.length, |leg| leg.start)
    }

    /// Where the dot is; `smooth` moves it between stops, otherwise it is at one of them.
    #[must_use]
    pub fn at(&self, moment: f64, smooth: bool) -> Spot {
        let Some((stop, leg)) = self.legs.iter().enumerate().rev().find(|(_, leg)| leg.start <= moment.max(0.0)) else {
            return Spot::default();
        };
        let part = ((moment - leg.start) / leg.length.max(1.0)).clamp(0.0, 1.0);
        // It rests first, so that one sees where it is, and then goes.
        let gone = if smooth { ease(((part - 0.25) / 0.75).clamp(0.0, 1.0)) } else { 0.0 };
        let (x, y) = along(&leg.way, gone);
        let micros = leg.from + whole(part * float(leg.took));
        Spot { x, y, stop, micros }
    }
}

/// Milliseconds that a hop of so many microseconds is shown for.
fn shown_for(took: u64) -> f64 {
    (READING + float(took) * A_MICROSECOND).min(LONGEST)
}

// Durations of hops are far below 2^53.
#[allow(clippy::cast_precision_loss)]
fn float(micros: u64) -> f64 {
    micros as f64
}

// Never negative, and far below 2^53.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(micros: f64) -> u64 {
    micros as u64
}

fn way(stop: &Stop, next: Option<&Stop>) -> Vec<Point> {
    let mut way = vec![stop.point];
    if let Some(next) = next.filter(|next| next.point != stop.point) {
        way.extend(&stop.corners);
        way.push(next.point);
    }
    way
}

fn ease(part: f64) -> f64 {
    part * part * (3.0 - 2.0 * part)
}

/// The point at a part of a way, by its length.
fn along(way: &[Point], part: f64) -> (f64, f64) {
    let length = |a: Point, b: Point| f64::from(b.x - a.x).hypot(f64::from(b.y - a.y));
    let whole: f64 = way.windows(2).map(|pair| length(pair[0], pair[1])).sum();
    let mut left = whole * part;
    for pair in way.windows(2) {
        let one = length(pair[0], pair[1]);
        if left <= one && one > 0.0 {
            let part = left / one;
            let between = |a: i32, b: i32| f64::from(a) + f64::from(b - a) * part;
            return (between(pair[0].x, pair[1].x), between(pair[0].y, pair[1].y));
        }
        left -= one;
    }
    way.last().map_or((0.0, 0.0), |end| (f64::from(end.x), f64::from(end.y)))
}

/// What moves a dot through a motion.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Player {
    /// Milliseconds of the motion that are over.
    pub moment: f64,
    /// Whether it moves.
    pub playing: bool,
    /// Which of [`SPEEDS`].
    pub speed: usize,
}

impl Default for Player {
    fn default() -> Self {
        Self { moment: 0.0, playing: true, speed: 2 }
    }
}

impl Player {
    /// Lets so many milliseconds go by of a motion of this length.
    pub fn advance(&mut self, length: f64, elapsed: f64) {
        if self.playing {
            self.moment += elapsed.max(0.0) * SPEEDS.get(self.speed).copied().unwrap_or(1.0);
        }
        if self.moment >= length {
            (self.moment, self.playing) = (length, false);
        }
    }

    /// Plays, from the beginning if it was at the end; or pauses.
    pub fn toggle(&mut self, length: f64) {
        self.playing = !self.playing;
        if self.playing && self.moment >= length {
            self.moment = 0.0;
        }
    }

    /// Stops at the stop before or after the one it is at.
    pub fn step(&mut self, motion: &Motion, forward: bool) {
        let last = motion.stops().saturating_sub(1);
        let at = motion.at(self.moment, false).stop;
        let to = match (forward, self.moment > motion.start_of(at)) {
            (true, _) => (at + 1).min(last),
            // Back to the beginning of the one it is in the middle of.
            (false, true) => at,
            (false, false) => at.saturating_sub(1),
        };
        (self.moment, self.playing) = (motion.start_of(to), false);
    }

    /// Goes to a moment and stays there.
    pub fn seek(&mut self, length: f64, moment: f64) {
        (self.moment, self.playing) = (moment.clamp(0.0, length), false);
    }

    /// Begins anew.
    pub fn replay(&mut self) {
        (self.moment, self.playing) = (0.0, true);
    }

    /// One step slower or faster.
    pub fn pace(&mut self, faster: bool) {
        self.speed = if faster { (self.speed + 1).min(SPEEDS.len() - 1) } else { self.speed.saturating_sub(1) };
    }
}

/// Several dots under way, each a little after the one before.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Flights {
    motions: Vec<Motion>,
}

impl Flights {
    /// Those of these routes.
    #[must_use]
    pub fn of(routes: &[Route]) -> Self {
        Self { motions: routes.iter().map(Motion::of).collect() }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.motions.len()
    }

    /// One of them.
    #[must_use]
    pub fn motion(&self, which: usize) -> Option<&Motion> {
        self.motions.get(which)
    }

    /// Milliseconds until the last has ended, at speed 1.
    #[must_use]
    pub fn length(&self) -> f64 {
        let ends = self.motions.iter().zip(0_u32..).map(|(motion, at)| f64::from(at) * APART + motion.length);
        ends.fold(0.0, f64::max)
    }

    /// Where one of them is; `None` before it starts.
    #[must_use]
    pub fn at(&self, which: usize, moment: f64, smooth: bool) -> Option<(Spot, bool)> {
        let motion = self.motions.get(which)?;
        let own = moment - f64::from(u32::try_from(which).unwrap_or(u32::MAX)) * APART;
        (own >= 0.0).then(|| (motion.at(own, smooth), own >= motion.length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{FigureId, Tone};
    use crate::route::{Ending, at_rest};

    fn route() -> Route {
        let stop = |x, y, at, took| Stop { at, took, ..at_rest(FigureId::laptop(), Point { x, y }, String::new()) };
        let mut stops = vec![stop(0, 0, 0, 900), stop(0, 0, 900, 40), stop(100, 100, 940, 40), stop(100, 100, 980, 0)];
        stops[1].corners = vec![Point { x: 0, y: 100 }];
        let (title, outcome) = (String::new(), String::new());
        Route { trace: 0, title, ending: Ending::Answered(0), outcome, tone: Tone::Good, stops }
    }

    #[test]
    fn a_dot_goes_around_corners_and_rests_at_stops() {
        let motion = Motion::of(&route());
        assert_eq!(motion.stops(), 4);
        let spot = |moment| motion.at(moment, true);
        assert_eq!((spot(-5.0).x, spot(-5.0).y, spot(-5.0).stop), (0.0, 0.0, 0));
        let leaving = motion.start_of(1);
        assert_eq!((spot(leaving).y, spot(leaving).stop, spot(leaving).micros), (0.0, 1, 900));
        let middle = spot(leaving + (motion.start_of(2) - leaving) * 0.625);
        assert!((middle.x.abs() + (middle.y - 100.0).abs()) < 1.0, "half way is the corner: {middle:?}");
        let end = spot(motion.length() + 1.0);
        assert_eq!((end.x, end.y, end.stop, end.micros), (100.0, 100.0, 3, 980));
        assert_eq!(motion.at(motion.start_of(2) - 1.0, false).y, 0.0, "without movement it is at a stop");
    }

    #[test]
    fn the_player_plays_pauses_steps_and_begins_anew() {
        let motion = Motion::of(&route());
        let length = motion.length();
        let mut player = Player::default();
        player.advance(length, 10.0);
        player.pace(true);
        player.advance(length, 10.0);
        assert_eq!((player.moment, player.playing), (30.0, true));
        player.step(&motion, true);
        assert_eq!((player.moment, player.playing), (motion.start_of(1), false));
        player.advance(length, 1000.0);
        assert_eq!(player.moment, motion.start_of(1), "it is paused");
        player.seek(length, motion.start_of(2) + 5.0);
        player.step(&motion, false);
        assert_eq!(player.moment, motion.start_of(2));
        player.step(&motion, false);
        assert_eq!(player.moment, motion.start_of(1));
        for _ in 0..9 {
            player.step(&motion, true);
        }
        assert_eq!(player.moment, motion.start_of(3), "the last stop is the end of stepping");
        player.toggle(length);
        player.advance(length, 1e9);
        assert_eq!((player.moment, player.playing), (length, false));
        player.toggle(length);
        assert_eq!((player.moment, player.playing), (0.0, true));
        (0..9).for_each(|_| player.pace(false));
        assert_eq!(SPEEDS[player.speed], 0.25);
    }

    #[test]
    fn many_start_one_after_the_other() {
        let flights = Flights::of(&[route(), route()]);
        assert_eq!(flights.at(1, APART - 1.0, true), None);
        assert_eq!(flights.at(1, APART, true).map(|(spot, done)| (spot.stop, done)), Some((0, false)));
        assert_eq!(flights.at(0, flights.length(), true).map(|(_, done)| done), Some(true));
        assert!(flights.length() > Motion::of(&route()).length());
    }
}
