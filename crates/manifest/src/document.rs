//! One document of a stream: its value, its errors, and where each part of it stands.

use api::{Path, Value};

use crate::decode::{DuplicateKey, decode};
use crate::error::SyntaxError;
use crate::json::JsonError;
use crate::locate;
use crate::position::Span;
use crate::problem::Problem;
use crate::tree::{Node, NodeKind, Tree};

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

    /// The objects of a List, each as a document of its own; any other document as it is. kubectl takes a List apart
    /// before it sends anything.
    ///
    /// Models `k8s.io/cli-runtime/pkg/resource` `FlattenListVisitor`.
    #[must_use]
    pub fn apart(self) -> Vec<Self> {
        let Some(items) = self.value.as_ref().and_then(api::object::items) else { return vec![self] };
        let one = |(index, value): (usize, &Value)| {
            let (found, _) = locate::find(&self.tree, &Path::new("items").index(index));
            let root = self.tree.resolve(found?.value);
            let (span, tree) = (self.tree.node(root).span, self.tree.below(root));
            Some(Self { span, tree, value: Some(value.clone()), errors: Vec::new(), duplicates: Vec::new() })
        };
        items.iter().enumerate().filter_map(one).collect()
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

    /// Scalars and flow collections: what may go over several lines without its lines being structure.
    pub(crate) fn long_spans(&self) -> impl Iterator<Item = Span> {
        let long = |node: &&Node| node.flow || matches!(node.kind, NodeKind::Scalar { .. });
        self.tree.nodes().filter(long).map(|node| node.span).filter(|span| span.end.line > span.start.line)
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

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;
    use crate::parse;

    const MANIFEST: &str = "\
# 😀 a service
kind: Service
metadata: &m {name: web, labels: {\"app.x/y\": z}}
spec:
  ports:
  - port: 80

    name: é
  -
    port: 81
  text: |
    one
      two

copy:
  <<: *m
  name: again
";

    /// A path in which `/` separates the steps and numbers are items.
    fn path(text: &str) -> Path {
        let steps = text.split('/').filter(|step| !step.is_empty());
        steps.fold(Path::default(), |path, step| match step.parse() {
            Ok(index) => path.index(index),
            Err(_) => path.child(step),
        })
    }

    fn first(text: &str) -> Document {
        parse(text).documents.remove(0)
    }

    #[test]
    fn every_value_and_key_has_a_place() {
        let document = first(MANIFEST);
        for (at, value, key) in [
            ("kind", "Service", Some("kind")),
            ("metadata/name", "web", Some("name")),
            ("metadata/labels", "{\"app.x/y\": z}", Some("labels")),
            ("spec/ports", "- port: 80\n\n    name: é\n  -\n    port: 81", Some("ports")),
            ("spec/ports/0", "port: 80\n\n    name: é", None),
            ("spec/ports/0/name", "é", Some("name")),
            ("spec/ports/1/port", "81", Some("port")),
            ("spec/text", "|\n    one\n      two", Some("text")),
            ("copy/name", "again", Some("name")),
            ("copy/labels", "{\"app.x/y\": z}", Some("labels")),
        ] {
            let slice = |span: Span| &MANIFEST[span.start.byte..span.end.byte];
            assert_eq!(document.span_of(&path(at)).map(slice), Some(value), "{at}");
            assert_eq!(document.key_span_of(&path(at)).map(slice), key, "{at}");
        }
        let name = document.span_of(&path("spec/ports/0/name")).unwrap();
        assert_eq!((name.start.line, name.start.column, name.end.column), (7, 10, 11));
        assert_eq!(document.span_of(&path("spec/ports/2")), None);
        assert_eq!(document.span_of(&path("spec/type")), None);
        assert_eq!(document.nearest_span_of(&path("spec/type")), document.key_span_of(&path("spec")));
        assert_eq!(document.nearest_span_of(&path("spec/ports/7/x")), document.key_span_of(&path("spec/ports")));
        let key = Path::new("metadata.labels").key("app.x/y");
        assert_eq!(document.span_of(&key).map(|span| span.end.byte - span.start.byte), Some(1));
    }

    /// `^` marks the cursor.
    #[test]
    fn a_cursor_has_a_path() {
        for (marked, want) in [
            ("ki^nd: Service\n", Some("kind")),
            ("kind: Serv^ice\n", Some("kind")),
            ("kind: ^\n", Some("kind")),
            ("kind: Service\n^\n", Some("")),
            ("spec:\n  ^\n", Some("spec")),
            ("spec:\n  ports:\n  - port: 80\n    ^\n", Some("spec/ports/0")),
            ("spec:\n  ports:\n  - port: 80\n  ^\n", Some("spec")),
            ("spec:\n  ports:\n  - port: 80\n^", Some("")),
            ("spec:\n  ports:\n  - port: 8^0\n", Some("spec/ports/0/port")),
            ("spec:\n  ports:\n  - port: 80\n    ^\n    name: x\n", Some("spec/ports/0")),
            ("spec:\n  a: b\n^\n  c: d\n", Some("")),
            ("spec:\n  a: b\n  ^\n  c: d\n", Some("spec")),
            ("a:\n- b: c\n  ^\n", Some("a/0")),
            ("a: {b: c, ^}\n", Some("a")),
            ("a: {b: [1, 2^]}\n", Some("a/b/1")),
            ("a: |\n  x^y\n", Some("a")),
            ("é: 😀^\n", Some("é")),
            ("a: b\nc: [^\n", Some("c")),
            ("a: b\nc: d^: e\n", Some("c")),
            ("^", None),
        ] {
            let byte = marked.find('^').unwrap();
            let text = marked.replacen('^', "", 1);
            let stream = parse(&text);
            let found = stream.documents.first().and_then(|document| document.path_at(&text, byte));
            assert_eq!(found, want.map(path), "{marked:?}");
        }
    }

    #[test]
    fn a_list_comes_apart() {
        let text = "kind: List\nitems:\n- kind: Pod\n  metadata: &m {name: a}\n- {kind: Service, metadata: *m}\n- 7\n";
        let items = first(text).apart();
        let slice = |span: Span| &text[span.start.byte..span.end.byte];
        assert_eq!(
            items.iter().filter_map(Document::value).cloned().collect::<Vec<_>>(),
            [
                json!({"kind": "Pod", "metadata": {"name": "a"}}),
                json!({"kind": "Service", "metadata": {"name": "a"}}),
                json!(7),
            ]
        );
        assert_eq!(items[1].span_of(&path("kind")).map(slice), Some("Service"));
        assert_eq!(items[1].span_of(&path("metadata/name")).map(slice), Some("a"));
        assert_eq!(items[0].key_span_of(&path("metadata")).map(slice), Some("metadata"));
        for text in ["kind: Pod\n", "kind: List\n", "kind: List\nitems: 3\n", "- kind: List\n"] {
            assert_eq!(first(text).apart(), [first(text)], "{text:?}");
        }
    }

    #[test]
    fn duplicate_keys_are_noted_and_the_last_one_counts() {
        let text = "a: 1\nb: {c: 1, c: 2, c: 3}\na: 2\nd: &d {x: 1}\ne:\n  <<: *d\n  x: 2\n1: p\n\"1\": q\n";
        let document = first(text);
        let want = json!({"a": 2, "b": {"c": 3}, "d": {"x": 1}, "e": {"x": 2}, "1": "q"});
        assert_eq!(document.value(), Some(&want));
        let line = |span: Span| (span.start.line, span.start.column);
        let found = document.duplicates().iter().map(|d| (d.key.as_str(), line(d.first), line(d.again)));
        let want = [("c", (1, 4), (1, 10)), ("c", (1, 4), (1, 16)), ("a", (0, 0), (2, 0)), ("1", (7, 0), (8, 0))];
        assert_eq!(found.collect::<Vec<_>>(), want);
    }

    #[test]
    fn values_are_what_kubectl_sends() {
        for (text, want) in [
            ("a: 0755\nb: yes\nc: ~\nd: 1e3\ne: '80'\n", json!({"a": 493, "b": true, "c": null, "d": 1000, "e": "80"})),
            ("a: 2001-01-01\nb: 1:30\nc: 1.10\n", json!({"a": "2001-01-01", "b": "1:30", "c": 1.1})),
            ("yes: 1\n80: 2\n1.5: 3\n", json!({"true": 1, "80": 2, "1.5": 3})),
            (
                "a: 9223372036854775808\nb: -9223372036854775808\n",
                json!({"a": 9_223_372_036_854_775_808.0, "b": i64::MIN}),
            ),
            ("a: >\n  x\n  y\n\n  z\nb: |+\n  x\n\nc: |-\n  x\n", json!({"a": "x y\nz\n", "b": "x\n\n", "c": "x"})),
            ("a: x\n  y\n\n  z\n", json!({"a": "x y\nz"})),
            ("a: \"x\\\n  y \\u00e9\\t\"\n", json!({"a": "xy é\t"})),
            ("a: |\n  no line break", json!({"a": "no line break\n"})),
            ("a: &x [1]\nb: *x\n", json!({"a": [1], "b": [1]})),
            ("<<: [{a: 1}, {a: 2, b: 2}]\nb: 3\n", json!({"a": 1, "b": 3})),
            ("a: {b:c, \"d\":e}\n", json!({"a": {"b:c": null, "d": "e"}})),
            (
                "a: !!str 80\nb: !!int '80'\nc: !x y\nd: !!binary aGk=\n",
                json!({"a": "80", "b": 80, "c": "y", "d": "hi"}),
            ),
            ("- a\n-\n- - b\n", json!(["a", null, ["b"]])),
            ("[a] b\n", json!(["a"])),
            ("[]: b\n", json!([])),
            ("? a\n: b\n", json!({"a": "b"})),
            (
                "{\"a\": \"\\ud83d\\ude00\\/\\ud800\", \"b\": 80.0, \"yes\": 0.5}",
                json!({"a": "😀/\u{fffd}", "b": 80, "yes": 0.5}),
            ),
            ("\u{feff}a: b\r\nc: d\r\n", json!({"a": "b", "c": "d"})),
        ] {
            let document = first(text);
            assert_eq!(document.errors(), [], "{text:?}");
            assert_eq!(document.value(), Some(&want), "{text:?}");
        }
    }
}
