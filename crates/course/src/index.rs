//! The parts of the course and the lessons in each: `index.yaml`.

use std::collections::BTreeSet;

use crate::limits;
use crate::problem::Problem;
use crate::read::Source;

/// The course's map.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Index {
    /// In the order in which one meets them.
    pub parts: Vec<Part>,
}

/// One part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Its title.
    pub title: String,
    /// The folders of its lessons and exercises, in order.
    pub lessons: Vec<String>,
}

impl Index {
    /// Reads `index.yaml`.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        let source = Source::new("index.yaml", text)?;
        let root = source.root();
        root.fields(&["parts"]);
        let mut seen = BTreeSet::new();
        let mut parts = Vec::new();
        for node in root.list("parts", limits::LESSONS) {
            node.fields(&["title", "lessons"]);
            let mut lessons = Vec::new();
            for lesson in node.list("lessons", limits::LESSONS) {
                let id = lesson.text(limits::TITLE);
                // An id becomes part of an address: nothing else may stand in it.
                if !id.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-') {
                    lesson.complain("a lesson's name has small letters, digits and dashes only");
                }
                if !seen.insert(id.clone()) {
                    lesson.complain(format!("{id} stands here again"));
                }
                lessons.push(id);
            }
            parts.push(Part { title: node.need_text("title", limits::TITLE), lessons });
        }
        let problems = source.problems();
        if problems.is_empty() { Ok(Self { parts }) } else { Err(problems) }
    }

    /// All lessons, in order.
    pub fn lessons(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().flat_map(|part| &part.lessons).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_names_parts_and_lessons() {
        let index = Index::read("parts:\n- title: One\n  lessons: [a-1, b]\n- title: Two\n  lessons: [c]\n").unwrap();
        assert_eq!(index.lessons().collect::<Vec<_>>(), ["a-1", "b", "c"]);
        for (text, place, words) in [
            ("parts:\n- titel: One\n  lessons: []\n", (2, 3), "there is no field titel; did you mean title?"),
            ("parts:\n- title: One\n  lessons: [a, a]\n", (3, 16), "a stands here again"),
            (
                "parts:\n- title: One\n  lessons: [../a]\n",
                (3, 13),
                "a lesson's name has small letters, digits and dashes only",
            ),
            ("parts: 3\n", (1, 1), "here must stand a list"),
            ("parts: [\n", (2, 1), "A value was expected here."),
        ] {
            let problems = Index::read(text).unwrap_err();
            let first = &problems[0];
            assert_eq!(((first.line, first.column), first.message.as_str()), (place, words), "{text}");
        }
    }
}
