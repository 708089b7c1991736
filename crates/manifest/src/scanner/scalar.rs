//! Scalars: plain words, quoted strings, and blocks (`|`, `>`).

use super::properties::hex;
use super::{ScalarStyle, Scan, Scanner, TokenKind};
use crate::position::Position;

/// Line breaks and blanks met inside a scalar, before it is known whether more of it follows.
#[derive(Default)]
pub(super) struct Gap {
    /// Blanks with no line break yet.
    blanks: String,
    /// The first line break.
    first_break: String,
    /// The line breaks after it.
    more_breaks: String,
}

impl Gap {
    /// Appends what the gap stands for: blanks as they are, one line break as a space, more of them less one.
    fn fold(&mut self, broken: bool, into: &mut String) {
        if !broken {
            into.push_str(&self.blanks);
        } else if !self.first_break.starts_with('\n') {
            into.push_str(&self.first_break);
            into.push_str(&self.more_breaks);
        } else if self.more_breaks.is_empty() {
            into.push(' ');
        } else {
            into.push_str(&self.more_breaks);
        }
        self.clear();
    }

    fn clear(&mut self) {
        self.blanks.clear();
        self.first_break.clear();
        self.more_breaks.clear();
    }
}

impl Scanner<'_> {
    pub(super) fn fetch_block_scalar(&mut self) -> Scan {
        self.remove_key()?;
        self.simple_key_allowed = true;
        let start = self.cursor.at;
        let (value, end) = self.scan_block(start)?;
        let kind = TokenKind::Scalar { value, style: ScalarStyle::Marked };
        self.tokens.push_back(super::Token { kind, start, end });
        Ok(())
    }

    /// The `+`/`-` and the digit after `|` or `>`, in either order.
    fn scan_block_header(&mut self, start: Position) -> Scan<(Option<u8>, usize)> {
        let (mut chomping, mut increment) = (None, 0);
        for _ in 0..2 {
            match self.cursor.peek(0) {
                sign @ (b'+' | b'-') if chomping.is_none() => chomping = Some(sign),
                b'0' if increment == 0 => {
                    return Err(self.problem(start, "found an indentation indicator equal to 0"));
                }
                digit @ b'1'..=b'9' if increment == 0 => increment = usize::from(digit - b'0'),
                _ => break,
            }
            self.cursor.skip();
        }
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_breakz(0) {
            return Err(self.problem(start, "did not find expected comment or line break"));
        }
        self.cursor.skip_line();
        Ok((chomping, increment))
    }

    fn scan_block(&mut self, start: Position) -> Scan<(String, Position)> {
        let literal = self.cursor.peek(0) == b'|';
        self.cursor.skip();
        let (chomping, increment) = self.scan_block_header(start)?;
        let mut indent = if increment > 0 { self.indent.max(0) as usize + increment } else { 0 };
        let (mut value, mut first_break, mut more_breaks) = (String::new(), String::new(), String::new());
        let mut end = self.cursor.at;
        self.scan_block_breaks(start, &mut indent, &mut more_breaks)?;
        let mut leading_blank = false;
        while self.cursor.at.column == indent && !self.cursor.is_end() {
            let trailing_blank = self.cursor.is_blank(0);
            if !literal && !leading_blank && !trailing_blank && first_break.starts_with('\n') {
                if more_breaks.is_empty() {
                    value.push(' ');
                }
            } else {
                value.push_str(&first_break);
            }
            first_break.clear();
            value.push_str(&more_breaks);
            more_breaks.clear();
            leading_blank = self.cursor.is_blank(0);
            while !self.cursor.is_breakz(0) {
                self.cursor.read(&mut value);
            }
            end = self.cursor.at;
            if self.cursor.break_width(0) > 0 {
                self.cursor.read_line(&mut first_break);
            }
            self.scan_block_breaks(start, &mut indent, &mut more_breaks)?;
        }
        if chomping != Some(b'-') {
            value.push_str(&first_break);
        }
        if chomping == Some(b'+') {
            value.push_str(&more_breaks);
        }
        Ok((value, end))
    }

    /// Passes indentation and empty lines; finds the indentation if it is not known (zero).
    fn scan_block_breaks(&mut self, start: Position, indent: &mut usize, breaks: &mut String) -> Scan {
        let mut deepest = 0;
        loop {
            while (*indent == 0 || self.cursor.at.column < *indent) && self.cursor.peek(0) == b' ' {
                self.cursor.skip();
            }
            deepest = deepest.max(self.cursor.at.column);
            if (*indent == 0 || self.cursor.at.column < *indent) && self.cursor.peek(0) == b'\t' {
                return Err(self.problem(start, "found a tab character where an indentation space is expected"));
            }
            if self.cursor.break_width(0) == 0 {
                break;
            }
            self.cursor.read_line(breaks);
        }
        if *indent == 0 {
            *indent = deepest.max((self.indent + 1).max(1) as usize);
        }
        Ok(())
    }

    /// A scalar in single or double quotes.
    pub(super) fn scan_quoted(&mut self) -> Scan<(TokenKind, Position)> {
        let start = self.cursor.at;
        let quote = self.cursor.peek(0);
        self.cursor.skip();
        let mut value = String::new();
        let mut gap = Gap::default();
        loop {
            if self.cursor.is_document_indicator() {
                return Err(self.problem(start, "found unexpected document indicator"));
            }
            if self.cursor.is_end() {
                return Err(self.problem(start, "found unexpected end of stream"));
            }
            let mut broken = self.scan_quoted_word(start, quote, &mut value)?;
            if self.cursor.peek(0) == quote {
                break;
            }
            while self.cursor.is_blank(0) || self.cursor.break_width(0) > 0 {
                if self.cursor.is_blank(0) {
                    if broken { self.cursor.skip() } else { self.cursor.read(&mut gap.blanks) }
                } else if broken {
                    self.cursor.read_line(&mut gap.more_breaks);
                } else {
                    gap.blanks.clear();
                    self.cursor.read_line(&mut gap.first_break);
                    broken = true;
                }
            }
            gap.fold(broken, &mut value);
        }
        self.cursor.skip();
        Ok((TokenKind::Scalar { value, style: ScalarStyle::Marked }, self.cursor.at))
    }

    /// Quoted text up to a blank, a line break or the quote; says whether an escaped line break ended it.
    fn scan_quoted_word(&mut self, start: Position, quote: u8, value: &mut String) -> Scan<bool> {
        while !self.cursor.is_blankz(0) {
            match self.cursor.peek(0) {
                b'\'' if quote == b'\'' && self.cursor.peek(1) == b'\'' => {
                    value.push('\'');
                    self.cursor.skip();
                    self.cursor.skip();
                }
                b if b == quote => break,
                b'\\' if quote == b'"' && self.cursor.break_width(1) > 0 => {
                    self.cursor.skip();
                    self.cursor.skip_line();
                    return Ok(true);
                }
                b'\\' if quote == b'"' => value.push(self.scan_escape(start)?),
                _ => {
                    let word = self.cursor.run(|b| b.is_ascii_graphic() && !matches!(b, b'\'' | b'"' | b'\\'));
                    value.push_str(word);
                    if word.is_empty() {
                        self.cursor.read(value);
                    }
                }
            }
        }
        Ok(false)
    }

    /// The character an escape in double quotes stands for.
    fn scan_escape(&mut self, start: Position) -> Scan<char> {
        let digits = match self.cursor.peek(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            letter => {
                let character = match letter {
                    b'0' => '\0',
                    b'a' => '\u{7}',
                    b'b' => '\u{8}',
                    b't' | b'\t' => '\t',
                    b'n' => '\n',
                    b'v' => '\u{b}',
                    b'f' => '\u{c}',
                    b'r' => '\r',
                    b'e' => '\u{1b}',
                    b' ' | b'"' | b'\'' | b'\\' => char::from(letter),
                    b'N' => '\u{85}',
                    b'_' => '\u{a0}',
                    b'L' => '\u{2028}',
                    b'P' => '\u{2029}',
                    _ => return Err(self.problem(start, "found unknown escape character")),
                };
                self.cursor.skip();
                self.cursor.skip();
                return Ok(character);
            }
        };
        self.cursor.skip();
        self.cursor.skip();
        let mut code: u32 = 0;
        for ahead in 0..digits {
            let Some(digit) = hex(self.cursor.peek(ahead)) else {
                return Err(self.problem(start, "did not find expected hexdecimal number"));
            };
            code = code << 4 | digit;
        }
        let Some(character) = char::from_u32(code) else {
            return Err(self.problem(start, "found invalid Unicode character escape code"));
        };
        for _ in 0..digits {
            self.cursor.skip();
        }
        Ok(character)
    }

    /// A scalar without quotes; it may go on over lines that are indented deeper than its parent.
    pub(super) fn scan_plain(&mut self) -> Scan<(TokenKind, Position)> {
        let start = self.cursor.at;
        let indent = (self.indent + 1).max(0) as usize;
        let mut value = String::new();
        let mut gap = std::mem::take(&mut self.gap);
        let mut broken = false;
        let mut end = start;
        loop {
            if self.cursor.is_document_indicator() || self.cursor.peek(0) == b'#' {
                break;
            }
            while !self.cursor.is_blankz(0) && !self.ends_plain() {
                if broken || !gap.blanks.is_empty() {
                    gap.fold(broken, &mut value);
                    broken = false;
                }
                let word = self.cursor.run(is_plain);
                value.push_str(word);
                if word.is_empty() {
                    self.cursor.read(&mut value);
                }
                end = self.cursor.at;
            }
            if !(self.cursor.is_blank(0) || self.cursor.break_width(0) > 0) {
                break;
            }
            while self.cursor.is_blank(0) || self.cursor.break_width(0) > 0 {
                if self.cursor.is_blank(0) {
                    if broken && self.cursor.at.column < indent && self.cursor.peek(0) == b'\t' {
                        return Err(self.problem(start, "found a tab character that violates indentation"));
                    }
                    if broken { self.cursor.skip() } else { self.cursor.read(&mut gap.blanks) }
                } else if broken {
                    self.cursor.read_line(&mut gap.more_breaks);
                } else {
                    gap.blanks.clear();
                    self.cursor.read_line(&mut gap.first_break);
                    broken = true;
                }
            }
            if self.flow_level == 0 && self.cursor.at.column < indent {
                break;
            }
        }
        if broken {
            self.simple_key_allowed = true;
        }
        gap.clear();
        self.gap = gap;
        Ok((TokenKind::Scalar { value, style: ScalarStyle::Plain }, end))
    }

    /// Whether the character here ends a plain scalar.
    fn ends_plain(&self) -> bool {
        match self.cursor.peek(0) {
            b':' => self.cursor.is_blankz(1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.flow_level > 0,
            _ => false,
        }
    }
}

/// Whether a character neither ends a plain scalar nor may end it.
fn is_plain(b: u8) -> bool {
    b.is_ascii_graphic() && !matches!(b, b':' | b',' | b'?' | b'[' | b']' | b'{' | b'}')
}
