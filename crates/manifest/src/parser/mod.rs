//! Tokens to a [`Tree`]: the first YAML document of a text, as goyaml.v2 reads it.
//!
//! What follows the first document is not looked at: neither does `yaml.Unmarshal`. Models goyaml.v2 parserc.go
//! and the tree builder of decode.go; a recursive descent in place of the state machine, with the same look-ahead.

mod flow;

use std::collections::BTreeMap;

use crate::limits::{MAX_DEPTH, TOO_DEEP};
use crate::position::{Position, Span};
use crate::problem::Problem;
use crate::scanner::{ScalarStyle, Scanner, Token, TokenKind};
use crate::tree::{Entry, NodeId, NodeKind, Tree};

const CORE_TAGS: &str = "tag:yaml.org,2002:";

/// Where a node stands decides what may stand there.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Flow,
    Block,
    /// The key or value of a block mapping: a sequence need not be indented.
    BlockEntry,
}

/// Reads one document. The tree holds what came before the error, if there is one.
pub(crate) fn parse(text: &str, origin: Position) -> (Tree, Option<Problem>) {
    let mut parser = Parser {
        scanner: Scanner::new(text, origin),
        tree: Tree::default(),
        anchors: BTreeMap::new(),
        tag_handles: Vec::new(),
        depth: 0,
    };
    let problem = parser.document().err();
    (parser.tree, problem)
}

struct Parser<'t> {
    scanner: Scanner<'t>,
    tree: Tree,
    anchors: BTreeMap<String, NodeId>,
    /// Handles and prefixes of `%TAG` directives.
    tag_handles: Vec<(String, String)>,
    depth: usize,
}

type Parse<T = ()> = Result<T, Problem>;

/// Where a new node goes.
#[derive(Clone, Copy)]
enum Slot {
    Root,
    Item(NodeId),
    Key(NodeId),
    Value(NodeId),
}

/// What stands before a node: an anchor and a tag.
struct Properties {
    start: Position,
    end: Position,
    anchor: Option<String>,
    tag: Option<String>,
}

impl Parser<'_> {
    fn peek(&mut self) -> Parse<&TokenKind> {
        Ok(&self.scanner.peek()?.kind)
    }

    fn peek_span(&mut self) -> Parse<Span> {
        let token = self.scanner.peek()?;
        Ok(Span::new(token.start, token.end))
    }

    fn take(&mut self) -> Parse<Token> {
        self.scanner.peek()?;
        self.scanner.take().ok_or_else(|| Problem::decoder(Span::default(), "unknown problem parsing YAML content"))
    }

    /// Whether the next token is `kind`, which is then taken.
    fn accept(&mut self, kind: &TokenKind) -> Parse<bool> {
        let found = self.peek()? == kind;
        if found {
            self.take()?;
        }
        Ok(found)
    }

    /// The next token is not what must stand here.
    fn unexpected<T>(&mut self, words: &'static str) -> Parse<T> {
        let span = self.peek_span()?;
        Err(Problem::parser(self.scanner.first_line(), span, words))
    }

    fn document(&mut self) -> Parse {
        self.take()?;
        match self.peek()? {
            TokenKind::StreamEnd => return Ok(()),
            TokenKind::VersionDirective { .. } | TokenKind::TagDirective { .. } | TokenKind::DocumentStart => {
                self.directives()?;
                if !self.accept(&TokenKind::DocumentStart)? {
                    return self.unexpected("did not find expected <document start>");
                }
                let is_empty = matches!(
                    self.peek()?,
                    TokenKind::VersionDirective { .. }
                        | TokenKind::TagDirective { .. }
                        | TokenKind::DocumentStart
                        | TokenKind::DocumentEnd
                        | TokenKind::StreamEnd
                );
                if is_empty {
                    return Ok(());
                }
            }
            _ => {}
        }
        self.node(Place::Block, Slot::Root)?;
        self.peek()?;
        Ok(())
    }

    fn directives(&mut self) -> Parse {
        let mut version = false;
        loop {
            match self.peek()?.clone() {
                TokenKind::VersionDirective { .. } if version => {
                    return self.unexpected("found duplicate %YAML directive");
                }
                TokenKind::VersionDirective { major: 1, minor: 1 } => version = true,
                TokenKind::VersionDirective { .. } => return self.unexpected("found incompatible YAML document"),
                TokenKind::TagDirective { handle, prefix } => {
                    if self.tag_handles.iter().any(|(known, _)| *known == handle) {
                        return self.unexpected("found duplicate %TAG directive");
                    }
                    self.tag_handles.push((handle, prefix));
                }
                _ => return Ok(()),
            }
            self.take()?;
        }
    }

    /// Adds a node to the tree at once, so that it is there even if its end is never found.
    fn place(&mut self, slot: Slot, kind: NodeKind, span: Span, anchor: Option<String>) -> NodeId {
        let id = self.tree.add(kind, span);
        match slot {
            Slot::Root => self.tree.root = Some(id),
            Slot::Item(parent) => {
                if let NodeKind::Sequence(items) = &mut self.tree.node_mut(parent).kind {
                    items.push(id);
                }
            }
            Slot::Key(parent) => {
                if let NodeKind::Mapping(entries) = &mut self.tree.node_mut(parent).kind {
                    entries.push(Entry { key: id, value: None });
                }
            }
            Slot::Value(parent) => {
                if let NodeKind::Mapping(entries) = &mut self.tree.node_mut(parent).kind
                    && let Some(entry) = entries.last_mut()
                {
                    entry.value = Some(id);
                }
            }
        }
        if let Some(name) = anchor {
            self.anchors.insert(name, id);
        }
        id
    }

    /// A scalar of no characters at `at`: null.
    fn empty(&mut self, slot: Slot, at: Position) {
        let kind = NodeKind::Scalar { value: String::new(), tag: None, implicit: true };
        self.place(slot, kind, Span::at(at), None);
    }

    fn properties(&mut self) -> Parse<Properties> {
        let start = self.peek_span()?.start;
        let mut properties = Properties { start, end: start, anchor: None, tag: None };
        let mut tag = None;
        for _ in 0..2 {
            let is_new = match self.peek()? {
                TokenKind::Anchor(_) => properties.anchor.is_none(),
                TokenKind::Tag { .. } => tag.is_none(),
                _ => false,
            };
            if !is_new {
                break;
            }
            let token = self.take()?;
            properties.end = token.end;
            match token.kind {
                TokenKind::Anchor(name) => properties.anchor = Some(name),
                TokenKind::Tag { handle, suffix } => tag = Some((handle, suffix, Span::new(token.start, token.end))),
                _ => {}
            }
        }
        // The tag is looked up only once the token after it has been read.
        self.peek()?;
        if let Some((handle, suffix, span)) = tag {
            properties.tag = Some(self.long_tag(&handle, suffix, span)?).filter(|tag| !tag.is_empty());
        }
        Ok(properties)
    }

    fn long_tag(&self, handle: &str, suffix: String, span: Span) -> Parse<String> {
        if handle.is_empty() {
            return Ok(suffix);
        }
        let declared = self.tag_handles.iter().find(|(known, _)| known == handle).map(|(_, prefix)| prefix.as_str());
        let prefix = match (declared, handle) {
            (Some(prefix), _) => prefix,
            (None, "!") => "!",
            (None, "!!") => CORE_TAGS,
            (None, _) => return Err(Problem::parser(self.scanner.first_line(), span, "found undefined tag handle")),
        };
        Ok(format!("{prefix}{suffix}"))
    }

    fn node(&mut self, place: Place, slot: Slot) -> Parse {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.unexpected(TOO_DEEP);
        }
        if matches!(self.peek()?, TokenKind::Alias(_)) {
            self.alias(slot)?;
        } else {
            self.real_node(place, slot)?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn alias(&mut self, slot: Slot) -> Parse {
        let token = self.take()?;
        let span = Span::new(token.start, token.end);
        if let TokenKind::Alias(name) = token.kind {
            let Some(&target) = self.anchors.get(&name) else {
                return Err(Problem::decoder(span, format!("unknown anchor '{name}' referenced")));
            };
            self.place(slot, NodeKind::Alias { name, target }, span, None);
        }
        Ok(())
    }

    fn real_node(&mut self, place: Place, slot: Slot) -> Parse {
        let Properties { start, end, anchor, tag } = self.properties()?;
        let token = self.peek_span()?;
        match self.peek()? {
            TokenKind::BlockEntry if place == Place::BlockEntry => {
                let id = self.place(slot, NodeKind::Sequence(Vec::new()), Span::new(token.start, token.end), anchor);
                self.indentless_sequence(id)
            }
            TokenKind::Scalar { .. } => {
                let token = self.take()?;
                if let TokenKind::Scalar { value, style } = token.kind {
                    let implicit = match &tag {
                        None => style == ScalarStyle::Plain,
                        Some(tag) => tag == "!",
                    };
                    let span = Span::new(token.start, token.end);
                    self.place(slot, NodeKind::Scalar { value, tag, implicit }, span, anchor);
                }
                Ok(())
            }
            TokenKind::FlowSequenceStart => {
                let id = self.place(slot, NodeKind::Sequence(Vec::new()), token, anchor);
                self.flow(id, Self::flow_sequence)
            }
            TokenKind::FlowMappingStart => {
                let id = self.place(slot, NodeKind::Mapping(Vec::new()), token, anchor);
                self.flow(id, Self::flow_mapping)
            }
            TokenKind::BlockSequenceStart if place != Place::Flow => {
                let id = self.place(slot, NodeKind::Sequence(Vec::new()), token, anchor);
                self.block_sequence(id)
            }
            TokenKind::BlockMappingStart if place != Place::Flow => {
                let id = self.place(slot, NodeKind::Mapping(Vec::new()), token, anchor);
                self.block_mapping(id)
            }
            _ if anchor.is_some() || tag.is_some() => {
                let implicit = tag.is_none();
                let kind = NodeKind::Scalar { value: String::new(), tag, implicit };
                self.place(slot, kind, Span::new(start, end), anchor);
                Ok(())
            }
            _ => self.unexpected("did not find expected node content"),
        }
    }

    /// Ends a block collection where its last child ends, not where the next token begins.
    fn close(&mut self, id: NodeId) {
        let last = match &self.tree.node(id).kind {
            NodeKind::Sequence(items) => items.last().copied(),
            NodeKind::Mapping(entries) => entries.last().map(|entry| entry.value.unwrap_or(entry.key)),
            _ => None,
        };
        if let Some(last) = last {
            let end = self.tree.node(last).span.end;
            let span = &mut self.tree.node_mut(id).span;
            span.end = span.end.max(end);
        }
    }

    fn indentless_sequence(&mut self, id: NodeId) -> Parse {
        while *self.peek()? == TokenKind::BlockEntry {
            let mark = self.take()?.end;
            match self.peek()? {
                TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                    self.empty(Slot::Item(id), mark);
                }
                _ => self.node(Place::Block, Slot::Item(id))?,
            }
            self.close(id);
        }
        Ok(())
    }

    fn block_sequence(&mut self, id: NodeId) -> Parse {
        self.take()?;
        loop {
            if *self.peek()? == TokenKind::BlockEntry {
                let mark = self.take()?.end;
                match self.peek()? {
                    TokenKind::BlockEntry | TokenKind::BlockEnd => self.empty(Slot::Item(id), mark),
                    _ => self.node(Place::Block, Slot::Item(id))?,
                }
                self.close(id);
            } else if self.accept(&TokenKind::BlockEnd)? {
                return Ok(());
            } else {
                return self.unexpected("did not find expected '-' indicator");
            }
        }
    }

    fn block_mapping(&mut self, id: NodeId) -> Parse {
        self.take()?;
        loop {
            if *self.peek()? == TokenKind::Key {
                self.block_part(Slot::Key(id))?;
                if *self.peek()? == TokenKind::Value {
                    self.block_part(Slot::Value(id))?;
                } else {
                    let at = self.peek_span()?.start;
                    self.empty(Slot::Value(id), at);
                }
                self.close(id);
            } else if self.accept(&TokenKind::BlockEnd)? {
                return Ok(());
            } else {
                return self.unexpected("did not find expected key");
            }
        }
    }

    /// The key or the value of a block mapping, after its indicator.
    fn block_part(&mut self, slot: Slot) -> Parse {
        let mark = self.take()?.end;
        match self.peek()? {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                self.empty(slot, mark);
                Ok(())
            }
            _ => self.node(Place::BlockEntry, slot),
        }
    }
}
