//! The words of an awk program.

use super::parse::Fault;

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    Regex(String),
    /// A name or a keyword.
    Word(String),
    /// A name right before `(`.
    Call(String),
    Sign(&'static str),
    Newline,
    End,
}

impl Token {
    /// The word as complaints show it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Number(number) => super::value::show(*number, "%.6g"),
            Self::Text(text) => format!("\"{text}\""),
            Self::Regex(text) => format!("/{text}/"),
            Self::Word(word) | Self::Call(word) => word.clone(),
            Self::Sign(sign) => (*sign).to_owned(),
            Self::Newline => "end of line".to_owned(),
            Self::End => "end of file".to_owned(),
        }
    }
}

/// Longer ones come first.
const SIGNS: &[&str] = &[
    "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "==", "!=", "<=", ">=", ">>", "!~", "**", "{", "}",
    "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", "<", ">", "|", "?", ":", "~", "$", "=",
];

/// A program as words with their lines; the last is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Fault> {
    let mut found: Vec<(Token, usize)> = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(char) = text[at..].chars().next() {
        let rest = &text[at..];
        let word_end = || rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        match char {
            '\n' => {
                // After these a line goes on.
                let joined = matches!(found.last(), Some((Token::Sign("," | "{" | "&&" | "||"), _)))
                    || matches!(found.last(), Some((Token::Word(word), _)) if word == "do" || word == "else");
                if !joined {
                    found.push((Token::Newline, line));
                }
                line += 1;
                at += 1;
            }
            '\\' if rest.starts_with("\\\n") => {
                line += 1;
                at += 2;
            }
            '#' => at += rest.find('\n').unwrap_or(rest.len()),
            _ if char.is_whitespace() => at += char.len_utf8(),
            '"' => {
                let (inside, length) = until(rest, '"').ok_or_else(|| fault(line, rest))?;
                found.push((Token::Text(unescape(inside)), line));
                at += length;
            }
            '/' if regex_may_stand(&found) => {
                let (inside, length) = until(rest, '/').ok_or_else(|| fault(line, rest))?;
                found.push((Token::Regex(inside.replace("\\/", "/")), line));
                at += length;
            }
            _ if char.is_ascii_digit() || (char == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) => {
                let (number, length) = super::value::leading(rest);
                found.push((Token::Number(number), line));
                at += length.max(1);
            }
            _ if char.is_ascii_alphabetic() || char == '_' => {
                let end = word_end();
                let word = rest[..end].to_owned();
                let call = rest[end..].starts_with('(') && !KEYWORDS.contains(&word.as_str());
                found.push((if call { Token::Call(word) } else { Token::Word(word) }, line));
                at += end;
            }
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => {
                    found.push((Token::Sign(if *sign == "**" { "^" } else { sign }), line));
                    at += sign.len();
                }
                None => return Err(fault(line, rest)),
            },
        }
    }
    found.push((Token::End, line));
    Ok(found)
}

/// Words that may stand before `(` without being called.
const KEYWORDS: &[&str] = &[
    "if", "while", "for", "print", "printf", "return", "exit", "in", "getline", "delete", "do", "else", "BEGIN", "END",
    "length",
];

fn fault(line: usize, rest: &str) -> Fault {
    Fault { line, near: rest.chars().take(10).collect() }
}

/// Where a slash cannot divide, it begins a pattern.
fn regex_may_stand(found: &[(Token, usize)]) -> bool {
    match found.last() {
        Some((Token::Number(_) | Token::Text(_) | Token::Sign(")" | "]" | "$" | "++" | "--"), _)) => false,
        Some((Token::Word(word), _)) => KEYWORDS.contains(&word.as_str()) && word != "length",
        _ => true,
    }
}

/// The inside of what begins with a sign, up to the same sign unescaped, and the length of all.
fn until(rest: &str, sign: char) -> Option<(&str, usize)> {
    let mut chars = rest.char_indices().skip(1);
    let mut bracket = false;
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => drop(chars.next()),
            '\n' => return None,
            '[' if sign == '/' => bracket = true,
            ']' => bracket = false,
            char if char == sign && !bracket => return Some((&rest[1..at], at + 1)),
            _ => {}
        }
    }
    None
}

/// Resolves `\n` and its kin.
pub(super) fn unescape(text: &str) -> String {
    let mut done = String::new();
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            done.push(char);
            continue;
        }
        match chars.next() {
            Some('n') => done.push('\n'),
            Some('t') => done.push('\t'),
            Some('r') => done.push('\r'),
            Some('"') => done.push('"'),
            Some('/') => done.push('/'),
            Some('\\') => done.push('\\'),
            Some('a') => done.push('\x07'),
            Some('0') if chars.as_str().starts_with("33") => {
                chars.next();
                chars.next();
                done.push('\x1b');
            }
            Some(other) => {
                done.push('\\');
                done.push(other);
            }
            None => done.push('\\'),
        }
    }
    done
}
