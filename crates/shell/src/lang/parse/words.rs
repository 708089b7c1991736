//! Words: quotes and expansions.

use std::rc::Rc;

use super::super::ast::{Assigned, Assignment, Change, Part, Script, Word};
use super::{Fault, Parser, Result, SyntaxError};

/// Whether a text can name a variable.
pub(crate) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|char| char.is_ascii_alphabetic() || char == '_')
        && chars.all(|char| char.is_ascii_alphanumeric() || char == '_')
}

impl Parser<'_> {
    /// The word that begins here, if one does.
    pub(super) fn word(&mut self) -> Result<Option<Word>> {
        let ends = |char: char| char.is_whitespace() || ";&|<>()".contains(char);
        let mut parts = Vec::new();
        if self.at_process() {
            self.at += 2;
            let script = self.enclosed()?;
            parts.push(Part::File(Rc::new(script)));
        }
        parts.extend(self.parts(ends)?);
        Ok((!parts.is_empty()).then_some(Word(parts)))
    }

    /// Whether `<(` begins here: a file that commands write.
    pub(super) fn at_process(&self) -> bool {
        self.dialect == super::super::Dialect::Bash && self.peek() == Some('<') && self.peek_at(1) == Some('(')
    }

    /// Commands up to and with `)`.
    fn enclosed(&mut self) -> Result<Script> {
        let script = self.script(&[])?;
        self.skip_lines()?;
        match self.next() {
            Some(')') => Ok(script),
            None => self.error(Fault::Open(')')),
            Some(_) => {
                self.at -= 1;
                Err(self.unexpected(Some(")")))
            }
        }
    }

    /// The inside of `$'...'`, up to and with its end. Models bash's `ansicstr`.
    fn escaped(&mut self) -> Result<String> {
        let start = self.at;
        let mut text = String::new();
        while let Some(char) = self.next() {
            match char {
                '\'' => return Ok(text),
                '\\' => match self.next() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some('a') => text.push('\u{7}'),
                    Some('b') => text.push('\u{8}'),
                    Some('e' | 'E') => text.push('\u{1b}'),
                    Some('f') => text.push('\u{c}'),
                    Some('v') => text.push('\u{b}'),
                    Some('x') => text.extend(self.code(16, 2)),
                    Some('u') => text.extend(self.code(16, 4)),
                    Some('0'..='7') => {
                        self.at -= 1;
                        text.extend(self.code(8, 3));
                    }
                    Some(char @ ('\'' | '"' | '\\' | '?')) => text.push(char),
                    Some(char) => text.extend(['\\', char]),
                    None => break,
                },
                char => text.push(char),
            }
        }
        self.at = start;
        self.error(Fault::Open('\''))
    }

    /// The character of a number of at most so many digits.
    fn code(&mut self, base: u32, most: usize) -> Option<char> {
        let mut code = None;
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|char| char.to_digit(base)) else { break };
            self.at += 1;
            code = Some(code.unwrap_or(0) * base + digit);
        }
        code.and_then(char::from_u32)
    }

    /// The assignment that begins here, if one does: then nothing is taken.
    pub(super) fn assignment(&mut self) -> Result<Option<Assignment>> {
        let start = self.at;
        let bash = self.dialect == super::super::Dialect::Bash;
        let name = if self.peek().is_some_and(|char| char.is_ascii_digit()) { String::new() } else { self.name() };
        let mut index = None;
        if bash && !name.is_empty() && self.peek() == Some('[') {
            self.at += 1;
            index = self.inner("]").ok().filter(|_| self.eat("]"));
            if index.is_none() {
                self.at = start;
                return Ok(None);
            }
        }
        let add = bash && self.eat("+=");
        if name.is_empty() || !(add || self.eat("=")) {
            self.at = start;
            return Ok(None);
        }
        let value = if bash && self.eat("(") {
            Assigned::List(self.list()?)
        } else {
            Assigned::Text(self.word()?.unwrap_or_default())
        };
        Ok(Some(Assignment { name, index, add, value }))
    }

    /// The values of a list, up to and with `)`.
    fn list(&mut self) -> Result<Vec<Word>> {
        let mut words = Vec::new();
        loop {
            self.skip_lines()?;
            match self.word()? {
                Some(word) => words.push(word),
                None if self.eat(")") => return Ok(words),
                None if self.peek().is_none() => return self.error(Fault::Open(')')),
                None => return Err(self.unexpected(None)),
            }
        }
    }

    /// Pieces of a word up to a character that ends it.
    fn parts(&mut self, ends: impl Fn(char) -> bool) -> Result<Vec<Part>> {
        let mut parts = Vec::new();
        while let Some(char) = self.peek() {
            match char {
                '\\' => {
                    self.at += 1;
                    match self.next() {
                        Some('\n') => {}
                        Some(char) => quoted(&mut parts, char),
                        None => return self.error(Fault::End { expecting: None }),
                    }
                }
                '\'' => {
                    self.at += 1;
                    let text = self.until('\'')?;
                    parts.push(Part::Quoted(text));
                }
                '"' => {
                    self.at += 1;
                    parts.push(Part::Double(self.double('"')?));
                }
                '$' if self.peek_at(1) == Some('\'') && self.dialect != super::super::Dialect::Dash => {
                    self.at += 2;
                    parts.push(Part::Quoted(self.escaped()?));
                }
                '$' | '`' => self.expansion(&mut parts)?,
                char if ends(char) => break,
                char => {
                    self.at += 1;
                    bare(&mut parts, char);
                }
            }
        }
        Ok(parts)
    }

    fn until(&mut self, end: char) -> Result<String> {
        let start = self.at;
        while let Some(char) = self.next() {
            if char == end {
                return Ok(self.chars[start..self.at - 1].iter().collect());
            }
        }
        self.at = start;
        self.error(Fault::Open(end))
    }

    /// The inside of double quotes, up to and with their end.
    fn double(&mut self, end: char) -> Result<Vec<Part>> {
        let start = self.at;
        let mut parts = Vec::new();
        while let Some(char) = self.peek() {
            match char {
                char if char == end => {
                    self.at += 1;
                    return Ok(parts);
                }
                '\\' => {
                    self.at += 1;
                    match self.next() {
                        Some('\n') => {}
                        Some(char @ ('$' | '`' | '"' | '\\')) => quoted(&mut parts, char),
                        Some(char) => {
                            quoted(&mut parts, '\\');
                            quoted(&mut parts, char);
                        }
                        None => break,
                    }
                }
                '$' | '`' => self.expansion(&mut parts)?,
                char => {
                    self.at += 1;
                    quoted(&mut parts, char);
                }
            }
        }
        self.at = start;
        self.error(Fault::Open(end))
    }

    /// The text of a here-document: as in double quotes, but quotes stand for themselves.
    pub(super) fn here_text(&self, text: &str) -> Result<Word> {
        let mut inner = self.within(text);
        let mut parts = Vec::new();
        while let Some(char) = inner.peek() {
            match char {
                '\\' if matches!(inner.peek_at(1), Some('$' | '`' | '\\')) => {
                    inner.at += 1;
                    let char = inner.next().unwrap_or('\\');
                    quoted(&mut parts, char);
                }
                '\\' if inner.peek_at(1) == Some('\n') => inner.at += 2,
                '$' | '`' => inner.expansion(&mut parts)?,
                char => {
                    inner.at += 1;
                    quoted(&mut parts, char);
                }
            }
        }
        Ok(Word(vec![Part::Double(parts)]))
    }

    /// A parser of a part of the text.
    fn within(&self, text: &str) -> Parser<'_> {
        Parser {
            chars: text.chars().collect(),
            at: 0,
            dialect: self.dialect,
            aliases: self.aliases,
            alias_end: 0,
            in_alias: Vec::new(),
            here: Vec::new(),
            depth: self.depth + 1,
        }
    }

    /// `$...` or backticks.
    fn expansion(&mut self, parts: &mut Vec<Part>) -> Result<()> {
        if self.eat("`") {
            let mut text = String::new();
            loop {
                match self.next() {
                    None => return self.error(Fault::Open('`')),
                    Some('`') => break,
                    Some('\\') if matches!(self.peek(), Some('`' | '\\' | '$')) => text.extend(self.next()),
                    Some(char) => text.push(char),
                }
            }
            let script = self.nested(&text)?;
            parts.push(Part::Command(Rc::new(script)));
            return Ok(());
        }
        if self.eat("$((") {
            let start = self.at;
            match self.arithmetic_text(&["))"]) {
                Ok(word) => {
                    parts.push(Part::Arithmetic(word));
                    return Ok(());
                }
                // `$((a); b)` is a command after all.
                Err(_) => self.at = start - 1,
            }
        } else if !self.eat("$(") {
            self.at += 1;
            return self.variable(parts);
        }
        let script = self.enclosed()?;
        parts.push(Part::Command(Rc::new(script)));
        Ok(())
    }

    fn nested(&self, text: &str) -> Result<Script> {
        if self.depth > super::DEEPEST {
            return Err(self.unexpected(None));
        }
        self.within(text).script(&[])
    }

    /// After the `$`.
    fn variable(&mut self, parts: &mut Vec<Part>) -> Result<()> {
        let plain = |name: String| Part::Variable { name, index: None, change: Change::None };
        match self.peek() {
            Some('{') => {
                self.at += 1;
                let part = self.braced()?;
                parts.push(part);
            }
            Some(char) if char.is_ascii_alphabetic() || char == '_' => parts.push(plain(self.name())),
            Some(char) if char.is_ascii_digit() || "?$!#@*-".contains(char) => {
                self.at += 1;
                parts.push(plain(char.to_string()));
            }
            _ => quoted(parts, '$'),
        }
        Ok(())
    }

    pub(super) fn name(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|char| char.is_ascii_alphanumeric() || char == '_') {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    /// After the `${`.
    fn braced(&mut self) -> Result<Part> {
        let start = self.at;
        let length = self.peek() == Some('#') && self.peek_at(1) != Some('}');
        let bash = self.dialect == super::super::Dialect::Bash;
        let names = |char: char| char.is_ascii_alphanumeric() || char == '_';
        let indirect = bash && self.peek() == Some('!') && self.peek_at(1).is_some_and(names);
        self.at += usize::from(length || indirect);
        let mut name = self.name();
        if name.is_empty()
            && let Some(char) = self.peek().filter(|char| "?$!#@*-".contains(*char))
        {
            self.at += 1;
            name.push(char);
        }
        if name.is_empty() {
            return self.bad_substitution(start);
        }
        let index = if bash && self.eat("[") { Some(self.inner("]")?) } else { None };
        if index.is_some() && !self.eat("]") {
            return self.bad_substitution(start);
        }
        let change = match (length, indirect) {
            (true, _) => Change::Length,
            (_, true) => Change::Indirect,
            _ => self.change(start)?,
        };
        match self.peek() {
            Some('}') => {
                self.at += 1;
                Ok(Part::Variable { name, index, change })
            }
            None => self.error(Fault::Open('}')),
            Some(_) => self.bad_substitution(start),
        }
    }

    fn bad_substitution<T>(&self, start: usize) -> Result<T> {
        let Some(end) = self.chars[start..].iter().position(|char| *char == '}') else {
            return self.error(Fault::Open('}'));
        };
        let text: String = self.chars[start..start + end].iter().collect();
        Err(SyntaxError { fault: Fault::BadSubstitution(format!("${{{text}}}")), line: self.line() })
    }

    fn change(&mut self, start: usize) -> Result<Change> {
        let bash = self.dialect != super::super::Dialect::Dash;
        let colon = self.peek() == Some(':');
        let operator = self.peek_at(usize::from(colon)).unwrap_or('}');
        if "-=+?".contains(operator) {
            self.at += 1 + usize::from(colon);
            return Ok(Change::Absent { operator, or_empty: colon, word: self.inner("}")? });
        }
        let signs = ["##", "#", "%%", "%", "//", "/", "^^", "^", ",,", ",", ":"];
        let Some(sign) = signs.into_iter().find(|sign| self.eat(sign)) else { return Ok(Change::None) };
        Ok(match sign {
            "#" | "##" | "%" | "%%" => {
                let pattern = self.inner("}")?;
                Change::Strip { from_end: sign.starts_with('%'), longest: sign.len() == 2, pattern }
            }
            _ if !bash => return self.bad_substitution(start),
            "/" | "//" => {
                let pattern = self.inner("/}")?;
                let by = if self.eat("/") { self.inner("}")? } else { Word::default() };
                Change::Replace { all: sign.len() == 2, pattern, by }
            }
            ":" => {
                let from = self.inner(":}")?;
                let length = if self.eat(":") { Some(self.inner("}")?) } else { None };
                Change::Slice { from, length }
            }
            sign => Change::Case { upper: sign.starts_with('^'), all: sign.len() == 2 },
        })
    }

    fn inner(&mut self, ends: &str) -> Result<Word> {
        self.parts(|char| ends.contains(char)).map(Word)
    }

    /// The text of an expression up to and with one of the ends; brackets within are balanced.
    pub(super) fn arithmetic_text(&mut self, ends: &[&str]) -> Result<Word> {
        let mut parts = Vec::new();
        let mut open = 0usize;
        loop {
            if open == 0 && ends.iter().any(|end| self.eat(end)) {
                return Ok(Word(vec![Part::Double(parts)]));
            }
            match self.peek() {
                None => return self.error(Fault::Open(')')),
                Some('$' | '`') => self.expansion(&mut parts)?,
                Some('"') => self.at += 1,
                Some(char) => {
                    match char {
                        '(' => open += 1,
                        ')' if open == 0 => return Err(self.unexpected(None)),
                        ')' => open -= 1,
                        _ => {}
                    }
                    self.at += 1;
                    quoted(&mut parts, char);
                }
            }
        }
    }
}

fn bare(parts: &mut Vec<Part>, char: char) {
    match parts.last_mut() {
        Some(Part::Bare(text)) => text.push(char),
        _ => parts.push(Part::Bare(char.to_string())),
    }
}

fn quoted(parts: &mut Vec<Part>, char: char) {
    match parts.last_mut() {
        Some(Part::Quoted(text)) => text.push(char),
        _ => parts.push(Part::Quoted(char.to_string())),
    }
}
