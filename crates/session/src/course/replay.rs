//! What was done in a task, in order: equal inputs at equal times give an equal cluster, so a task that was left with the
//! page is done again when the page comes back.

use api::ObjectKey;
use cluster::Instant;

use crate::editor::Texts;
use crate::model::{Desktop, Model};
use crate::panel::{Panel, inspect};
use crate::update::{self, Msg};

/// More than this is not remembered of one task.
const MOST: usize = 3000;

/// One thing that was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Input {
    /// A line was typed.
    Line(String),
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D.
    End,
    /// The files are these now.
    Texts(Texts),
    /// What a program gave to be edited is this now; `None` when it was left as it was.
    Edited(Option<String>),
    /// An object was deleted where it was looked at.
    Deleted(ObjectKey),
    /// The terminal began anew.
    Anew,
}

impl Input {
    /// What a message does to the cluster of a task. Texts are known once the message is carried out: they are left empty.
    pub(crate) fn of(model: &Model, msg: &Msg) -> Option<Self> {
        Some(match msg {
            Msg::TerminalLine(line) => Self::Line(line.clone()),
            Msg::Interrupt => Self::Interrupt,
            Msg::EndOfInput => Self::End,
            Msg::EditorChanged(_) | Msg::Files(_) => Self::Texts(Texts::new()),
            Msg::EditSaved(text) => Self::Edited(Some(text.clone())),
            Msg::EditLeft => Self::Edited(None),
            Msg::DeleteInspected => match model.panel() {
                Some(Panel::Object(key)) => Self::Deleted(key),
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// What was done, each with its time on the task's cluster.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Inputs {
    done: Vec<(Instant, Input)>,
    /// Up to here somebody may want to go back: what stands before stays apart from what follows.
    mark: usize,
}

impl Inputs {
    pub(super) fn of(done: Vec<(Instant, Input)>) -> Self {
        Self { mark: done.len(), done }
    }

    pub(super) fn done(&self) -> &[(Instant, Input)] {
        &self.done
    }

    /// Remembers one more. Of texts that follow each other only the last one counts.
    pub(super) fn note(&mut self, at: Instant, input: Input) {
        if let (Input::Texts(_), Some((_, Input::Texts(_)))) = (&input, self.done.last())
            && self.done.len() > self.mark
        {
            self.done.pop();
        }
        if self.done.len() < MOST {
            self.done.push((at, input));
        }
    }

    /// A place to go back to.
    pub(super) fn mark(&mut self) -> usize {
        self.mark = self.done.len();
        self.mark
    }

    pub(super) fn go_back(&mut self, to: usize) {
        self.done.truncate(to);
        self.mark = self.mark.min(to);
    }

    /// The lines that were typed.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |(_, input): &(Instant, Input)| match input {
            Input::Line(line) if !line.trim().is_empty() => Some(line.clone()),
            _ => None,
        };
        self.done.iter().filter_map(line).collect()
    }
}

/// Does again what was done, and lets time go on until it is `until`.
pub(super) fn replay(desktop: Desktop, inputs: &[(Instant, Input)], until: Instant) -> Desktop {
    let mut model = Model::new(None);
    // What the front end would show of it has nobody to see it.
    drop(model.set_desktop(desktop));
    for (at, input) in inputs {
        again(&mut model, *at, input.clone());
    }
    update::run(&mut model, until);
    model.desktop()
}

/// Does one thing again, at its time.
pub(crate) fn again(model: &mut Model, at: Instant, input: Input) {
    update::run(model, at);
    match input {
        Input::Line(line) => model.terminal.submit(&line),
        Input::Interrupt => {
            model.editing = None;
            model.terminal.interrupt();
        }
        Input::End => model.terminal.end_of_input(),
        Input::Texts(texts) => drop(model.exchange(texts)),
        Input::Edited(text) => update::edited(model, text),
        Input::Deleted(key) => inspect::delete(&mut model.cluster, &key),
        Input::Anew => {
            let desktop = model.desktop();
            drop(model.set_desktop(desktop));
        }
    }
    update::run(model, at);
    // Help is not read again.
    for document in std::mem::take(&mut model.to_load) {
        model.terminal.loaded(document, None);
    }
}
