//! The ways back: out of a lesson, to its beginning, to the beginning of a step.

use super::CoursePage;
use super::exam::set_task_aside;
use super::kept::keep;
use super::opening::show;
use crate::model::Model;
use crate::update::Effect;

pub(super) fn leave(model: &mut Model) -> Vec<Effect> {
    let mut effects = show(model, Some(CoursePage::Map));
    effects.extend(put_away(model));
    effects
}

/// Takes the lesson off the desk, and brings back what was there before it.
pub(crate) fn put_away(model: &mut Model) -> Vec<Effect> {
    set_task_aside(model);
    let course = &mut model.course;
    (course.desk, course.fetching, course.making) = (None, None, None);
    if course.page == Some(CoursePage::Lesson) {
        course.page = Some(CoursePage::Map);
    }
    let own = course.own.take().map(|own| model.set_desktop(own));
    own.into_iter().chain([keep(model)]).collect()
}

pub(super) fn start_again(model: &mut Model) -> Vec<Effect> {
    let file = model.course.next_file();
    let Some(desk) = &model.course.desk else { return Vec::new() };
    let (again, desktop) = desk.anew(file);
    model.course.desk = Some(again);
    model.course.serial += 1;
    vec![model.set_desktop(desktop), keep(model)]
}

pub(super) fn undo_step(model: &mut Model) -> Vec<Effect> {
    let texts = model.editor.texts();
    let back = model.course.desk.as_mut().and_then(|desk| desk.undo_step(&texts));
    back.map_or_else(Vec::new, |desktop| vec![model.set_desktop(desktop), keep(model)])
}
