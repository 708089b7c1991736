//! Tasks of an exam on the desk and beside it, the end of an exam, and how one comes back on the next visit.

use std::collections::VecDeque;
use std::sync::Arc;

use course::exam::Task;
use course::{Attempt, Exam, Files, Lesson};

use super::CoursePage;
use super::desk::{Desk, Origin};
use super::fetching::{Fetched, Fetching, NotFetched};
use super::kept::keep;
use super::opening::{fetch, show};
use super::replay::{Input, Inputs, replay};
use super::sat::{Begun, Sat, SatTask};
use super::sitting::Sitting;
use super::telling::retell;
use super::ways::leave;
use crate::model::{Desktop, Model};
use crate::update::Effect;

/// An exam of the last visit on its way back.
#[derive(Debug)]
pub(super) struct Resuming {
    pub(super) sat: Sat,
    /// When it ends, by the front end's clock.
    ends_at: u64,
    /// Tasks that were begun and are not here yet.
    waiting: VecDeque<(usize, Begun)>,
    /// The first of them, on its way.
    fetching: Option<Fetching>,
}

/// Takes up a task of the exam, and puts the one on the desk aside.
pub(super) fn task(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(sitting) = model.course.sitting.as_ref().filter(|sitting| !sitting.is_handed_in()) else {
        return Vec::new();
    };
    let Some(id) = sitting.exam.tasks.get(at).map(|task| task.entry.id.clone()) else { return Vec::new() };
    if sitting.current == Some(at) {
        return show(model, Some(CoursePage::Lesson));
    }
    set_task_aside(model);
    let Some(sitting) = &mut model.course.sitting else { return Vec::new() };
    let Some((mut desk, desktop)) = sitting.take_up(at) else { return fetch(model, Fetching::task(&id, at)) };
    sitting.current = Some(at);
    if model.course.own.is_none() {
        model.course.own = Some(model.desktop());
    }
    desk.inputs.note(desktop.cluster.now(), Input::Anew);
    model.course.desk = Some(desk);
    model.course.serial += 1;
    let replace = model.set_desktop(desktop);
    let shown = show(model, Some(CoursePage::Lesson));
    [vec![replace, keep(model)], shown, retell(model)].concat()
}

/// The end of an exam: the desk is cleared, and the tasks are marked one by one.
pub(super) fn hand_in(model: &mut Model) -> Vec<Effect> {
    if model.course.sitting.as_ref().is_none_or(Sitting::is_handed_in) {
        return Vec::new();
    }
    let mut effects = leave(model);
    if let Some(sitting) = &mut model.course.sitting {
        sitting.hand_in();
    }
    effects.extend(show(model, Some(CoursePage::Exam)));
    effects.push(keep(model));
    effects
}

/// A task of an exam keeps its cluster while something else is on the desk.
pub(super) fn set_task_aside(model: &mut Model) {
    let desktop = model.desktop();
    let course = &mut model.course;
    if let Some(sitting) = course.sitting.as_mut().filter(|sitting| sitting.current.is_some()) {
        sitting.put_aside(course.desk.take(), desktop);
    }
}

/// Remembers what is done in a task of an exam.
pub(crate) fn note(model: &mut Model, input: Input) -> Option<Effect> {
    let desk = model.course.desk.as_mut().filter(|desk| matches!(desk.origin, Origin::Task(_)))?;
    let input = if matches!(input, Input::Texts(_)) { Input::Texts(model.editor.texts()) } else { input };
    desk.inputs.note(model.cluster.now(), input);
    Some(keep(model))
}

/// Keeps the exam, if there is one.
pub(super) fn keep_exam(model: &Model) -> Vec<Effect> {
    model.course.sitting.iter().map(|_| keep(model)).collect()
}

/// An exam as it is kept.
pub(super) fn sat(model: &Model, sitting: &Sitting) -> Sat {
    let course = &model.course;
    let on_desk = course.desk.as_ref().map(|desk| desk.begun(model.cluster.now()));
    let still = |at: usize| {
        let waiting = course.resuming.as_ref()?.waiting.iter().find(|(waiting, _)| *waiting == at);
        waiting.map(|(_, begun)| begun.clone())
    };
    let task = |(at, task): (usize, &Task)| SatTask {
        id: task.entry.id.clone(),
        points: task.points,
        begun: if sitting.current == Some(at) { on_desk.clone() } else { sitting.begun(at).or_else(|| still(at)) },
    };
    let current = sitting.current.or_else(|| course.resuming.as_ref()?.sat.current);
    Sat {
        seconds: sitting.exam.seconds,
        // What is handed in has no time left.
        left: if sitting.is_handed_in() { 0 } else { sitting.ends_at.saturating_sub(course.millis) },
        current,
        tasks: sitting.exam.tasks.iter().enumerate().map(task).collect(),
        report: sitting.report.clone(),
    }
}

/// Brings an exam back that was left so many milliseconds ago: its time has gone on.
pub(super) fn bring_back(model: &mut Model, sat: Sat, ago: u64) -> Vec<Effect> {
    let begun = |(at, task): (usize, &SatTask)| Some((at, task.begun.clone()?));
    let waiting = sat.tasks.iter().enumerate().filter_map(begun).filter(|_| sat.report.is_none()).collect();
    let ends_at = model.course.millis + sat.left.saturating_sub(ago);
    model.course.resuming = Some(Resuming { sat, ends_at, waiting, fetching: None });
    let shown = show(model, Some(CoursePage::Exam));
    if shown.is_empty() { resume(model) } else { shown }
}

/// The map is there: an exam of the last visit can come back.
pub(super) fn resume(model: &mut Model) -> Vec<Effect> {
    let course = &mut model.course;
    let (Some(index), Some(resuming)) = (&course.index, &course.resuming) else { return Vec::new() };
    let sat = &resuming.sat;
    let task = |task: &SatTask| {
        let entry = index.lessons().find(|entry| entry.id == task.id)?.clone();
        Some(Task { entry, points: task.points })
    };
    let Some(tasks) = sat.tasks.iter().map(task).collect::<Option<Vec<Task>>>() else {
        course.resuming = None;
        course.trouble = "Your exam could not be brought back: the course has changed since.".to_owned();
        return vec![keep(model)];
    };
    let exam = Exam { tasks, seconds: sat.seconds };
    course.sitting = Some(Sitting::resumed(exam, resuming.ends_at, sat.report.clone()));
    resume_next(model)
}

/// Fetches the next task that was begun; the last one is followed by the task that was on the desk.
fn resume_next(model: &mut Model) -> Vec<Effect> {
    let Some(resuming) = &mut model.course.resuming else { return Vec::new() };
    if let Some((at, _)) = resuming.waiting.front() {
        let id = resuming.sat.tasks.get(*at).map(|task| task.id.clone()).unwrap_or_default();
        let fetching = Fetching::task(&id, *at);
        let effects = fetching.addresses().into_iter().map(Effect::Fetch).collect();
        resuming.fetching = Some(fetching);
        return effects;
    }
    let current = resuming.sat.current;
    model.course.resuming = None;
    // Whoever has opened something else meanwhile wants that.
    let is_free = model.course.desk.is_none() && model.course.fetching.is_none();
    current.filter(|_| is_free).map(|at| task(model, at)).unwrap_or_default()
}

/// Takes a file of a task that is on its way back.
pub(super) fn resumed(model: &mut Model, address: &str, text: Result<String, NotFetched>) -> Vec<Effect> {
    let Some(resuming) = &mut model.course.resuming else { return Vec::new() };
    let Some(fetching) = &mut resuming.fetching else { return Vec::new() };
    let fetched = fetching.take(address, text);
    if fetched == Fetched::More {
        return Vec::new();
    }
    let (Some(fetching), Some((at, begun))) = (resuming.fetching.take(), resuming.waiting.pop_front()) else {
        return Vec::new();
    };
    let file = model.course.next_file();
    let done = Some(fetching).filter(|_| fetched == Fetched::All).and_then(|all| again(&all, at, begun, file));
    match (done, &mut model.course.sitting) {
        (Some((desk, desktop)), Some(sitting)) => sitting.bring_back(at, desk, desktop),
        _ => model.course.trouble = format!("Task {} of your exam could not be brought back.", at + 1),
    }
    resume_next(model)
}

/// A task as it was left: what was done in it is done again.
fn again(all: &Fetching, at: usize, begun: Begun, file: u32) -> Option<(Desk, Desktop)> {
    let (lesson, start, text) = all.texts();
    let lesson = Arc::new(Lesson::read(&all.id, &Files { lesson, start, text }).ok()?);
    let attempt = Attempt::resume(lesson, begun.step, begun.heard, begun.answers).ok()?;
    let began = Desktop::of_lesson(attempt.cluster(), attempt.lesson(), file);
    let desktop = replay(began, &begun.inputs, begun.until);
    let desk = Desk::resumed(attempt, desktop.clone(), at, Inputs::of(begun.inputs));
    Some((desk, desktop))
}
