//! Lessons and exercises: a cluster to begin with, goals that are checked by outcome, hints, and progress.
//!
//! A lesson is a folder of text: `lesson.yaml` (what `public/lessons/schema.json` describes), `start.yaml` (the objects it
//! begins with) and `text.md`; in another language its words are beside them, in `lesson.tr.yaml` and `text.tr.md`. [`Lesson::read`] decodes it. What comes from elsewhere is hostile: everything has a limit,
//! and every complaint its place.
//!
//! - [`Lesson`]: what a folder says, as plain data
//! - [`Attempt`]: somebody at work on a lesson. It makes the learner's cluster and judges it
//! - `check`: what a goal can ask for, a module each. Checks run on forks: they never disturb the learner
//! - [`markdown`]: the texts, as data
//! - [`Index`] and [`Progress`]: the parts of the course, and what of it is done
//! - [`exam`]: a timed set with points and a report
//! - [`practice`](fn@practice): tasks from a seed, without end
//! - [`verify`](fn@verify): whether a lesson keeps what it promises; for authors, and for CI
//! - [`walk`](fn@walk): the way from a Service's name to what is wrong with it, on any cluster
#![forbid(unsafe_code)]

mod attempt;
mod check;
pub mod exam;
mod index;
mod lesson;
mod limits;
pub mod markdown;
mod practice;
mod problem;
mod progress;
mod read;
mod reference;
mod start;
mod text;
mod translate;
mod verify;
mod walk;

pub use attempt::{Attempt, Judgement, Judging};
pub use check::{Evidence, Judge, Question, QuestionOption, Verdict, check_names};
pub use exam::Exam;
pub use index::{Entry, Index, Part};
pub use lesson::{Files, Goal, Kind, Lesson, Step, WrongAnswer};
pub use limits::FILE as MOST_OF_A_FILE;
pub use practice::{Practice, practice};
pub use problem::Problem;
pub use progress::{Progress, Record};
pub use start::{Start, StartError};
pub use verify::{Bypass, Finding, verify};
pub use walk::{Station, walk};
