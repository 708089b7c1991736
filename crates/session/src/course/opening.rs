//! How a lesson comes to the desk: from the site, from an address, from a link.

use std::sync::Arc;

use course::{Attempt, Files, Index, Lesson};

use super::desk::{Desk, Origin};
use super::exam::{resume, resumed, set_task_aside};
use super::fetching::{Fetched, Fetching, NotFetched};
use super::kept::keep;
use super::link::{self, Asked};
use super::telling::{retell, retell_map, take};
use super::update::update;
use super::{CourseMsg, CoursePage, INDEX};
use crate::model::{Desktop, Model};
use crate::update::Effect;

pub(super) fn show(model: &mut Model, page: Option<CoursePage>) -> Vec<Effect> {
    model.course.page = page;
    let wants_map = page.is_some() && model.course.index.is_none();
    if wants_map { vec![Effect::Fetch(INDEX.to_owned())] } else { Vec::new() }
}

pub(super) fn open(model: &mut Model, id: &str, step: usize) -> Vec<Effect> {
    fetch(model, Fetching::of(id, step))
}

pub(super) fn fetch(model: &mut Model, fetching: Fetching) -> Vec<Effect> {
    model.course.making = None;
    let mut effects: Vec<Effect> = fetching.addresses().into_iter().map(Effect::Fetch).collect();
    model.course.fetching = Some(fetching);
    effects.extend(show(model, Some(CoursePage::Lesson)));
    effects
}

pub(super) fn fetched(model: &mut Model, address: &str, text: Result<String, NotFetched>) -> Vec<Effect> {
    if address == INDEX {
        match text.as_deref().map(Index::read) {
            Ok(Ok(index)) => {
                model.course.index = Some(index);
                return [retell_map(model), resume(model)].concat();
            }
            _ => model.course.trouble = "The map of the course could not be loaded. Is there a network?".to_owned(),
        }
        return Vec::new();
    }
    if take(model, address, &text) {
        return Vec::new();
    }
    let mut effects = resumed(model, address, text.clone());
    let Some(fetching) = &mut model.course.fetching else { return effects };
    match fetching.take(address, text) {
        Fetched::More => {}
        Fetched::Failed(why) => {
            model.course.fetching = None;
            let file = address.rsplit('/').next().unwrap_or(address);
            model.course.trouble = format!("This lesson cannot be opened: its {file} {why}");
        }
        Fetched::All => {
            let Some(all) = model.course.fetching.take() else { return effects };
            let (lesson, start, text) = all.texts();
            effects.extend(read(model, &all.id, &Files { lesson, start, text }, all.step, all.origin.clone()));
        }
    }
    effects
}

pub(super) fn read(model: &mut Model, id: &str, files: &Files<'_>, step: usize, origin: Origin) -> Vec<Effect> {
    match Lesson::read(id, files) {
        Ok(lesson) => begin(model, lesson, step, origin),
        Err(problems) => {
            let why = problems.first().map(ToString::to_string).unwrap_or_default();
            model.course.trouble = format!("This lesson cannot be read: {why}");
            Vec::new()
        }
    }
}

/// Puts a lesson on the learner's desk.
pub(super) fn begin(model: &mut Model, lesson: Lesson, step: usize, origin: Origin) -> Vec<Effect> {
    let mut effects = show(model, Some(CoursePage::Lesson));
    let (attempt, cluster) = match Attempt::begin_at(Arc::new(lesson), step) {
        Ok(begun) => begun,
        Err(why) => {
            model.course.trouble = format!("This lesson cannot begin: {why}");
            return effects;
        }
    };
    set_task_aside(model);
    let file = model.course.next_file();
    let desktop = Desktop::of_lesson(cluster, attempt.lesson(), file);
    if model.course.own.is_none() {
        model.course.own = Some(model.desktop());
    }
    if let (Some(sitting), Origin::Task(at)) = (&mut model.course.sitting, &origin) {
        sitting.current = Some(*at);
    }
    model.course.desk = Some(Desk::new(attempt, desktop.clone(), origin));
    model.course.serial += 1;
    effects.push(model.set_desktop(desktop));
    effects.push(keep(model));
    effects.extend(retell(model));
    effects
}

pub(super) fn fragment(model: &mut Model, text: &str) -> Vec<Effect> {
    match link::read(text) {
        Ok(None) => Vec::new(),
        Ok(Some(Asked::Lesson(id))) => open(model, &id, 0),
        Ok(Some(Asked::Practice(seed, level))) => update(model, CourseMsg::Practice(seed, level)),
        Ok(Some(Asked::Pack(files))) => {
            let effects = show(model, Some(CoursePage::Lesson));
            let [lesson, start, text] = files.each_ref().map(String::as_str);
            [effects, read(model, "lesson-of-a-link", &Files { lesson, start, text }, 0, Origin::Elsewhere(None))]
                .concat()
        }
        Ok(Some(Asked::Elsewhere(folder))) => fetch(model, Fetching::elsewhere(folder)),
        Err(words) => {
            model.course.trouble = words.to_owned();
            show(model, Some(CoursePage::Map))
        }
    }
}
