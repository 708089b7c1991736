//! The course within a session: its map, the lesson that is open, and what of it is done.
//!
//! An open lesson has the cluster and the editor to itself; the learner's own are put aside whole, and come back. What is
//! kept for the next visit is the learner's own text at any time.
//!
//! - [`msg`]: what a learner does, and [`update`](mod@update): what happens then
//! - [`opening`]: how a lesson comes to the desk, and [`fetching`]: its files on their way
//! - [`desk`]: the lesson that is open, and how it is judged; [`ways`]: out of it, and back
//! - [`sitting`]: an exam being sat; [`exam`]: its tasks on the desk; [`sat`]: it as it is kept, and [`replay`]: what was
//!   done in its tasks, done again
//! - [`telling`]: the course in the language of the page
//! - [`builder`]: writing a lesson; [`draft`], what is written, and [`files`], what that makes; [`offers`], what the screen
//!   suggests
//! - [`link`]: what an address asks for; [`zip`]: a lesson as an archive
//! - [`kept`]: the text that brings progress back
//! - [`view`]: what the pane shows, as plain data

pub mod builder;
mod desk;
pub mod draft;
mod exam;
mod fetching;
mod files;
mod kept;
mod link;
mod msg;
pub mod offers;
mod opening;
mod replay;
mod sat;
mod sitting;
mod telling;
mod update;
pub mod view;
mod ways;
mod zip;

#[cfg(test)]
mod tests;

use course::{Index, Progress};

use crate::model::Desktop;
use builder::Building;
use desk::Desk;
use exam::Resuming;
use fetching::Fetching;
use sitting::Sitting;
use telling::Telling;

pub(crate) use exam::note;
pub use fetching::{MOST_FETCHED, NotFetched};
pub use msg::{CourseMsg, CoursePage};
pub(crate) use replay::{Input, again};
pub(crate) use update::{poll, update};
pub(crate) use ways::put_away;

/// Milliseconds in which a page shows what is going on, before something that takes long.
const SHOWN: u64 = 60;

/// The number of the first file of a lesson.
const FILES: u32 = 1 << 20;

/// Lines that are remembered while a lesson is written.
const MOST_COMMANDS: usize = 500;

/// Where the course's map is, from the page.
const INDEX: &str = "lessons/index.yaml";

/// The course within a session.
#[derive(Debug, Default)]
pub struct Course {
    page: Option<CoursePage>,
    /// The map; `None` until somebody wanted to see it.
    index: Option<Index>,
    progress: Progress,
    fetching: Option<Fetching>,
    desk: Option<Desk>,
    /// The learner's own cluster and text, while a lesson is open.
    own: Option<Desktop>,
    /// A task that is to be made from a seed and a level at this time, when the page has said so.
    making: Option<(u64, u8, u64)>,
    sitting: Option<Sitting>,
    /// An exam of the last visit that is being brought back.
    resuming: Option<Resuming>,
    building: Building,
    telling: Telling,
    /// What could not be done, in words.
    trouble: String,
    /// How many files lessons had so far.
    files: u32,
    /// Something was done since the last look.
    stirred: bool,
    /// The front end's clock, in milliseconds.
    millis: u64,
    /// Grows with every lesson that is begun: what a front end drew of another is old.
    serial: u64,
}

impl Course {
    /// What the learner works on themselves, while a lesson is open.
    pub(crate) fn own(&self) -> Option<&Desktop> {
        self.own.as_ref()
    }

    /// A number for the file of the next lesson, far from those of the learner's own.
    fn next_file(&mut self) -> u32 {
        self.files += 1;
        FILES + self.files
    }

    /// What of the course is done.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Whether the learner is to find out themselves what is wrong: the page must not say it before.
    pub(crate) fn is_quiet(&self) -> bool {
        self.desk.as_ref().is_some_and(|desk| desk.attempt.lesson().is_exercise() && !desk.attempt.is_finished())
    }

    /// Something was done: what it comes to is looked at soon.
    pub(crate) fn stir(&mut self) {
        self.stirred = true;
    }

    /// Something was typed: keys come before checks.
    pub(crate) fn rest(&mut self) {
        if let Some(desk) = &mut self.desk {
            desk.rest(self.millis);
        }
    }

    /// A line was run in the terminal.
    pub(crate) fn hear(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        if let Some(desk) = &mut self.desk {
            desk.commands.push(line.to_owned());
        } else if self.building.commands.len() < MOST_COMMANDS {
            self.building.commands.push(line.to_owned());
        }
    }

    /// When the course wants to be looked at again, by the front end's clock.
    pub(crate) fn poll_at(&self) -> Option<u64> {
        let soon = self.stirred && self.desk.is_some();
        let shown = self.building.testing || self.sitting.as_ref().is_some_and(Sitting::is_marking);
        let checks = self.desk.as_ref().and_then(|desk| desk.poll_at(self.millis));
        let making = self.making.map(|(_, _, at)| at.max(self.millis + 1));
        [checks, making, shown.then_some(self.millis + SHOWN), soon.then_some(self.millis + 1)]
            .into_iter()
            .flatten()
            .min()
    }
}
