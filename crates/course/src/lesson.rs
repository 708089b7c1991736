//! What a lesson's folder says, as plain data.

use std::sync::Arc;

use crate::check::{CHECKS, Judge, Question};
use crate::limits;
use crate::problem::Problem;
use crate::read::{Node, Source};
use crate::start::Start;
use crate::text::{self, Sections};
use crate::translate;
use crate::verify::Bypass;

/// The files of a lesson's folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Files<'a> {
    /// `lesson.yaml`.
    pub lesson: &'a str,
    /// `start.yaml`: the objects that are there at the beginning; may be empty.
    pub start: &'a str,
    /// `text.md`: an introduction, and a part headed `## Title` for each step.
    pub text: &'a str,
}

/// A lesson or an exercise.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The name of its folder.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is to be done in it.
    pub kind: Kind,
    /// How hard it is, from 1 to 3.
    pub level: u8,
    /// How many minutes it takes.
    pub minutes: u16,
    /// What the cluster is at the beginning.
    pub start: Start,
    /// The text before the first step, in Markdown.
    pub introduction: String,
    /// What is to be done, in order.
    pub steps: Vec<Step>,
    /// What must be so all the time: nothing else broken.
    pub keep: Vec<Goal>,
    /// Ways around the task that are no cheating here.
    pub allows: Vec<Bypass>,
    /// The languages, by tag, in which it can be had beside English.
    pub languages: Vec<String>,
    /// The language that it is in now; empty for that of its own files.
    pub language: String,
}

/// What is to be done in a lesson.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Something is shown, step by step.
    Lesson,
    /// Something is to be made.
    Build,
    /// Something broken is to be mended.
    Fix,
    /// The cause is to be shown and named, and then mended.
    Diagnose,
    /// What will happen is to be said beforehand.
    Predict,
}

/// What a lesson can be, by the word for it.
pub(crate) const KINDS: &[(&str, Kind)] = &[
    ("lesson", Kind::Lesson),
    ("build", Kind::Build),
    ("fix", Kind::Fix),
    ("diagnose", Kind::Diagnose),
    ("predict", Kind::Predict),
];

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its title; that of the lesson when there is only one step without a heading of its own.
    pub title: String,
    /// Its text, in Markdown.
    pub text: String,
    /// What must be so for the step to be done.
    pub goals: Vec<Goal>,
    /// Hints, each one step further than the one before.
    pub hints: Vec<String>,
    /// Commands that do it. Questions are answered beside them.
    pub solution: String,
    /// Mistakes that are known.
    pub wrong: Vec<WrongAnswer>,
}

/// Something that must be so.
#[derive(Clone, Debug)]
pub struct Goal {
    /// It in words.
    pub words: String,
    /// Which check it is.
    pub check: &'static str,
    /// Who judges it.
    pub judge: Arc<dyn Judge>,
    /// Its question in the language of the lesson.
    pub(crate) retold: Option<Question>,
}

impl Goal {
    /// The question, when the goal is to answer one.
    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        self.retold.as_ref().or_else(|| self.judge.question())
    }
}

/// A known mistake, and what helps somebody who made it.
#[derive(Clone, Debug)]
pub struct WrongAnswer {
    /// Commands that make it.
    pub commands: String,
    /// What is so when somebody made it; the first whose all is so is told.
    pub when: Vec<Goal>,
    /// What is said then.
    pub feedback: String,
}

const LESSON: &[&str] =
    &["title", "kind", "level", "minutes", "languages", "cluster", "commands", "faults", "steps", "keep", "allows"];
const STEP: &[&str] = &["goals", "hints", "solution", "wrong"];
const WRONG: &[&str] = &["commands", "when", "feedback"];

impl Lesson {
    /// Reads a lesson's files.
    ///
    /// # Errors
    /// Everything that is wrong with them, each with its place.
    pub fn read(id: &str, files: &Files<'_>) -> Result<Self, Vec<Problem>> {
        let source = Source::new("lesson.yaml", files.lesson)?;
        let sections = text::sections("text.md", files.text);
        let (lesson, start_problems) = read(id, &source.root(), files.start, sections.as_ref().ok());
        let mut problems = source.problems();
        problems.extend(start_problems);
        problems.extend(sections.err());
        if problems.is_empty() { Ok(lesson) } else { Err(problems) }
    }

    /// Whether mistakes and ways around the task matter: in a lesson one is led.
    #[must_use]
    pub fn is_exercise(&self) -> bool {
        self.kind != Kind::Lesson
    }
}

fn read(id: &str, root: &Node<'_>, manifests: &str, sections: Option<&Sections>) -> (Lesson, Vec<Problem>) {
    root.fields(LESSON);
    let title = root.need_text("title", limits::TITLE);
    let (start, problems) = Start::read(root, manifests);
    let mut steps: Vec<Step> = root.list("steps", limits::LIST).iter().map(step).collect();
    if steps.is_empty() {
        root.complain("steps is missing here: a lesson needs at least one");
    }
    let mut introduction = String::new();
    if let Some(sections) = sections {
        introduction.clone_from(&sections.introduction);
        match (&sections.steps[..], &mut steps[..]) {
            ([], [only]) => only.title.clone_from(&title),
            (texts, steps) if texts.len() == steps.len() => {
                for (step, (title, text)) in steps.iter_mut().zip(texts) {
                    step.title.clone_from(title);
                    step.text.clone_from(text);
                }
            }
            (texts, steps) => {
                root.complain(format!("text.md has {} parts headed ## for {} steps", texts.len(), steps.len()));
            }
        }
    }
    let allows = root.list("allows", limits::LIST);
    let languages = root.list("languages", limits::LIST);
    let lesson = Lesson {
        id: id.to_owned(),
        title,
        kind: root.need("kind").and_then(|kind| kind.choice(KINDS)).unwrap_or(Kind::Lesson),
        level: u8::try_from(root.get_number("level", 1, 3, 1)).unwrap_or(1),
        minutes: u16::try_from(root.get_number("minutes", 1, 120, 5)).unwrap_or(5),
        start,
        introduction,
        steps,
        keep: goals(root, "keep"),
        allows: allows.iter().filter_map(|bypass| bypass.choice(crate::verify::BYPASSES)).collect(),
        languages: languages.iter().filter_map(tag).collect(),
        language: String::new(),
    };
    (lesson, problems)
}

/// The tag of a language.
fn tag(node: &Node<'_>) -> Option<String> {
    let tag = node.text(limits::TITLE);
    let fits = translate::is_tag(&tag);
    if !fits && !tag.is_empty() {
        node.complain("here must stand the tag of a language, such as tr");
    }
    fits.then_some(tag)
}

fn step(node: &Node<'_>) -> Step {
    node.fields(STEP);
    let goals = goals(node, "goals");
    if goals.is_empty() {
        node.complain("goals is missing here: a step needs at least one");
    }
    let wrong = node.list("wrong", limits::LIST);
    Step {
        title: String::new(),
        text: String::new(),
        goals,
        hints: node.texts("hints", limits::TEXT),
        solution: node.get_text("solution", limits::SCRIPT).unwrap_or_default(),
        wrong: wrong.iter().map(wrong_answer).collect(),
    }
}

fn wrong_answer(node: &Node<'_>) -> WrongAnswer {
    node.fields(WRONG);
    let when = goals(node, "when");
    if when.is_empty() {
        node.complain("when is missing here: what is so when somebody made this mistake");
    }
    WrongAnswer {
        commands: node.need_text("commands", limits::SCRIPT),
        when,
        feedback: node.need_text("feedback", limits::TEXT),
    }
}

fn goals(node: &Node<'_>, name: &str) -> Vec<Goal> {
    let quiet = name == "when";
    node.list(name, limits::LIST).iter().filter_map(|node| goal(node, quiet)).collect()
}

/// Reads a goal; one that is never shown needs no words.
fn goal(node: &Node<'_>, quiet: bool) -> Option<Goal> {
    let mut known: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
    known.push("goal");
    node.fields(&known);
    let asked: Vec<_> = CHECKS.iter().filter_map(|check| Some((*check, node.get(check.name)?))).collect();
    let [(check, fields)] = &asked[..] else {
        node.complain(format!("a goal has exactly one of: {}", known[..known.len() - 1].join(", ")));
        return None;
    };
    fields.fields(check.fields);
    let judge = (check.read)(fields);
    let words = match (judge.question(), quiet) {
        (Some(question), _) => question.asks.clone(),
        (None, true) => node.get_text("goal", limits::TITLE).unwrap_or_default(),
        (None, false) => node.need_text("goal", limits::TITLE),
    };
    Some(Goal { words, check: check.name, judge, retold: None })
}
