//! Which quotes a string needs, and writing it.

use super::{BEST_WIDTH, Emitter, INDENT};
use crate::resolve::resolve;

/// Whether a string is surely written as it is: it begins with a letter, has no sign that could mean something, and is
/// longer than the words that stand for other values (`false` is the longest).
pub(super) fn is_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 5
        && bytes[0].is_ascii_alphabetic()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'))
}

/// How a string is written.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// What the characters of a string rule out.
///
/// Models goyaml.v2 emitterc.go yaml_emitter_analyze_scalar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Analysis {
    pub(super) multiline: bool,
    plain_allowed: bool,
    single_quoted_allowed: bool,
    literal_allowed: bool,
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// What may be written as it is: no control characters, nothing beyond U+FFFF.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && c != '\u{feff}'
}

impl Analysis {
    pub(super) fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self { multiline: false, plain_allowed: true, single_quoted_allowed: true, literal_allowed: false };
        }
        let mut indicator = text.starts_with("---") || text.starts_with("...");
        let (mut multiline, mut special, mut break_space, mut space_break) = (false, false, false, false);
        let (mut previous, mut chars) = (None, text.chars().peekable());
        while let Some(c) = chars.next() {
            let blank_follows = chars.peek().is_none_or(|next| is_blank(*next));
            indicator |= match (previous, c) {
                (None, '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|') => true,
                (None, '>' | '\'' | '"' | '%' | '@' | '`') => true,
                (None, '?' | ':' | '-') | (Some(_), ':') => blank_follows,
                (Some(before), '#') => is_blank(before) || is_break(before),
                _ => false,
            };
            special |= !is_printable(c);
            multiline |= is_break(c);
            break_space |= c == ' ' && previous.is_some_and(is_break);
            space_break |= is_break(c) && previous == Some(' ');
            previous = Some(c);
        }
        let is_edge = |c: char| c == ' ' || is_break(c);
        let edges = text.starts_with(is_edge) || text.ends_with(is_edge);
        let only_double = space_break || special;
        Self {
            multiline,
            plain_allowed: !(edges || break_space || only_double || multiline || indicator),
            single_quoted_allowed: !(break_space || only_double),
            literal_allowed: !(text.ends_with(' ') || only_double),
        }
    }
}

impl Style {
    /// Models goyaml.v2 encode.go `stringv` and emitterc.go yaml_emitter_select_scalar_style.
    pub(super) fn of(text: &str, is_simple_key: bool) -> Self {
        let analysis = Analysis::of(text);
        if text.contains('\n') {
            return if analysis.literal_allowed && !is_simple_key { Self::Literal } else { Self::DoubleQuoted };
        }
        if !resolve(text).is_plain_string() || is_base60(text) || (is_simple_key && analysis.multiline) {
            return Self::DoubleQuoted;
        }
        match (analysis.plain_allowed, analysis.single_quoted_allowed) {
            (true, _) => Self::Plain,
            (false, true) => Self::SingleQuoted,
            (false, false) => Self::DoubleQuoted,
        }
    }
}

/// `1:30` and the like: a number to YAML 1.1, so goyaml quotes it though it reads it as a string.
fn is_base60(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let Some((last, middle)) = rest.split_last() else { return false };
    let (last, fraction) = last.split_once('.').unwrap_or((last, ""));
    let sixty = |part: &str| match part.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [ten, digit] => matches!(ten, b'0'..=b'5') && digit.is_ascii_digit(),
        _ => false,
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && middle.iter().all(|part| sixty(part))
        && sixty(last)
        && digits(fraction)
}

impl Emitter {
    /// Whether the space at the end of `before` may become a line break.
    fn may_fold(&self, may_break: bool, after_space: bool) -> bool {
        may_break && !after_space && self.column > BEST_WIDTH
    }

    pub(super) fn write_plain(&mut self, text: &str, indent: usize, may_break: bool) {
        if !self.after_space {
            self.put(' ');
        }
        self.write_folding(text, indent, may_break, false);
        self.after_space = false;
        self.at_indention = false;
    }

    pub(super) fn write_single_quoted(&mut self, text: &str, indent: usize, may_break: bool) {
        self.indicator("'", true, false, false);
        self.write_folding(text, indent, may_break, true);
        self.indicator("'", false, false, false);
        self.after_space = false;
        self.at_indention = false;
    }

    fn write_folding(&mut self, text: &str, indent: usize, may_break: bool, quoted: bool) {
        let (mut spaces, mut breaks) = (false, false);
        for (at, c) in text.char_indices() {
            if c == ' ' {
                let inside = !quoted || (at > 0 && at < text.len() - 1);
                let space_follows = text[at + 1..].starts_with(' ');
                if self.may_fold(may_break, spaces) && inside && !space_follows {
                    self.write_indent(indent);
                } else {
                    self.put(c);
                }
                spaces = true;
            } else if is_break(c) {
                if !breaks && c == '\n' {
                    self.put_break('\n');
                }
                self.put_break(c);
                self.at_indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent(indent);
                }
                if quoted && c == '\'' {
                    self.put('\'');
                }
                self.put(c);
                self.at_indention = false;
                spaces = false;
                breaks = false;
            }
        }
    }

    pub(super) fn write_double_quoted(&mut self, text: &str, indent: usize, may_break: bool) {
        self.indicator("\"", true, false, false);
        // A byte order mark at the start makes goyaml escape all that follows.
        let escape_all = text.starts_with('\u{feff}');
        let mut spaces = false;
        for (at, c) in text.char_indices() {
            if escape_all || !is_printable(c) || is_break(c) || c == '"' || c == '\\' {
                self.write_escape(c);
                spaces = false;
            } else if c == ' ' {
                if self.may_fold(may_break, spaces) && at > 0 && at < text.len() - 1 {
                    self.write_indent(indent);
                    if text[at + 1..].starts_with(' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                spaces = false;
            }
        }
        self.indicator("\"", false, false, false);
        self.after_space = false;
        self.at_indention = false;
    }

    fn write_escape(&mut self, c: char) {
        let letter = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(c);
                let escape = match code {
                    0..=0xFF => format!("\\x{code:02X}"),
                    0x100..=0xFFFF => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                escape.chars().for_each(|c| self.put(c));
                return;
            }
        };
        self.put('\\');
        self.put(letter);
    }

    pub(super) fn write_literal(&mut self, text: &str, indent: usize) {
        self.indicator("|", true, false, false);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.indicator(&INDENT.to_string(), false, false, false);
        }
        let mut last = text.chars().rev();
        let chomping = match (last.next().is_some_and(is_break), last.next()) {
            (false, _) => "-",
            (true, Some(before)) if !is_break(before) => "",
            (true, _) => "+",
        };
        self.indicator(chomping, false, false, false);
        self.put_break('\n');
        self.at_indention = true;
        self.after_space = true;
        let mut breaks = true;
        for c in text.chars() {
            if is_break(c) {
                self.put_break(c);
                self.at_indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent(indent);
                }
                self.put(c);
                self.at_indention = false;
                breaks = false;
            }
        }
    }
}
