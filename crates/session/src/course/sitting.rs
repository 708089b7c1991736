//! An exam being sat: its tasks, each with a desk of its own, the time that is left, and the report.

use std::collections::BTreeMap;

use course::exam::{Exam, Report, Score};

use super::desk::Desk;
use super::sat::Begun;
use crate::model::Desktop;

/// An exam from its beginning to its report.
#[derive(Debug)]
pub(super) struct Sitting {
    pub(super) exam: Exam,
    /// When it ends, by the front end's clock in milliseconds.
    pub(super) ends_at: u64,
    /// The task on the learner's desk.
    pub(super) current: Option<usize>,
    /// Tasks that were begun and put aside.
    aside: BTreeMap<usize, (Desk, Desktop)>,
    /// What was scored so far, once it is handed in.
    scores: Option<BTreeMap<String, Score>>,
    pub(super) report: Option<Report>,
}

impl Sitting {
    pub(super) fn new(exam: Exam, millis: u64) -> Self {
        let ends_at = millis + exam.seconds * 1000;
        Self { exam, ends_at, current: None, aside: BTreeMap::new(), scores: None, report: None }
    }

    /// One of an earlier visit.
    pub(super) fn resumed(exam: Exam, ends_at: u64, report: Option<Report>) -> Self {
        let scores = report.is_some().then(BTreeMap::new);
        Self { exam, ends_at, current: None, aside: BTreeMap::new(), scores, report }
    }

    /// Puts a task aside that was begun on an earlier visit.
    pub(super) fn bring_back(&mut self, at: usize, desk: Desk, desktop: Desktop) {
        self.aside.insert(at, (desk, desktop));
    }

    /// Puts the current task aside.
    pub(super) fn put_aside(&mut self, desk: Option<Desk>, desktop: Desktop) {
        if let (Some(at), Some(desk)) = (self.current.take(), desk) {
            self.aside.insert(at, (desk, desktop));
        }
    }

    /// Takes a task up again; `None` when it was not begun.
    pub(super) fn take_up(&mut self, at: usize) -> Option<(Desk, Desktop)> {
        self.aside.remove(&at)
    }

    /// How far a task is that is aside.
    pub(super) fn begun(&self, at: usize) -> Option<Begun> {
        self.aside.get(&at).map(|(desk, desktop)| desk.begun(desktop.cluster.now()))
    }

    /// Whether a task was begun.
    pub(super) fn is_begun(&self, at: usize) -> bool {
        self.current == Some(at) || self.aside.contains_key(&at)
    }

    /// The end: from now on tasks are marked.
    pub(super) fn hand_in(&mut self) {
        self.scores = self.scores.take().or_else(|| Some(BTreeMap::new()));
    }

    pub(super) fn is_handed_in(&self) -> bool {
        self.scores.is_some()
    }

    /// Whether there is something left to mark.
    pub(super) fn is_marking(&self) -> bool {
        self.is_handed_in() && self.report.is_none()
    }

    /// Marks one task, or makes the report when all are marked.
    pub(super) fn mark(&mut self) {
        let Some(scores) = self.scores.as_mut().filter(|_| self.report.is_none()) else { return };
        match self.aside.pop_first() {
            Some((at, (desk, desktop))) => {
                let judged = desk.attempt.judge(&desktop.cluster, &desk.commands);
                if let Some(task) = self.exam.tasks.get(at) {
                    scores.insert(task.entry.id.clone(), desk.attempt.score(&judged));
                }
            }
            None => self.report = Some(self.exam.report(scores)),
        }
    }

    /// Seconds that are left.
    pub(super) fn left(&self, millis: u64) -> u64 {
        self.ends_at.saturating_sub(millis) / 1000
    }
}
