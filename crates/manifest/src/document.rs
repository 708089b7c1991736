//! One document of a stream: its value, its errors, and where each part of it stands.

use api::{Path, Value};

use crate::decode::{DuplicateKey, decode};
use crate::error::SyntaxError;
use crate::json::JsonError;
use crate::locate;
use crate::position::Span;
use crate::problem::Problem;
use crate::tree::Tree;

/// One document of a [`Stream`](crate::Stream).
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// The text kubectl takes for this document; separators may stand between documents.
    pub span: Span,
    tree: Tree,
    value: Option<Value>,
    errors: Vec<SyntaxError>,
    duplicates: Vec<DuplicateKey>,
}

impl Document {
    /// The JSON tree kubectl sends, `null` for an empty document; `None` if the document has errors.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.value.as_ref()
    }

    /// Whether the document holds nothing but blanks, comments or a `null`: kubectl passes it over.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value == Some(Value::Null)
    }

    /// Why the document could not be read; empty if it could.
    #[must_use]
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Keys that stand more than once in one object. kubectl silently takes the last one.
    #[must_use]
    pub fn duplicates(&self) -> &[DuplicateKey] {
        &self.duplicates
    }

    /// Where the value at `path` stands. What came from an alias or a merge stands where it was written.
    #[must_use]
    pub fn span_of(&self, path: &Path) -> Option<Span> {
        let (found, depth) = locate::find(&self.tree, path);
        found.filter(|_| depth == path.segments().len()).map(|found| self.tree.node(found.value).span)
    }

    /// Where the key of the field at `path` stands; `None` for the root and for list items.
    #[must_use]
    pub fn key_span_of(&self, path: &Path) -> Option<Span> {
        let (found, depth) = locate::find(&self.tree, path);
        let key = found.filter(|_| depth == path.segments().len())?.key?;
        Some(self.tree.node(key).span)
    }

    /// Where the deepest part of `path` that exists stands: its key, or the value where it has none. This is
    /// where to underline a field that is missing.
    #[must_use]
    pub fn nearest_span_of(&self, path: &Path) -> Option<Span> {
        let (found, _) = locate::find(&self.tree, path);
        found.map(|found| self.tree.node(found.key.unwrap_or(found.value)).span)
    }

    /// The path of what stands at `byte`: of a value, of a key, or of the object whose next key would be typed
    /// there. Works on what could be read of a broken document. `None` outside of the document.
    ///
    /// Every key is a [`Segment::Field`](api::Segment::Field): only the schema knows which objects are maps.
    #[must_use]
    pub fn path_at(&self, text: &str, byte: usize) -> Option<Path> {
        self.span.touches(byte).then(|| locate::path_at(&self.tree, text, byte)).flatten()
    }

    pub(crate) fn yaml(span: Span, (tree, problem): (Tree, Option<Problem>)) -> Self {
        Self::of(span, tree, problem)
    }

    pub(crate) fn json(span: Span, tree: Tree) -> Self {
        Self::of(span, tree, None)
    }

    pub(crate) fn broken(span: Span, error: SyntaxError) -> Self {
        let tree = Tree::default();
        Self { span, tree, value: None, errors: vec![error.clamp(span.end)], duplicates: Vec::new() }
    }

    /// What an error in JSON leaves: the YAML reader tried too, but kubectl shows the first error.
    pub(crate) fn with_json_error(mut self, error: &JsonError) -> Self {
        self.errors = vec![SyntaxError::json(error, true).clamp(self.span.end)];
        self
    }

    fn of(span: Span, mut tree: Tree, problem: Option<Problem>) -> Self {
        // The reader adds a line break where the last one is missing; no span may reach beyond the text.
        for node in tree.nodes_mut() {
            node.span = node.span.clamp(span.end);
        }
        let decoded = match problem {
            Some(problem) => Err(problem),
            None => decode(&tree),
        };
        let (value, errors, duplicates) = match decoded {
            Ok((value, duplicates)) => (Some(value), Vec::new(), duplicates),
            Err(problem) => (None, vec![SyntaxError::yaml(&problem).clamp(span.end)], Vec::new()),
        };
        Self { span, tree, value, errors, duplicates }
    }
}
