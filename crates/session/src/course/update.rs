//! What happens to the course: by a message, and as time passes.

use std::sync::Arc;

use course::{Exam, Progress, Record, practice};

use super::desk::{Desk, Origin};
use super::exam::{hand_in, keep_exam, task};
use super::kept::{keep, restore};
use super::opening::{begin, fetched, fragment, open, show};
use super::sitting::Sitting;
use super::telling::speak;
use super::ways::{leave, start_again, undo_step};
use super::{CourseMsg, CoursePage, SHOWN, builder};
use crate::model::Model;
use crate::update::Effect;

/// Does what is asked.
pub(crate) fn update(model: &mut Model, msg: CourseMsg) -> Vec<Effect> {
    // A file that comes late takes back nothing that was said of another.
    if !matches!(msg, CourseMsg::Fetched(..) | CourseMsg::Speak(_)) {
        model.course.trouble.clear();
    }
    match msg {
        CourseMsg::Show(page) => return show(model, page),
        CourseMsg::Fetched(address, text) => return fetched(model, &address, text),
        CourseMsg::Restore(text, ago) => return restore(model, &text, ago),
        CourseMsg::Speak(language) => return speak(model, &language),
        CourseMsg::Open(id) => return open(model, &id, 0),
        CourseMsg::Leave => return leave(model),
        CourseMsg::StartAgain => return start_again(model),
        CourseMsg::UndoStep => return undo_step(model),
        CourseMsg::SetCheckpoint => {
            let desktop = model.desktop();
            if let Some(desk) = &mut model.course.desk {
                desk.set_checkpoint(desktop);
            }
        }
        CourseMsg::ToCheckpoint => {
            let back = model.course.desk.as_mut().and_then(Desk::back_to_checkpoint);
            return back.map_or_else(Vec::new, |desktop| vec![model.set_desktop(desktop)]);
        }
        CourseMsg::Choose(goal, option) => {
            if let Some(desk) = &mut model.course.desk {
                desk.choose(goal, option, &model.cluster);
            }
            return keep_exam(model);
        }
        CourseMsg::Hint => {
            if let Some(desk) = &mut model.course.desk {
                desk.hint();
            }
        }
        CourseMsg::Solution => {
            if let Some(desk) = &mut model.course.desk {
                desk.shows_solution = true;
            }
        }
        CourseMsg::Fragment(text) => return fragment(model, &text),
        CourseMsg::Practice(seed, level) => {
            model.course.making = Some((seed, level, model.course.millis + SHOWN));
            return show(model, Some(CoursePage::Lesson));
        }
        CourseMsg::Exam(seed, tasks) => {
            if let Some(index) = &model.course.index {
                let exam = Exam::draw(index, seed, tasks);
                model.course.sitting = Some(Sitting::new(exam, model.course.millis));
            }
            let mut effects = show(model, Some(CoursePage::Exam));
            effects.push(keep(model));
            return effects;
        }
        CourseMsg::Task(at) => return task(model, at),
        CourseMsg::HandIn => return hand_in(model),
        CourseMsg::EndExam => {
            let mut effects = hand_in(model);
            (model.course.sitting, model.course.resuming) = (None, None);
            effects.push(keep(model));
            return effects;
        }
        CourseMsg::Builder(msg) => builder::update(model, msg),
        CourseMsg::TryDraft => match model.course.building.lesson() {
            Ok(lesson) => return begin(model, lesson, 0, Origin::Draft),
            Err(problems) => model.course.trouble = problems.into_iter().next().unwrap_or_default(),
        },
        CourseMsg::Import(text) => match Progress::read(&text) {
            Ok(other) => {
                model.course.progress.merge(&other);
                return vec![keep(model)];
            }
            Err(problems) => {
                let why = problems.first().map(ToString::to_string).unwrap_or_default();
                model.course.trouble = format!("This file holds no progress: {why}");
            }
        },
        CourseMsg::Forget => {
            model.course.progress = Progress::default();
            return vec![keep(model)];
        }
    }
    Vec::new()
}

/// Goes on with judging, a little at a time, and does what follows from a step that is done.
pub(crate) fn poll(model: &mut Model, millis: u64) -> Vec<Effect> {
    let mut effects = pass_time(model, millis);
    let course = &mut model.course;
    let Some(desk) = &mut course.desk else { return effects };
    if !desk.poll(&model.cluster, millis) {
        return effects;
    }
    let desktop = model.desktop();
    let course = &mut model.course;
    let Some(desk) = &mut course.desk else { return effects };
    desk.begin_step(desktop);
    if !desk.origin.counts() {
        return effects;
    }
    let lesson = desk.attempt.lesson();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let record =
        Record { steps: count(desk.attempt.step()), hints: count(desk.hints), done: desk.attempt.is_finished() };
    course.progress.note(&lesson.id, record);
    effects.push(keep(model));
    effects
}

/// What is due besides checks: a task to be made, an exam that is over, a test of a draft.
fn pass_time(model: &mut Model, millis: u64) -> Vec<Effect> {
    let course = &mut model.course;
    (course.millis, course.stirred) = (millis, false);
    if let Some((seed, level, _)) = course.making.take_if(|(_, _, at)| *at <= millis) {
        return match practice(seed, level) {
            Some(made) => {
                let lesson = Arc::unwrap_or_clone(made.lesson);
                begin(model, lesson, 0, Origin::Practice { seed, level, causes: made.causes })
            }
            None => {
                model.course.trouble = "This number leads to no task. Take another one.".to_owned();
                Vec::new()
            }
        };
    }
    if course.building.testing {
        course.building.test();
    }
    if let Some(sitting) = &mut course.sitting {
        let was_marking = sitting.is_marking();
        sitting.mark();
        if was_marking && !sitting.is_marking() {
            return vec![keep(model)];
        }
        // What is still being brought back counts, however late it is.
        if !sitting.is_handed_in() && sitting.ends_at <= millis && course.resuming.is_none() {
            return hand_in(model);
        }
    }
    Vec::new()
}
