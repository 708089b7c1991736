//! JSON text to a [`Tree`], refused where and as Go's encoding/json refuses it.

use crate::limits::MAX_DEPTH;
use crate::position::{Position, Span};
use crate::scanner::Cursor;
use crate::tree::{Entry, NodeId, NodeKind, Tree};

/// Why a text is not JSON.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct JsonError {
    /// Go's words.
    pub(crate) words: String,
    /// Where the character stands that is wrong, and Go's offset: the bytes read, that character included.
    /// `None`: the text ended too early.
    pub(crate) offset: Option<usize>,
    pub(crate) at: Position,
}

/// Reads one JSON value that starts at `at`, after blanks. Returns it and where it ends.
///
/// Models Go's encoding/json `Decoder.readValue`.
pub(crate) fn decode(text: &str, at: Position) -> Result<(Tree, Position), JsonError> {
    let mut reader = Reader::new(text, at);
    reader.skip_blanks();
    let root = reader.value()?;
    reader.tree.root = Some(root);
    Ok((reader.tree, reader.cursor.at))
}

/// Reads a text that is one JSON value. The error is that of Go's `json.Unmarshal`.
pub(crate) fn unmarshal(text: &str) -> Result<Tree, String> {
    let words = |error: JsonError| error.offset.map_or("unexpected end of JSON input".to_owned(), |_| error.words);
    let (tree, end) = decode(text, Position::default()).map_err(words)?;
    let rest = Reader::new(text, skip_blanks(text, end));
    match rest.peek() {
        None => Ok(tree),
        Some(_) => rest.error("after top-level value").map_err(words),
    }
}

/// Passes the blanks of JSON.
pub(crate) fn skip_blanks(text: &str, at: Position) -> Position {
    let mut reader = Reader::new(text, at);
    reader.skip_blanks();
    reader.cursor.at
}

struct Reader<'t> {
    text: &'t str,
    cursor: Cursor<'t>,
    tree: Tree,
    depth: usize,
}

type Read<T> = Result<T, JsonError>;

impl<'t> Reader<'t> {
    fn new(text: &'t str, at: Position) -> Self {
        Self { text, cursor: Cursor::new(&text[at.byte..], at), tree: Tree::default(), depth: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.cursor.at.byte).copied()
    }

    fn skip(&mut self) {
        self.cursor.advance();
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.skip();
        }
    }

    /// The character here is wrong, or the text ended.
    fn error<T>(&self, context: &str) -> Read<T> {
        let at = self.cursor.at;
        Err(match self.peek() {
            None => JsonError { words: "unexpected EOF".to_owned(), offset: None, at },
            Some(byte) => {
                let quoted = match byte {
                    b'\'' => r"'\''".to_owned(),
                    b'"' => "'\"'".to_owned(),
                    byte => {
                        let quoted = api::field::go_quote(&char::from(byte).to_string());
                        format!("'{}'", &quoted[1..quoted.len() - 1])
                    }
                };
                JsonError { words: format!("invalid character {quoted} {context}"), offset: Some(at.byte + 1), at }
            }
        })
    }

    fn value(&mut self) -> Read<NodeId> {
        let start = self.cursor.at;
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal(start, "true"),
            Some(b'f') => self.literal(start, "false"),
            Some(b'n') => self.literal(start, "null"),
            _ => self.error("looking for beginning of value"),
        }
    }

    fn nested(&mut self, read: fn(&mut Self, NodeId) -> Read<()>) -> Read<NodeId> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let at = self.cursor.at;
            return Err(JsonError { words: "exceeded max depth".to_owned(), offset: Some(at.byte + 1), at });
        }
        let start = self.cursor.at;
        let kind =
            if self.peek() == Some(b'{') { NodeKind::Mapping(Vec::new()) } else { NodeKind::Sequence(Vec::new()) };
        let id = self.tree.add(kind, Span::at(start));
        self.tree.node_mut(id).flow = true;
        self.skip();
        self.skip_blanks();
        read(self, id)?;
        self.skip();
        self.tree.node_mut(id).span = Span::new(start, self.cursor.at);
        self.depth -= 1;
        Ok(id)
    }

    /// Reads up to the closing brace.
    fn object(&mut self, id: NodeId) -> Read<()> {
        if self.peek() == Some(b'}') {
            return Ok(());
        }
        loop {
            if self.peek() != Some(b'"') {
                return self.error("looking for beginning of object key string");
            }
            let key = self.string()?;
            self.skip_blanks();
            if self.peek() != Some(b':') {
                return self.error("after object key");
            }
            self.skip();
            self.skip_blanks();
            let value = Some(self.value()?);
            if let NodeKind::Mapping(entries) = &mut self.tree.node_mut(id).kind {
                entries.push(Entry { key, value });
            }
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.skip(),
                Some(b'}') => return Ok(()),
                _ => return self.error("after object key:value pair"),
            }
            self.skip_blanks();
        }
    }

    /// Reads up to the closing bracket.
    fn array(&mut self, id: NodeId) -> Read<()> {
        if self.peek() == Some(b']') {
            return Ok(());
        }
        loop {
            let item = self.value()?;
            if let NodeKind::Sequence(items) = &mut self.tree.node_mut(id).kind {
                items.push(item);
            }
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.skip(),
                Some(b']') => return Ok(()),
                _ => return self.error("after array element"),
            }
            self.skip_blanks();
        }
    }

    fn literal(&mut self, start: Position, word: &'static str) -> Read<NodeId> {
        for (at, letter) in word.bytes().enumerate() {
            if self.peek() != Some(letter) {
                return self.error(&format!("in literal {word} (expecting '{}')", &word[at..=at]));
            }
            self.skip();
        }
        Ok(self.plain(start))
    }

    /// The text from `start` to here as a scalar whose type follows from its text.
    fn plain(&mut self, start: Position) -> NodeId {
        let value = self.text[start.byte..self.cursor.at.byte].to_owned();
        let kind = NodeKind::Scalar { value, tag: None, implicit: true };
        self.tree.add(kind, Span::new(start, self.cursor.at))
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.skip();
        }
    }

    fn number(&mut self) -> Read<NodeId> {
        let start = self.cursor.at;
        if self.peek() == Some(b'-') {
            self.skip();
        }
        match self.peek() {
            Some(b'0') => self.skip(),
            Some(b'1'..=b'9') => self.digits(),
            _ => return self.error("in numeric literal"),
        }
        if self.peek() == Some(b'.') {
            self.skip();
            if !matches!(self.peek(), Some(b'0'..=b'9')) {
                return self.error("after decimal point in numeric literal");
            }
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.skip();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.skip();
            }
            if !matches!(self.peek(), Some(b'0'..=b'9')) {
                return self.error("in exponent of numeric literal");
            }
            self.digits();
        }
        Ok(self.plain(start))
    }

    fn string(&mut self) -> Read<NodeId> {
        let start = self.cursor.at;
        self.skip();
        let mut value = String::new();
        loop {
            let from = self.cursor.at.byte;
            while matches!(self.peek(), Some(byte) if byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.skip();
            }
            value.push_str(&self.text[from..self.cursor.at.byte]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape(&mut value)?,
                _ => return self.error("in string literal"),
            }
        }
        self.skip();
        let kind = NodeKind::Scalar { value, tag: None, implicit: false };
        Ok(self.tree.add(kind, Span::new(start, self.cursor.at)))
    }

    fn escape(&mut self, value: &mut String) -> Read<()> {
        self.skip();
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(value),
            _ => return self.error("in string escape code"),
        };
        self.skip();
        value.push(character);
        Ok(())
    }

    /// `uXXXX` after a backslash; a lone surrogate becomes U+FFFD.
    fn unicode_escape(&mut self, value: &mut String) -> Read<()> {
        let mut code = self.four_digits()?;
        if (0xD800..0xDC00).contains(&code) && self.text[self.cursor.at.byte..].starts_with("\\u") {
            let high_end = self.cursor.at;
            self.skip();
            let low = self.four_digits()?;
            if (0xDC00..0xE000).contains(&low) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            } else {
                self.cursor.at = high_end;
            }
        }
        value.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    fn four_digits(&mut self) -> Read<u32> {
        self.skip();
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return self.error("in \\u hexadecimal character escape");
            };
            code = code << 4 | digit;
            self.skip();
        }
        Ok(code)
    }
}
