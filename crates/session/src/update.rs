//! What happens to a model. The only code that changes one.

use std::sync::Arc;

use cluster::Instant;
use cluster::network::TraceId;
use scene::FigureId;
use shell::Document;
use shell::sys::FrontEnd;

use crate::model::{Editing, Model};
use crate::panel::Panel;
use crate::panel::inspect::{self, Trouble};
use crate::panel::lab::{self, LabChange};
use crate::saved;

/// What a learner or the front end did.
#[derive(Clone, PartialEq, Debug)]
pub enum Msg {
    /// It is this late, in milliseconds of any clock that only goes forward.
    Tick(u64),
    /// The editor's text is this now.
    EditorChanged(String),
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
    /// Look at it no more.
    CloseTrace,
    /// Show where a hop's reason stands in the text: the number of the hop.
    ShowReason(usize),
    /// Look at a figure's object.
    ShowFigure(FigureId),
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
    /// There is this much room for the diagram, in CSS pixels.
    Room(i32),
    /// Whether to show the cluster's own objects.
    ShowSystem(bool),
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
}

/// What the front end has to do.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Send [`Msg::Tick`] at this time of the front end's clock, in milliseconds. Replaces an earlier wish.
    TickAt(u64),
    /// Keep this text for the next visit.
    Store(String),
    /// Put this text into the editor.
    ReplaceText(String),
    /// Show this part of the editor's text, in UTF-16 units.
    Reveal {
        /// Where it begins.
        from: usize,
        /// Where it ends.
        to: usize,
    },
    /// Load this text of the site and answer with [`Msg::Loaded`].
    Load(Document),
}

/// Polls of one update; more means that something wakes itself for ever, and the rest waits for the next tick.
const MOST: usize = 10_000;

/// Changes the model.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    match msg {
        Msg::Tick(millis) => tick(model, millis),
        Msg::EditorChanged(text) => {
            model.write(text);
            effects.push(Effect::Store(saved::encode(&model.saved())));
        }
        Msg::TerminalLine(line) => {
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
        Msg::ShowTrace(trace) => model.selected = model.cluster.trace(TraceId(trace)).cloned(),
        Msg::CloseTrace => model.selected = None,
        Msg::ShowReason(hop) => {
            let reason = model.route().and_then(|route| route.stops.into_iter().nth(hop)?.because);
            effects.extend(reason.and_then(|reason| reveal(model, &reason.object, &reason.path)));
        }
        Msg::ShowFigure(id) => {
            let object = model.scene().figure(&id).and_then(|figure| figure.object.clone());
            if let Some(object) = object {
                (model.selected, model.panel) = (None, Some(Panel::Object(object)));
            }
        }
        Msg::ShowPanel(panel) => (model.selected, model.panel) = (None, panel),
        Msg::ShowInManifest => {
            effects.extend(inspected(model).and_then(|object| reveal(model, &object, &api::Path::default())));
        }
        Msg::ShowCell(row, column) => {
            let matrix = model.matrix();
            let cell = matrix.rows.get(row).and_then(|row| row.cells.get(column));
            model.selected = cell.map(|cell| Arc::clone(&cell.trace));
        }
        Msg::SetTrouble(trouble, on) => {
            if let Some(object) = inspected(model) {
                inspect::set_trouble(&mut model.cluster, &object, trouble, on);
            }
        }
        Msg::DeleteInspected => {
            if let Some(object) = inspected(model) {
                inspect::delete(&mut model.cluster, &object);
            }
        }
        Msg::ChooseLab(change) => {
            let settings = lab::with(model.cluster.settings(), change);
            if settings != *model.cluster.settings() {
                model.rebuild(settings);
            }
        }
        Msg::Room(width) => model.options.width = width,
        Msg::ShowSystem(system) => model.options.system = system,
        Msg::Reset => {
            let options = model.options.clone();
            // Virtual time begins anew; the next tick says where the front end's clock is.
            *model = Model::new(None);
            model.options = options;
            effects.push(Effect::ReplaceText(model.text().to_owned()));
            effects.push(Effect::Store(saved::encode(&model.saved())));
        }
        Msg::Loaded(document, text) => model.terminal.loaded(document, text.as_deref()),
        Msg::EditSaved(text) => edited(model, Some(text)),
        Msg::EditLeft => edited(model, None),
        Msg::Trouble(words) => model.trouble = Some(words),
    }
    run(model, model.cluster.now());
    effects.extend(std::mem::take(&mut model.to_load).into_iter().map(Effect::Load));
    model.look();
    effects.extend(wake(model));
    effects
}

fn edited(model: &mut Model, text: Option<String>) {
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

fn reveal(model: &Model, object: &api::ObjectKey, path: &api::Path) -> Option<Effect> {
    let (from, to) = model.editor.find(object, path)?;
    Some(Effect::Reveal { from, to })
}

fn tick(model: &mut Model, millis: u64) {
    let outside = Instant::from_millis(millis).0;
    let offset = *model.offset.get_or_insert(model.cluster.now().0.wrapping_sub(outside));
    let now = Instant(outside.wrapping_add(offset)).max(model.cluster.now());
    run(model, now);
}

/// Lets everything happen that is due by `now`, in the order in which it is due.
fn run(model: &mut Model, now: Instant) {
    for _ in 0..MOST {
        listen(model);
        let next = [model.cluster.poll_at(), model.terminal.poll_at(), model.editor.poll_at()];
        let Some(next) = next.into_iter().flatten().min().filter(|next| *next <= now) else { break };
        model.cluster.poll(next.max(model.cluster.now()));
        model.editor.poll(&mut model.cluster);
    }
    model.cluster.poll(now);
    listen(model);
}

/// Takes what the terminal has to say.
fn listen(model: &mut Model) {
    let output = model.terminal.poll(&mut model.cluster);
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

/// When to come back: when something is due, and at each whole second for the clock.
fn wake(model: &Model) -> Option<Effect> {
    let offset = model.offset?;
    let now = model.cluster.now();
    let second = Instant((now.0 / 1_000_000 + 1) * 1_000_000);
    let due = [model.cluster.poll_at(), model.terminal.poll_at(), model.editor.poll_at()];
    let next = due.into_iter().flatten().min().map_or(second, |due| due.min(second));
    // Rounded up: a tick that comes too early would find nothing to do.
    Some(Effect::TickAt(next.0.wrapping_sub(offset).div_ceil(1000)))
}
