//! What there is: a cluster, a terminal, the learner's text, and what is looked at. All fields change by messages only;
//! views are plain data.

use std::sync::Arc;

use api::arrange::Arrange;
use cluster::{Cluster, Instant, Settings};
use scene::{Figure, Options, Places, Scene, Tone};
use shell::Terminal;

use crate::ask::{Asked, Choices, choices};
use crate::console::Console;
use crate::course::Course;
use crate::editor::{Completions, Editor, FILE, Hover, Texts};
use crate::files::Aside;
use crate::gallery::Card;
use crate::panel::walk::Walking;
use crate::panel::{self, Inspection, Lab, Matrix, Panel, Walk};
use crate::saved::Saved;
use crate::share::{BroughtIn, Typed};
use crate::start::{self, Starting};
use crate::time::past::Kept;
use crate::time::{Pace, Past, Timeline, time_of_day, timeline};
use crate::update::Effect;

/// The whole session.
#[derive(Debug)]
pub struct Model {
    pub(crate) seed: u64,
    pub(crate) cluster: Cluster,
    pub(crate) terminal: Terminal,
    pub(crate) console: Console,
    pub(crate) editor: Editor,
    pub(crate) options: Options,
    pub(crate) places: Places,
    /// The request that is looked at, or several of a kind.
    pub(crate) asked: Option<Asked>,
    /// Why nothing was sent.
    pub(crate) unasked: Option<String>,
    /// What is looked at while no request is.
    pub(crate) panel: Option<Panel>,
    pub(crate) editing: Option<Editing>,
    /// Files that were replaced or deleted, the last of them last.
    pub(crate) aside: Vec<Aside>,
    /// The scene of the gallery that is being tried.
    pub(crate) task: Option<Card>,
    /// The files that a scene gave: replacing them loses nothing.
    pub(crate) untouched: Texts,
    /// How the front end's clock moves the cluster's.
    pub(crate) pace: Pace,
    /// What can be gone back to.
    pub(crate) kept: Kept,
    /// The earlier moment that is looked at.
    pub(crate) past: Option<Past>,
    /// The revision that the cluster was handed over with.
    born: u64,
    /// What the front end could not do, in words.
    pub(crate) trouble: Option<String>,
    pub(crate) course: Course,
    pub(crate) walking: Walking,
    /// What was typed since the learner's own cluster was made.
    pub(crate) typed: Typed,
    /// What came of the objects of a real cluster that were brought in last.
    pub(crate) brought: Option<BroughtIn>,
    /// Texts that programs wait for and the front end was not asked for yet.
    pub(crate) to_load: Vec<shell::Document>,
    pub(crate) picture: Arc<Scene>,
    advice: Vec<crate::Diagnostic>,
    matrix: Arc<Matrix>,
    inspection: Option<Arc<Inspection>>,
    inspected: Option<Inspected>,
    pub(crate) choices: Arc<Choices>,
    pub(crate) timeline: Arc<Timeline>,
    /// What the timeline depends on.
    timed: (u64, usize, Instant),
    pictured: Option<Pictured>,
}

/// What somebody works on: a cluster, the files that go to it, and what the page remembers of both.
#[derive(Clone, Debug)]
pub(crate) struct Desktop {
    pub(crate) cluster: Cluster,
    pub(crate) editor: Editor,
    aside: Vec<Aside>,
    task: Option<Card>,
    untouched: Texts,
}

impl Desktop {
    /// The cluster of a lesson, with the manifest it began with. `file` is a number that no file had yet.
    pub(crate) fn of_lesson(cluster: Cluster, lesson: &course::Lesson, file: u32) -> Self {
        let editor = Editor::adopt(&cluster, lesson.start.manifests.clone(), file);
        Self { cluster, editor, aside: Vec::new(), task: None, untouched: Texts::new() }
    }
}

/// What a picture depends on: equal values give equal pictures.
#[derive(Clone, PartialEq, Debug)]
struct Pictured {
    revision: u64,
    programmed: Vec<Option<Instant>>,
    options: Options,
    matrix: bool,
    past: Option<Instant>,
}

/// What an inspection depends on: equal values give equal inspections.
#[derive(Clone, PartialEq, Debug)]
struct Inspected {
    pictured: Option<Pictured>,
    object: api::ObjectKey,
    /// Rules count what met them.
    traces: usize,
    faults: usize,
    /// The text has places to mend.
    text: String,
}

/// The status line.
#[derive(Clone, PartialEq, Debug)]
pub struct StatusLine {
    /// The cluster's time of day.
    pub clock: String,
    /// What the API server said last to the editor.
    pub verdict: String,
    /// And how that is.
    pub tone: Tone,
    /// Whether the diagram shows what the text says; else it shows the last good state.
    pub current: bool,
    /// What the page itself could not do.
    pub trouble: Option<String>,
}

/// A text that a program of the terminal, such as `kubectl edit`, wants edited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Editing {
    /// What to call it, such as `service-web.yaml`.
    pub name: String,
    /// The text as it was given.
    pub text: String,
}

/// A line gone on with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completed {
    /// The line as it is then.
    pub line: String,
    /// Where the caret is, in bytes.
    pub caret: usize,
    /// What it could go on with, when that is not settled.
    pub choices: Vec<String>,
}

/// What two words begin with.
fn common_start<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    one.get(..same).unwrap_or_default()
}

impl Model {
    /// A first visit, or one that goes on.
    #[must_use]
    pub fn new(saved: Option<Saved>) -> Self {
        Starting::new(saved).finish()
    }

    /// The same with a cluster that is off, and nothing to look at: what [`Starting`] does is still to be done.
    pub(crate) fn bare(saved: Option<Saved>) -> Self {
        let first = || Saved {
            seed: 1,
            history: Vec::new(),
            files: vec![(FILE.to_owned(), start::TEXT.to_owned())],
            open: 0,
            aside: Vec::new(),
        };
        let saved = saved.unwrap_or_else(first);
        let cluster = Cluster::off(Settings { seed: saved.seed, ..Settings::default() });
        let mut model = Self {
            seed: saved.seed,
            kept: Kept::new(&cluster),
            born: cluster.store().revision(),
            cluster,
            terminal: Terminal::new(),
            console: Console::default(),
            editor: Editor::of(saved.files),
            options: Options::default(),
            places: Places::default(),
            asked: None,
            unasked: None,
            panel: None,
            editing: None,
            aside: saved.aside.into_iter().map(|texts| Aside { texts, whole: true }).collect(),
            task: None,
            untouched: Texts::new(),
            pace: Pace::default(),
            past: None,
            trouble: None,
            course: Course::default(),
            walking: Walking::default(),
            typed: Typed::default(),
            brought: None,
            to_load: Vec::new(),
            picture: Arc::default(),
            advice: Vec::new(),
            matrix: Arc::default(),
            inspection: None,
            inspected: None,
            choices: Arc::default(),
            timeline: Arc::default(),
            timed: (0, 0, Instant::default()),
            pictured: None,
        };
        model.terminal.set_history(saved.history);
        if let Some(file) = model.editor.files().all().get(saved.open) {
            model.editor.show(file.id);
        }
        model
    }

    /// The learner's text goes to the cluster, and to a file that `kubectl apply -f` finds.
    pub(crate) fn write(&mut self, text: String) {
        // No folder has such a name; a machine that is full is the learner's to mend.
        let _ = self.terminal.set_file(&self.editor.files().open().name, &text);
        self.editor.change(&mut self.cluster, text);
    }

    /// The cluster that is looked at: as it is, or as it was.
    pub(crate) fn looked_at(&self) -> &Cluster {
        self.past.as_ref().map_or(&self.cluster, |past| &past.cluster)
    }

    /// Draws the picture again if something it depends on is another.
    pub(crate) fn look(&mut self) {
        self.options.quiet = self.course.is_quiet();
        self.picture_anew();
        self.inspect_anew();
        let timed = (self.cluster.store().revision(), self.cluster.traces().len(), self.cluster.now());
        // Between two changes only the end moves, and that is a round number.
        if (self.timed.0, self.timed.1) != (timed.0, timed.1) || timed.2 >= self.timeline.end {
            self.timeline = Arc::new(timeline::timeline(&self.cluster, self.born));
            self.timed = timed;
        }
    }

    /// The cluster has just been made: what comes is the learner's.
    pub(crate) fn born(&mut self) {
        self.born = self.cluster.store().revision();
        self.kept = Kept::new(&self.cluster);
    }

    fn picture_anew(&mut self) {
        let shown = self.looked_at();
        let nodes = &shown.settings().nodes;
        let programmed = nodes.iter().map(|node| Some(shown.proxy(&node.name)?.synced())).collect();
        let now = Pictured {
            revision: shown.store().revision(),
            programmed,
            options: self.options.clone(),
            matrix: self.panel == Some(Panel::Matrix),
            past: self.past.as_ref().map(|past| past.at),
        };
        if self.pictured.as_ref() == Some(&now) {
            return;
        }
        let mut places = self.places.clone();
        let scene = scene::scene(self.looked_at(), &self.options, &mut places);
        // Looking back moves nobody: whoever comes back stands where they stood.
        if self.past.is_none() {
            self.places = places;
        }
        let choices = choices::choices(self.looked_at(), &self.options);
        if *self.picture != scene {
            self.picture = Arc::new(scene);
        }
        if *self.choices != choices {
            self.choices = Arc::new(choices);
        }
        self.advice = if self.options.quiet { Vec::new() } else { self.editor.advice(&self.cluster) };
        if now.matrix {
            self.matrix = Arc::new(panel::matrix::matrix(self.looked_at()));
        }
        self.pictured = Some(now);
    }

    /// Looks at the open object again if something that is said of it may be another.
    fn inspect_anew(&mut self) {
        let Some(Panel::Object(object)) = &self.panel else {
            (self.inspection, self.inspected) = (None, None);
            return;
        };
        let shown = self.looked_at();
        let now = Inspected {
            pictured: self.pictured.clone(),
            object: object.clone(),
            traces: shown.traces().len(),
            faults: panel::inspect::faults(shown, object),
            text: self.editor.text().to_owned(),
        };
        if self.inspected.as_ref() != Some(&now) {
            let seen = panel::inspect::inspect(shown, &self.editor, object);
            self.inspection = Some(Arc::new(seen));
            self.inspected = Some(now);
        }
    }

    /// Somebody did something to the cluster: it can be gone back to.
    pub(crate) fn keep(&mut self) {
        self.kept.keep(&self.cluster);
    }

    /// Another cluster, to which the text is applied anew. What was made in the terminal is gone with the old one.
    pub(crate) fn rebuild(&mut self, settings: Settings) {
        let history = self.history();
        self.cluster = Cluster::new(settings);
        self.born();
        self.terminal = Terminal::new();
        self.terminal.set_history(history);
        self.typed = Typed::default();
        (self.asked, self.past, self.editing, self.pictured) = (None, None, None, None);
        // Virtual time begins anew; the next tick says where the front end's clock is.
        self.pace = Pace::default();
        self.editor.forget_applied();
        self.put_files();
        self.editor.flush(&mut self.cluster);
        self.keep();
    }

    /// What is worked on.
    pub(crate) fn desktop(&self) -> Desktop {
        let Self { cluster, editor, aside, task, untouched, .. } = self;
        Desktop {
            cluster: cluster.clone(),
            editor: editor.clone(),
            aside: aside.clone(),
            task: task.clone(),
            untouched: untouched.clone(),
        }
    }

    /// Goes on with something else: another cluster and its text. The terminal begins anew, as its programs stand on the
    /// old cluster.
    pub(crate) fn set_desktop(&mut self, desktop: Desktop) -> Effect {
        let history = self.history();
        (self.cluster, self.editor) = (desktop.cluster, desktop.editor);
        (self.aside, self.task, self.untouched) = (desktop.aside, desktop.task, desktop.untouched);
        self.terminal = Terminal::new();
        self.terminal.set_history(history);
        self.put_files();
        self.console.clear();
        self.born = self.cluster.store().revision();
        self.kept = Kept::new(&self.cluster);
        (self.asked, self.past, self.editing, self.pictured, self.panel) = (None, None, None, None, None);
        self.walking = Walking::default();
        // The other cluster has a time of its own; the next tick says where the front end's clock is.
        self.pace = Pace::default();
        Effect::ReplaceText(self.editor.text().to_owned())
    }

    /// What is to be kept: while a lesson is open, the learner's own text that was put aside for it.
    #[must_use]
    pub fn saved(&self) -> Saved {
        let own = self.course.own();
        let (editor, aside) = own.map_or((&self.editor, &self.aside), |own| (&own.editor, &own.aside));
        let files = editor.files();
        let open = files.all().iter().position(|file| file.id == files.open().id).unwrap_or_default();
        let aside = aside.iter().filter(|aside| aside.whole).map(|aside| aside.texts.clone()).collect();
        Saved { seed: self.seed, history: self.history(), files: editor.texts(), open, aside }
    }

    /// The course.
    #[must_use]
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// The editor's text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.editor.text()
    }

    /// What is wrong with it, from the top. While something is wrong with the text itself, nothing else is said: what is
    /// in the cluster is not what the learner sees.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<crate::Diagnostic> {
        let mut all = self.editor.diagnostics();
        if self.editor.is_current() {
            all.extend(self.advice.iter().cloned());
            all.arrange_by_key(|diagnostic| (diagnostic.from, diagnostic.to));
        }
        all
    }

    /// The diagram. The same allocation as before when nothing changed.
    #[must_use]
    pub fn scene(&self) -> Arc<Scene> {
        Arc::clone(&self.picture)
    }

    /// The number of changes to the cluster so far.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.cluster.store().revision()
    }

    /// Whether the cluster's own objects are in the diagram.
    #[must_use]
    pub fn shows_system(&self) -> bool {
        self.options.system
    }

    /// The text that a program of the terminal waits for to be edited.
    #[must_use]
    pub fn editing(&self) -> Option<Editing> {
        self.editing.clone()
    }

    /// The terminal's output.
    #[must_use]
    pub fn console(&self) -> &Console {
        &self.console
    }

    /// What stands before the line to be typed; empty while a program runs or reads.
    #[must_use]
    pub fn prompt(&self) -> String {
        self.terminal.prompt()
    }

    /// Lines typed before, oldest first.
    #[must_use]
    pub fn history(&self) -> Vec<String> {
        self.terminal.history()
    }

    /// What the line being typed could go on with: the line as it would be, and the choices where there are several.
    /// `None` when nothing could be added. `cursor` and the caret that comes back count bytes.
    #[must_use]
    pub fn complete(&self, line: &str, cursor: usize) -> Option<Completed> {
        let found = self.terminal.complete(&self.cluster, line, cursor);
        let (before, after) = line.split_at_checked(cursor)?;
        let (kept, word) = before.split_at_checked(found.start)?;
        let common = found.choices.iter().map(String::as_str).reduce(common_start)?;
        let one = found.choices.len() == 1;
        let space = if one && !common.ends_with('/') && after.is_empty() { " " } else { "" };
        if common == word && one && space.is_empty() {
            return None;
        }
        let start = format!("{kept}{common}{space}");
        let choices = if one { Vec::new() } else { found.choices };
        Some(Completed { caret: start.len(), line: format!("{start}{after}"), choices })
    }

    /// What a manifest could go on with at an offset in UTF-16 units; `None` where there is nothing to offer.
    #[must_use]
    pub fn complete_manifest(&self, text: &str, offset: usize) -> Option<Completions> {
        Editor::complete(text, offset, &self.cluster)
    }

    /// What field of a manifest stands at an offset in UTF-16 units.
    #[must_use]
    pub fn hover_manifest(&self, text: &str, offset: usize) -> Option<Hover> {
        Editor::hover(text, offset)
    }

    /// What is looked at while no request is.
    #[must_use]
    pub fn panel(&self) -> Option<Panel> {
        self.panel.clone()
    }

    /// The object that is looked at.
    #[must_use]
    pub fn inspection(&self) -> Option<Arc<Inspection>> {
        self.inspection.clone()
    }

    /// The figure whose members are looked at.
    #[must_use]
    pub fn several(&self) -> Option<Figure> {
        match &self.panel {
            Some(Panel::Several(id)) => self.picture.figure(id).cloned(),
            _ => None,
        }
    }

    /// Who reaches what, as of the last change of the cluster while it is looked at.
    #[must_use]
    pub fn matrix(&self) -> Arc<Matrix> {
        Arc::clone(&self.matrix)
    }

    /// What the cluster is made of.
    #[must_use]
    pub fn lab(&self) -> Lab {
        panel::lab::lab(self.cluster.settings())
    }

    /// The walk from a Service to what is wrong with it.
    #[must_use]
    pub fn walk(&self) -> Walk {
        self.walking.view(&self.cluster, &self.editor)
    }

    /// The status line.
    #[must_use]
    pub fn status(&self) -> StatusLine {
        let (tone, verdict) = self.editor.verdict().clone();
        StatusLine {
            clock: time_of_day(self.cluster.now()),
            verdict,
            tone,
            current: self.editor.is_current(),
            trouble: self.trouble.clone(),
        }
    }
}
