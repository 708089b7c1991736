//! An exam: a set of exercises with points and a time, and a report in the end.

use std::collections::BTreeMap;

use cluster::Rng;

use crate::attempt::{Attempt, Judgement};
use crate::index::{Entry, Index};
use crate::lesson::Kind;

/// Percent of the points that it takes to pass, as in the exams that learners prepare for.
pub const PASSES: u32 = 66;

/// A set of exercises.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exam {
    /// In the order in which they are shown.
    pub tasks: Vec<Task>,
    /// How many seconds there are.
    pub seconds: u64,
}

/// One exercise of an exam.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Task {
    /// The exercise.
    pub entry: Entry,
    /// What it is worth.
    pub points: u32,
}

/// How much of an exercise is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Score {
    /// Goals reached.
    pub met: u32,
    /// Goals there are.
    pub of: u32,
}

/// How an exam went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// Points for each task, in the exam's order.
    pub points: Vec<u32>,
    /// All of them.
    pub total: u32,
    /// What there was to get.
    pub of: u32,
}

impl Report {
    /// Whether that is enough.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.of > 0 && self.total * 100 >= self.of * PASSES
    }
}

impl Exam {
    /// Draws so many exercises by a seed, from as many parts of the course as there are; fewer when there are fewer.
    #[must_use]
    pub fn draw(index: &Index, seed: u64, tasks: usize) -> Self {
        let mut rng = Rng::new(seed);
        let fits = |entry: &&Entry| !matches!(entry.kind, Kind::Lesson | Kind::Predict);
        let mut parts: Vec<Vec<&Entry>> =
            index.parts.iter().map(|part| part.lessons.iter().filter(fits).collect()).collect();
        let mut drawn = Vec::new();
        while drawn.len() < tasks {
            parts.retain(|part| !part.is_empty());
            // A round takes one of each part, in the order of the course if there is room for all.
            let mut round: Vec<usize> = (0..parts.len()).collect();
            while round.len() > tasks - drawn.len() {
                round.remove(choose(round.len(), &mut rng));
            }
            if round.is_empty() {
                break;
            }
            for part in round {
                let at = choose(parts[part].len(), &mut rng);
                drawn.push(parts[part].swap_remove(at));
            }
        }
        let seconds = drawn.iter().map(|entry| u64::from(entry.minutes) * 60).sum();
        let task = |entry: &Entry| Task { points: 2 + 2 * u32::from(entry.level), entry: entry.clone() };
        Self { tasks: drawn.into_iter().map(task).collect(), seconds }
    }

    /// The report on what was done, by the exercises' ids. What nobody tried has no points.
    #[must_use]
    pub fn report(&self, scores: &BTreeMap<String, Score>) -> Report {
        let points = |task: &Task| {
            let score = scores.get(&task.entry.id).copied().unwrap_or_default();
            (task.points * score.met.min(score.of)).checked_div(score.of).unwrap_or_default()
        };
        let points: Vec<u32> = self.tasks.iter().map(points).collect();
        Report { total: points.iter().sum(), of: self.tasks.iter().map(|task| task.points).sum(), points }
    }
}

/// A place in a list of so many.
fn choose(length: usize, rng: &mut Rng) -> usize {
    usize::try_from(rng.below(length as u64)).unwrap_or_default()
}

impl Attempt {
    /// How much of the exercise is done, when its current step stands as was judged. Nothing counts while something is
    /// broken that must stay.
    #[must_use]
    pub fn score(&self, judged: &Judgement) -> Score {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let steps = &self.lesson().steps;
        let of = count(steps.iter().map(|step| step.goals.len()).sum());
        if judged.keep.iter().any(|verdict| !verdict.met) {
            return Score { met: 0, of };
        }
        let before: usize = steps.iter().take(self.step()).map(|step| step.goals.len()).sum();
        let now = if self.is_finished() { 0 } else { judged.goals.iter().filter(|verdict| verdict.met).count() };
        Score { met: count(before + now).min(of), of }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let part = |title: &str, lessons: &str| format!("- title: {title}\n  lessons: [{lessons}]\n");
        let one = part(
            "One",
            "{id: a, title: A, kind: lesson}, {id: b, title: B, kind: fix}, {id: c, title: C, kind: build, level: 3}",
        );
        let two = part("Two", "{id: d, title: D, kind: predict}, {id: e, title: E, kind: diagnose, minutes: 10}");
        Index::read(&format!("parts:\n{one}{two}")).unwrap()
    }

    #[test]
    fn an_exam_has_something_of_each_part() {
        for seed in 0..20 {
            let exam = Exam::draw(&index(), seed, 2);
            assert_eq!(exam, Exam::draw(&index(), seed, 2));
            let ids: Vec<&str> = exam.tasks.iter().map(|task| task.entry.id.as_str()).collect();
            assert!(ids == ["b", "e"] || ids == ["c", "e"], "{ids:?}");
            assert_eq!(exam.seconds, 15 * 60);
        }
        assert_eq!(Exam::draw(&index(), 1, 9).tasks.len(), 3);
        assert_eq!(Exam::draw(&Index::default(), 1, 9).tasks, []);
    }

    #[test]
    fn half_the_goals_are_half_the_points() {
        let exam = Exam::draw(&index(), 1, 3);
        let scores = |met: u32| ["b", "c", "e"].map(|id| (id.to_owned(), Score { met, of: 4 })).into();
        let report = |met: u32| exam.report(&scores(met));
        assert_eq!((report(4).total, report(4).of, report(4).is_passed()), (16, 16, true));
        assert_eq!((report(2).total, report(2).is_passed()), (8, false));
        assert_eq!((report(3).total, report(3).is_passed()), (12, true));
        assert_eq!(exam.report(&BTreeMap::new()).total, 0);
    }
}
