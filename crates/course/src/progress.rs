//! What of the course is done, as a value and as a file.

use std::collections::BTreeMap;

use api::{Value, json};

use crate::limits;
use crate::problem::Problem;
use crate::read::Source;

/// What of the course is done.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// By the lesson's folder.
    pub lessons: BTreeMap<String, Record>,
}

/// How far somebody came in one lesson.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// Steps done.
    pub steps: u32,
    /// Hints taken.
    pub hints: u32,
    /// Whether all of it is done.
    pub done: bool,
}

impl Progress {
    /// Notes how far somebody came. Nothing is taken back by trying again.
    pub fn note(&mut self, lesson: &str, now: Record) {
        let record = self.lessons.entry(lesson.to_owned()).or_default();
        record.steps = record.steps.max(now.steps);
        record.hints = record.hints.max(now.hints);
        record.done |= now.done;
    }

    /// What another device did, too.
    pub fn merge(&mut self, other: &Self) {
        for (lesson, record) in &other.lessons {
            self.note(lesson, *record);
        }
    }

    /// It as a file.
    #[must_use]
    pub fn to_json(&self) -> String {
        let record = |(lesson, record): (&String, &Record)| {
            (lesson.clone(), json!({"steps": record.steps, "hints": record.hints, "done": record.done}))
        };
        let lessons: Value = Value::Object(self.lessons.iter().map(record).collect());
        manifest::to_json(&json!({"progress": 1, "lessons": lessons}))
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        let source = Source::new("progress.json", text)?;
        let root = source.root();
        root.fields(&["progress", "lessons"]);
        if let Some(version) = root.need("progress") {
            version.number(1, 1);
        }
        let mut progress = Self::default();
        for (lesson, node) in root.need("lessons").map(|node| node.entries(limits::LESSONS)).unwrap_or_default() {
            node.fields(&["steps", "hints", "done"]);
            let count = |name: &str| u32::try_from(node.get_number(name, 0, 1000, 0)).unwrap_or_default();
            let done = node.get("done").is_some_and(|done| done.flag());
            progress.lessons.insert(lesson, Record { steps: count("steps"), hints: count("hints"), done });
        }
        let problems = source.problems();
        if problems.is_empty() { Ok(progress) } else { Err(problems) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_goes_out_and_comes_back() {
        let mut progress = Progress::default();
        progress.note("a", Record { steps: 2, hints: 1, done: false });
        progress.note("a", Record { steps: 1, hints: 0, done: true });
        assert_eq!(progress.lessons["a"], Record { steps: 2, hints: 1, done: true });
        assert_eq!(Progress::read(&progress.to_json()), Ok(progress));
        for text in ["", "[]", "{\"progress\": 2, \"lessons\": {}}", "{\"progress\": 1, \"lessons\": {\"a\": 3}}"] {
            assert!(Progress::read(text).is_err(), "{text}");
        }
    }
}
