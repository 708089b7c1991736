//! Collections in brackets and braces.

use super::{Parse, Parser, Place, Slot};
use crate::position::{Position, Span};
use crate::scanner::TokenKind;
use crate::tree::{NodeId, NodeKind};

impl Parser<'_> {
    /// A collection in brackets: its span ends with the closing one.
    pub(super) fn flow(&mut self, id: NodeId, parse: fn(&mut Self, NodeId) -> Parse<Position>) -> Parse {
        self.tree.node_mut(id).flow = true;
        self.take()?;
        let end = parse(self, id)?;
        self.tree.node_mut(id).span.end = end;
        Ok(())
    }

    pub(super) fn flow_sequence(&mut self, id: NodeId) -> Parse<Position> {
        let mut first = true;
        loop {
            if *self.peek()? != TokenKind::FlowSequenceEnd && !first && !self.accept(&TokenKind::FlowEntry)? {
                return self.unexpected("did not find expected ',' or ']'");
            }
            first = false;
            match self.peek()? {
                TokenKind::FlowSequenceEnd => return Ok(self.take()?.end),
                TokenKind::Key => self.flow_pair(id)?,
                _ => self.node(Place::Flow, Slot::Item(id))?,
            }
            self.close(id);
        }
    }

    /// `key: value` as an item of a sequence in brackets: a mapping of one entry.
    fn flow_pair(&mut self, parent: NodeId) -> Parse {
        let token = self.take()?;
        let span = Span::new(token.start, token.end);
        let id = self.place(Slot::Item(parent), NodeKind::Mapping(Vec::new()), span, None);
        self.tree.node_mut(id).flow = true;
        match self.peek()? {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                let mark = self.take()?.end;
                self.empty(Slot::Key(id), mark);
            }
            _ => self.node(Place::Flow, Slot::Key(id))?,
        }
        if self.accept(&TokenKind::Value)? && !matches!(self.peek()?, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd)
        {
            self.node(Place::Flow, Slot::Value(id))?;
        } else {
            let at = self.peek_span()?.start;
            self.empty(Slot::Value(id), at);
        }
        self.close(id);
        Ok(())
    }

    pub(super) fn flow_mapping(&mut self, id: NodeId) -> Parse<Position> {
        let mut first = true;
        loop {
            if *self.peek()? != TokenKind::FlowMappingEnd && !first && !self.accept(&TokenKind::FlowEntry)? {
                return self.unexpected("did not find expected ',' or '}'");
            }
            first = false;
            match self.peek()? {
                TokenKind::FlowMappingEnd => return Ok(self.take()?.end),
                TokenKind::Key => {
                    self.take()?;
                    self.flow_entry(id)?;
                }
                _ => {
                    self.node(Place::Flow, Slot::Key(id))?;
                    let at = self.peek_span()?.start;
                    self.empty(Slot::Value(id), at);
                }
            }
            self.close(id);
        }
    }

    /// The key and the value of a mapping in braces, after the key's indicator.
    fn flow_entry(&mut self, id: NodeId) -> Parse {
        if matches!(self.peek()?, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
            let at = self.peek_span()?.start;
            self.empty(Slot::Key(id), at);
        } else {
            self.node(Place::Flow, Slot::Key(id))?;
        }
        if self.accept(&TokenKind::Value)? && !matches!(self.peek()?, TokenKind::FlowEntry | TokenKind::FlowMappingEnd)
        {
            return self.node(Place::Flow, Slot::Value(id));
        }
        let at = self.peek_span()?.start;
        self.empty(Slot::Value(id), at);
        Ok(())
    }
}
