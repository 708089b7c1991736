//! From a path to a place in the text, and back.

use api::{Path, Segment};

use crate::decode::key_text;
use crate::tree::{Entry, NodeId, NodeKind, Tree};

/// A value and, if it is one of an object, its key.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) key: Option<NodeId>,
    pub(crate) value: NodeId,
}

/// The deepest node on `path` that exists, and how many steps lead to it.
pub(crate) fn find(tree: &Tree, path: &Path) -> (Option<Found>, usize) {
    let mut found = tree.root.map(|value| Found { key: None, value });
    for (depth, segment) in path.segments().into_iter().enumerate() {
        match found.and_then(|found| step(tree, found.value, segment, 0)) {
            Some(next) => found = Some(next),
            None => return (found, depth),
        }
    }
    (found, path.segments().len())
}

/// Merges and aliases may refer to one another in a circle: this many are followed.
const MAX_HOPS: usize = 16;

fn step(tree: &Tree, node: NodeId, segment: &Segment, hops: usize) -> Option<Found> {
    match (&tree.node(tree.resolve(node)).kind, segment) {
        (NodeKind::Sequence(items), Segment::Index(index)) => {
            items.get(*index).map(|value| Found { key: None, value: *value })
        }
        // The last entry counts, as in the value; a merge gives what it merges.
        (NodeKind::Mapping(entries), Segment::Field(name) | Segment::Key(name)) => {
            entries.iter().rev().find_map(|entry| in_entry(tree, *entry, name, segment, hops))
        }
        _ => None,
    }
}

fn in_entry(tree: &Tree, entry: Entry, name: &str, segment: &Segment, hops: usize) -> Option<Found> {
    if tree.is_merge(entry.key) && name != "<<" {
        let value = entry.value.filter(|_| hops < MAX_HOPS)?;
        return match &tree.node(value).kind {
            NodeKind::Sequence(items) => items.iter().find_map(|item| step(tree, *item, segment, hops + 1)),
            _ => step(tree, value, segment, hops + 1),
        };
    }
    let matches = key_text(tree, entry.key).is_some_and(|key| key == name);
    matches.then(|| Found { key: Some(entry.key), value: entry.value.unwrap_or(entry.key) })
}

/// The path of what stands at `byte`.
///
/// In text that belongs to no value, the column of the cursor decides: a block collection that starts further to
/// the right has ended.
pub(crate) fn path_at(tree: &Tree, text: &str, byte: usize) -> Option<Path> {
    let line_start = text.get(..byte)?.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line_end = text[byte..].find(['\n', '\r']).map_or(text.len(), |at| byte + at);
    let column = text[line_start..byte].chars().count();
    let on_blank_line = text[line_start..line_end].trim().is_empty();
    let cursor = Cursor { tree, byte, column, on_blank_line };
    let mut path = Path::default();
    let mut node = tree.root?;
    while let Some((segment, child)) = cursor.descend(node) {
        path = match segment {
            Segment::Index(index) => path.index(index),
            Segment::Field(name) | Segment::Key(name) => path.child(&name),
        };
        match child {
            Some(child) => node = child,
            None => break,
        }
    }
    Some(path)
}

struct Cursor<'t> {
    tree: &'t Tree,
    byte: usize,
    column: usize,
    /// Nothing stands on the line, so only the column says where something typed there would belong.
    on_blank_line: bool,
}

impl Cursor<'_> {
    /// The child the cursor is in, and its node if the cursor is in its value.
    fn descend(&self, id: NodeId) -> Option<(Segment, Option<NodeId>)> {
        let node = self.tree.node(id);
        let inside = node.span.touches(self.byte);
        if !inside && (node.flow || self.byte < node.span.start.byte || self.column < node.span.start.column) {
            return None;
        }
        match &node.kind {
            NodeKind::Sequence(items) => {
                let index = self.last_before(items.iter().copied())?;
                self.reaches(id, items[index]).then(|| (Segment::Index(index), Some(items[index])))
            }
            NodeKind::Mapping(entries) => {
                let index = self.last_before(entries.iter().map(|entry| entry.key))?;
                let Entry { key, value } = entries[index];
                let name = Segment::Field(key_text(self.tree, key)?);
                if self.tree.node(key).span.touches(self.byte) {
                    return Some((name, None));
                }
                match value {
                    None => Some((name, None)),
                    Some(value) => self.reaches(id, value).then_some((name, Some(value))),
                }
            }
            _ => None,
        }
    }

    /// The last of the children that starts at or before the cursor.
    fn last_before(&self, mut children: impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator) -> Option<usize> {
        children.rposition(|child| self.tree.node(child).span.start.byte <= self.byte)
    }

    /// Whether the cursor, after the start of `child`, is still in it rather than in `parent` only.
    fn reaches(&self, parent: NodeId, child: NodeId) -> bool {
        let (parent, child) = (self.tree.node(parent), self.tree.node(child));
        let is_deeper = !parent.flow && !child.flow && self.column > parent.span.start.column;
        let is_block = !child.flow && !matches!(child.kind, NodeKind::Scalar { .. });
        (self.byte <= child.span.end.byte && !(self.on_blank_line && is_block)) || is_deeper
    }
}
