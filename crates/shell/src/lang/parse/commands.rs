//! Lists, pipelines and commands.

use std::cell::OnceCell;
use std::rc::Rc;

use super::super::Dialect;
use super::super::ast::{
    Assigned, Assignment, Change, Command, Item, Join, Kind, Part, Pipeline, Redirect, Script, Target, Word,
};
use super::{DEEPEST, Fault, HereDocument, Parser, Result};

/// Words that end a list where they stand as commands.
const CLOSERS: &[&str] = &["then", "elif", "else", "fi", "do", "done", "esac", "}"];

/// Builtins of bash whose words are assignments.
const DECLARATIONS: &[&str] = &["declare", "export", "local", "readonly", "typeset"];

impl Parser<'_> {
    /// Commands up to one of the words in `closers` (not taken), a closing sign or the end.
    pub(super) fn script(&mut self, closers: &[&'static str]) -> Result<Script> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.unexpected(None));
        }
        let mut items = Vec::new();
        loop {
            self.skip_lines()?;
            if self.peek().is_none_or(|char| char == ')') || self.stands(";;") || self.at_closer(closers)? {
                break;
            }
            let start = self.at;
            let mut item = self.item()?;
            item.text = self.chars[start..self.at].iter().collect::<String>().trim().to_owned();
            self.skip_blank();
            let more = match self.peek() {
                Some('&') => {
                    self.at += 1;
                    item.background = true;
                    true
                }
                Some(';') if !self.stands(";;") => {
                    self.at += 1;
                    true
                }
                Some('\n') => true,
                _ => false,
            };
            items.push(item);
            if !more {
                break;
            }
        }
        self.depth -= 1;
        Ok(Script(items))
    }

    fn stands(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, char)| self.peek_at(ahead) == Some(char))
    }

    /// The unquoted word that begins here, without taking it.
    fn keyword(&self) -> String {
        let rest = &self.chars[self.at.min(self.chars.len())..];
        rest.iter().take_while(|char| !char.is_whitespace() && !";&|<>()".contains(**char)).collect()
    }

    fn at_closer(&self, closers: &[&'static str]) -> Result<bool> {
        let word = self.keyword();
        if !CLOSERS.contains(&word.as_str()) {
            return Ok(false);
        }
        if closers.contains(&word.as_str()) { Ok(true) } else { Err(self.unexpected(closers.first().copied())) }
    }

    fn item(&mut self) -> Result<Item> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.skip_blank();
            let join = match () {
                () if self.eat("&&") => Join::And,
                () if self.eat("||") => Join::Or,
                () => break,
            };
            self.skip_lines()?;
            rest.push((join, self.pipeline()?));
        }
        Ok(Item { first, rest, background: false, text: String::new() })
    }

    fn pipeline(&mut self) -> Result<Pipeline> {
        self.skip_blank();
        let (mut negated, mut timed) = (false, false);
        loop {
            match self.keyword().as_str() {
                "!" => negated = !negated,
                "time" if self.dialect == Dialect::Bash => timed = true,
                _ => break,
            }
            self.at += self.keyword().chars().count();
            self.skip_blank();
        }
        if timed && self.peek().is_none_or(|char| "\n;".contains(char)) {
            return Ok(Pipeline { negated, timed, commands: Vec::new() });
        }
        let mut commands = vec![self.command()?];
        loop {
            self.skip_blank();
            if self.stands("||") || !self.eat("|") {
                break;
            }
            if self.eat("&")
                && let Some(last) = commands.last_mut()
            {
                last.redirects.push(Redirect { stream: 2, to: Target::Same(Word::literal("1")) });
            }
            self.skip_lines()?;
            commands.push(self.command()?);
        }
        Ok(Pipeline { negated, timed, commands })
    }

    fn command(&mut self) -> Result<Command> {
        self.skip_blank();
        self.expand_alias();
        let line = self.line();
        let kind = match self.keyword().as_str() {
            "if" => self.if_command()?,
            "for" => self.for_command()?,
            word @ ("while" | "until") => {
                let until = word == "until";
                self.at += 5;
                let condition = self.filled(&["do"])?;
                Kind::While { until, condition, body: self.body()? }
            }
            "case" => self.case_command()?,
            "{" => {
                self.at += 1;
                let script = self.filled(&["}"])?;
                self.close("}")?;
                Kind::Group(script)
            }
            "[[" if self.dialect != Dialect::Dash => self.test_command()?,
            "function" if self.dialect == Dialect::Bash => {
                self.at += 8;
                self.skip_blank();
                let name = self.keyword();
                self.at += name.chars().count();
                self.skip_blank();
                if self.eat("(") {
                    self.skip_blank();
                    self.sign(')')?;
                }
                return self.function(name, line);
            }
            word if CLOSERS.contains(&word) => return Err(self.unexpected(None)),
            _ if self.stands("((") && self.dialect == Dialect::Bash => {
                self.at += 2;
                Kind::Arithmetic(self.arithmetic_text(&["))"])?)
            }
            _ if self.eat("(") => {
                let script = self.filled(&[])?;
                self.sign(')')?;
                Kind::Subshell(script)
            }
            _ => return self.simple(line),
        };
        let mut redirects = Vec::new();
        while let Some(redirect) = self.redirect()? {
            redirects.push(redirect);
        }
        Ok(Command { kind, redirects, line })
    }

    /// Replaces an alias that stands as a command by its text.
    fn expand_alias(&mut self) {
        if self.at >= self.alias_end {
            self.in_alias.clear();
        }
        let word = self.keyword();
        if self.in_alias.contains(&word) {
            return;
        }
        let Some(text) = self.aliases.get(&word) else { return };
        let (length, text) = (word.chars().count(), text.chars().collect::<Vec<_>>());
        let left = self.alias_end.saturating_sub(self.at + length);
        self.alias_end = self.at + text.len() + left;
        self.chars.splice(self.at..self.at + length, text);
        self.in_alias.push(word);
        self.skip_blank();
        self.expand_alias();
    }

    /// A script that must hold a command.
    fn filled(&mut self, closers: &[&'static str]) -> Result<Script> {
        let script = self.script(closers)?;
        self.skip_blank();
        if script.0.is_empty() || (!closers.is_empty() && !self.at_closer(closers).unwrap_or(false)) {
            return Err(self.unexpected(closers.first().copied()));
        }
        Ok(script)
    }

    fn close(&mut self, word: &'static str) -> Result<()> {
        self.skip_lines()?;
        if self.keyword() == word {
            self.at += word.len();
            return Ok(());
        }
        Err(self.unexpected(Some(word)))
    }

    fn sign(&mut self, sign: char) -> Result<()> {
        self.skip_lines()?;
        if self.peek() == Some(sign) {
            self.at += 1;
            return Ok(());
        }
        Err(self.unexpected(None))
    }

    /// `do ... done`
    fn body(&mut self) -> Result<Script> {
        self.close("do")?;
        let body = self.filled(&["done"])?;
        self.close("done")?;
        Ok(body)
    }

    fn if_command(&mut self) -> Result<Kind> {
        self.at += 2;
        let mut branches = Vec::new();
        loop {
            let condition = self.filled(&["then"])?;
            self.close("then")?;
            branches.push((condition, self.filled(&["fi", "elif", "else"])?));
            if self.keyword() != "elif" {
                break;
            }
            self.at += 4;
        }
        let otherwise = if self.keyword() == "else" {
            self.at += 4;
            Some(self.filled(&["fi"])?)
        } else {
            None
        };
        self.close("fi")?;
        Ok(Kind::If { branches, otherwise })
    }

    fn for_command(&mut self) -> Result<Kind> {
        self.at += 3;
        self.skip_blank();
        if self.dialect == Dialect::Bash && self.eat("((") {
            let start = self.arithmetic_text(&[";"])?;
            let condition = self.arithmetic_text(&[";"])?;
            let step = self.arithmetic_text(&["))"])?;
            self.skip_blank();
            self.eat(";");
            return Ok(Kind::Count { parts: [start, condition, step], body: self.body()? });
        }
        let name = self.keyword();
        if name.is_empty() {
            return Err(self.unexpected(None));
        }
        self.at += name.chars().count();
        self.skip_lines()?;
        let mut words = None;
        if self.keyword() == "in" {
            self.at += 2;
            let list = words.insert(Vec::new());
            self.skip_blank();
            while let Some(word) = self.word()? {
                list.push(word);
                self.skip_blank();
            }
            if !matches!(self.peek(), None | Some(';' | '\n')) {
                return Err(self.unexpected(None));
            }
        }
        self.skip_blank();
        self.eat(";");
        Ok(Kind::For { name, words, body: self.body()? })
    }

    fn case_command(&mut self) -> Result<Kind> {
        self.at += 4;
        self.skip_blank();
        let Some(word) = self.word()? else { return Err(self.unexpected(None)) };
        self.close("in")?;
        let mut arms = Vec::new();
        loop {
            self.skip_lines()?;
            if self.keyword() == "esac" {
                break;
            }
            self.eat("(");
            let mut patterns = Vec::new();
            loop {
                self.skip_blank();
                let Some(pattern) = self.word()? else { return Err(self.unexpected(None)) };
                patterns.push(pattern);
                self.skip_blank();
                if !self.eat("|") {
                    break;
                }
            }
            self.sign(')')?;
            arms.push((patterns, self.script(&["esac"])?));
            self.skip_lines()?;
            if !self.eat(";;") {
                break;
            }
        }
        self.close("esac")?;
        Ok(Kind::Case { word, arms })
    }

    fn test_command(&mut self) -> Result<Kind> {
        self.at += 2;
        let mut words = Vec::new();
        loop {
            self.skip_lines()?;
            if self.keyword() == "]]" {
                self.at += 2;
                return Ok(Kind::Test(words));
            }
            let sign = ["&&", "||", "<", ">", "(", ")"].into_iter().find(|sign| self.eat(sign));
            match sign {
                Some(sign) => words.push(Word(vec![Part::Bare(sign.to_owned())])),
                None => match self.word()? {
                    Some(word) => words.push(word),
                    None => return Err(self.unexpected(Some("]]"))),
                },
            }
        }
    }

    fn function(&mut self, name: String, line: usize) -> Result<Command> {
        self.skip_lines()?;
        let body = Rc::new(self.command()?);
        Ok(Command { kind: Kind::Function { name, body }, redirects: Vec::new(), line })
    }

    fn simple(&mut self, line: usize) -> Result<Command> {
        let (mut assignments, mut words, mut redirects) = (Vec::new(), Vec::<Word>::new(), Vec::new());
        loop {
            self.skip_blank();
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            if self.peek() == Some('(') {
                if let ([name], [], []) = (words.as_slice(), assignments.as_slice(), redirects.as_slice())
                    && let Some(name) = name.bare().map(str::to_owned)
                {
                    self.at += 1;
                    self.skip_blank();
                    if self.peek().is_some_and(|char| char != ')') {
                        return Err(self.unexpected(None));
                    }
                    self.sign(')')?;
                    return self.function(name, line);
                }
                return Err(self.unexpected(None));
            }
            let declares = self.dialect == Dialect::Bash
                && words.first().and_then(Word::bare).is_some_and(|name| DECLARATIONS.contains(&name));
            if (words.is_empty() || declares)
                && let Some(assignment) = self.assignment()?
            {
                match assignment {
                    Assignment { name, index: None, value: Assigned::Text(value), add: false } if declares => {
                        words.push(declaration(&name, value));
                    }
                    assignment if declares => {
                        words.push(Word::literal(assignment.name.as_str()));
                        assignments.push(assignment);
                    }
                    assignment => assignments.push(assignment),
                }
                continue;
            }
            let Some(word) = self.word()? else { break };
            words.push(word);
        }
        if assignments.is_empty() && words.is_empty() && redirects.is_empty() {
            return Err(self.unexpected(None));
        }
        Ok(Command { kind: Kind::Simple { assignments, words }, redirects, line })
    }

    fn redirect(&mut self) -> Result<Option<Redirect>> {
        self.skip_blank();
        if self.at_process() {
            return Ok(None);
        }
        let start = self.at;
        let both = self.dialect != Dialect::Dash && self.stands("&>");
        let stream = match self.peek() {
            Some('&') if both => {
                self.at += 1;
                None
            }
            Some(digit @ '0'..='9') if matches!(self.peek_at(1), Some('<' | '>')) => {
                self.at += 1;
                u8::try_from(digit).ok().map(|digit| digit - b'0')
            }
            _ => None,
        };
        let sign = ["<<<", "<<-", "<<", "<&", "<", ">>", ">&", ">|", ">"].into_iter().find(|sign| self.eat(sign));
        let Some(sign) = sign else {
            self.at = start;
            return Ok(None);
        };
        self.skip_blank();
        let here_start = self.at;
        let Some(word) = self.word()? else {
            return Err(match self.peek() {
                None => super::SyntaxError {
                    fault: Fault::Unexpected { token: "newline".to_owned(), expecting: None },
                    line: self.line(),
                },
                Some(_) => self.unexpected(None),
            });
        };
        let append = sign == ">>";
        let (default, to) = match sign {
            "<" => (0, Target::Read(word)),
            "<<<" => (0, Target::Text(word)),
            "<<" | "<<-" => {
                let slot = Rc::new(OnceCell::new());
                let typed: String = self.chars[here_start..self.at].iter().collect();
                let quoted = typed.contains(['\'', '"', '\\']);
                let end = typed.replace(['\'', '"', '\\'], "");
                self.here.push(HereDocument { end, quoted, strip_tabs: sign == "<<-", slot: Rc::clone(&slot) });
                (0, Target::Here(slot))
            }
            _ if both => (1, Target::Both { file: word, append }),
            "<&" => (0, Target::Same(word)),
            ">&" => match word.bare() {
                Some(text) if stream.is_none() && text.parse::<u8>().is_err() && text != "-" => {
                    (1, Target::Both { file: word, append: false })
                }
                _ => (1, Target::Same(word)),
            },
            _ => (1, Target::Write { file: word, append }),
        };
        Ok(Some(Redirect { stream: stream.unwrap_or(default), to }))
    }
}

/// `name=value` as a word of a declaration: one field, whatever the value holds.
fn declaration(name: &str, mut value: Word) -> Word {
    let mut parts = vec![Part::Quoted(format!("{name}="))];
    if let Some(Part::Bare(first)) = value.0.first_mut()
        && first.starts_with('~')
        && !first[1..].starts_with(|char| char != '/')
    {
        first.remove(0);
        parts.push(Part::Variable { name: "HOME".to_owned(), index: None, change: Change::None });
    }
    parts.append(&mut value.0);
    Word(vec![Part::Double(parts)])
}
