//! The learner's files and the cluster: what can be read is applied, what was taken out is pruned, and what cannot be
//! read leaves the last good state as it was.
//!
//! A change inside an object goes at once, so that the diagram follows each key. A change of *which* objects there are
//! (a name half-typed, a field that only a new pod can have) waits until the text has been still for a moment. Who wants
//! to say when has all of it wait for that ([`Editor::set_on_demand`]).

mod apply;
mod complete;
mod diagnostic;
mod diff;
mod files;
mod fix;
mod read;

use std::collections::BTreeMap;

use api::{ObjectKey, Path, Value};
use cluster::{Cluster, Instant};
use scene::Tone;

pub use complete::{Choice, Completions, FieldName, Hover};
pub use diagnostic::{Diagnostic, Severity};
pub use fix::{QuickFix, TextChange};

use diagnostic::{Marker, span_of};
pub(crate) use files::File;
use files::Files;

/// Microseconds without a key until which objects there are follows the text.
const STILL: u64 = 600_000;

/// The name of the first file.
pub const FILE: &str = "manifest.yaml";

/// Who writes, as the objects' history has it.
const MANAGER: &str = "editor";

/// The name and the text of each file of a set.
pub type Texts = Vec<(String, String)>;

/// The learner's files, and what has become of them.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    files: Files,
    /// The manifests that are in the cluster because they stood in the text.
    applied: BTreeMap<ObjectKey, Value>,
    /// When to look again at what waits.
    due: Option<Instant>,
    /// Whether the learner says when to apply.
    on_demand: bool,
    /// Whether something waits for that.
    waits: bool,
    verdict: (Tone, String),
}

impl Editor {
    /// An editor with these files, none of them applied yet.
    #[must_use]
    pub fn of(texts: Texts) -> Self {
        Self { files: Files::of(texts, 0), ..Self::default() }
    }

    /// The text of the open file.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.files.open().text
    }

    /// All files.
    #[must_use]
    pub fn texts(&self) -> Texts {
        self.files.all().iter().map(|file| (file.name.clone(), file.text.clone())).collect()
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// Everything that is wrong with the open file, from the top.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.files.open().diagnostics()
    }

    /// Whether the cluster is what the files say: nothing is unreadable, refused or waiting.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.due.is_none() && !self.waits && self.files.all().iter().all(|file| file.error().is_none())
    }

    /// What the API server answered last.
    #[must_use]
    pub fn verdict(&self) -> &(Tone, String) {
        &self.verdict
    }

    /// When the editor wants to be looked at again.
    #[must_use]
    pub fn poll_at(&self) -> Option<Instant> {
        self.due
    }

    /// The text of the open file is another.
    pub fn change(&mut self, cluster: &mut Cluster, text: String) {
        self.files.open_mut().write(text);
        self.changed(cluster, apply::Pace::Typing);
    }

    /// Opens another file. Returns whether it is another.
    pub fn show(&mut self, file: u32) -> bool {
        self.files.show(file)
    }

    /// Opens a new, empty file, unless there are as many as there can be.
    pub fn add(&mut self) -> bool {
        self.files.add()
    }

    /// Gives a file another name, if it can have it. Returns the name that it had.
    pub fn rename(&mut self, file: u32, name: &str) -> Option<String> {
        self.files.rename(file, name)
    }

    /// Takes a file away, and what it declared from the cluster. Returns its name.
    pub fn remove(&mut self, cluster: &mut Cluster, file: u32) -> Option<String> {
        let name = self.files.remove(file)?;
        self.changed(cluster, apply::Pace::Still);
        Some(name)
    }

    /// Other files in place of all. The first of them takes the place of the open one, so that undo brings its text back.
    pub fn replace(&mut self, cluster: &mut Cluster, texts: Texts) {
        let (open, next) = (self.files.open().id, self.files.next());
        self.files = Files::of(texts, next);
        self.files.open_mut().id = open;
        self.changed(cluster, apply::Pace::Still);
    }

    /// Whether the learner says when to apply.
    #[must_use]
    pub fn is_on_demand(&self) -> bool {
        self.on_demand
    }

    /// Lets the learner say when to apply, or applies as one types.
    pub fn set_on_demand(&mut self, cluster: &mut Cluster, on_demand: bool) {
        self.on_demand = on_demand;
        if !on_demand && self.waits {
            self.flush(cluster);
        }
    }

    /// Nothing of it is in the cluster: it is another one.
    pub(crate) fn forget_applied(&mut self) {
        (self.applied, self.due) = (BTreeMap::new(), None);
        for file in self.files.all_mut() {
            file.said.clear();
        }
    }

    /// The changes that give a text the indentation that everybody uses; none where it could not be read.
    #[must_use]
    pub fn format(text: &str) -> Vec<TextChange> {
        let index = manifest::LineIndex::new(text);
        let units = |byte| index.utf16(text, byte);
        let changes = manifest::format(text).into_iter();
        changes.map(|edit| TextChange { from: units(edit.start), to: units(edit.end), insert: edit.insert }).collect()
    }

    fn changed(&mut self, cluster: &mut Cluster, pace: apply::Pace) {
        if self.on_demand {
            (self.waits, self.due) = (true, None);
            self.judge(&[]);
        } else {
            self.apply(cluster, pace);
        }
    }

    /// A file that tells of objects that the cluster has already, whatever has become of them since: only what changes in
    /// the text from now on goes to the cluster. `id` is a number that no file had yet.
    pub(crate) fn adopt(cluster: &Cluster, text: String, id: u32) -> Self {
        let files = Files::of([(FILE.to_owned(), text)], id);
        let declared = files.open().declared.iter().filter(|declared| cluster.store().get(&declared.key).is_some());
        let applied = declared.map(|declared| (declared.key.clone(), declared.value.clone())).collect();
        Self { files, applied, ..Self::default() }
    }

    /// Does what waited, if its time has come.
    pub fn poll(&mut self, cluster: &mut Cluster) {
        if self.due.is_some_and(|due| due <= cluster.now()) {
            self.apply(cluster, apply::Pace::Still);
        }
    }

    /// Does at once what waits.
    pub fn flush(&mut self, cluster: &mut Cluster) {
        self.waits = false;
        self.apply(cluster, apply::Pace::Still);
    }

    /// What the cluster took but was surely not meant, where the open file has the object.
    pub(crate) fn advice(&self, cluster: &Cluster) -> Vec<Diagnostic> {
        let place = |advice: diagnostics::Diagnostic| {
            let (file, from, to) = self.find(&advice.object, &advice.path)?;
            if file != self.files.open().id {
                return None;
            }
            let severity = match advice.severity {
                diagnostics::Severity::Warning => Severity::Warning,
                diagnostics::Severity::Hint => Severity::Hint,
            };
            let (line, column) = Marker::new("", self.text()).line_and_column(from);
            let fix = advice.fix.as_ref().and_then(|fix| self.quick_fix(fix));
            let (message, hint) = (advice.message, advice.hint);
            Some(Diagnostic { from, to, line, column, severity, message, hint, fix })
        };
        diagnostics::diagnose(cluster).into_iter().filter_map(place).collect()
    }

    /// A change of one field as a change of the text, where a file has the object.
    #[must_use]
    pub fn quick_fix(&self, fix: &cluster::explain::Fix) -> Option<QuickFix> {
        let (file, document) = self.document(&fix.object)?;
        let change = fix::set_field(&file.text, document, &fix.path, fix.value.as_ref())?;
        Some(QuickFix { title: fix.title.clone(), file: file.id, change })
    }

    /// The file that declares an object, and the document that does.
    fn document(&self, object: &ObjectKey) -> Option<(&File, &manifest::Document)> {
        // Where several do, the last one counts.
        let files = self.files.all().iter().rev();
        let (file, declared) = files.filter_map(|file| Some((file, file.declared(object)?))).next()?;
        Some((file, file.stream.documents.get(declared.document)?))
    }

    /// What the text could go on with at an offset in UTF-16 units. The text is given: an editor may be ahead of the session.
    #[must_use]
    pub fn complete(text: &str, offset: usize, cluster: &Cluster) -> Option<Completions> {
        complete::complete(text, offset, cluster)
    }

    /// What field stands at an offset in UTF-16 units.
    #[must_use]
    pub fn hover(text: &str, offset: usize) -> Option<Hover> {
        complete::hover(text, offset)
    }

    /// Where a field of an object stands: the file, and the place in UTF-16 units; what is nearest to it if it does not
    /// stand there.
    #[must_use]
    pub fn find(&self, object: &ObjectKey, path: &Path) -> Option<(u32, usize, usize)> {
        let (file, document) = self.document(object)?;
        let (text, marker) = (&file.text, Marker::new(&file.name, &file.text));
        let name = Path::new("metadata.name");
        let path = if path.is_root() { &name } else { path };
        let span = document.key_span_of(path).unwrap_or_else(|| span_of(document, path));
        let (from, _) = marker.range(span);
        let end = span_of(document, path);
        // The key to the end of its first line: a whole list would be too much to point at.
        let line = text[span.start.byte..].find(['\n', '\r']).unwrap_or(text.len() - span.start.byte);
        let stop = end.end.byte.max(span.end.byte).min(span.start.byte + line);
        let stop = manifest::Position { byte: stop, ..span.start };
        let (_, to) = marker.range(manifest::Span::new(span.start, stop));
        Some((file.id, from, to))
    }
}
