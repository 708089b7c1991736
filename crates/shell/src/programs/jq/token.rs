//! The words of a jq program. Models src/lexer.l.

use super::read::{numeric, unescape};

/// A word with the place where it begins, in bytes.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Kind {
    /// A name that is no keyword.
    Name(String),
    /// `.name`
    Field(String),
    /// `$name`
    Binding(String),
    /// `@name`
    Format(String),
    Number(f64),
    /// A keyword or sign.
    Sign(&'static str),
    StringStart,
    StringText(String),
    InterpolationStart,
    InterpolationEnd,
    StringEnd,
    Invalid,
    End,
}

const KEYWORDS: &[&str] = &[
    "as", "import", "include", "module", "def", "if", "then", "else", "elif", "and", "or", "end", "reduce", "foreach",
    "try", "catch", "label", "break",
];

/// Longer ones come first.
const SIGNS: &[&str] = &[
    "?//", "//=", "!=", "==", "//", "|=", "+=", "-=", "*=", "/=", "%=", "<=", ">=", "..", ".", "?", "=", ";", ",", ":",
    "|", "+", "-", "*", "/", "%", "<", ">",
];

impl Kind {
    /// The word as complaints name it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Name(_) => "IDENT".to_owned(),
            Self::Field(_) => "FIELD".to_owned(),
            Self::Binding(_) => "BINDING".to_owned(),
            Self::Format(_) => "FORMAT".to_owned(),
            Self::Number(_) => "LITERAL".to_owned(),
            Self::Sign(sign) if sign.len() == 1 => format!("'{sign}'"),
            Self::Sign(word) => (*word).to_owned(),
            Self::StringStart => "QQSTRING_START".to_owned(),
            Self::StringText(_) => "QQSTRING_TEXT".to_owned(),
            Self::InterpolationStart => "QQSTRING_INTERP_START".to_owned(),
            Self::InterpolationEnd => "QQSTRING_INTERP_END".to_owned(),
            Self::StringEnd => "QQSTRING_END".to_owned(),
            Self::Invalid => "INVALID_CHARACTER".to_owned(),
            Self::End => "end of file".to_owned(),
        }
    }
}

/// What encloses the words under way.
#[derive(Clone, Copy, PartialEq)]
enum Around {
    Bracket(&'static str),
    Interpolation,
    Text,
}

/// A program as words; the last is the end.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut around: Vec<Around> = Vec::new();
    let mut at = 0;
    while let Some(char) = text[at..].chars().next() {
        let start = at;
        let kind = if around.last() == Some(&Around::Text) {
            let (kind, length) = in_string(&text[at..]);
            match kind {
                Kind::StringEnd => drop(around.pop()),
                Kind::InterpolationStart => around.push(Around::Interpolation),
                _ => {}
            }
            at += length;
            kind
        } else if matches!(char, ' ' | '\n' | '\t') {
            at += 1;
            continue;
        } else if char == '#' {
            at += text[at..].find('\n').unwrap_or(text.len() - at);
            continue;
        } else {
            let (kind, length) = outside(&text[at..], char, &mut around);
            at += length;
            kind
        };
        found.push(Token { kind, start });
    }
    // The end is told to be where the last word is.
    let start = found.last().map_or(0, |last| last.start);
    found.push(Token { kind: Kind::End, start });
    found
}

fn in_string(rest: &str) -> (Kind, usize) {
    if rest.starts_with('"') {
        return (Kind::StringEnd, 1);
    }
    if rest.starts_with("\\(") {
        return (Kind::InterpolationStart, 2);
    }
    let mut end = 0;
    let mut chars = rest.char_indices();
    while let Some((at, char)) = chars.next() {
        if char == '"' || rest[at..].starts_with("\\(") {
            break;
        }
        end = at + char.len_utf8();
        if char == '\\'
            && let Some((at, escaped)) = chars.next()
        {
            end = at + escaped.len_utf8();
        }
    }
    // An end of line may stand in a program's string, though not in JSON.
    match unescape(&rest[..end].replace('\n', "\\n").replace('\t', "\\t")) {
        Ok(text) => (Kind::StringText(text), end),
        Err(_) => (Kind::Invalid, end),
    }
}

fn outside(rest: &str, char: char, around: &mut Vec<Around>) -> (Kind, usize) {
    let word = |from: usize| {
        let known = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == ':';
        let end = rest[from..].find(|char| !known(char)).map_or(rest.len(), |end| from + end);
        // Single colons are signs of their own.
        let mut word = &rest[from..end];
        let mut search = 0;
        while let Some(colon) = word[search..].find(':').map(|at| at + search) {
            if word[colon..].starts_with("::") && word[colon + 2..].starts_with(|c: char| c.is_ascii_alphabetic()) {
                search = colon + 2;
            } else {
                word = &word[..colon];
                break;
            }
        }
        (word, from + word.len())
    };
    let begins_word = |at: usize| rest[at..].starts_with(|char: char| char.is_ascii_alphabetic() || char == '_');
    match char {
        '"' => {
            around.push(Around::Text);
            (Kind::StringStart, 1)
        }
        '(' | '[' | '{' => {
            let (sign, close) = match char {
                '(' => ("(", ")"),
                '[' => ("[", "]"),
                _ => ("{", "}"),
            };
            around.push(Around::Bracket(close));
            (Kind::Sign(sign), 1)
        }
        ')' | ']' | '}' => match around.last() {
            Some(Around::Bracket(close)) if close.starts_with(char) => {
                let close = *close;
                around.pop();
                (Kind::Sign(close), 1)
            }
            Some(Around::Interpolation) if char == ')' => {
                around.pop();
                (Kind::InterpolationEnd, 1)
            }
            _ => (Kind::Invalid, 1),
        },
        '.' if begins_word(1) => {
            let end =
                rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(rest.len(), |end| end + 1);
            (Kind::Field(rest[1..end].to_owned()), end)
        }
        '$' if begins_word(1) => {
            let (name, end) = word(1);
            (Kind::Binding(name.to_owned()), end)
        }
        '@' if rest[1..].starts_with(|char: char| char.is_ascii_alphanumeric() || char == '_') => {
            let end =
                rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(rest.len(), |end| end + 1);
            (Kind::Format(rest[1..end].to_owned()), end)
        }
        _ if begins_word(0) => {
            let (name, end) = word(0);
            match KEYWORDS.iter().find(|known| **known == name) {
                Some(keyword) => (Kind::Sign(keyword), end),
                None => (Kind::Name(name.to_owned()), end),
            }
        }
        _ if char.is_ascii_digit() || (char == '.' && rest[1..].starts_with(|char: char| char.is_ascii_digit())) => {
            let bytes = rest.as_bytes();
            let digits = |mut at: usize| {
                while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                    at += 1;
                }
                at
            };
            let mut end = digits(0);
            if bytes.get(end) == Some(&b'.') {
                end = digits(end + 1);
            }
            if matches!(bytes.get(end), Some(b'e' | b'E')) {
                let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
                let after = digits(end + 1 + sign);
                end = if after > end + 1 + sign { after } else { end };
            }
            (numeric(&rest[..end]).map_or(Kind::Invalid, Kind::Number), end)
        }
        _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            Some(sign) => (Kind::Sign(sign), sign.len()),
            None => (Kind::Invalid, char.len_utf8()),
        },
    }
}
