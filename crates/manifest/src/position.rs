//! Where a piece of text stands: positions, spans, and the index that turns bytes into UTF-16 units.

/// One place in a stream. Everything counts from zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Position {
    /// Offset in bytes from the start of the stream, always on a character boundary.
    pub byte: usize,
    /// Line, from zero. A line ends where YAML 1.1 says so: `\n`, `\r\n`, `\r`, U+0085, U+2028, U+2029.
    pub line: usize,
    /// Characters (Unicode scalar values) since the start of the line.
    pub column: usize,
}

/// A half-open range of text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// Just after the last character.
    pub end: Position,
}

impl Span {
    /// The span from `start` to `end`.
    #[must_use]
    pub fn new(start: Position, end: Position) -> Self {
        Self { start, end }
    }

    /// An empty span.
    #[must_use]
    pub fn at(position: Position) -> Self {
        Self { start: position, end: position }
    }

    /// Whether a cursor at `byte` touches this span, its end included.
    #[must_use]
    pub fn touches(&self, byte: usize) -> bool {
        self.start.byte <= byte && byte <= self.end.byte
    }

    /// The same span, cut off at `end`.
    pub(crate) fn clamp(self, end: Position) -> Self {
        let cut = |position: Position| if position.byte > end.byte { end } else { position };
        Self { start: cut(self.start), end: cut(self.end) }
    }
}

/// Line starts of a text in bytes and in UTF-16 units: what an editor that counts UTF-16 needs.
///
/// Building it reads the text once; a conversion reads one line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineIndex {
    /// `(byte, utf16)` of each line start.
    starts: Vec<(usize, usize)>,
}

impl LineIndex {
    /// The index of `text`; the same text must be given to the other functions.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![(0, 0)];
        let mut utf16 = 0;
        for (byte, c) in text.char_indices() {
            utf16 += c.len_utf16();
            if c == '\n' {
                starts.push((byte + 1, utf16));
            }
        }
        Self { starts }
    }

    /// UTF-16 units before `byte`. A byte inside a character counts as the character's start.
    #[must_use]
    pub fn utf16(&self, text: &str, byte: usize) -> usize {
        let byte = byte.min(text.len());
        let line = self.starts.partition_point(|start| start.0 <= byte).saturating_sub(1);
        let (start, units) = self.starts[line];
        let inside = text[start..].char_indices().take_while(|(at, c)| start + at + c.len_utf8() <= byte);
        units + inside.map(|(_, c)| c.len_utf16()).sum::<usize>()
    }

    /// The byte at which `utf16` units have passed; between two surrogates it is the character's start.
    #[must_use]
    pub fn byte(&self, text: &str, utf16: usize) -> usize {
        let line = self.starts.partition_point(|start| start.1 <= utf16).saturating_sub(1);
        let (start, mut units) = self.starts[line];
        let mut byte = start;
        for c in text[start..].chars() {
            units += c.len_utf16();
            if units > utf16 {
                break;
            }
            byte += c.len_utf8();
        }
        byte
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_and_bytes_convert_both_ways() {
        let text = "a: é\r\nb: 😀c\n";
        let index = LineIndex::new(text);
        for (byte, c) in text.char_indices() {
            let units = text[..byte].encode_utf16().count();
            assert_eq!(index.utf16(text, byte), units, "at {byte} {c:?}");
            assert_eq!(index.byte(text, units), byte, "at {units} {c:?}");
        }
        let emoji = text.find('😀').unwrap();
        assert_eq!(index.byte(text, index.utf16(text, emoji) + 1), emoji, "between two surrogates");
        assert_eq!(index.utf16(text, emoji + 2), index.utf16(text, emoji), "inside a character");
        assert_eq!(index.byte(text, 999), text.len());
        assert_eq!(index.utf16(text, 999), text.encode_utf16().count());
    }
}
