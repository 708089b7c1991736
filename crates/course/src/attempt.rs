//! Somebody at work on a lesson.

use std::collections::BTreeMap;
use std::sync::Arc;

use cluster::Cluster;

use crate::check::{Evidence, Verdict};
use crate::lesson::{Lesson, Step};
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

    /// The same lesson from its beginning.
    #[must_use]
    pub fn again(&self) -> Self {
        let (lesson, start) = (Arc::clone(&self.lesson), self.start.clone());
        Self { lesson, start, step: 0, heard: 0, answers: BTreeMap::new(), hints: 0 }
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

    /// Goes on with one of an earlier visit, whose cluster somebody else brings back: `heard` is how many lines had been run
    /// when its step began, and `answers` the options chosen since, by the goal's place.
    ///
    /// # Errors
    /// As [`Attempt::begin`].
    pub fn resume(
        lesson: Arc<Lesson>,
        step: usize,
        heard: usize,
        answers: BTreeMap<usize, usize>,
    ) -> Result<Self, StartError> {
        let step = step.min(lesson.steps.len());
        Ok(Self { step, heard, answers, ..Self::begin(lesson)? })
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

    /// Tells the same lesson in another language.
    pub fn retell(&mut self, lesson: Arc<Lesson>) {
        self.lesson = lesson;
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

    /// All options that were chosen in this step, by the goal's place.
    #[must_use]
    pub fn answers(&self) -> &BTreeMap<usize, usize> {
        &self.answers
    }

    /// How many lines had been run when this step began.
    #[must_use]
    pub fn heard(&self) -> usize {
        self.heard
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
        let mut judging = Judging::begin(self, cluster, commands);
        while judging.go_on() {}
        judging.into_judgement()
    }

    /// Goes on to the next step if this one was judged to be done. `heard` is how many lines had been run when it was judged
    /// ([`Judging::heard`]): what was run since belongs to the next step.
    pub fn pass(&mut self, judged: &Judgement, heard: usize) -> bool {
        let passes = !self.is_finished() && judged.is_passed();
        if passes {
            self.step += 1;
            self.heard = heard;
            self.answers.clear();
            self.hints = 0;
        }
        passes
    }

    /// Judges, and goes on to the next step if this one is done.
    pub fn advance(&mut self, cluster: &Cluster, commands: &[String]) -> Judgement {
        let judged = self.judge(cluster, commands);
        self.pass(&judged, commands.len());
        judged
    }
}

/// A judgement in the making, a goal at a time: whoever has to stay awake meanwhile does so between two of them.
#[derive(Debug)]
pub struct Judging {
    attempt: Attempt,
    cluster: Cluster,
    /// All lines run since the lesson began.
    commands: Vec<String>,
    /// What was judged so far: first the goals, then what must be so all the time, then the known mistakes.
    at: usize,
    judged: Judgement,
}

impl Judging {
    /// Begins to judge what an attempt is at this moment. `commands` are all lines run since the lesson began.
    #[must_use]
    pub fn begin(attempt: &Attempt, cluster: &Cluster, commands: &[String]) -> Self {
        let (attempt, cluster, commands) = (attempt.clone(), cluster.clone(), commands.to_vec());
        Self { attempt, cluster, commands, at: 0, judged: Judgement::default() }
    }

    /// How many lines had been run when this began.
    #[must_use]
    pub fn heard(&self) -> usize {
        self.commands.len()
    }

    /// Judges one thing more. Returns whether there is yet another.
    pub fn go_on(&mut self) -> bool {
        let Some(step) = self.attempt.lesson.steps.get(self.attempt.step) else { return false };
        let keep = &self.attempt.lesson.keep;
        let commands = self.commands.get(self.attempt.heard..).unwrap_or_default();
        let evidence = Evidence { cluster: &self.cluster, start: &self.attempt.start, commands, chosen: None };
        let (goals, at) = (step.goals.len(), self.at);
        self.at += 1;
        if let Some(goal) = step.goals.get(at) {
            let chosen = self.attempt.answers.get(&at).copied();
            self.judged.goals.push(goal.judge.judge(&Evidence { chosen, ..evidence }));
        } else if let Some(goal) = keep.get(at - goals) {
            self.judged.keep.push(goal.judge.judge(&evidence));
        } else if let Some(wrong) = step.wrong.get(at - goals - keep.len())
            && wrong.when.iter().all(|goal| goal.judge.judge(&evidence).met)
        {
            self.judged.feedback = Some(wrong.feedback.clone());
        }
        let all = goals + keep.len();
        self.at < all
            || (!self.judged.is_passed() && self.judged.feedback.is_none() && self.at < all + step.wrong.len())
    }

    /// What was found.
    #[must_use]
    pub fn into_judgement(self) -> Judgement {
        self.judged
    }
}
