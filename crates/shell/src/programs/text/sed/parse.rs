//! Scripts as data, and text to them.

use super::super::grep::translate;

/// Which lines a command is for.
pub(super) enum Address {
    Line(usize),
    /// `first~step`
    Every(usize, usize),
    Last,
    Pattern(Option<regex_lite::Regex>),
    /// `+count`, after another address.
    More(usize),
}

pub(super) struct Command {
    pub(super) from: Option<Address>,
    pub(super) to: Option<Address>,
    pub(super) negated: bool,
    pub(super) action: Action,
}

pub(super) enum Action {
    /// `{`: where the matching `}` is.
    Block(usize),
    End,
    Substitute(Box<Substitute>),
    Translate(Vec<(char, char)>),
    Append(String),
    Insert(String),
    Change(String),
    /// `b`, `t`, `T`: on what, and where to; without a label to the end.
    Jump(char, String),
    Label(String),
    /// A command of one letter.
    Plain(char),
    /// `q`, `Q`
    Quit(bool, i32),
}

pub(super) struct Substitute {
    /// Without one the last pattern that was used.
    pub(super) pattern: Option<regex_lite::Regex>,
    pub(super) by: String,
    /// The first match that is replaced, from 1.
    pub(super) nth: usize,
    pub(super) all: bool,
    pub(super) print: bool,
}

type Parsed<T> = Result<T, String>;

/// Deeper blocks are refused.
const DEEPEST: usize = 100;

/// Reads a script.
///
/// # Errors
/// GNU sed's words for what is wrong, with the place before them.
pub(super) fn parse(text: &str, extended: bool) -> Parsed<Vec<Command>> {
    let mut parser = Parser { chars: text.chars().collect(), at: 0, extended, open: Vec::new(), commands: Vec::new() };
    match parser.script() {
        Ok(()) => Ok(parser.commands),
        Err(why) => Err(format!("-e expression #1, char {}: {why}", parser.at)),
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    extended: bool,
    /// Blocks that were not ended yet.
    open: Vec<usize>,
    commands: Vec<Command>,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += 1;
        Some(char)
    }

    fn eat(&mut self, char: char) -> bool {
        let found = self.peek() == Some(char);
        self.at += usize::from(found);
        found
    }

    fn skip(&mut self, also: &str) {
        while self.peek().is_some_and(|char| char.is_whitespace() || also.contains(char)) {
            self.at += 1;
        }
    }

    fn blanks(&mut self) {
        while self.eat(' ') || self.eat('\t') {}
    }

    fn number(&mut self) -> Option<usize> {
        let start = self.at;
        while self.peek().is_some_and(|char| char.is_ascii_digit()) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect::<String>().parse().ok()
    }

    /// Text up to a sign that is not escaped; brackets of a pattern may hold it.
    fn until(&mut self, end: char, pattern: bool) -> Option<String> {
        let (mut text, mut bracket) = (String::new(), false);
        loop {
            match self.next()? {
                '\\' if self.peek() == Some(end) => text.extend(self.next()),
                '\\' if self.peek() == Some('n') && pattern => {
                    self.at += 1;
                    text.push('\n');
                }
                '\\' => {
                    text.push('\\');
                    text.extend(self.next());
                }
                '[' if pattern && !bracket => {
                    bracket = true;
                    text.push('[');
                    if self.eat('^') {
                        text.push('^');
                    }
                    // A bracket that stands first is meant.
                    if self.eat(']') {
                        text.push(']');
                    }
                }
                ']' => {
                    bracket = false;
                    text.push(']');
                }
                char if char == end && !bracket => return Some(text),
                char => text.push(char),
            }
        }
    }

    fn regex(&self, text: &str, ignore_case: bool) -> Parsed<Option<regex_lite::Regex>> {
        if text.is_empty() {
            return Ok(None);
        }
        let translated = translate(text, self.extended);
        let regex = crate::regex::builder(&translated).case_insensitive(ignore_case).build();
        regex.map(Some).map_err(|_| "Invalid preceding regular expression".to_owned())
    }

    fn address(&mut self, second: bool) -> Parsed<Option<Address>> {
        Ok(Some(match self.peek() {
            Some('$') => {
                self.at += 1;
                Address::Last
            }
            Some(sign @ ('/' | '\\')) => {
                self.at += 1;
                let end = if sign == '/' { '/' } else { self.next().unwrap_or('/') };
                let text = self.until(end, true).ok_or("unterminated address regex")?;
                let ignore_case = self.eat('I');
                Address::Pattern(self.regex(&text, ignore_case)?)
            }
            Some('+') if second => {
                self.at += 1;
                Address::More(self.number().ok_or("expected number")?)
            }
            Some(digit) if digit.is_ascii_digit() => {
                let first = self.number().unwrap_or(usize::MAX);
                if self.eat('~') { Address::Every(first, self.number().unwrap_or(0)) } else { Address::Line(first) }
            }
            _ => return Ok(None),
        }))
    }

    fn script(&mut self) -> Parsed<()> {
        loop {
            self.skip(";");
            if self.peek().is_none() {
                return match self.open.is_empty() {
                    true => Ok(()),
                    false => {
                        self.at = 0;
                        Err("unmatched `{'".to_owned())
                    }
                };
            }
            if self.eat('#') {
                while self.next().is_some_and(|char| char != '\n') {}
                continue;
            }
            let from = self.address(false)?;
            self.blanks();
            let to = if from.is_some() && self.eat(',') {
                self.blanks();
                Some(self.address(true)?.ok_or("unexpected `,'")?)
            } else {
                None
            };
            self.blanks();
            let negated = self.eat('!');
            self.blanks();
            let action = self.action(from.is_some())?;
            self.commands.push(Command { from, to, negated, action });
        }
    }

    /// Nothing but the end of the command may follow.
    fn end(&mut self) -> Parsed<()> {
        self.blanks();
        match self.peek() {
            None | Some('}' | '#') => Ok(()),
            Some(';' | '\n') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => {
                self.at += 1;
                Err("extra characters after command".to_owned())
            }
        }
    }

    fn action(&mut self, addressed: bool) -> Parsed<Action> {
        let Some(letter) = self.next() else { return Err("missing command".to_owned()) };
        Ok(match letter {
            '{' => {
                if self.open.len() >= DEEPEST {
                    return Err("blocks are nested too deeply".to_owned());
                }
                self.open.push(self.commands.len());
                Action::Block(0)
            }
            '}' => {
                if addressed {
                    return Err("} doesn't want any addresses".to_owned());
                }
                let Some(start) = self.open.pop() else { return Err("unexpected `}'".to_owned()) };
                self.commands[start].action = Action::Block(self.commands.len());
                self.end()?;
                Action::End
            }
            's' => self.substitution()?,
            'y' => self.translation()?,
            'a' | 'i' | 'c' => {
                self.blanks();
                if self.eat('\\') {
                    self.blanks();
                    self.eat('\n');
                }
                let mut text = String::new();
                while let Some(char) = self.next() {
                    match char {
                        '\n' => break,
                        '\\' => text.extend(self.next()),
                        char => text.push(char),
                    }
                }
                if text.is_empty() {
                    return Err("expected \\ after `a', `c' or `i'".to_owned());
                }
                text.push('\n');
                match letter {
                    'a' => Action::Append(text),
                    'i' => Action::Insert(text),
                    _ => Action::Change(text),
                }
            }
            ':' => Action::Label(self.label()),
            'b' | 't' | 'T' => Action::Jump(letter, self.label()),
            'q' | 'Q' => {
                self.blanks();
                let status = self.number().and_then(|status| i32::try_from(status).ok()).unwrap_or(0);
                self.end()?;
                Action::Quit(letter == 'q', status)
            }
            '=' | 'd' | 'D' | 'p' | 'P' | 'n' | 'N' | 'g' | 'G' | 'h' | 'H' | 'x' | 'l' | 'z' => {
                self.end()?;
                Action::Plain(letter)
            }
            'r' | 'w' | 'R' | 'W' | 'e' | 'F' => return Err(format!("the command `{letter}' is not simulated here")),
            letter => return Err(format!("unknown command: `{letter}'")),
        })
    }

    fn label(&mut self) -> String {
        self.blanks();
        let start = self.at;
        while self.peek().is_some_and(|char| !char.is_whitespace() && !";}".contains(char)) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    fn translation(&mut self) -> Parsed<Action> {
        let unfinished = || "unterminated `y' command".to_owned();
        let sign = self.next().ok_or_else(unfinished)?;
        let from = self.until(sign, false).ok_or_else(unfinished)?.replace("\\n", "\n");
        let to = self.until(sign, false).ok_or_else(unfinished)?.replace("\\n", "\n");
        if from.chars().count() != to.chars().count() {
            return Err("strings for `y' command are different lengths".to_owned());
        }
        self.end()?;
        Ok(Action::Translate(from.chars().zip(to.chars()).collect()))
    }

    fn substitution(&mut self) -> Parsed<Action> {
        let unfinished = || "unterminated `s' command".to_owned();
        let sign = self.next().ok_or_else(unfinished)?;
        let pattern = self.until(sign, true).ok_or_else(unfinished)?;
        let by = self.until(sign, false).ok_or_else(unfinished)?;
        let (mut all, mut print, mut ignore_case, mut nth) = (false, false, false, 1);
        loop {
            match self.peek() {
                Some('g') => all = true,
                Some('p') => print = true,
                Some('i' | 'I') => ignore_case = true,
                Some('m' | 'M') => {}
                Some(digit) if digit.is_ascii_digit() => {
                    nth = self.number().unwrap_or(1);
                    if nth == 0 {
                        return Err("number option to `s' command may not be zero".to_owned());
                    }
                    continue;
                }
                None | Some(';' | '\n' | '}' | '#' | ' ' | '\t') => break,
                Some(_) => {
                    self.at += 1;
                    return Err("unknown option to `s'".to_owned());
                }
            }
            self.at += 1;
        }
        self.end()?;
        let pattern = self.regex(&pattern, ignore_case)?;
        let groups = pattern.as_ref().map_or(9, |regex| regex.captures_len() - 1);
        if let Some(missing) = (groups + 1..=9).find(|group| by.contains(&format!("\\{group}"))) {
            return Err(format!("invalid reference \\{missing} on `s' command's RHS"));
        }
        Ok(Action::Substitute(Box::new(Substitute { pattern, by, nth, all, print })))
    }
}
