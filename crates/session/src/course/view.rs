//! What the course's pane shows, as plain data.

use course::markdown::{self, Block};
use course::{Index, Judgement, Kind, Verdict};
use scene::Tone;

use super::desk::{Desk, Origin};
use super::{Course, CoursePage, telling};

/// The course's map.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Map {
    /// In the order of the course.
    pub parts: Vec<MapPart>,
    /// Lessons and exercises done, and how many there are.
    pub done: (usize, usize),
}

/// One part of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MapPart {
    /// Its title.
    pub title: String,
    /// Its lessons and exercises.
    pub entries: Vec<MapEntry>,
}

/// A lesson or an exercise on the map.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MapEntry {
    /// What to open.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is to be done in it.
    pub kind: Kind,
    /// How hard it is, from 1 to 3.
    pub level: u8,
    /// How many minutes it takes.
    pub minutes: u16,
    /// How far one is: good for done, waiting for begun, plain for neither.
    pub tone: Tone,
}

/// What of a lesson is the same all the time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LessonText {
    /// Which beginning of a lesson this is: another number, another text.
    pub serial: u64,
    /// Its title.
    pub title: String,
    /// What is to be done in it.
    pub kind: Kind,
    /// How hard it is, from 1 to 3.
    pub level: u8,
    /// How many minutes it takes.
    pub minutes: u16,
    /// What stands before the first step.
    pub introduction: Vec<Block>,
    /// Its steps.
    pub steps: Vec<StepText>,
    /// What must be so all the time.
    pub keep: Vec<String>,
    /// Whether it is in another language than the page, because it is not there in that.
    pub foreign: bool,
}

/// What of a step is the same all the time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StepText {
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: Vec<Block>,
    /// What is to be reached.
    pub goals: Vec<GoalText>,
}

/// A goal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GoalText {
    /// It in words.
    pub words: String,
    /// The answers, if it is a question.
    pub options: Vec<String>,
}

/// What is special about the open lesson.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Special {
    /// Nothing: it is part of the course.
    #[default]
    None,
    /// It was made from a seed and a level: whoever has them gets the same.
    Practice(u64, u8),
    /// It is a task of the exam, of this number from zero.
    Task(usize),
    /// It comes from a link or from another site.
    Elsewhere,
    /// It is being written.
    Draft,
}

/// An exam.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ExamView {
    /// Its tasks.
    pub tasks: Vec<TaskView>,
    /// How many minutes it has.
    pub minutes: u64,
    /// The time that is left, `12:34`.
    pub left: String,
    /// Whether it was handed in.
    pub over: bool,
    /// Points reached, points there are, and whether that is enough; once all is marked.
    pub report: Option<(u32, u32, bool)>,
}

/// A task of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TaskView {
    /// Its title.
    pub title: String,
    /// The folder of its exercise.
    pub id: String,
    /// What it is worth.
    pub points: u32,
    /// What was reached, once it is marked.
    pub reached: Option<u32>,
    /// Whether it was begun.
    pub begun: bool,
    /// Whether it is on the desk.
    pub current: bool,
}

/// How a lesson stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// The number of the current step, from zero; the number of steps once all are done.
    pub step: usize,
    /// How many there are.
    pub of: usize,
    /// For each step that was reached, how each goal of it stands.
    pub goals: Vec<Vec<GoalState>>,
    /// How what must be so all the time stands.
    pub keep: Vec<GoalState>,
    /// What is said of a mistake that was made.
    pub feedback: Option<String>,
    /// The hints of this step that were asked for.
    pub hints: Vec<String>,
    /// Whether there are more.
    pub more_hints: bool,
    /// The solution of this step, once it was asked for.
    pub solution: Option<String>,
    /// Whether there is one to be asked for.
    pub has_solution: bool,
    /// Whether there is something to go back to.
    pub has_checkpoint: bool,
    /// Whether checks are under way.
    pub checking: bool,
}

/// How a goal stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GoalState {
    /// Whether it is reached.
    pub met: bool,
    /// What was found; empty before the first look.
    pub words: String,
    /// The option that was chosen.
    pub chosen: Option<usize>,
    /// What is said to that answer.
    pub because: String,
}

impl Course {
    /// The page of the pane that is open.
    #[must_use]
    pub fn page(&self) -> Option<CoursePage> {
        self.page
    }

    /// The fragment of the address of the lesson that is open, if it has one.
    pub(crate) fn address(&self) -> Option<String> {
        let desk = self.desk.as_ref()?;
        match &desk.origin {
            Origin::Course | Origin::Task(_) => Some(format!("#lesson={}", desk.attempt.lesson().id)),
            Origin::Practice { seed, level, .. } => Some(format!("#practice={seed}-{level}")),
            Origin::Elsewhere(folder) => folder.as_ref().map(|folder| format!("#lesson-from={folder}")),
            Origin::Draft => None,
        }
    }

    /// The manifests that the open lesson began with.
    #[must_use]
    pub fn begins_with(&self) -> String {
        self.desk.as_ref().map(|desk| desk.attempt.lesson().start.manifests.clone()).unwrap_or_default()
    }

    /// The title of the lesson that is open, and whether it is an exercise.
    pub(crate) fn heading(&self) -> Option<(&str, bool)> {
        let lesson = self.desk.as_ref()?.attempt.lesson();
        Some((&lesson.title, lesson.is_exercise()))
    }

    /// The lesson that is open, if it is one of this site's.
    pub(crate) fn id_of_site(&self) -> Option<String> {
        let desk = self.desk.as_ref().filter(|desk| desk.origin.counts())?;
        Some(desk.attempt.lesson().id.clone())
    }

    /// What could not be done, in words; empty if nothing.
    #[must_use]
    pub fn trouble(&self) -> &str {
        &self.trouble
    }

    /// Whether a lesson's files are on their way.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.fetching.is_some()
            || self.making.is_some()
            || self.resuming.is_some()
            || (self.page.is_some() && self.index.is_none() && self.trouble.is_empty())
    }

    /// The map in the language of the page, if it is there in that.
    fn told(&self) -> Option<&Index> {
        self.telling.index.as_ref().or(self.index.as_ref())
    }

    /// The title of a lesson in the language of the page, or what it is called elsewhere.
    fn title(&self, entry: &course::Entry) -> String {
        let told = self.told().and_then(|index| index.lessons().find(|told| told.id == entry.id));
        told.unwrap_or(entry).title.clone()
    }

    /// The map.
    #[must_use]
    pub fn map(&self) -> Map {
        let mut map = Map::default();
        for part in self.told().iter().flat_map(|index| &index.parts) {
            let entry = |entry: &course::Entry| {
                let record = self.progress.lessons.get(&entry.id).copied().unwrap_or_default();
                let tone = match record {
                    record if record.done => Tone::Good,
                    record if record.steps > 0 => Tone::Waiting,
                    _ => Tone::Plain,
                };
                MapEntry {
                    id: entry.id.clone(),
                    title: entry.title.clone(),
                    kind: entry.kind,
                    level: entry.level,
                    minutes: entry.minutes,
                    tone,
                }
            };
            let entries: Vec<MapEntry> = part.lessons.iter().map(entry).collect();
            map.done.0 += entries.iter().filter(|entry| entry.tone == Tone::Good).count();
            map.done.1 += entries.len();
            map.parts.push(MapPart { title: part.title.clone(), entries });
        }
        map
    }

    /// Which beginning of a lesson is open; 0 for none.
    #[must_use]
    pub fn serial(&self) -> u64 {
        if self.desk.is_some() { self.serial } else { 0 }
    }

    /// The open lesson's text.
    #[must_use]
    pub fn lesson(&self) -> Option<LessonText> {
        let desk = self.desk.as_ref()?;
        let lesson = desk.attempt.lesson();
        // What comes from elsewhere may be in any language.
        let of_site = matches!(desk.origin, Origin::Course | Origin::Practice { .. } | Origin::Task(_));
        let goal = |goal: &course::Goal| GoalText {
            words: goal.words.clone(),
            options: goal.question().into_iter().flat_map(|q| &q.options).map(|option| option.says.clone()).collect(),
        };
        let step = |step: &course::Step| StepText {
            title: step.title.clone(),
            text: markdown::read(&step.text),
            goals: step.goals.iter().map(goal).collect(),
        };
        Some(LessonText {
            serial: self.serial,
            title: lesson.title.clone(),
            kind: lesson.kind,
            level: lesson.level,
            minutes: lesson.minutes,
            introduction: markdown::read(&lesson.introduction),
            steps: lesson.steps.iter().map(step).collect(),
            keep: lesson.keep.iter().map(|goal| goal.words.clone()).collect(),
            foreign: of_site && telling::is_foreign(&self.telling, lesson),
        })
    }

    /// What is special about the open lesson.
    #[must_use]
    pub fn special(&self) -> Special {
        match self.desk.as_ref().map(|desk| &desk.origin) {
            None | Some(Origin::Course) => Special::None,
            Some(Origin::Practice { seed, level, .. }) => Special::Practice(*seed, *level),
            Some(Origin::Task(at)) => Special::Task(*at),
            Some(Origin::Elsewhere(_)) => Special::Elsewhere,
            Some(Origin::Draft) => Special::Draft,
        }
    }

    /// What was broken in a task made from a seed; empty until it is mended.
    #[must_use]
    pub fn causes(&self) -> Vec<String> {
        match self.desk.as_ref().filter(|desk| desk.attempt.is_finished()).map(|desk| &desk.origin) {
            Some(Origin::Practice { causes, .. }) => causes.clone(),
            _ => Vec::new(),
        }
    }

    /// The exam that is being sat, or was; `None` when there is none.
    #[must_use]
    pub fn exam(&self) -> Option<ExamView> {
        let sitting = self.sitting.as_ref()?;
        let report = sitting.report.as_ref();
        let task = |(at, task): (usize, &course::exam::Task)| TaskView {
            title: self.title(&task.entry),
            id: task.entry.id.clone(),
            points: task.points,
            reached: report.and_then(|report| report.points.get(at).copied()),
            begun: sitting.is_begun(at),
            current: sitting.current == Some(at),
        };
        let left = sitting.left(self.millis);
        let seconds = (left % 60).to_string();
        Some(ExamView {
            tasks: sitting.exam.tasks.iter().enumerate().map(task).collect(),
            minutes: sitting.exam.seconds / 60,
            left: format!("{}:{}{seconds}", left / 60, if seconds.len() == 1 { "0" } else { "" }),
            over: sitting.is_handed_in(),
            report: report.map(|report| (report.total, report.of, report.is_passed())),
        })
    }

    /// How the open lesson stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.desk.as_ref().map(Desk::standing).unwrap_or_default()
    }

    /// The lesson after the open one: what to open, and its title.
    #[must_use]
    pub fn next(&self) -> Option<(String, String)> {
        let id = &self.desk.as_ref()?.attempt.lesson().id;
        let mut after = self.told()?.lessons().skip_while(|entry| entry.id != *id).skip(1);
        after.next().map(|entry| (entry.id.clone(), entry.title.clone()))
    }
}

/// Checks that look at objects rather than at what comes of them.
const OF_OBJECTS: [&str; 3] = ["endpoints", "object", "objects"];

impl Desk {
    fn standing(&self) -> Standing {
        let whole = self.all_of_it();
        if !matches!(self.origin, Origin::Task(_)) {
            return whole;
        }
        // An exam says nothing until it is handed in: not what is reached, nor what was wrong.
        let quiet = |state: GoalState| GoalState { chosen: state.chosen, ..GoalState::default() };
        Standing {
            goals: whole.goals.into_iter().map(|goals| goals.into_iter().map(quiet).collect()).collect(),
            step: whole.step,
            of: whole.of,
            has_checkpoint: whole.has_checkpoint,
            ..Standing::default()
        }
    }

    fn all_of_it(&self) -> Standing {
        let lesson = self.attempt.lesson();
        let mut goals: Vec<Vec<GoalState>> = Vec::new();
        for (at, step) in lesson.steps.iter().enumerate().take(self.attempt.step() + 1) {
            let done = at.checked_sub(self.first).and_then(|at| self.done.get(at));
            let state = |(place, goal): (usize, &course::Goal)| {
                // What was done on an earlier visit has left no words.
                let over = at < self.attempt.step();
                let chosen =
                    done.map_or_else(|| self.attempt.chosen(place).filter(|_| !over), |(_, chosen)| chosen[place]);
                let judged = done.map(|(judged, _)| judged).or(self.judged.as_ref().filter(|_| !over));
                let verdict = judged.and_then(|judged| judged.goals.get(place)).cloned();
                let verdict = verdict.unwrap_or(Verdict { met: over, words: String::new() });
                let option = chosen.and_then(|chosen| goal.question()?.options.get(chosen));
                // Whether an answer is right needs no check.
                let guards = matches!(lesson.kind, Kind::Fix | Kind::Diagnose) && OF_OBJECTS.contains(&goal.check);
                let (met, words) = match (goal.question(), option) {
                    // What an object says is what one is to find out.
                    (None, _) if guards && verdict.met && !self.attempt.is_finished() => (true, String::new()),
                    (Some(_), Some(option)) => (option.right, String::new()),
                    (Some(_), None) => (over, String::new()),
                    (None, _) => (verdict.met, verdict.words),
                };
                GoalState {
                    met,
                    words,
                    because: option.map(|option| option.because.clone()).unwrap_or_default(),
                    chosen,
                }
            };
            goals.push(step.goals.iter().enumerate().map(state).collect());
        }
        let step = self.attempt.current();
        let kept = self.judged.as_ref().or(self.done.last().map(|(judged, _)| judged));
        let keep =
            |verdict: &Verdict| GoalState { met: verdict.met, words: verdict.words.clone(), ..GoalState::default() };
        Standing {
            step: self.attempt.step(),
            of: lesson.steps.len(),
            goals,
            keep: kept.map(|judged: &Judgement| judged.keep.iter().map(keep).collect()).unwrap_or_default(),
            feedback: self.judged.as_ref().and_then(|judged| judged.feedback.clone()),
            hints: self.attempt.hints().to_vec(),
            more_hints: step.is_some_and(|step| self.attempt.hints().len() < step.hints.len()),
            solution: step.filter(|_| self.shows_solution).map(|step| step.solution.clone()),
            has_solution: step.is_some_and(|step| !step.solution.is_empty()),
            has_checkpoint: self.has_checkpoint(),
            checking: self.is_judging(),
        }
    }
}
