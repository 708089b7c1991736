//! The text that brings progress back: a line that names the format, a line with what is open, a line with the exam, and the
//! file of progress.
//! What comes from a store is hostile until decoded here.

use course::Progress;

use super::desk::Origin;
use super::exam::{bring_back, sat};
use super::link;
use super::opening::open;
use super::sat::Sat;
use crate::model::Model;
use crate::update::Effect;

/// The first line of what is kept by this version.
const HEAD: &str = "services-playground-course 2";
/// The first line of what was kept before exams were.
const HEAD_WITHOUT_EXAM: &str = "services-playground-course 1";

/// What was kept.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Kept {
    progress: Progress,
    /// The lesson that was open, and its step.
    open: Option<(String, usize)>,
    exam: Option<Sat>,
}

fn encode(open: Option<(&str, usize)>, exam: Option<&Sat>, progress: &Progress) -> String {
    let open = open.map(|(id, step)| format!("{step} {id}")).unwrap_or_default();
    let exam = exam.map(Sat::encode).unwrap_or_default();
    format!("{HEAD}\nopen {open}\nexam {exam}\n{}", progress.to_json())
}

/// # Errors
/// In words for the learner.
fn decode(text: &str) -> Result<Kept, String> {
    let refuse = |why: &str| format!("Your progress in the course could not be brought back: {why}");
    let parts = text.split_once('\n').and_then(|(head, rest)| {
        let (open, rest) = rest.split_once('\n')?;
        match head {
            HEAD => rest.split_once('\n').map(|(exam, progress)| (open, exam, progress)),
            HEAD_WITHOUT_EXAM => Some((open, "", rest)),
            _ => None,
        }
    });
    let (open, exam, progress) = parts.ok_or_else(|| refuse("it was kept by another version"))?;
    let open = open.strip_prefix("open ").and_then(|open| open.split_once(' '));
    let open = open.and_then(|(step, id)| Some((id.to_owned(), step.parse().ok()?))).filter(|(id, _)| link::is_id(id));
    let problem =
        |problems: Vec<course::Problem>| refuse(&problems.first().map(ToString::to_string).unwrap_or_default());
    let exam = exam.strip_prefix("exam ").and_then(Sat::decode);
    Ok(Kept { progress: Progress::read(progress).map_err(problem)?, open, exam })
}

pub(super) fn restore(model: &mut Model, text: &str, ago: u64) -> Vec<Effect> {
    match decode(text) {
        Ok(kept) => {
            model.course.progress = kept.progress;
            if let Some(sat) = kept.exam {
                return bring_back(model, sat, ago);
            }
            let (id, step) = kept.open.unwrap_or_default();
            if id.is_empty() { Vec::new() } else { open(model, &id, step) }
        }
        Err(words) => {
            model.course.trouble = words;
            Vec::new()
        }
    }
}

/// Everything that is to be kept of the course.
pub(super) fn keep(model: &Model) -> Effect {
    let course = &model.course;
    let of_site = course.desk.as_ref().filter(|desk| matches!(desk.origin, Origin::Course));
    let open = of_site.map(|desk| (desk.attempt.lesson().id.as_str(), desk.attempt.step()));
    let exam = course.sitting.as_ref().map(|sitting| sat(model, sitting));
    // One that is being brought back is what it was.
    let exam = exam.or_else(|| course.resuming.as_ref().map(|resuming| resuming.sat.clone()));
    Effect::KeepCourse(encode(open, exam.as_ref(), &course.progress))
}

#[cfg(test)]
mod tests {
    use course::Record;

    use super::*;

    #[test]
    fn what_was_kept_comes_back() {
        let mut progress = Progress::default();
        progress.note("why-services", Record { steps: 2, hints: 1, done: false });
        for open in [None, Some(("why-services", 2))] {
            let kept = decode(&encode(open, None, &progress)).unwrap();
            assert_eq!(kept.progress, progress);
            assert_eq!(kept.open, open.map(|(id, step)| (id.to_owned(), step)));
        }
    }

    #[test]
    fn what_is_damaged_is_refused_and_no_address_is_made_of_it() {
        for text in ["", "x\ny\nz", "services-playground-course 1\nopen \n{", "services-playground-course 3\nopen \n{}"]
        {
            assert!(decode(text).is_err(), "{text}");
        }
        let kept = decode("services-playground-course 1\nopen 1 ../../x\n{\"progress\": 1, \"lessons\": {}}").unwrap();
        assert_eq!(kept.open, None);
        let kept =
            decode("services-playground-course 2\nopen 1 a\nexam {\n{\"progress\": 1, \"lessons\": {}}").unwrap();
        assert_eq!(
            (kept.open, kept.exam),
            (Some(("a".to_owned(), 1)), None),
            "a damaged exam takes nothing else with it"
        );
    }

    #[test]
    fn what_was_kept_before_exams_were_is_read() {
        let kept = decode("services-playground-course 1\nopen 1 a\n{\"progress\": 1, \"lessons\": {}}").unwrap();
        assert_eq!((kept.open, kept.exam), (Some(("a".to_owned(), 1)), None));
    }
}
