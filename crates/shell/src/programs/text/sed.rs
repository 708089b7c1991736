//! `sed` in its everyday forms: `s`, `p`, `d`, `q`, `=` with addresses, `-n`, `-e`, `-E`, `-i`.

use super::grep::translate;
use super::reader::Reader;
use crate::programs::options::Spec;
use crate::sys::Sys;

const SPEC: Spec = Spec {
    short: "nEre:i",
    long: &[
        ("quiet", 'n', false),
        ("expression", 'e', true),
        ("regexp-extended", 'E', false),
        ("in-place", 'i', false),
    ],
};

/// Which lines a command is for.
enum Address {
    All,
    Line(usize),
    Last,
    Pattern(regex_lite::Regex),
}

struct Command {
    from: Address,
    to: Option<Address>,
    inside: bool,
    negated: bool,
    action: Action,
}

enum Action {
    Substitute { pattern: regex_lite::Regex, by: String, all: bool, print: bool },
    Print,
    Delete,
    Quit,
    Number,
}

/// A script under way.
struct Parser<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
    extended: bool,
}

impl Parser<'_> {
    fn number(&mut self) -> Option<usize> {
        let mut digits = String::new();
        while let Some(digit) = self.chars.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().ok()
    }

    /// Text up to a sign that is not escaped.
    fn until(&mut self, end: char) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.chars.next()? {
                '\\' if self.chars.peek() == Some(&end) => text.extend(self.chars.next()),
                '\\' => {
                    text.push('\\');
                    text.extend(self.chars.next());
                }
                char if char == end => return Some(text),
                char => text.push(char),
            }
        }
    }

    fn regex(&self, text: &str, ignore_case: bool) -> Option<regex_lite::Regex> {
        let text = translate(text, self.extended);
        regex_lite::RegexBuilder::new(&text).case_insensitive(ignore_case).build().ok()
    }

    fn address(&mut self) -> Option<Option<Address>> {
        Some(match self.chars.peek() {
            Some('$') => {
                self.chars.next();
                Some(Address::Last)
            }
            Some('/') => {
                self.chars.next();
                let text = self.until('/')?;
                Some(Address::Pattern(self.regex(&text, false)?))
            }
            Some(digit) if digit.is_ascii_digit() => Some(Address::Line(self.number()?)),
            _ => None,
        })
    }

    fn script(&mut self) -> Option<Vec<Command>> {
        let mut commands = Vec::new();
        loop {
            while self.chars.next_if(|char| char.is_whitespace() || *char == ';').is_some() {}
            if self.chars.peek().is_none() {
                return Some(commands);
            }
            let from = self.address()?;
            let to = if self.chars.next_if_eq(&',').is_some() { self.address()? } else { None };
            while self.chars.next_if_eq(&' ').is_some() {}
            let negated = self.chars.next_if_eq(&'!').is_some();
            let action = match self.chars.next()? {
                'p' => Action::Print,
                'd' => Action::Delete,
                'q' => Action::Quit,
                '=' => Action::Number,
                's' => self.substitution()?,
                _ => return None,
            };
            commands.push(Command { from: from.unwrap_or(Address::All), to, inside: false, negated, action });
        }
    }

    fn substitution(&mut self) -> Option<Action> {
        let sign = self.chars.next()?;
        let (pattern, by) = (self.until(sign)?, self.until(sign)?);
        let (mut all, mut print, mut ignore_case) = (false, false, false);
        while let Some(flag) = self.chars.next_if(|char| char.is_alphanumeric()) {
            match flag {
                'g' => all = true,
                'p' => print = true,
                'i' | 'I' => ignore_case = true,
                _ => return None,
            }
        }
        Some(Action::Substitute { pattern: self.regex(&pattern, ignore_case)?, by, all, print })
    }
}

impl Address {
    fn meets(&self, number: usize, last: bool, line: &str) -> bool {
        match self {
            Self::All => true,
            Self::Line(wanted) => *wanted == number,
            Self::Last => last,
            Self::Pattern(regex) => regex.is_match(line),
        }
    }
}

impl Command {
    fn applies(&mut self, number: usize, last: bool, line: &str) -> bool {
        let found = match &self.to {
            None => self.from.meets(number, last, line),
            Some(to) if self.inside => {
                self.inside = match to {
                    Address::Line(end) => number < *end,
                    to => !to.meets(number, last, line),
                };
                true
            }
            Some(to) => {
                let begins = self.from.meets(number, last, line);
                self.inside = begins && !matches!(to, Address::Line(end) if *end <= number);
                begins
            }
        };
        found != self.negated
    }
}

/// The replacement with `&` and `\1` filled in.
fn fill(by: &str, found: &regex_lite::Captures<'_>) -> String {
    let mut text = String::new();
    let mut chars = by.chars();
    let group = |index: usize| found.get(index).map_or("", |group| group.as_str());
    while let Some(char) = chars.next() {
        match char {
            '&' => text.push_str(group(0)),
            '\\' => match chars.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(digit) if digit.is_ascii_digit() => {
                    text.push_str(group(digit.to_digit(10).map_or(0, |digit| digit as usize)));
                }
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            char => text.push(char),
        }
    }
    text
}

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let mut given = match super::parse(&sys, "sed", &SPEC, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let mut script = given.values('e').collect::<Vec<_>>().join("\n");
    if script.is_empty() {
        if given.operands.is_empty() {
            sys.err.line("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...");
            return 1;
        }
        script = given.operands.remove(0);
    }
    let mut parser = Parser { chars: script.chars().peekable(), extended: given.has('E') || given.has('r') };
    let Some(mut commands) = parser.script() else {
        sys.err.line(format!("sed: -e expression #1: this part of sed is not simulated: {script}"));
        return 1;
    };
    let groups: Vec<Vec<String>> = if given.has('i') {
        given.operands.iter().map(|name| vec![name.clone()]).collect()
    } else {
        vec![given.operands.clone()]
    };
    let mut failed = false;
    for files in groups {
        let mut reader = Reader::new(&sys, "sed", &files);
        let (mut out, mut number) = (String::new(), 0);
        let mut next = reader.line().await;
        'lines: while let Some(line) = next.take() {
            // The last line is known by reading ahead, so only a script that asks for it waits for one more.
            let needs_last =
                commands.iter().any(|c| matches!(c.from, Address::Last) || matches!(c.to, Some(Address::Last)));
            if needs_last {
                next = reader.line().await;
            }
            let last = needs_last && next.is_none();
            number += 1;
            let mut line = line.trim_end_matches('\n').to_owned();
            let mut quit = false;
            let mut deleted = false;
            for command in &mut commands {
                if !command.applies(number, last, &line) {
                    continue;
                }
                match &command.action {
                    Action::Print => out.push_str(&format!("{line}\n")),
                    Action::Number => out.push_str(&format!("{number}\n")),
                    Action::Quit => quit = true,
                    Action::Delete => {
                        deleted = true;
                        break;
                    }
                    Action::Substitute { pattern, by, all, print } => {
                        let times = if *all { 0 } else { 1 };
                        let found = pattern.is_match(&line);
                        let filled = |found: &regex_lite::Captures<'_>| fill(by, found);
                        line = pattern.replacen(&line, times, filled).into_owned();
                        if found && *print {
                            out.push_str(&format!("{line}\n"));
                        }
                    }
                }
            }
            if !deleted && !given.has('n') {
                out.push_str(&format!("{line}\n"));
            }
            if !given.has('i') {
                sys.out.write(std::mem::take(&mut out));
            }
            if quit {
                break 'lines;
            }
            if !needs_last {
                next = reader.line().await;
            }
        }
        failed |= reader.failed;
        if let (true, Some(name)) = (given.has('i') && !reader.failed, files.first()) {
            let path = crate::files::absolute(&sys.folder, name);
            // It cannot fail: the file was read a moment ago.
            let _ = sys.files(|files| files.write(&path, out));
        }
    }
    if failed { 2 } else { 0 }
}
