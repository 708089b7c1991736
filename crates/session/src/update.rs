//! What happens to a model. The only code that changes one.

use std::sync::Arc;

use cluster::Instant;
use cluster::network::TraceId;
use scene::{FigureId, Grouping, Journey};
use shell::Document;
use shell::sys::FrontEnd;

use crate::ask::{Ask, Asked, choices, send};
use crate::course::{self, CourseMsg};
use crate::editor::TextChange;
use crate::files::{self, FilesMsg};
use crate::gallery::{self, GalleryMsg};
use crate::model::{Editing, Model};
use crate::panel::inspect::{self, Trouble};
use crate::panel::lab::{self, LabChange};
use crate::panel::{Panel, WalkMsg};
use crate::time::past::mark;
use crate::time::timeline;
use crate::{saved, share};

/// What a learner or the front end did.
#[derive(Clone, PartialEq, Debug)]
pub enum Msg {
    /// It is this late, in milliseconds of any clock that only goes forward.
    Tick(u64),
    /// The same, and nobody waits for an answer: there is time for checks.
    Wake(u64),
    /// The editor's text is this now.
    EditorChanged(String),
    /// Something about the files, or how they are applied.
    Files(FilesMsg),
    /// Something about the gallery.
    Gallery(GalleryMsg),
    /// A line was typed in the terminal.
    TerminalLine(String),
    /// Ctrl-C in the terminal.
    Interrupt,
    /// Ctrl-D in the terminal.
    EndOfInput,
    /// Ctrl-L in the terminal.
    ClearTerminal,
    /// Look at the way of a request.
    ShowTrace(usize),
    /// Send something from somewhere to somewhere.
    Ask(Ask),
    /// Send something from one figure to another.
    AskBetween(FigureId, FigureId),
    /// Look at one of many requests, or (`None`) at all of them together.
    ShowSample(Option<usize>),
    /// Time stands still, or goes on.
    Pause(bool),
    /// Time goes this fast: one of [`crate::time::SPEEDS`].
    Speed(usize),
    /// Time goes on until something changes, and then stands still.
    StepTime,
    /// Look at the cluster as it was, and at it going on from there if so wished.
    LookBack {
        /// When.
        at: Instant,
        /// Whether it goes on.
        watching: bool,
    },
    /// Look back at what happened before or after the moment that is looked at.
    LookBeside(bool),
    /// Look at the cluster as it is.
    ReturnToNow,
    /// Look at it no more.
    CloseTrace,
    /// Show where a hop's reason stands in the text: the number of the hop.
    ShowReason(usize),
    /// Look at a figure's object.
    ShowFigure(FigureId),
    /// Look at an object.
    ShowObject(api::ObjectKey),
    /// Look at something else beside the terminal, or at nothing.
    ShowPanel(Option<Panel>),
    /// Show where the object that is looked at stands in the text.
    ShowInManifest,
    /// Look at the way of an attempt of the matrix: its row and its column.
    ShowCell(usize, usize),
    /// Make something go wrong with the object that is looked at, or no more.
    SetTrouble(Trouble, bool),
    /// Delete the object that is looked at.
    DeleteInspected,
    /// Make the cluster anew with another answer, and apply the text to it.
    ChooseLab(LabChange),
    /// There is this much room for the diagram, in CSS pixels: width and height.
    Room(i32, i32),
    /// Whether to show the cluster's own objects.
    ShowSystem(bool),
    /// What stands for several pods.
    Group(Grouping),
    /// Show only what has to do with these words.
    Filter(String),
    /// Begin anew with the text that a first visit has.
    Reset,
    /// What came of [`Effect::Load`]; `None` when the text could not be had.
    Loaded(Document, Option<String>),
    /// The text that a program of the terminal gave to be edited is done, and is this now.
    EditSaved(String),
    /// It is left as it was.
    EditLeft,
    /// Something that the front end could not do, in words.
    Trouble(String),
    /// Something about the walk from a Service to what is wrong with it.
    Walk(WalkMsg),
    /// Something about the course.
    Course(CourseMsg),
    /// Make a scene of these objects of a real cluster.
    Bring(String),
    /// Open what the fragment of an address asks for.
    Open(String),
}

/// What the front end has to do.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Send [`Msg::Wake`] at this time of the front end's clock, in milliseconds. Replaces an earlier wish.
    TickAt(u64),
    /// Keep this text for the next visit.
    Store(String),
    /// Keep this text about the course, beside the other.
    KeepCourse(String),
    /// Fetch the text at this address, at most [`course::MOST_FETCHED`] bytes of it, and answer with [`CourseMsg::Fetched`].
    Fetch(String),
    /// Show the open file ([`Model::open_file`]) in the editor, with this text.
    ReplaceText(String),
    /// Change these parts of the editor's text as one change, as if the learner had.
    ChangeText(Vec<TextChange>),
    /// Show this part of the editor's text, in UTF-16 units.
    Reveal {
        /// Where it begins.
        from: usize,
        /// Where it ends.
        to: usize,
    },
    /// Open this scene of the gallery, by its id, and answer with [`GalleryMsg::Open`].
    OpenScene(String),
    /// Show the panes as a link has them.
    Arrange {
        /// Whether the manifest is put away.
        manifest_away: bool,
        /// Whether the terminal is put away.
        terminal_away: bool,
    },
    /// Load this text of the site and answer with [`Msg::Loaded`].
    Load(Document),
}

/// Polls of one update; more means that something wakes itself for ever, and the rest waits for the next tick.
const MOST: usize = 10_000;

/// Changes the model.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    if matches!(msg, Msg::EditorChanged(_) | Msg::Files(_) | Msg::Gallery(_) | Msg::TerminalLine(_)) {
        // It was seen; if it is so still, it will be said again.
        model.trouble = None;
    }
    if acts(&msg) {
        // What is done is done now.
        model.past = None;
    }
    if !matches!(msg, Msg::Tick(_) | Msg::Wake(_)) {
        model.course.stir();
    }
    let input = course::Input::of(model, &msg);
    if let Some(input) = input.as_ref().filter(|_| model.course.own().is_none()) {
        model.typed.note(model.cluster.now(), input);
    }
    match msg {
        Msg::Tick(millis) => tick(model, millis),
        Msg::Wake(millis) => {
            tick(model, millis);
            effects.extend(course::poll(model, millis));
        }
        Msg::EditorChanged(text) => {
            model.course.rest();
            noticing(model, |model| model.write(text));
            effects.push(Effect::Store(saved::encode(&model.saved())));
        }
        Msg::Files(msg) => effects.extend(noticing(model, |model| files::update(model, msg))),
        Msg::Gallery(msg) => {
            // A scene is for the learner's own files, not for a lesson's.
            if matches!(msg, GalleryMsg::Open(..)) {
                effects.extend(course::put_away(model));
            }
            effects.extend(noticing(model, |model| gallery::update(model, msg)));
        }
        Msg::TerminalLine(line) => {
            model.course.hear(&line);
            model.terminal.submit(&line);
            // The shell has to have read it before it is part of the history.
            run(model, model.cluster.now());
            effects.push(Effect::Store(saved::encode(&model.saved())));
        }
        Msg::Interrupt => {
            // Whoever asked for the text to be edited is gone.
            model.editing = None;
            model.terminal.interrupt();
        }
        Msg::EndOfInput => model.terminal.end_of_input(),
        Msg::ClearTerminal => model.console.clear(),
        Msg::ShowTrace(trace) => {
            model.asked = model.cluster.trace(TraceId(trace)).cloned().map(|trace| Asked::one(Journey::of(trace)));
        }
        Msg::CloseTrace => model.asked = None,
        Msg::Ask(ask) => send_all(model, &ask),
        Msg::AskBetween(from, to) => match choices::between(&model.cluster, &model.scene(), &from, &to) {
            Ok(ask) => send_all(model, &ask),
            Err(why) => model.unasked = Some(why),
        },
        Msg::ShowSample(sample) => {
            if let Some(asked) = &mut model.asked {
                asked.shown = sample;
            }
        }
        Msg::Pause(paused) => model.pace.change(paused, model.pace.speed, model.cluster.now()),
        Msg::Speed(speed) => model.pace.change(model.pace.paused, speed, model.cluster.now()),
        Msg::StepTime => step(model),
        Msg::LookBack { at, watching } => look_back(model, at, watching),
        Msg::LookBeside(forward) => {
            let from = model.past.as_ref().map_or(model.cluster.now(), |past| past.at);
            match timeline::next(&model.timeline(), from, forward) {
                Some(at) => look_back(model, at, false),
                None if forward => model.past = None,
                None => {}
            }
        }
        Msg::ReturnToNow => model.past = None,
        Msg::ShowReason(hop) => {
            let reason = model.route().and_then(|route| route.stops.into_iter().nth(hop)?.because);
            effects.extend(reason.into_iter().flat_map(|reason| reveal(model, &reason.object, &reason.path)));
        }
        Msg::ShowFigure(id) => {
            let scene = model.scene();
            let panel = scene.figure(&id).and_then(|figure| match &figure.object {
                Some(object) => Some(Panel::Object(object.clone())),
                None => (!figure.crowd.is_empty()).then(|| Panel::Several(id.clone())),
            });
            if panel.is_some() {
                (model.asked, model.panel) = (None, panel);
            }
        }
        Msg::ShowObject(object) => (model.asked, model.panel) = (None, Some(Panel::Object(object))),
        Msg::ShowPanel(panel) => (model.asked, model.panel) = (None, panel),
        Msg::ShowInManifest => {
            effects
                .extend(inspected(model).into_iter().flat_map(|object| reveal(model, &object, &api::Path::default())));
        }
        Msg::ShowCell(row, column) => {
            let matrix = model.matrix();
            let cell = matrix.rows.get(row).and_then(|row| row.cells.get(column));
            model.asked = cell.map(|cell| Asked::one(Journey::of(Arc::clone(&cell.trace))));
        }
        Msg::SetTrouble(trouble, on) => {
            if let Some(object) = inspected(model) {
                inspect::set_trouble(&mut model.cluster, &object, trouble, on);
                model.keep();
            }
        }
        Msg::DeleteInspected => {
            if let Some(object) = inspected(model) {
                inspect::delete(&mut model.cluster, &object);
                model.keep();
            }
        }
        Msg::ChooseLab(change) => {
            let settings = lab::with(model.cluster.settings(), change);
            if settings != *model.cluster.settings() {
                model.rebuild(settings);
            }
        }
        Msg::Room(width, height) => (model.options.width, model.options.height) = (width, height),
        Msg::ShowSystem(system) => model.options.system = system,
        Msg::Group(grouping) => model.options.grouping = grouping,
        Msg::Filter(words) => model.options.filter = words,
        Msg::Reset => {
            // What is begun anew is the learner's own.
            effects.extend(course::put_away(model));
            let fresh = Model::new(None);
            let (options, texts) = (model.options.clone(), fresh.editor.texts());
            // What the learner wrote is put aside, and the place of the open file stays: both undo and the page bring it back.
            let shown = model.replace_files(texts);
            let (editor, aside) = (std::mem::take(&mut model.editor), std::mem::take(&mut model.aside));
            let course = std::mem::take(&mut model.course);
            // Virtual time begins anew; the next tick says where the front end's clock is.
            *model = fresh;
            (model.editor, model.aside, model.options, model.course) = (editor, aside, options, course);
            model.editor.forget_applied();
            model.editor.flush(&mut model.cluster);
            model.keep();
            effects.push(shown);
            effects.push(Effect::Store(saved::encode(&model.saved())));
        }
        Msg::Loaded(document, text) => model.terminal.loaded(document, text.as_deref()),
        Msg::EditSaved(text) => edited(model, Some(text)),
        Msg::EditLeft => edited(model, None),
        Msg::Trouble(words) => model.trouble = Some(words),
        Msg::Walk(msg) => {
            if let Some((object, path)) = model.walking.update(&model.cluster, &model.editor, &msg) {
                effects.extend(reveal(model, &object, &path));
            }
        }
        Msg::Course(msg) => effects.extend(course::update(model, msg)),
        Msg::Bring(text) => effects.extend(share::bring_in(model, &text)),
        Msg::Open(fragment) => effects.extend(share::open(model, &fragment)),
    }
    effects.extend(input.and_then(|input| course::note(model, input)));
    run(model, model.cluster.now());
    effects.extend(std::mem::take(&mut model.to_load).into_iter().map(Effect::Load));
    model.look();
    effects.extend(wake(model));
    effects
}

pub(crate) fn edited(model: &mut Model, text: Option<String>) {
    if let Some(editing) = model.editing.take() {
        let changed = text.filter(|text| *text != editing.text);
        model.terminal.edited(&editing.name, changed);
    }
}

fn inspected(model: &Model) -> Option<api::ObjectKey> {
    match &model.panel {
        Some(Panel::Object(key)) => Some(key.clone()),
        _ => None,
    }
}

/// Shows a place, and its file first if another one is open.
fn reveal(model: &mut Model, object: &api::ObjectKey, path: &api::Path) -> Vec<Effect> {
    let Some((file, from, to)) = model.editor.find(object, path) else { return Vec::new() };
    let mut effects = files::update(model, FilesMsg::Open(file));
    effects.push(Effect::Reveal { from, to });
    effects
}

/// Whether a message does something to the cluster, rather than look at it.
fn acts(msg: &Msg) -> bool {
    matches!(
        msg,
        Msg::EditorChanged(_)
            | Msg::TerminalLine(_)
            | Msg::Ask(_)
            | Msg::AskBetween(..)
            | Msg::SetTrouble(..)
            | Msg::DeleteInspected
            | Msg::ChooseLab(_)
            | Msg::StepTime
            | Msg::Gallery(_)
    )
}

fn send_all(model: &mut Model, ask: &Ask) {
    model.unasked = None;
    model.asked = Some(send::send(&mut model.cluster, ask));
    model.keep();
}

fn look_back(model: &mut Model, at: Instant, watching: bool) {
    model.past = model.kept.at(at.min(model.cluster.now())).map(|past| crate::time::Past { watching, ..past });
}

/// Lets the past that is watched go on as the present did.
fn watch(model: &mut Model, elapsed: u64) {
    let Some(past) = model.past.as_ref().filter(|past| past.watching) else { return };
    let at = past.at + elapsed;
    if at >= model.cluster.now() {
        model.past = None;
    } else {
        look_back(model, at, true);
    }
}

/// Lets time go on to the next change, and stops it there.
fn step(model: &mut Model) {
    let before = mark(&model.cluster);
    for _ in 0..MOST {
        let Some(next) = due(model) else { break };
        run(model, next);
        if mark(&model.cluster) != before {
            break;
        }
    }
    model.pace.moved(model.cluster.now());
    model.pace.change(true, model.pace.speed, model.cluster.now());
}

fn tick(model: &mut Model, millis: u64) {
    let elapsed = model.pace.elapsed(millis);
    let now = model.pace.moment(millis, model.cluster.now());
    run(model, now);
    watch(model, elapsed);
}

/// When the next thing is due.
fn due(model: &Model) -> Option<Instant> {
    let all = [model.cluster.poll_at(), model.terminal.poll_at(), model.editor.poll_at()];
    all.into_iter().flatten().min()
}

/// Lets everything happen that is due by `now`, in the order in which it is due.
pub(crate) fn run(model: &mut Model, now: Instant) {
    for _ in 0..MOST {
        listen(model);
        let Some(next) = due(model).filter(|next| *next <= now) else { break };
        model.cluster.poll(next.max(model.cluster.now()));
        noticing(model, |model| model.editor.poll(&mut model.cluster));
    }
    model.cluster.poll(now);
    listen(model);
}

/// Does something that may act on the cluster. If it did, the cluster can be gone back to.
fn noticing<T>(model: &mut Model, act: impl FnOnce(&mut Model) -> T) -> T {
    let before = mark(&model.cluster);
    let result = act(model);
    if mark(&model.cluster) != before {
        model.keep();
    }
    result
}

/// Takes what the terminal has to say.
fn listen(model: &mut Model) {
    let output = noticing(model, |model| model.terminal.poll(&mut model.cluster));
    for chunk in &output.chunks {
        model.console.write(chunk);
    }
    for request in output.requests {
        match request {
            FrontEnd::Clear => model.console.clear(),
            FrontEnd::Edit { name, text } => model.editing = Some(Editing { name, text }),
            FrontEnd::Load(document) => model.to_load.push(document),
        }
    }
}

/// When to come back: when something is due, at each whole second for the clock, and soon while the past goes by.
fn wake(model: &Model) -> Option<Effect> {
    /// Milliseconds from picture to picture of the past.
    const SOON: u64 = 60;
    if model.past.as_ref().is_some_and(|past| past.watching) {
        return Some(Effect::TickAt(model.pace.soon(SOON)));
    }
    let now = model.cluster.now();
    let second = Instant((now.0 / 1_000_000 + 1) * 1_000_000);
    let next = due(model).map_or(second, |due| due.min(second));
    // A cluster of another time has begun: say at once what time it is.
    let anew = model.pace.is_anew().then_some(0);
    [model.pace.when(next), model.course.poll_at(), anew].into_iter().flatten().min().map(Effect::TickAt)
}
