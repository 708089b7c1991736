//! A lesson on the learner's desk: the attempt, the lines run in it, how it is judged, and the ways back.
//!
//! Judging costs forks and requests, so it waits until the cluster has been still for a moment, and then takes one goal at
//! a time between two frames. A key that is pressed meanwhile is answered first.

use std::sync::Arc;

use cluster::Cluster;
use course::{Attempt, Judgement, Judging, Lesson};

use super::fetching;
use super::replay::{Input, Inputs};
use super::sat::Begun;
use crate::editor::Texts;
use crate::model::Desktop;

/// Milliseconds without a change until which judging waits.
const STILL: u64 = 250;

/// And after so many it judges although things change.
const PATIENCE: u64 = 1500;

/// What a judgement depends on.
#[derive(Clone, PartialEq, Debug)]
struct Ground {
    revision: u64,
    /// When each node's proxy was programmed last.
    programmed: Vec<Option<cluster::Instant>>,
    commands: usize,
    step: usize,
}

/// Where a lesson comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// The course.
    Course,
    /// A seed and a level; with what was broken, to be told in the end.
    Practice { seed: u64, level: u8, causes: Vec<String> },
    /// The exam's task of this number.
    Task(usize),
    /// A link, or (with its folder) another site.
    Elsewhere(Option<String>),
    /// The builder.
    Draft,
}

impl Origin {
    /// Whether it is part of the course's progress.
    pub(super) fn counts(&self) -> bool {
        matches!(self, Self::Course | Self::Task(_))
    }
}

/// What was found when a step was done, and the option chosen for each goal of it.
type Done = (Judgement, Vec<Option<usize>>);

/// A step as it began.
#[derive(Clone, Debug)]
struct Began {
    desktop: Desktop,
    attempt: Attempt,
    commands: usize,
    inputs: usize,
}

/// A lesson that is open.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) attempt: Attempt,
    /// The lesson as its own files have it, in whatever language it is told.
    pub(super) english: Arc<Lesson>,
    pub(super) origin: Origin,
    /// The step it was begun at.
    pub(super) first: usize,
    /// All lines run since the lesson began.
    pub(super) commands: Vec<String>,
    /// What was done in it: a task of an exam is brought back by that.
    pub(super) inputs: Inputs,
    /// The steps that are done, from the first that was begun.
    pub(super) done: Vec<Done>,
    /// What was found last of this step; `None` before the first time.
    pub(super) judged: Option<Judgement>,
    /// Hints taken in all of it.
    pub(super) hints: usize,
    pub(super) shows_solution: bool,
    began: Vec<Began>,
    checkpoint: Option<(Began, Vec<Done>)>,
    /// What the last judgement stands on.
    ground: Option<Ground>,
    judging: Option<Judging>,
    /// What is waited for to be still: what it is now, since when, and since when something is new.
    changed: Option<(Ground, u64, u64)>,
    /// Until when keys come first.
    rests_until: u64,
}

impl Desk {
    pub(super) fn new(attempt: Attempt, desktop: Desktop, origin: Origin) -> Self {
        let began = vec![Began { desktop, attempt: attempt.clone(), commands: 0, inputs: 0 }];
        Self {
            origin,
            english: Arc::clone(attempt.lesson()),
            first: attempt.step(),
            attempt,
            began,
            commands: Vec::new(),
            inputs: Inputs::default(),
            done: Vec::new(),
            judged: None,
            hints: 0,
            shows_solution: false,
            checkpoint: None,
            ground: None,
            judging: None,
            changed: None,
            rests_until: 0,
        }
    }

    /// A task of an exam that was begun on an earlier visit, as it was left. What was done before is not undone step by step.
    pub(super) fn resumed(attempt: Attempt, desktop: Desktop, at: usize, inputs: Inputs) -> Self {
        let mut desk = Self::new(attempt, desktop, Origin::Task(at));
        desk.commands = inputs.lines();
        desk.inputs = inputs;
        let (commands, inputs) = (desk.commands.len(), desk.inputs.mark());
        for began in &mut desk.began {
            (began.commands, began.inputs) = (commands, inputs);
        }
        desk
    }

    /// How far this task of an exam is, at that time on its cluster.
    pub(super) fn begun(&self, until: cluster::Instant) -> Begun {
        Begun {
            step: self.attempt.step(),
            heard: self.attempt.heard(),
            answers: self.attempt.answers().clone(),
            until,
            inputs: self.inputs.done().to_vec(),
        }
    }

    /// The lesson as it began, with its desktop.
    /// `file` is a number that no file had yet.
    pub(super) fn anew(&self, file: u32) -> (Self, Desktop) {
        let attempt = self.attempt.again();
        let desktop = Desktop::of_lesson(attempt.cluster(), attempt.lesson(), file);
        let anew = Self::new(attempt, desktop.clone(), self.origin.clone());
        (Self { english: Arc::clone(&self.english), ..anew }, desktop)
    }

    /// Where the lesson's files are, if they are anywhere.
    pub(super) fn folder(&self) -> Option<String> {
        match &self.origin {
            Origin::Course | Origin::Task(_) => Some(fetching::folder(&self.english.id)),
            Origin::Elsewhere(folder) => folder.clone(),
            Origin::Practice { .. } | Origin::Draft => None,
        }
    }

    /// Tells the lesson in another language. What was said of the current step is said again.
    pub(super) fn retell(&mut self, lesson: Arc<Lesson>) {
        self.attempt.retell(lesson);
        self.judged = None;
        self.drop_judging();
    }

    /// Answers a question. An answer is judged as everything is at this moment: nothing has to come to rest for it, and
    /// what is done next is not part of it.
    pub(super) fn choose(&mut self, goal: usize, option: usize, cluster: &Cluster) {
        if self.attempt.choose(goal, option).is_some() {
            self.begin_judging(cluster);
        }
    }

    pub(super) fn hint(&mut self) {
        self.hints += usize::from(self.attempt.hint());
    }

    /// Whether a draft of the builder is tried on it: then the lines are the draft's.
    pub(super) fn tries_draft(&self) -> bool {
        self.origin == Origin::Draft
    }

    /// The lines of this step.
    pub(super) fn commands_of_step(&self) -> &[String] {
        self.commands.get(self.attempt.heard()..).unwrap_or_default()
    }

    /// As if none had been run in this step.
    pub(super) fn forget_commands(&mut self) {
        self.commands.truncate(self.attempt.heard());
        self.drop_judging();
    }

    /// What is being judged is so no more: it is judged anew.
    fn drop_judging(&mut self) {
        (self.ground, self.judging, self.changed) = (None, None, None);
    }

    /// How it is now, to come back to.
    fn now(&mut self, desktop: Desktop) -> Began {
        let inputs = self.inputs.mark();
        Began { desktop, attempt: self.attempt.clone(), commands: self.commands.len(), inputs }
    }

    pub(super) fn set_checkpoint(&mut self, desktop: Desktop) {
        self.checkpoint = Some((self.now(desktop), self.done.clone()));
    }

    pub(super) fn has_checkpoint(&self) -> bool {
        self.checkpoint.is_some()
    }

    pub(super) fn back_to_checkpoint(&mut self) -> Option<Desktop> {
        let (began, done) = self.checkpoint.clone()?;
        self.began.truncate(done.len() + 1);
        self.done = done;
        Some(self.go_back(began))
    }

    /// Back to how this step began; to the one before when nothing was done in it. `texts` is what is in the editor.
    pub(super) fn undo_step(&mut self, texts: &Texts) -> Option<Desktop> {
        let last = self.began.last()?;
        let goals = self.attempt.current().map_or(0, |step| step.goals.len());
        let idle = self.commands.len() == last.commands
            && last.desktop.editor.texts() == *texts
            && (0..goals).all(|goal| self.attempt.chosen(goal).is_none());
        if idle && self.began.len() > 1 {
            self.began.pop();
            self.done.pop();
        }
        let began = self.began.last()?.clone();
        Some(self.go_back(began))
    }

    fn go_back(&mut self, to: Began) -> Desktop {
        let told = Arc::clone(self.attempt.lesson());
        self.attempt = to.attempt;
        self.attempt.retell(told);
        self.commands.truncate(to.commands);
        self.inputs.go_back(to.inputs);
        self.inputs.note(to.desktop.cluster.now(), Input::Anew);
        self.judged = None;
        self.drop_judging();
        self.shows_solution = false;
        to.desktop
    }

    /// Remembers how the step begins that is the current one now.
    pub(super) fn begin_step(&mut self, desktop: Desktop) {
        let began = self.now(desktop);
        self.began.push(began);
    }

    /// When to look again, by the front end's clock.
    pub(super) fn poll_at(&self, millis: u64) -> Option<u64> {
        let next = match (&self.judging, &self.changed) {
            (Some(_), _) => millis + 1,
            (None, Some((_, since, first))) => (since + STILL).min(first + PATIENCE),
            (None, None) => return None,
        };
        Some(next.max(millis + 1).max(self.rests_until))
    }

    pub(super) fn is_judging(&self) -> bool {
        self.judging.is_some()
    }

    /// Something was typed: more may come.
    pub(super) fn rest(&mut self, millis: u64) {
        self.rests_until = millis + STILL;
    }

    /// Judges a little more. Returns whether that has finished the step.
    pub(super) fn poll(&mut self, cluster: &Cluster, millis: u64) -> bool {
        if millis < self.rests_until {
            return false;
        }
        if let Some(judging) = &mut self.judging {
            if judging.go_on() {
                return false;
            }
            let Some(judging) = self.judging.take() else { return false };
            let heard = judging.heard();
            return self.take(judging.into_judgement(), heard);
        }
        if self.attempt.is_finished() {
            self.changed = None;
            return false;
        }
        let now = self.stands_on(cluster);
        if self.ground.as_ref() == Some(&now) {
            self.changed = None;
            return false;
        }
        let (since, first) = match &self.changed {
            Some((seen, since, first)) if *seen == now => (*since, *first),
            Some((_, _, first)) => (millis, *first),
            None => (millis, millis),
        };
        if millis >= since + STILL || millis >= first + PATIENCE {
            self.begin_judging(cluster);
        } else {
            self.changed = Some((now, since, first));
        }
        false
    }

    fn begin_judging(&mut self, cluster: &Cluster) {
        self.judging = Some(Judging::begin(&self.attempt, cluster, &self.commands));
        (self.ground, self.changed) = (Some(self.stands_on(cluster)), None);
    }

    /// Takes what was found when so many lines had been run. Returns whether that finishes the step.
    fn take(&mut self, judged: Judgement, heard: usize) -> bool {
        let goals = self.attempt.current().map_or(0, |step| step.goals.len());
        let chosen = (0..goals).map(|goal| self.attempt.chosen(goal)).collect();
        if self.attempt.pass(&judged, heard) {
            self.done.push((judged, chosen));
            (self.judged, self.shows_solution) = (None, false);
            return true;
        }
        self.judged = Some(judged);
        false
    }

    fn stands_on(&self, cluster: &Cluster) -> Ground {
        let nodes = &cluster.settings().nodes;
        Ground {
            revision: cluster.store().revision(),
            programmed: nodes.iter().map(|node| Some(cluster.proxy(&node.name)?.synced())).collect(),
            commands: self.commands.len(),
            step: self.attempt.step(),
        }
    }
}
