//! What a learner does with the course.

use super::builder::BuilderMsg;
use super::fetching::NotFetched;

/// What a learner does with the course, or the front end for it.
#[derive(Clone, PartialEq, Debug)]
pub enum CourseMsg {
    /// Show this page of the course's pane, or close it.
    Show(Option<CoursePage>),
    /// What came of [`Effect::Fetch`](crate::Effect::Fetch).
    Fetched(String, Result<String, NotFetched>),
    /// What was kept of the last visit, and how many milliseconds ago.
    Restore(String, u64),
    /// The page speaks this language now, by its tag.
    Speak(String),
    /// Open a lesson.
    Open(String),
    /// Put the lesson away and bring back what was there before.
    Leave,
    /// Begin the lesson anew.
    StartAgain,
    /// Go back to how this step began; to the step before when nothing was done in it.
    UndoStep,
    /// Remember how everything is now.
    SetCheckpoint,
    /// Go back to what was remembered.
    ToCheckpoint,
    /// Answer a question of the current step: the goal's place, and the option's.
    Choose(usize, usize),
    /// Show one hint more.
    Hint,
    /// Show the solution of this step.
    Solution,
    /// Do what the fragment of the page's address asks for.
    Fragment(String),
    /// A task made from a seed, of a level from 1 to 3.
    Practice(u64, u8),
    /// Sit an exam of so many tasks, drawn by a seed.
    Exam(u64, usize),
    /// Take up a task of the exam.
    Task(usize),
    /// Hand the exam in.
    HandIn,
    /// Put the exam and its report away.
    EndExam,
    /// Something about the lesson that is being written.
    Builder(BuilderMsg),
    /// Open the lesson that is being written, as a learner would.
    TryDraft,
    /// Add what another device did: the text of an exported file.
    Import(String),
    /// Forget all progress.
    Forget,
}

/// The pages of the course's pane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CoursePage {
    /// All lessons, and which are done.
    Map,
    /// The lesson that is open.
    Lesson,
    /// An exam: what it is, its tasks, its report.
    Exam,
    /// The lesson that is being written.
    Builder,
}
