//! The nodes of a document as they were written, in one arena.

use std::collections::BTreeMap;

use crate::position::Span;

/// An index into [`Tree`].
pub(crate) type NodeId = usize;

/// What a node is.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum NodeKind {
    /// `implicit`: its type follows from its text; otherwise it is a string or has a tag.
    Scalar { value: String, tag: Option<String>, implicit: bool },
    /// Items in order.
    Sequence(Vec<NodeId>),
    /// Entries in order, duplicates and merges among them.
    Mapping(Vec<Entry>),
    /// A reference to an earlier node.
    Alias { name: String, target: NodeId },
}

/// One entry of a mapping. The value is missing only where an error cut the text off.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Entry {
    pub(crate) key: NodeId,
    pub(crate) value: Option<NodeId>,
}

/// A node and its place.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) span: Span,
    /// Written in brackets or braces: its span says where it ends, not its indentation.
    pub(crate) flow: bool,
}

/// The nodes of one document; those read before an error stay.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    pub(crate) root: Option<NodeId>,
}

impl Tree {
    pub(crate) fn add(&mut self, kind: NodeKind, span: Span) -> NodeId {
        self.nodes.push(Node { kind, span, flow: false });
        self.nodes.len() - 1
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id]
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    pub(crate) fn nodes_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.nodes.iter_mut()
    }

    /// The node itself, or what it refers to.
    pub(crate) fn resolve(&self, id: NodeId) -> NodeId {
        match self.nodes[id].kind {
            NodeKind::Alias { target, .. } => target,
            _ => id,
        }
    }

    /// The tree of one node and what is below it, aliases with what they refer to.
    pub(crate) fn below(&self, root: NodeId) -> Self {
        let (mut tree, mut copied) = (Self::default(), BTreeMap::new());
        tree.root = Some(self.copy_to(&mut tree, root, &mut copied));
        tree
    }

    fn copy_to(&self, tree: &mut Self, id: NodeId, copied: &mut BTreeMap<NodeId, NodeId>) -> NodeId {
        if let Some(there) = copied.get(&id) {
            return *there;
        }
        let Node { kind, span, flow } = self.node(id);
        let mut copy = |id: &NodeId| self.copy_to(tree, *id, copied);
        let kind = match kind {
            NodeKind::Scalar { .. } => kind.clone(),
            NodeKind::Sequence(items) => NodeKind::Sequence(items.iter().map(copy).collect()),
            NodeKind::Mapping(entries) => {
                let copied = entries
                    .iter()
                    .map(|Entry { key, value }| Entry { key: copy(key), value: value.as_ref().map(&mut copy) });
                NodeKind::Mapping(copied.collect())
            }
            NodeKind::Alias { name, target } => NodeKind::Alias { name: name.clone(), target: copy(target) },
        };
        let new = tree.add(kind, *span);
        tree.nodes[new].flow = *flow;
        copied.insert(id, new);
        new
    }

    /// Whether the node is a merge key (`<<`).
    ///
    /// Models goyaml.v2 decode.go isMerge.
    pub(crate) fn is_merge(&self, id: NodeId) -> bool {
        match &self.nodes[id].kind {
            NodeKind::Scalar { value, tag, implicit } => {
                value == "<<" && (*implicit || tag.as_deref() == Some("tag:yaml.org,2002:merge"))
            }
            _ => false,
        }
    }
}
