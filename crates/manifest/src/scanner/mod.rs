//! YAML text to tokens, as goyaml.v2 (a libyaml) cuts it: the same texts are refused, in the same words.
//!
//! A key is recognised only when its `:` is met, so the tokens of one that might be a key wait in the queue
//! ([`SimpleKey`]). Models goyaml.v2 scannerc.go.

mod cursor;
mod properties;
mod scalar;
mod token;

use std::collections::VecDeque;

pub(crate) use cursor::{Cursor, end_of};
pub(crate) use token::{ScalarStyle, Token, TokenKind};

use crate::limits::MAX_DEPTH;
use crate::position::{Position, Span};
use crate::problem::Problem;

/// Characters a key may have before its `:`.
const MAX_KEY_CHARS: usize = 1024;

/// Bytes libyaml reads and checks at once: a control character is reported before anything else in its block.
const READ_BLOCK: usize = 512;

/// A token that will have been a key if a `:` follows on its line.
#[derive(Clone, Copy, Default)]
struct SimpleKey {
    possible: bool,
    /// It stands where only a key may stand.
    required: bool,
    token_number: usize,
    at: Position,
    /// Its token waits in the queue until this is settled. goyaml gives that up at the end of an empty collection
    /// in brackets, and so reads `[]: x` as `[]`.
    awaited: bool,
}

/// The scanner of one document.
pub(crate) struct Scanner<'t> {
    cursor: Cursor<'t>,
    first_line: usize,
    tokens: VecDeque<Token>,
    /// Tokens already taken from the queue.
    taken: usize,
    started: bool,
    ended: bool,
    flow_level: usize,
    indent: isize,
    indents: Vec<isize>,
    simple_key_allowed: bool,
    /// One slot for each flow level and one for the block level.
    simple_keys: Vec<SimpleKey>,
    /// The head of the queue has been shown, so it is known what it is.
    shown: bool,
    /// Room for what stands between words, kept to be used again.
    gap: scalar::Gap,
    /// The first control character: where its block of input begins and where it stands.
    control: Option<(usize, Position)>,
}

type Scan<T = ()> = Result<T, Problem>;

impl<'t> Scanner<'t> {
    /// A scanner of `text`, which stands at `origin` of the stream.
    pub(crate) fn new(text: &'t str, origin: Position) -> Self {
        Self {
            cursor: Cursor::new(text, origin),
            first_line: origin.line,
            tokens: VecDeque::new(),
            taken: 0,
            started: false,
            ended: false,
            flow_level: 0,
            indent: -1,
            indents: Vec::new(),
            simple_key_allowed: true,
            simple_keys: vec![SimpleKey::default()],
            shown: false,
            gap: scalar::Gap::default(),
            control: first_control(text, origin),
        }
    }

    /// The next token, left in the queue.
    pub(crate) fn peek(&mut self) -> Scan<&Token> {
        while !self.shown {
            if self.tokens.is_empty() || self.head_may_be_key()? {
                self.fetch()?;
            } else {
                self.shown = true;
            }
        }
        // The loop ends only with a token in the queue.
        Ok(&self.tokens[0])
    }

    /// Takes the token that [`Scanner::peek`] showed.
    pub(crate) fn take(&mut self) -> Option<Token> {
        self.shown = false;
        let token = self.tokens.pop_front();
        self.taken += usize::from(token.is_some());
        token
    }

    /// The line number from which errors count.
    pub(crate) fn first_line(&self) -> usize {
        self.first_line
    }

    /// Whether the head of the queue may still turn out to be a key, so that more must be read.
    fn head_may_be_key(&mut self) -> Scan<bool> {
        let from = self.simple_keys.partition_point(|key| key.token_number < self.taken);
        let mut level = from;
        while self.simple_keys.get(level).is_some_and(|key| key.token_number == self.taken) {
            if self.simple_keys[level].awaited {
                return self.is_key_valid(level);
            }
            level += 1;
        }
        Ok(false)
    }

    fn problem(&self, since: Position, words: &'static str) -> Problem {
        Problem::scanner(self.first_line, since, self.cursor.at, words)
    }

    fn push(&mut self, kind: TokenKind, start: Position) {
        let end = self.cursor.at;
        self.tokens.push_back(Token { kind, start, end });
    }

    /// Reads at least one more token; a control character in the input read so far wins over other problems.
    fn fetch(&mut self) -> Scan {
        let result = self.fetch_next();
        match self.control {
            Some((block, at)) if self.cursor.at.byte + 3 >= block => {
                Err(Problem::decoder(Span::at(at), "control characters are not allowed"))
            }
            _ => result,
        }
    }

    fn fetch_next(&mut self) -> Scan {
        if !self.started {
            self.started = true;
            self.push(TokenKind::StreamStart, self.cursor.at);
            return Ok(());
        }
        self.skip_to_token();
        self.unroll_indent(self.cursor.at.column as isize);
        if self.cursor.is_end() {
            return self.fetch_end();
        }
        let in_flow = self.flow_level > 0;
        let blank_next = self.cursor.is_blankz(1);
        match self.cursor.peek(0) {
            b'%' if self.cursor.at.column == 0 => self.fetch_directive(),
            b'-' | b'.' if self.cursor.is_document_indicator() => self.fetch_document_indicator(),
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if blank_next => self.fetch_block_entry(),
            b'?' if in_flow || blank_next => self.fetch_key(),
            b':' if in_flow || blank_next => self.fetch_value(),
            b'*' | b'&' => self.fetch_key_start(Self::scan_anchor),
            b'!' => self.fetch_key_start(Self::scan_tag),
            b'|' | b'>' if !in_flow => self.fetch_block_scalar(),
            b'\'' | b'"' => self.fetch_key_start(Self::scan_quoted),
            b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => {
                Err(self.problem(self.cursor.at, "found character that cannot start any token"))
            }
            _ => self.fetch_key_start(Self::scan_plain),
        }
    }

    /// Passes blanks, comments and line breaks. A tab counts as blank only where no key may start.
    fn skip_to_token(&mut self) {
        loop {
            while self.cursor.peek(0) == b' '
                || (self.cursor.peek(0) == b'\t' && (self.flow_level > 0 || !self.simple_key_allowed))
            {
                self.cursor.skip();
            }
            self.cursor.skip_comment();
            if self.cursor.break_width(0) == 0 {
                return;
            }
            self.cursor.skip_line();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    /// Whether the key in slot `level` can still get its `:`.
    fn is_key_valid(&mut self, level: usize) -> Scan<bool> {
        let key = self.simple_keys[level];
        if !key.possible {
            return Ok(false);
        }
        let at = self.cursor.at;
        if key.at.line < at.line || key.at.column + MAX_KEY_CHARS < at.column {
            if key.required {
                return Err(self.problem(key.at, "could not find expected ':'"));
            }
            self.simple_keys[level].possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    /// Notes that the next token may be a key.
    fn save_key(&mut self) -> Scan {
        if self.simple_key_allowed {
            let required = self.flow_level == 0 && self.indent == self.cursor.at.column as isize;
            let token_number = self.taken + self.tokens.len();
            self.remove_key()?;
            let level = self.simple_keys.len() - 1;
            self.simple_keys[level] =
                SimpleKey { possible: true, required, token_number, at: self.cursor.at, awaited: true };
        }
        Ok(())
    }

    /// Gives up the possible key of this level.
    fn remove_key(&mut self) -> Scan {
        let level = self.simple_keys.len() - 1;
        let key = self.simple_keys[level];
        if key.possible && key.required {
            return Err(self.problem(key.at, "could not find expected ':'"));
        }
        self.simple_keys[level].possible = false;
        self.simple_keys[level].awaited = false;
        Ok(())
    }

    /// Opens a block collection at `column` if it is deeper than the current one. `number` says before which
    /// token; `None` is at the end of the queue.
    fn roll_indent(&mut self, at: Position, number: Option<usize>, kind: TokenKind) -> Scan {
        let column = at.column as isize;
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        if self.indents.len() >= MAX_DEPTH {
            return Err(self.problem(at, crate::limits::TOO_DEEP));
        }
        self.indents.push(self.indent);
        self.indent = column;
        let index = number.map_or(self.tokens.len(), |number| self.queue_index(number));
        self.tokens.insert(index, Token { kind, start: at, end: at });
        Ok(())
    }

    /// Where a token stands in the queue; one already taken counts as the end.
    fn queue_index(&self, number: usize) -> usize {
        number.checked_sub(self.taken).unwrap_or(self.tokens.len())
    }

    /// Closes the block collections deeper than `column`.
    fn unroll_indent(&mut self, column: isize) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            self.push(TokenKind::BlockEnd, self.cursor.at);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn fetch_end(&mut self) -> Scan {
        if self.ended {
            // A parser that asks again gets the end again.
            self.push(TokenKind::StreamEnd, self.cursor.at);
            return Ok(());
        }
        if self.cursor.at.column != 0 {
            self.cursor.at.column = 0;
            self.cursor.at.line += 1;
        }
        self.unroll_indent(-1);
        self.remove_key()?;
        self.simple_key_allowed = false;
        self.ended = true;
        self.push(TokenKind::StreamEnd, self.cursor.at);
        Ok(())
    }

    fn fetch_document_indicator(&mut self) -> Scan {
        self.unroll_indent(-1);
        self.remove_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.at;
        let kind = if self.cursor.peek(0) == b'-' { TokenKind::DocumentStart } else { TokenKind::DocumentEnd };
        for _ in 0..3 {
            self.cursor.skip();
        }
        self.push(kind, start);
        Ok(())
    }

    /// Passes an indicator of one character.
    fn indicator(&mut self, kind: TokenKind) {
        let start = self.cursor.at;
        self.cursor.skip();
        self.push(kind, start);
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Scan {
        self.save_key()?;
        if self.flow_level >= MAX_DEPTH {
            return Err(self.problem(self.cursor.at, crate::limits::TOO_DEEP));
        }
        let token_number = self.taken + self.tokens.len();
        self.simple_keys.push(SimpleKey { token_number, ..SimpleKey::default() });
        self.flow_level += 1;
        self.simple_key_allowed = true;
        self.indicator(kind);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Scan {
        self.remove_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            if let Some(inner) = self.simple_keys.pop()
                && let Some(outer) = self.simple_keys.last_mut()
                && outer.token_number == inner.token_number
            {
                outer.awaited = false;
            }
        }
        self.simple_key_allowed = false;
        self.indicator(kind);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Scan {
        self.remove_key()?;
        self.simple_key_allowed = true;
        self.indicator(TokenKind::FlowEntry);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Scan {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                let words = "block sequence entries are not allowed in this context";
                return Err(self.problem(self.cursor.at, words));
            }
            self.roll_indent(self.cursor.at, None, TokenKind::BlockSequenceStart)?;
        }
        self.remove_key()?;
        self.simple_key_allowed = true;
        self.indicator(TokenKind::BlockEntry);
        Ok(())
    }

    fn fetch_key(&mut self) -> Scan {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.problem(self.cursor.at, "mapping keys are not allowed in this context"));
            }
            self.roll_indent(self.cursor.at, None, TokenKind::BlockMappingStart)?;
        }
        self.remove_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.indicator(TokenKind::Key);
        Ok(())
    }

    fn fetch_value(&mut self) -> Scan {
        let level = self.simple_keys.len() - 1;
        if self.is_key_valid(level)? {
            let key = self.simple_keys[level];
            let token = Token { kind: TokenKind::Key, start: key.at, end: key.at };
            self.tokens.insert(self.queue_index(key.token_number), token);
            self.roll_indent(key.at, Some(key.token_number), TokenKind::BlockMappingStart)?;
            self.simple_keys[level].possible = false;
            self.simple_keys[level].awaited = false;
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    return Err(self.problem(self.cursor.at, "mapping values are not allowed in this context"));
                }
                self.roll_indent(self.cursor.at, None, TokenKind::BlockMappingStart)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.indicator(TokenKind::Value);
        Ok(())
    }

    /// Reads a token that may be a key or begin one.
    fn fetch_key_start(&mut self, scan: fn(&mut Self) -> Scan<(TokenKind, Position)>) -> Scan {
        self.save_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.at;
        let (kind, end) = scan(self)?;
        self.tokens.push_back(Token { kind, start, end });
        Ok(())
    }
}

/// The first character libyaml's reader refuses, and where the block of input it comes with begins.
fn first_control(text: &str, origin: Position) -> Option<(usize, Position)> {
    let refused = |c: char| {
        let plain = matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..);
        !plain || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    // Nearly all texts are ASCII and have none.
    if text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\t' | b'\n' | b'\r')) {
        return None;
    }
    let at = text.find(refused)?;
    let mut block = 0;
    while at - block >= READ_BLOCK {
        block = text.floor_char_boundary(block + READ_BLOCK);
    }
    let mut cursor = Cursor::new(text, origin);
    while cursor.at.byte < origin.byte + at {
        if cursor.break_width(0) > 0 { cursor.skip_line() } else { cursor.skip() }
    }
    Some((origin.byte + block, cursor.at))
}
