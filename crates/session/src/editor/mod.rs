//! The learner's text and the cluster: what can be read is applied, what was taken out is pruned, and what cannot be
//! read leaves the last good state as it was.
//!
//! A change inside an object goes at once, so that the diagram follows each key. A change of *which* objects there are
//! (a name half-typed, a field that only a new pod can have) waits until the text has been still for a moment.

mod apply;
mod complete;
mod diagnostic;
mod diff;
mod fix;
mod read;

use std::collections::BTreeMap;

use api::{ObjectKey, Path, Value};
use cluster::{Cluster, Instant};
use manifest::Stream;
use scene::Tone;

pub use complete::{Choice, Completions, FieldName, Hover};
pub use diagnostic::{Diagnostic, Severity};
pub use fix::{QuickFix, TextChange};

use diagnostic::{Marker, span_of};
use read::Declared;

/// Microseconds without a key until which objects there are follows the text.
const STILL: u64 = 600_000;

/// The name of the text as a file on the learner's machine.
pub const FILE: &str = "manifest.yaml";

/// Who writes, as the objects' history has it.
const MANAGER: &str = "editor";

/// The learner's text, and what has become of it.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    text: String,
    stream: Stream,
    declared: Vec<Declared>,
    /// What could not be read.
    unread: Vec<Diagnostic>,
    /// What the server said of the rest.
    said: Vec<Diagnostic>,
    /// The manifests that are in the cluster because they stood in the text.
    applied: BTreeMap<ObjectKey, Value>,
    /// When to look again at what waits.
    due: Option<Instant>,
    verdict: (Tone, String),
}

impl Editor {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Everything that is wrong, from the top.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = self.unread.iter().chain(&self.said).cloned().collect();
        all.sort_by_key(|diagnostic| (diagnostic.from, diagnostic.to));
        all
    }

    /// Whether the cluster is what the text says: nothing is unreadable, refused or waiting.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.due.is_none() && !self.unread.iter().chain(&self.said).any(|d| d.severity == Severity::Error)
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

    /// The text is another.
    pub fn change(&mut self, cluster: &mut Cluster, text: String) {
        self.stream = manifest::parse(&text);
        let reading = read::read(&text, &self.stream);
        (self.text, self.declared, self.unread) = (text, reading.declared, reading.diagnostics);
        self.apply(cluster, apply::Pace::Typing);
    }

    /// Does what waited, if its time has come.
    pub fn poll(&mut self, cluster: &mut Cluster) {
        if self.due.is_some_and(|due| due <= cluster.now()) {
            self.apply(cluster, apply::Pace::Still);
        }
    }

    /// Does at once what waits.
    pub fn flush(&mut self, cluster: &mut Cluster) {
        self.apply(cluster, apply::Pace::Still);
    }

    /// What the cluster took but was surely not meant, where the text has the object.
    pub(crate) fn advice(&self, cluster: &Cluster) -> Vec<Diagnostic> {
        let place = |advice: diagnostics::Diagnostic| {
            let (from, to) = self.find(&advice.object, &advice.path)?;
            let severity = match advice.severity {
                diagnostics::Severity::Warning => Severity::Warning,
                diagnostics::Severity::Hint => Severity::Hint,
            };
            let (line, column) = Marker::new(&self.text).line_and_column(from);
            let fix = advice.fix.as_ref().and_then(|fix| self.quick_fix(fix));
            let (message, hint) = (advice.message, advice.hint);
            Some(Diagnostic { from, to, line, column, severity, message, hint, fix })
        };
        diagnostics::diagnose(cluster).into_iter().filter_map(place).collect()
    }

    /// A change of one field as a change of the text, where the text has the object.
    #[must_use]
    pub fn quick_fix(&self, fix: &cluster::explain::Fix) -> Option<QuickFix> {
        let declared = self.declared.iter().find(|declared| declared.key == fix.object)?;
        let document = self.stream.documents.get(declared.document)?;
        let change = fix::set_field(&self.text, document, &fix.path, fix.value.as_ref())?;
        Some(QuickFix { title: fix.title.clone(), change })
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

    /// Where a field of an object stands in the text, in UTF-16 units; what is nearest to it if it does not stand there.
    #[must_use]
    pub fn find(&self, object: &ObjectKey, path: &Path) -> Option<(usize, usize)> {
        let declared = self.declared.iter().find(|declared| declared.key == *object)?;
        let document = self.stream.documents.get(declared.document)?;
        let name = Path::new("metadata.name");
        let path = if path.is_root() { &name } else { path };
        let span = document.key_span_of(path).unwrap_or_else(|| span_of(document, path));
        let (from, _) = Marker::new(&self.text).range(span);
        let end = span_of(document, path);
        // The key to the end of its first line: a whole list would be too much to point at.
        let line = self.text[span.start.byte..].find(['\n', '\r']).unwrap_or(self.text.len() - span.start.byte);
        let stop = end.end.byte.max(span.end.byte).min(span.start.byte + line);
        let stop = manifest::Position { byte: stop, ..span.start };
        let (_, to) = Marker::new(&self.text).range(manifest::Span::new(span.start, stop));
        Some((from, to))
    }
}
