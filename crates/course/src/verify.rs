//! Whether a lesson keeps what it promises: its start fails, its solution passes, each known mistake fails and is told its
//! own words, and cheap ways around the task lead nowhere.

mod bypass;

use std::fmt;
use std::sync::Arc;

use cluster::Cluster;

pub(crate) use bypass::BYPASSES;
pub use bypass::Bypass;

use crate::attempt::{Attempt, Judgement};
use crate::lesson::{Lesson, Step};
use crate::start::{REST, StartError, rest, script};

/// What a lesson does not keep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// It cannot begin.
    Start(StartError),
    /// A step is done before anybody did anything.
    Done {
        /// Its number, from one.
        step: usize,
    },
    /// A goal of a lesson is reached before anybody did anything for it: it would be ticked off at once.
    Early {
        /// The step's number, from one.
        step: usize,
        /// The goal in words.
        goal: String,
    },
    /// The solution fails as a command.
    Command {
        /// The step's number, from one.
        step: usize,
        /// What it said.
        words: String,
    },
    /// The solution does not do the step.
    Unsolved {
        /// The step's number, from one.
        step: usize,
        /// What is missing.
        words: String,
    },
    /// A known mistake does the step.
    WrongPasses {
        /// The step's number, from one.
        step: usize,
        /// The mistake's number, from one.
        wrong: usize,
    },
    /// A known mistake is told something else than its own feedback.
    WrongFeedback {
        /// The step's number, from one.
        step: usize,
        /// The mistake's number, from one.
        wrong: usize,
        /// What is told instead, if anything.
        told: Option<String>,
    },
    /// There is a way around the task.
    Bypassed {
        /// The step's number, from one.
        step: usize,
        /// Which.
        bypass: Bypass,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(error) => write!(f, "it cannot begin: {error}"),
            Self::Done { step } => write!(f, "step {step} is done before anybody did anything"),
            Self::Early { step, goal } => {
                write!(f, "a goal of step {step} is reached before anybody did anything for it: {goal}")
            }
            Self::Command { step, words } => write!(f, "the solution of step {step} fails: {}", words.trim()),
            Self::Unsolved { step, words } => write!(f, "the solution of step {step} does not do it: {words}"),
            Self::WrongPasses { step, wrong } => write!(f, "mistake {wrong} of step {step} passes"),
            Self::WrongFeedback { step, wrong, told } => {
                let told = told.as_deref().unwrap_or("nothing");
                write!(f, "mistake {wrong} of step {step} is not told its feedback but: {told}")
            }
            Self::Bypassed { step, bypass } => {
                write!(f, "step {step} can be passed by this: {bypass}; guard it, or list it under allows")
            }
        }
    }
}

/// Everything that a lesson does not keep; empty for a good one.
#[must_use]
pub fn verify(lesson: &Arc<Lesson>) -> Vec<Finding> {
    let attempt = match Attempt::begin(Arc::clone(lesson)) {
        Ok(attempt) => attempt,
        Err(error) => return vec![Finding::Start(error)],
    };
    let cluster = attempt.cluster();
    let mut trial = Trial { attempt, cluster, commands: Vec::new(), findings: Vec::new() };
    for (at, step) in lesson.steps.iter().enumerate() {
        trial.step(at + 1, step);
        if trial.attempt.step() != at + 1 {
            // What follows stands on this step.
            break;
        }
    }
    trial.findings
}

/// Somebody who knows the solution.
struct Trial {
    attempt: Attempt,
    cluster: Cluster,
    commands: Vec<String>,
    findings: Vec<Finding>,
}

impl Trial {
    fn step(&mut self, number: usize, step: &Step) {
        let judged = self.attempt.judge(&self.cluster, &self.commands);
        if judged.is_passed() {
            self.findings.push(Finding::Done { step: number });
        } else if !self.attempt.lesson().is_exercise() {
            // In an exercise a goal may be to keep something as it is.
            let early = judged.goals.iter().zip(&step.goals).filter(|(verdict, _)| verdict.met);
            let early = early.map(|(_, goal)| Finding::Early { step: number, goal: goal.words.clone() });
            self.findings.extend(early);
        }
        for (at, wrong) in step.wrong.iter().enumerate() {
            let mut fork = self.cluster.clone();
            let mut commands = self.commands.clone();
            run(&mut fork, &wrong.commands, &mut commands);
            // Whoever makes a mistake has answered the questions as well as can be.
            let mut attempt = self.attempt.clone();
            answer(&mut attempt, step);
            let judged = attempt.judge(&fork, &commands);
            let at = at + 1;
            if judged.is_passed() {
                self.findings.push(Finding::WrongPasses { step: number, wrong: at });
            } else if judged.feedback.as_ref() != Some(&wrong.feedback) {
                self.findings.push(Finding::WrongFeedback { step: number, wrong: at, told: judged.feedback });
            }
        }
        self.bypasses(number, step);
        if let Some(words) = run(&mut self.cluster, &step.solution, &mut self.commands) {
            self.findings.push(Finding::Command { step: number, words });
        }
        answer(&mut self.attempt, step);
        let judged = self.attempt.advance(&self.cluster, &self.commands);
        if !judged.is_passed() {
            self.findings.push(Finding::Unsolved { step: number, words: missing(&judged) });
        }
    }

    /// Tries the ways around. Who goes them has run the same commands to look and given the same answers: what matters is
    /// what the cluster is in the end.
    fn bypasses(&mut self, number: usize, step: &Step) {
        if !self.attempt.lesson().is_exercise() {
            return;
        }
        let mut attempt = self.attempt.clone();
        answer(&mut attempt, step);
        let mut commands = self.commands.clone();
        commands.extend(step.solution.lines().map(str::to_owned));
        if attempt.judge(&self.cluster, &commands).is_passed() {
            // Looking is all that this step asks for.
            return;
        }
        let allowed = &self.attempt.lesson().allows;
        for bypass in BYPASSES.iter().map(|(_, bypass)| *bypass).filter(|bypass| !allowed.contains(bypass)) {
            let mut fork = self.cluster.clone();
            if !bypass.take(&mut fork) {
                continue;
            }
            rest(&mut fork, REST);
            if attempt.judge(&fork, &commands).is_passed() {
                self.findings.push(Finding::Bypassed { step: number, bypass });
            }
        }
    }
}

/// Runs a script, and lets what follows from it come to rest. Returns what it said if it failed.
fn run(cluster: &mut Cluster, text: &str, commands: &mut Vec<String>) -> Option<String> {
    commands.extend(text.lines().map(str::to_owned));
    if text.is_empty() {
        return None;
    }
    let done = script(cluster, text, &[]);
    rest(cluster, REST);
    (done.exit != Some(0)).then_some(if done.stderr.is_empty() { done.stdout } else { done.stderr })
}

/// Answers every question of a step rightly.
fn answer(attempt: &mut Attempt, step: &Step) {
    for (at, goal) in step.goals.iter().enumerate() {
        let right = goal.question().and_then(|question| question.options.iter().position(|option| option.right));
        if let Some(right) = right {
            attempt.choose(at, right);
        }
    }
}

fn missing(judged: &Judgement) -> String {
    let unmet = judged.goals.iter().chain(&judged.keep).filter(|verdict| !verdict.met);
    unmet.map(|verdict| verdict.words.as_str()).collect::<Vec<_>>().join("; ")
}
