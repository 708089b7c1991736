//! Directives, anchors, aliases and tags: rare in manifests, read to refuse what kubectl refuses.

use super::cursor::is_word;
use super::{Scan, Scanner, TokenKind};
use crate::position::Position;

impl Scanner<'_> {
    /// `%YAML 1.1` or `%TAG ! prefix` at the start of a line.
    pub(super) fn fetch_directive(&mut self) -> Scan {
        self.unroll_indent(-1);
        self.remove_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.at;
        self.cursor.skip();
        let mut name = String::new();
        while is_word(self.cursor.peek(0)) {
            self.cursor.read(&mut name);
        }
        if name.is_empty() {
            return Err(self.problem(start, "could not find expected directive name"));
        }
        if !self.cursor.is_blankz(0) {
            return Err(self.problem(start, "found unexpected non-alphabetical character"));
        }
        let kind = match name.as_str() {
            "YAML" => self.scan_version(start)?,
            "TAG" => self.scan_tag_directive(start)?,
            _ => return Err(self.problem(start, "found unknown directive name")),
        };
        let end = self.cursor.at;
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_breakz(0) {
            return Err(self.problem(start, "did not find expected comment or line break"));
        }
        self.cursor.skip_line();
        self.tokens.push_back(super::Token { kind, start, end });
        Ok(())
    }

    fn scan_version(&mut self, start: Position) -> Scan<TokenKind> {
        self.cursor.skip_blanks();
        let major = self.scan_version_number(start)?;
        if self.cursor.peek(0) != b'.' {
            return Err(self.problem(start, "did not find expected digit or '.' character"));
        }
        self.cursor.skip();
        let minor = self.scan_version_number(start)?;
        Ok(TokenKind::VersionDirective { major, minor })
    }

    fn scan_version_number(&mut self, start: Position) -> Scan<u8> {
        let (mut value, mut length) = (0, 0);
        while self.cursor.peek(0).is_ascii_digit() {
            length += 1;
            if length > 2 {
                return Err(self.problem(start, "found extremely long version number"));
            }
            value = value * 10 + (self.cursor.peek(0) - b'0');
            self.cursor.skip();
        }
        if length == 0 {
            return Err(self.problem(start, "did not find expected version number"));
        }
        Ok(value)
    }

    fn scan_tag_directive(&mut self, start: Position) -> Scan<TokenKind> {
        self.cursor.skip_blanks();
        let handle = self.scan_tag_handle(true, start)?;
        if !self.cursor.is_blank(0) {
            return Err(self.problem(start, "did not find expected whitespace"));
        }
        self.cursor.skip_blanks();
        let prefix = self.scan_tag_uri("", start)?;
        if !self.cursor.is_blankz(0) {
            return Err(self.problem(start, "did not find expected whitespace or line break"));
        }
        Ok(TokenKind::TagDirective { handle, prefix })
    }

    /// `&name` or `*name`.
    pub(super) fn scan_anchor(&mut self) -> Scan<(TokenKind, Position)> {
        let start = self.cursor.at;
        let is_alias = self.cursor.peek(0) == b'*';
        self.cursor.skip();
        let mut name = String::new();
        while is_word(self.cursor.peek(0)) {
            self.cursor.read(&mut name);
        }
        let may_follow = matches!(self.cursor.peek(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !(may_follow || self.cursor.is_blankz(0)) {
            return Err(self.problem(start, "did not find expected alphabetic or numeric character"));
        }
        let kind = if is_alias { TokenKind::Alias(name) } else { TokenKind::Anchor(name) };
        Ok((kind, self.cursor.at))
    }

    /// `!<uri>`, `!handle!suffix`, `!suffix` or `!`.
    pub(super) fn scan_tag(&mut self) -> Scan<(TokenKind, Position)> {
        let start = self.cursor.at;
        let (handle, suffix) = if self.cursor.peek(1) == b'<' {
            self.cursor.skip();
            self.cursor.skip();
            let suffix = self.scan_tag_uri("", start)?;
            if self.cursor.peek(0) != b'>' {
                return Err(self.problem(start, "did not find the expected '>'"));
            }
            self.cursor.skip();
            (String::new(), suffix)
        } else {
            let handle = self.scan_tag_handle(false, start)?;
            if handle.len() > 1 && handle.ends_with('!') {
                let suffix = self.scan_tag_uri("", start)?;
                (handle, suffix)
            } else {
                match self.scan_tag_uri(&handle, start)? {
                    suffix if suffix.is_empty() => (suffix, "!".to_owned()),
                    suffix => ("!".to_owned(), suffix),
                }
            }
        };
        if !self.cursor.is_blankz(0) {
            return Err(self.problem(start, "did not find expected whitespace or line break"));
        }
        Ok((TokenKind::Tag { handle, suffix }, self.cursor.at))
    }

    fn scan_tag_handle(&mut self, directive: bool, start: Position) -> Scan<String> {
        if self.cursor.peek(0) != b'!' {
            return Err(self.problem(start, "did not find expected '!'"));
        }
        let mut handle = String::new();
        self.cursor.read(&mut handle);
        while is_word(self.cursor.peek(0)) {
            self.cursor.read(&mut handle);
        }
        if self.cursor.peek(0) == b'!' {
            self.cursor.read(&mut handle);
        } else if directive && handle != "!" {
            return Err(self.problem(start, "did not find expected '!'"));
        }
        Ok(handle)
    }

    /// The rest of a tag; `head` is a handle that turned out to be its beginning.
    fn scan_tag_uri(&mut self, head: &str, start: Position) -> Scan<String> {
        let mut uri: Vec<u8> = head.bytes().skip(1).collect();
        let mut found = !head.is_empty();
        let mut character = String::new();
        loop {
            match self.cursor.peek(0) {
                b'%' => self.scan_uri_escape(&mut uri, start)?,
                b if is_word(b) || b";/?:@&=+$,.!~*'()[]".contains(&b) => {
                    character.clear();
                    self.cursor.read(&mut character);
                    uri.extend_from_slice(character.as_bytes());
                }
                _ => break,
            }
            found = true;
        }
        if !found {
            return Err(self.problem(start, "did not find expected tag URI"));
        }
        Ok(String::from_utf8_lossy(&uri).into_owned())
    }

    /// One character written as `%XX` octets.
    fn scan_uri_escape(&mut self, uri: &mut Vec<u8>, start: Position) -> Scan {
        let mut left = None;
        while left != Some(0) {
            let digits = (hex(self.cursor.peek(1)), hex(self.cursor.peek(2)));
            let (b'%', (Some(high), Some(low))) = (self.cursor.peek(0), digits) else {
                return Err(self.problem(start, "did not find URI escaped octet"));
            };
            let octet = (high << 4 | low) as u8;
            left = Some(match left {
                Some(left) if octet & 0xC0 == 0x80 => left - 1,
                Some(_) => return Err(self.problem(start, "found an incorrect trailing UTF-8 octet")),
                None => match octet {
                    0..0x80 => 0,
                    0xC0..0xE0 => 1,
                    0xE0..0xF0 => 2,
                    0xF0..0xF8 => 3,
                    _ => return Err(self.problem(start, "found an incorrect leading UTF-8 octet")),
                },
            });
            uri.push(octet);
            for _ in 0..3 {
                self.cursor.skip();
            }
        }
        Ok(())
    }
}

/// The value of a hexadecimal digit.
pub(super) fn hex(b: u8) -> Option<u32> {
    char::from(b).to_digit(16)
}
