//! The parts of the course and the lessons in each: `index.yaml`.

use std::collections::BTreeSet;

use crate::lesson::{KINDS, Kind, Lesson};
use crate::limits;
use crate::problem::Problem;
use crate::read::{Node, Source};

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
    /// Its lessons and exercises, in order.
    pub lessons: Vec<Entry>,
}

/// What the map of the course shows of a lesson: it is drawn before any lesson is fetched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
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
}

impl Entry {
    /// What the map must say of a lesson.
    #[must_use]
    pub fn of(lesson: &Lesson) -> Self {
        let Lesson { id, title, kind, level, minutes, .. } = lesson;
        Self { id: id.clone(), title: title.clone(), kind: *kind, level: *level, minutes: *minutes }
    }

    fn read(node: &Node<'_>) -> Self {
        node.fields(&["id", "title", "kind", "level", "minutes"]);
        let id = node.need_text("id", limits::TITLE);
        // An id becomes part of an address: nothing else may stand in it.
        if !id.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-') {
            node.complain("a lesson's id has small letters, digits and dashes only");
        }
        Self {
            id,
            title: node.need_text("title", limits::TITLE),
            kind: node.need("kind").and_then(|kind| kind.choice(KINDS)).unwrap_or(Kind::Lesson),
            level: u8::try_from(node.get_number("level", 1, 3, 1)).unwrap_or(1),
            minutes: u16::try_from(node.get_number("minutes", 1, 120, 5)).unwrap_or(5),
        }
    }
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
            let mut lessons: Vec<Entry> = Vec::new();
            for lesson in node.list("lessons", limits::LESSONS) {
                let entry = Entry::read(&lesson);
                if !seen.insert(entry.id.clone()) {
                    lesson.complain(format!("{} stands here again", entry.id));
                }
                lessons.push(entry);
            }
            parts.push(Part { title: node.need_text("title", limits::TITLE), lessons });
        }
        let problems = source.problems();
        if problems.is_empty() { Ok(Self { parts }) } else { Err(problems) }
    }

    /// It in a language, by the words of `index.LANGUAGE.yaml`: the titles of its parts, and those of the lessons that can be
    /// had in that language. The others keep theirs.
    ///
    /// # Errors
    /// Everything that is wrong with that file, each with its place.
    pub fn in_language(&self, language: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let file = format!("index.{language}.yaml");
        let source = Source::new(&file, text)?;
        let root = source.root();
        root.fields(&["parts", "lessons"]);
        let mut told = self.clone();
        let parts = root.list("parts", limits::LESSONS);
        if parts.len() != told.parts.len() {
            root.complain(format!("here are {} parts, and index.yaml has {}", parts.len(), told.parts.len()));
        }
        for (part, title) in told.parts.iter_mut().zip(parts) {
            part.title = title.text(limits::TITLE);
        }
        for (id, title) in root.get("lessons").map(|node| node.entries(limits::LESSONS)).unwrap_or_default() {
            let mut entries = told.parts.iter_mut().flat_map(|part| &mut part.lessons);
            match entries.find(|entry| entry.id == id) {
                Some(entry) => entry.title = title.text(limits::TITLE),
                None => title.complain(format!("index.yaml has no lesson {id}")),
            }
        }
        let problems = source.problems();
        if problems.is_empty() { Ok(told) } else { Err(problems) }
    }

    /// All lessons, in order.
    pub fn lessons(&self) -> impl Iterator<Item = &Entry> {
        self.parts.iter().flat_map(|part| &part.lessons)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_names_parts_and_lessons() {
        let entry = |id: &str| format!("{{id: {id}, title: T, kind: fix}}");
        let parts = |lessons: &str| format!("parts:\n- title: One\n  lessons: [{lessons}]\n");
        let index = Index::read(&parts(&format!("{}, {}", entry("a-1"), entry("b")))).unwrap();
        let found: Vec<_> = index.lessons().map(|entry| (entry.id.as_str(), entry.kind, entry.minutes)).collect();
        assert_eq!(found, [("a-1", Kind::Fix, 5), ("b", Kind::Fix, 5)]);
        let told = index.in_language("tr", "parts: [Bir]\nlessons: {b: Be}\n").unwrap();
        let titles: Vec<&str> = told.lessons().map(|entry| entry.title.as_str()).collect();
        assert_eq!((told.parts[0].title.as_str(), titles), ("Bir", vec!["T", "Be"]));
        let problems = index.in_language("tr", "parts: []\nlessons: {c: Ce}\n").unwrap_err();
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "index.tr.yaml:1:1: here are 0 parts, and index.yaml has 1",
                "index.tr.yaml:2:11: index.yaml has no lesson c"
            ]
        );
        for (text, place, words) in [
            (
                "parts:\n- titel: One\n  lessons: []\n".to_owned(),
                (2, 3),
                "there is no field titel; did you mean title?",
            ),
            (parts(&format!("{}, {}", entry("a"), entry("a"))), (3, 43), "a stands here again"),
            (parts(&entry("../a")), (3, 13), "a lesson's id has small letters, digits and dashes only"),
            ("parts: 3\n".to_owned(), (1, 1), "here must stand a list"),
        ] {
            let text = &text;
            let problems = Index::read(text).unwrap_err();
            let first = &problems[0];
            assert_eq!(((first.line, first.column), first.message.as_str()), (place, words), "{text}");
        }
    }
}
