//! JSON texts one after the other, with jq's own words for what is wrong and where.

use std::rc::Rc;

use super::value::Json;

/// Deeper nesting is refused.
const DEEPEST: usize = 256;

/// A text under way. Models src/jv_parse.c: a value is done as soon as it must be.
pub(super) struct Reader {
    line: usize,
    column: usize,
    /// What is open: arrays and objects, and the keys whose values are awaited.
    stack: Vec<Open>,
    next: Option<Json>,
    token: String,
    state: State,
}

enum Open {
    Array(Vec<Json>),
    Object(Vec<(Rc<str>, Json)>),
    Key(Rc<str>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Normal,
    InString,
    Escaped,
}

type Checked = Result<(), &'static str>;

impl Default for Reader {
    fn default() -> Self {
        Self { line: 1, column: 0, stack: Vec::new(), next: None, token: String::new(), state: State::Normal }
    }
}

impl Reader {
    /// Reads more text; the values that are whole now go to `found`.
    ///
    /// # Errors
    /// What is wrong, with its place.
    pub(super) fn feed(&mut self, text: &str, found: &mut Vec<Json>) -> Result<(), String> {
        for char in text.chars() {
            self.column += char.len_utf8();
            if char == '\n' {
                (self.line, self.column) = (self.line + 1, 0);
            }
            self.scan(char, found).map_err(|why| self.place(why))?;
        }
        Ok(())
    }

    /// The end of the text.
    ///
    /// # Errors
    /// What is missing.
    pub(super) fn finish(&mut self) -> Result<Option<Json>, String> {
        if self.state != State::Normal {
            return Err(self.place("Unfinished string at EOF"));
        }
        self.literal().map_err(|why| self.place(&format!("{why} at EOF")))?;
        if !self.stack.is_empty() {
            return Err(self.place("Unfinished JSON term at EOF"));
        }
        Ok(self.next.take())
    }

    fn place(&self, why: &str) -> String {
        format!("{why} at line {}, column {}", self.line, self.column)
    }

    fn scan(&mut self, char: char, found: &mut Vec<Json>) -> Checked {
        match (self.state, char) {
            (State::InString, '"') => {
                let text = std::mem::take(&mut self.token);
                self.value(Json::text(&unescape(&text)?))?;
                self.state = State::Normal;
            }
            (State::InString | State::Escaped, _) => {
                self.token.push(char);
                let escaped = char == '\\' && self.state == State::InString;
                self.state = if escaped { State::Escaped } else { State::InString };
            }
            (State::Normal, ' ' | '\t' | '\r' | '\n') => self.literal()?,
            (State::Normal, '"') => {
                self.literal()?;
                self.done(found);
                self.state = State::InString;
            }
            (State::Normal, '[' | ',' | ']' | '{' | ':' | '}') => {
                self.literal()?;
                self.done(found);
                self.structure(char)?;
            }
            (State::Normal, _) => self.token.push(char),
        }
        self.done(found);
        Ok(())
    }

    fn done(&mut self, found: &mut Vec<Json>) {
        if self.stack.is_empty() {
            found.extend(self.next.take());
        }
    }

    fn value(&mut self, value: Json) -> Checked {
        if self.next.is_some() {
            return Err("Expected separator between values");
        }
        self.next = Some(value);
        Ok(())
    }

    fn open(&mut self, open: Open) -> Checked {
        if self.stack.len() >= DEEPEST {
            return Err("Exceeds depth limit for parsing");
        }
        if self.next.is_some() {
            return Err("Expected separator between values");
        }
        self.stack.push(open);
        Ok(())
    }

    /// Puts the value under way where it belongs; whether there was a place.
    fn store(&mut self, value: Json) -> bool {
        match self.stack.last_mut() {
            Some(Open::Array(items)) => items.push(value),
            Some(Open::Key(_)) => {
                let Some(Open::Key(key)) = self.stack.pop() else { return false };
                let Some(Open::Object(fields)) = self.stack.last_mut() else { return false };
                match fields.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, old)) => *old = value,
                    None => fields.push((key, value)),
                }
            }
            Some(Open::Object(_)) | None => return false,
        }
        true
    }

    fn structure(&mut self, char: char) -> Checked {
        match char {
            '[' => self.open(Open::Array(Vec::new())),
            '{' => self.open(Open::Object(Vec::new())),
            ':' => {
                let Some(key) = self.next.take() else { return Err("Expected string key before ':'") };
                if !matches!(self.stack.last(), Some(Open::Object(_))) {
                    return Err("':' not as part of an object");
                }
                let Json::Text(key) = key else { return Err("Object keys must be strings") };
                self.stack.push(Open::Key(key));
                Ok(())
            }
            ',' => {
                let Some(value) = self.next.take() else { return Err("Expected value before ','") };
                match self.stack.last() {
                    None => Err("',' not as part of an object or array"),
                    Some(Open::Object(_)) => Err("Objects must consist of key:value pairs"),
                    Some(_) => {
                        self.store(value);
                        Ok(())
                    }
                }
            }
            ']' => {
                let Some(Open::Array(items)) = self.stack.last_mut() else { return Err("Unmatched ']'") };
                match self.next.take() {
                    Some(value) => items.push(value),
                    None if !items.is_empty() => return Err("Expected another array element"),
                    None => {}
                }
                let items = std::mem::take(items);
                self.stack.pop();
                self.next = Some(Json::array(items));
                Ok(())
            }
            _ => {
                if self.stack.is_empty() {
                    return Err("Unmatched '}'");
                }
                match self.next.take() {
                    Some(value) => {
                        if !matches!(self.stack.last(), Some(Open::Key(_))) || !self.store(value) {
                            return Err("Objects must consist of key:value pairs");
                        }
                    }
                    None => match self.stack.last() {
                        Some(Open::Object(fields)) if fields.is_empty() => {}
                        Some(Open::Object(_)) => return Err("Expected another key-value pair"),
                        _ => return Err("Unmatched '}'"),
                    },
                }
                let Some(Open::Object(fields)) = self.stack.pop() else { return Err("Unmatched '}'") };
                self.next = Some(Json::object(fields));
                Ok(())
            }
        }
    }

    /// What was collected is `null`, `true`, `false` or a number.
    fn literal(&mut self) -> Checked {
        if self.token.is_empty() {
            return Ok(());
        }
        let token = std::mem::take(&mut self.token);
        let named = match token.as_bytes() {
            [b't', ..] => Some(("true", Json::Bool(true))),
            [b'f', ..] => Some(("false", Json::Bool(false))),
            [b'n', b'u', ..] => Some(("null", Json::Null)),
            _ => None,
        };
        match named {
            Some((name, value)) if token == name => self.value(value),
            Some(_) => Err("Invalid literal"),
            None => match numeric(&token) {
                Some(value) => self.value(Json::Number(value)),
                None => Err("Invalid numeric literal"),
            },
        }
    }
}

/// A number as a C library reads it.
pub(super) fn numeric(text: &str) -> Option<f64> {
    if text == "nan" {
        return Some(f64::NAN);
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    text.parse().ok().filter(|_| plain)
}

/// The text that a string's inside stands for.
pub(super) fn unescape(inside: &str) -> Result<String, &'static str> {
    let mut text = String::new();
    let mut chars = inside.chars();
    while let Some(char) = chars.next() {
        if char < ' ' {
            return Err("Invalid string: control characters from U+0000 through U+001F must be escaped");
        }
        if char != '\\' {
            text.push(char);
            continue;
        }
        match chars.next().ok_or("Expected escape character at end of string")? {
            sign @ ('\\' | '"' | '/') => text.push(sign),
            'b' => text.push('\x08'),
            'f' => text.push('\x0c'),
            't' => text.push('\t'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            'u' => {
                let high = unit(&mut chars)?;
                let code = if (0xD800..0xDC00).contains(&high) {
                    let pair = chars.next() == Some('\\') && chars.next() == Some('u');
                    let low = if pair { unit(&mut chars)? } else { 0 };
                    if !(0xDC00..0xE000).contains(&low) {
                        return Err("Invalid \\uXXXX\\uXXXX surrogate pair escape");
                    }
                    0x1_0000 + ((high - 0xD800) << 10 | (low - 0xDC00))
                } else {
                    high
                };
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            _ => return Err("Invalid escape"),
        }
    }
    Ok(text)
}

fn unit(chars: &mut std::str::Chars<'_>) -> Result<u32, &'static str> {
    let mut value = 0;
    for _ in 0..4 {
        let char = chars.next().ok_or("Invalid \\uXXXX escape")?;
        value = value << 4 | char.to_digit(16).ok_or("Invalid characters in \\uXXXX escape")?;
    }
    Ok(value)
}

/// A whole text that is one value.
///
/// # Errors
/// What is wrong, with its place.
pub(super) fn parse(text: &str) -> Result<Json, String> {
    let (mut reader, mut found) = (Reader::default(), Vec::new());
    reader.feed(text, &mut found)?;
    found.extend(reader.finish()?);
    match found.len() {
        1 => Ok(found.swap_remove(0)),
        0 => Err("Expected JSON value".to_owned()),
        _ => Err("Unexpected extra JSON values".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_in_jqs_words() {
        for (text, want) in [
            ("NAME READY\n", "Invalid numeric literal at line 1, column 5"),
            ("{\"a\":1", "Unfinished JSON term at EOF at line 1, column 6"),
            ("\"abc", "Unfinished string at EOF at line 1, column 4"),
            ("[1,]", "Expected another array element at line 1, column 4"),
            ("{\"a\" 1}", "Expected separator between values at line 1, column 7"),
            ("{a:1}", "Invalid numeric literal at line 1, column 3"),
            ("tru", "Invalid literal at EOF at line 1, column 3"),
            ("]", "Unmatched ']' at line 1, column 1"),
            ("{\"a\":1,}", "Expected another key-value pair at line 1, column 8"),
            ("{1:2}", "Object keys must be strings at line 1, column 3"),
            ("{\"a\":}", "Unmatched '}' at line 1, column 6"),
        ] {
            assert_eq!(parse(text).map(|value| value.compact()), Err(want.to_owned()), "{text}");
        }
    }

    #[test]
    fn values_come_as_soon_as_they_are_whole() {
        let (mut reader, mut found) = (Reader::default(), Vec::new());
        reader.feed("{\"b\":1,\"a\":[1, 2.50,\"\\u00e9\\n\"]}1 2", &mut found).unwrap();
        let shown: Vec<String> = found.iter().map(Json::compact).collect();
        assert_eq!(shown, ["{\"b\":1,\"a\":[1,2.5,\"é\\n\"]}", "1"]);
        assert_eq!(reader.finish().unwrap().map(|value| value.compact()).as_deref(), Some("2"));
    }
}
