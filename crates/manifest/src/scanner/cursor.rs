//! A place in a text that moves forward and knows its line and column.

use crate::position::Position;

/// Reads a text character by character. Bytes past the end read as zero.
pub(crate) struct Cursor<'t> {
    bytes: &'t [u8],
    /// What `at.byte` is when nothing has been read.
    base: usize,
    pub(crate) at: Position,
}

/// Where `text` ends if it starts at `origin`.
pub(crate) fn end_of(text: &str, origin: Position) -> Position {
    let mut cursor = Cursor::new(text, origin);
    while cursor.at.byte < origin.byte + text.len() {
        cursor.run(|b| matches!(b, b' '..=b'~' | b'\t'));
        cursor.advance();
    }
    cursor.at
}

/// Whether `b` may stand in an anchor or a tag handle.
pub(crate) fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-'
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str, origin: Position) -> Self {
        let mut cursor = Self { bytes: text.as_bytes(), base: origin.byte, at: origin };
        if text.starts_with('\u{feff}') {
            cursor.at.byte += '\u{feff}'.len_utf8();
        }
        cursor
    }

    fn index(&self) -> usize {
        self.at.byte - self.base
    }

    /// The byte `ahead` bytes further on.
    pub(crate) fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.index() + ahead).copied().unwrap_or(0)
    }

    /// The end of the text. A NUL counts as one: it is refused in any case.
    pub(crate) fn is_end(&self) -> bool {
        self.peek(0) == 0
    }

    pub(crate) fn starts_with(&self, word: &str) -> bool {
        self.bytes[self.index().min(self.bytes.len())..].starts_with(word.as_bytes())
    }

    /// Bytes of the line break `ahead` bytes further on; zero where none is.
    pub(crate) fn break_width(&self, ahead: usize) -> usize {
        match self.peek(ahead) {
            b'\n' => 1,
            b'\r' if self.peek(ahead + 1) == b'\n' => 2,
            b'\r' => 1,
            0xC2 if self.peek(ahead + 1) == 0x85 => 2,
            0xE2 if self.peek(ahead + 1) == 0x80 && matches!(self.peek(ahead + 2), 0xA8 | 0xA9) => 3,
            _ => 0,
        }
    }

    pub(crate) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), b' ' | b'\t')
    }

    /// A line break or the end.
    pub(crate) fn is_breakz(&self, ahead: usize) -> bool {
        self.peek(ahead) == 0 || self.break_width(ahead) > 0
    }

    /// A blank, a line break or the end.
    pub(crate) fn is_blankz(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_breakz(ahead)
    }

    /// `---` or `...` at the start of a line and not the start of a word.
    pub(crate) fn is_document_indicator(&self) -> bool {
        self.at.column == 0 && (self.starts_with("---") || self.starts_with("...")) && self.is_blankz(3)
    }

    fn width(&self) -> usize {
        match self.peek(0) {
            0..0x80 => 1,
            0x80..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        }
    }

    /// Passes one character, which is no line break.
    pub(crate) fn skip(&mut self) {
        if self.index() < self.bytes.len() {
            self.at.byte += self.width();
            self.at.column += 1;
        }
    }

    /// Passes the ASCII characters from here on that fit, none of which is a line break.
    pub(crate) fn run(&mut self, fits: impl Fn(u8) -> bool) -> &'t str {
        let rest = self.bytes.get(self.index()..).unwrap_or_default();
        let length = rest.iter().position(|&b| !(b.is_ascii() && fits(b))).unwrap_or(rest.len());
        self.at.byte += length;
        self.at.column += length;
        str::from_utf8(&rest[..length]).unwrap_or_default()
    }

    /// Passes a line break, if one is here.
    pub(crate) fn skip_line(&mut self) {
        let width = self.break_width(0);
        if width > 0 {
            self.at = Position { byte: self.at.byte + width, line: self.at.line + 1, column: 0 };
        }
    }

    /// Passes one character or one line break.
    pub(crate) fn advance(&mut self) {
        if self.break_width(0) > 0 { self.skip_line() } else { self.skip() }
    }

    pub(crate) fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.skip();
        }
    }

    /// Passes a comment, if one is here, up to its line break.
    pub(crate) fn skip_comment(&mut self) {
        if self.peek(0) == b'#' {
            while !self.is_breakz(0) {
                self.run(|b| matches!(b, b' '..=b'~'));
                if !self.is_breakz(0) {
                    self.skip();
                }
            }
        }
    }

    /// Moves one character to `into`.
    pub(crate) fn read(&mut self, into: &mut String) {
        let start = self.index();
        self.skip();
        if let Some(Ok(character)) = self.bytes.get(start..self.index()).map(str::from_utf8) {
            into.push_str(character);
        }
    }

    /// Moves a line break to `into` in its normal form.
    pub(crate) fn read_line(&mut self, into: &mut String) {
        match (self.peek(0), self.peek(2)) {
            (0xE2, 0xA8) => into.push('\u{2028}'),
            (0xE2, _) => into.push('\u{2029}'),
            _ => into.push('\n'),
        }
        self.skip_line();
    }
}
