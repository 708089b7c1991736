//! The same lesson in another language: its words beside it, as `lesson.LANGUAGE.yaml` and `text.LANGUAGE.md`. What is to be
//! done, and how that is judged, is said once, in `lesson.yaml`.

use crate::check::{Question, QuestionOption};
use crate::lesson::{Goal, Lesson, Step};
use crate::limits;
use crate::markdown::{self, Block};
use crate::problem::Problem;
use crate::read::{Node, Source, at};
use crate::text;

impl Lesson {
    /// It in a language, by the words of `lesson.LANGUAGE.yaml` and the text of `text.LANGUAGE.md`.
    ///
    /// # Errors
    /// Everything that is wrong with these files, or does not fit the lesson, each with its place.
    pub fn in_language(&self, language: &str, words: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let (words_file, text_file) = (format!("lesson.{language}.yaml"), format!("text.{language}.md"));
        let source = Source::new(&words_file, words)?;
        let mut told = self.clone();
        told.language = language.to_owned();
        retell(&mut told, &source.root());
        let mut problems = source.problems();
        problems.extend(retell_text(&mut told, self, &text_file, text).err());
        if problems.is_empty() { Ok(told) } else { Err(problems) }
    }
}

/// Whether this can be a language's tag. It becomes part of an address: nothing else may stand in it.
pub(crate) fn is_tag(tag: &str) -> bool {
    let is_part = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    tag.split('-').count() <= 3 && tag.split('-').all(is_part)
}

/// As many things as there are in the lesson.
fn same<'a>(node: &Node<'a>, name: &str, wanted: usize) -> Vec<Node<'a>> {
    let found = node.list(name, limits::LIST);
    if found.len() != wanted {
        node.complain(format!("here are {} {name}, and lesson.yaml has {wanted}", found.len()));
    }
    found
}

fn retell(told: &mut Lesson, root: &Node<'_>) {
    root.fields(&["title", "steps", "keep"]);
    let before = std::mem::replace(&mut told.title, root.need_text("title", limits::TITLE));
    for (node, step) in same(root, "steps", told.steps.len()).iter().zip(&mut told.steps) {
        if step.title == before {
            step.title.clone_from(&told.title);
        }
        retell_step(step, node);
    }
    retell_goals(&mut told.keep, root, "keep");
}

fn retell_step(step: &mut Step, node: &Node<'_>) {
    node.fields(&["goals", "hints", "wrong"]);
    retell_goals(&mut step.goals, node, "goals");
    for (node, hint) in same(node, "hints", step.hints.len()).iter().zip(&mut step.hints) {
        *hint = node.text(limits::TEXT);
    }
    for (node, wrong) in same(node, "wrong", step.wrong.len()).iter().zip(&mut step.wrong) {
        wrong.feedback = node.text(limits::TEXT);
    }
}

fn retell_goals(goals: &mut [Goal], node: &Node<'_>, name: &str) {
    for (node, goal) in same(node, name, goals.len()).iter().zip(goals) {
        match goal.question().cloned() {
            Some(question) => goal.retold = Some(retell_question(question, node)),
            None => goal.words = node.text(limits::TITLE),
        }
        if let Some(question) = &goal.retold {
            goal.words.clone_from(&question.asks);
        }
    }
}

fn retell_question(question: Question, node: &Node<'_>) -> Question {
    node.fields(&["asks", "options"]);
    let nodes = same(node, "options", question.options.len());
    let options = nodes.iter().zip(question.options).map(|(node, option)| {
        node.fields(&["says", "because"]);
        QuestionOption {
            says: node.need_text("says", limits::TEXT),
            because: node.need_text("because", limits::TEXT),
            right: option.right,
        }
    });
    Question { asks: node.need_text("asks", limits::TEXT), options: options.collect() }
}

fn retell_text(told: &mut Lesson, lesson: &Lesson, file: &str, text: &str) -> Result<(), Problem> {
    let problem = |message: String| at(file, manifest::Position::default(), message);
    let sections = text::sections(file, text)?;
    let plain = sections.steps.is_empty() && told.steps.len() == 1;
    if !plain && sections.steps.len() != told.steps.len() {
        return Err(problem(format!(
            "this text has {} parts headed ## for {} steps",
            sections.steps.len(),
            told.steps.len()
        )));
    }
    told.introduction = sections.introduction;
    for (step, (title, text)) in told.steps.iter_mut().zip(sections.steps) {
        (step.title, step.text) = (title, text);
    }
    let differs = |told: &str, text: &str| code(told) != code(text);
    if differs(&told.introduction, &lesson.introduction) {
        return Err(problem("the commands before the first step are others than in text.md".to_owned()));
    }
    let step = told.steps.iter().zip(&lesson.steps).position(|(told, step)| differs(&told.text, &step.text));
    step.map_or(Ok(()), |step| Err(problem(format!("the commands of step {} are others than in text.md", step + 1))))
}

/// What stands between fences: what one is to type is the same in every language.
fn code(text: &str) -> Vec<String> {
    let blocks = markdown::read(text).into_iter();
    blocks.filter_map(|block| if let Block::Code { text, .. } = block { Some(text) } else { None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Files;

    const LESSON: &str = "\
title: T
kind: predict
languages: [tr]
steps:
- goals:
  - answer:
      asks: One?
      options: [{says: 'Yes', right: true, because: So.}, {says: 'No', because: Not so.}]
  - {goal: You tried, command: {words: [ls]}}
  hints: [Think.]
  wrong:
  - {commands: ls, when: [{command: {words: [ls]}}], feedback: No.}
keep:
- {goal: It stays, unchanged: {objects: [service/a]}}
";
    const TEXT: &str = "Hello.\n\n```sh\nls\n```\n";
    const WORDS: &str = "\
title: B
steps:
- goals:
  - {asks: 'Bir mi?', options: [{says: Evet, because: Öyle.}, {says: Hayır, because: Değil.}]}
  - Denedin
  hints: [Düşün.]
  wrong: [Hayır.]
keep: [Kalıyor]
";

    fn lesson() -> Lesson {
        Lesson::read("t", &Files { lesson: LESSON, start: "", text: TEXT }).unwrap()
    }

    #[test]
    fn all_that_is_read_is_in_the_other_language() {
        let told = lesson().in_language("tr", WORDS, "Merhaba.\n\n```sh\nls\n```\n").unwrap();
        let step = &told.steps[0];
        assert_eq!((told.title.as_str(), step.title.as_str(), told.language.as_str()), ("B", "B", "tr"));
        assert!(told.introduction.starts_with("Merhaba."));
        assert_eq!((step.hints[0].as_str(), step.wrong[0].feedback.as_str()), ("Düşün.", "Hayır."));
        assert_eq!((step.goals[1].words.as_str(), told.keep[0].words.as_str()), ("Denedin", "Kalıyor"));
        let question = step.goals[0].question().unwrap();
        assert_eq!((question.asks.as_str(), question.options[0].because.as_str()), ("Bir mi?", "Öyle."));
        assert!(question.options[0].right && !question.options[1].right, "what is right is said in lesson.yaml");
    }

    #[test]
    fn what_does_not_fit_is_said_with_its_place() {
        let said = |words: &str, text: &str| {
            let problems = lesson().in_language("tr", words, text).unwrap_err();
            problems.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            said(&WORDS.replace("hints: [Düşün.]", "hints: []").replace("keep: [Kalıyor]", "kept: []"), TEXT),
            [
                "lesson.tr.yaml:1:1: here are 0 keep, and lesson.yaml has 1",
                "lesson.tr.yaml:3:3: here are 0 hints, and lesson.yaml has 1",
                "lesson.tr.yaml:8:1: there is no field kept; known here: title, steps, keep",
            ]
        );
        assert_eq!(
            said(WORDS, "x\n```sh\nrm\n```\n"),
            ["text.tr.md:1:1: the commands before the first step are others than in text.md"]
        );
        assert_eq!(said(WORDS, "## A\n## B\n"), ["text.tr.md:1:1: this text has 2 parts headed ## for 1 steps"]);
        assert_eq!(said("[", TEXT).len(), 1);
    }

    #[test]
    fn a_tag_is_no_address() {
        assert!(["tr", "pt-BR", "zh-Hant-TW"].into_iter().all(is_tag));
        assert!(!["", "t", "../x", "tr/", "a-b-c-d", "languages"].into_iter().any(is_tag));
    }
}
