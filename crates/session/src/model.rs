//! What there is: a cluster, a terminal, the learner's text, and what is looked at. All fields change by messages only;
//! views are plain data.

use std::sync::Arc;

use cluster::network::Trace;
use cluster::{Cluster, Instant, Settings};
use scene::{Options, Places, Route, Scene, Tone};
use shell::Terminal;

use crate::console::Console;
use crate::editor::{Completions, Editor, FILE, Hover};
use crate::panel::{self, Inspection, Lab, Matrix, Panel};
use crate::saved::Saved;
use crate::start;

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
    /// The request that is looked at.
    pub(crate) selected: Option<Arc<Trace>>,
    /// What is looked at while no request is.
    pub(crate) panel: Option<Panel>,
    pub(crate) editing: Option<Editing>,
    /// Virtual microseconds minus the front end's, once the front end has said what time it has.
    pub(crate) offset: Option<u64>,
    /// What the front end could not do, in words.
    pub(crate) trouble: Option<String>,
    /// Texts that programs wait for and the front end was not asked for yet.
    pub(crate) to_load: Vec<shell::Document>,
    picture: Arc<Scene>,
    advice: Vec<crate::Diagnostic>,
    matrix: Arc<Matrix>,
    pictured: Option<Pictured>,
}

/// What a picture depends on: equal values give equal pictures.
#[derive(Clone, PartialEq, Debug)]
struct Pictured {
    revision: u64,
    programmed: Vec<Option<Instant>>,
    options: Options,
    matrix: bool,
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
        let first = || Saved { seed: 1, history: Vec::new(), text: start::TEXT.to_owned() };
        let saved = saved.unwrap_or_else(first);
        let mut model = Self {
            seed: saved.seed,
            cluster: Cluster::new(Settings { seed: saved.seed, ..Settings::default() }),
            terminal: Terminal::new(),
            console: Console::default(),
            editor: Editor::default(),
            options: Options::default(),
            places: Places::default(),
            selected: None,
            panel: None,
            editing: None,
            offset: None,
            trouble: None,
            to_load: Vec::new(),
            picture: Arc::default(),
            advice: Vec::new(),
            matrix: Arc::default(),
            pictured: None,
        };
        model.terminal.set_history(saved.history);
        model.write(saved.text);
        model.editor.flush(&mut model.cluster);
        model.look();
        model
    }

    /// The learner's text goes to the cluster, and to a file that `kubectl apply -f` finds.
    pub(crate) fn write(&mut self, text: String) {
        // The name is fixed and no folder has it.
        let _ = self.terminal.set_file(FILE, &text);
        self.editor.change(&mut self.cluster, text);
    }

    /// Draws the picture again if something it depends on is another.
    pub(crate) fn look(&mut self) {
        let nodes = &self.cluster.settings().nodes;
        let programmed = nodes.iter().map(|node| Some(self.cluster.proxy(&node.name)?.synced())).collect();
        let now = Pictured {
            revision: self.cluster.store().revision(),
            programmed,
            options: self.options.clone(),
            matrix: self.panel == Some(Panel::Matrix),
        };
        if self.pictured.as_ref() == Some(&now) {
            return;
        }
        let scene = scene::scene(&self.cluster, &self.options, &mut self.places);
        if *self.picture != scene {
            self.picture = Arc::new(scene);
        }
        self.advice = self.editor.advice(&self.cluster);
        if now.matrix {
            self.matrix = Arc::new(panel::matrix::matrix(&self.cluster));
        }
        self.pictured = Some(now);
    }

    /// Another cluster, to which the text is applied anew. What was made in the terminal is gone with the old one.
    pub(crate) fn rebuild(&mut self, settings: Settings) {
        let history = self.history();
        self.cluster = Cluster::new(settings);
        self.terminal = Terminal::new();
        self.terminal.set_history(history);
        (self.selected, self.editing, self.pictured) = (None, None, None);
        // Virtual time begins anew; the next tick says where the front end's clock is.
        self.offset = None;
        let text = std::mem::take(&mut self.editor).text().to_owned();
        self.write(text);
        self.editor.flush(&mut self.cluster);
    }

    /// What is to be kept.
    #[must_use]
    pub fn saved(&self) -> Saved {
        Saved { seed: self.seed, history: self.history(), text: self.editor.text().to_owned() }
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
            all.sort_by_key(|diagnostic| (diagnostic.from, diagnostic.to));
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

    /// The way of the request that is looked at.
    #[must_use]
    pub fn route(&self) -> Option<Route> {
        Some(scene::route(&self.picture, self.selected.as_ref()?))
    }

    /// What is looked at while no request is.
    #[must_use]
    pub fn panel(&self) -> Option<Panel> {
        self.panel.clone()
    }

    /// The object that is looked at.
    #[must_use]
    pub fn inspection(&self) -> Option<Inspection> {
        match &self.panel {
            Some(Panel::Object(key)) => Some(panel::inspect::inspect(&self.cluster, &self.editor, key)),
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

    /// The status line.
    #[must_use]
    pub fn status(&self) -> StatusLine {
        let (tone, verdict) = self.editor.verdict().clone();
        let time = api::time::format_rfc3339(self.cluster.now().unix_seconds());
        StatusLine {
            clock: time.get(11..19).unwrap_or_default().to_owned(),
            verdict,
            tone,
            current: self.editor.is_current(),
            trouble: self.trouble.clone(),
        }
    }
}
