//! Somebody at work on a lesson.

use std::collections::BTreeMap;
use std::sync::Arc;

use cluster::Cluster;

use crate::check::{Evidence, Verdict};
use crate::lesson::{Goal, Lesson, Step};
use crate::start::{REST, StartError, rest, script};

/// Somebody at work on a lesson: which step they are at, what they answered, and what the cluster was at the beginning.
/// A clone is a checkpoint.
#[derive(Clone, Debug)]
pub struct Attempt {
    lesson: Arc<Lesson>,
    start: Cluster,
    step: usize,
    /// How many commands had been run when the step began.
    heard: usize,
    /// The option chosen for each question, by the goal's place in the step.
    answers: BTreeMap<usize, usize>,
    hints: usize,
}

/// How an attempt stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Judgement {
    /// The verdicts on the goals of the step that was judged, in order.
    pub goals: Vec<Verdict>,
    /// The verdicts on what must be so all the time, in order.
    pub keep: Vec<Verdict>,
    /// What is said of the mistake that was made, if it is a known one.
    pub feedback: Option<String>,
}

impl Judgement {
    /// Whether the step is done.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.goals.iter().chain(&self.keep).all(|verdict| verdict.met)
    }
}

impl Attempt {
    /// Begins a lesson. The learner's cluster is [`Attempt::cluster`].
    ///
    /// # Errors
    /// When its start state cannot be made.
    pub fn begin(lesson: Arc<Lesson>) -> Result<Self, StartError> {
        let start = lesson.start.cluster()?;
        Ok(Self { lesson, start, step: 0, heard: 0, answers: BTreeMap::new(), hints: 0 })
    }

    /// Begins at a later step, as if the ones before it had been done by their solutions. With it comes the learner's cluster
    /// as it is then; what must not change is still held against the beginning.
    ///
    /// # Errors
    /// As [`Attempt::begin`].
    pub fn begin_at(lesson: Arc<Lesson>, step: usize) -> Result<(Self, Cluster), StartError> {
        let mut attempt = Self::begin(lesson)?;
        let mut cluster = attempt.cluster();
        attempt.step = step.min(attempt.lesson.steps.len());
        for done in attempt.lesson.steps.iter().take(attempt.step).filter(|step| !step.solution.is_empty()) {
            // One that fails left things as they were: so the step after it begins.
            script(&mut cluster, &done.solution, &[]);
            rest(&mut cluster, REST);
        }
        Ok((attempt, cluster))
    }

    /// The lesson.
    #[must_use]
    pub fn lesson(&self) -> &Arc<Lesson> {
        &self.lesson
    }

    /// A fresh copy of the cluster that the lesson begins with.
    #[must_use]
    pub fn cluster(&self) -> Cluster {
        self.start.clone()
    }

    /// The number of the step, from zero; the number of steps once all are done.
    #[must_use]
    pub fn step(&self) -> usize {
        self.step
    }

    /// The step; `None` once all are done.
    #[must_use]
    pub fn current(&self) -> Option<&Step> {
        self.lesson.steps.get(self.step)
    }

    /// Whether all steps are done.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.step >= self.lesson.steps.len()
    }

    /// Answers a question: `goal` is its place in the step, `option` the answer's. Returns what is said to that answer;
    /// `None` when there is no such thing.
    pub fn choose(&mut self, goal: usize, option: usize) -> Option<String> {
        let question = self.current()?.goals.get(goal)?.question()?;
        let because = question.options.get(option)?.because.clone();
        self.answers.insert(goal, option);
        Some(because)
    }

    /// The option that was chosen for a goal of this step.
    #[must_use]
    pub fn chosen(&self, goal: usize) -> Option<usize> {
        self.answers.get(&goal).copied()
    }

    /// The hints of this step that were asked for.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        let hints = self.current().map_or(&[][..], |step| &step.hints);
        hints.get(..self.hints).unwrap_or(hints)
    }

    /// Asks for one hint more. Returns whether there was one.
    pub fn hint(&mut self) -> bool {
        let more = self.current().is_some_and(|step| self.hints < step.hints.len());
        self.hints += usize::from(more);
        more
    }

    /// Judges the learner's cluster by this step. `commands` are all lines run since the lesson began. Nothing of the
    /// judging shows in the cluster.
    #[must_use]
    pub fn judge(&self, cluster: &Cluster, commands: &[String]) -> Judgement {
        let Some(step) = self.current() else { return Judgement::default() };
        let commands = commands.get(self.heard..).unwrap_or_default();
        let evidence = Evidence { cluster, start: &self.start, commands, chosen: None };
        let judge = |(at, goal): (usize, &Goal)| {
            goal.judge.judge(&Evidence { chosen: self.answers.get(&at).copied(), ..evidence })
        };
        let judged = Judgement {
            goals: step.goals.iter().enumerate().map(judge).collect(),
            keep: self.lesson.keep.iter().map(|goal| goal.judge.judge(&evidence)).collect(),
            feedback: None,
        };
        if judged.is_passed() {
            return judged;
        }
        let made = step.wrong.iter().find(|wrong| wrong.when.iter().all(|goal| goal.judge.judge(&evidence).met));
        Judgement { feedback: made.map(|wrong| wrong.feedback.clone()), ..judged }
    }

    /// Judges, and goes on to the next step if this one is done.
    pub fn advance(&mut self, cluster: &Cluster, commands: &[String]) -> Judgement {
        let judged = self.judge(cluster, commands);
        if !self.is_finished() && judged.is_passed() {
            self.step += 1;
            self.heard = commands.len();
            self.answers.clear();
            self.hints = 0;
        }
        judged
    }
}
