//! What a check says.

use api::{ObjectKey, Path, Value};
use cluster::explain::Fix;

/// How much it matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Surely not meant, or broken.
    Warning,
    /// Good to know.
    Hint,
}

/// One thing to know about one field of one object.
#[derive(Clone, PartialEq, Debug)]
pub struct Diagnostic {
    /// The check's name, such as `no-pod-selected`; stable, so that lessons can refer to it.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The object.
    pub object: ObjectKey,
    /// The field; one that the manifest leaves out stands for its parent.
    pub path: Path,
    /// What is so, in one sentence.
    pub message: String,
    /// What to do about it, for somebody who sees this for the first time.
    pub hint: String,
    /// The other place that is concerned.
    pub related: Option<Related>,
    /// The one change that mends it, where there is one.
    pub fix: Option<Fix>,
}

/// The other place: a pod whose labels differ, the process that listens elsewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// The object.
    pub object: ObjectKey,
    /// The field.
    pub path: Path,
    /// What is there: `pod web has app=wbe`.
    pub words: String,
}

impl Diagnostic {
    /// Names the other place.
    pub fn related(&mut self, object: ObjectKey, path: Path, words: impl Into<String>) -> &mut Self {
        self.related = Some(Related { object, path, words: words.into() });
        self
    }

    /// Offers a new value for the field that this is about; `None` takes it away.
    pub fn fix(&mut self, title: impl Into<String>, value: Option<Value>) -> &mut Self {
        let path = self.path.clone();
        self.fix_at(title, path, value)
    }

    /// Offers a new value for another field of the object; `None` takes it away.
    pub fn fix_at(&mut self, title: impl Into<String>, path: Path, value: Option<Value>) -> &mut Self {
        self.fix = Some(Fix { title: title.into(), object: self.object.clone(), path, value });
        self
    }
}
